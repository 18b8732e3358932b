//! Explanations: what may come next in an output, and why something may not.

use crate::call::create;
use crate::error::Result;
use crate::handle::{lent, start, Owned};
use crate::matcher::Matcher;
use std::ffi::c_char;
use xgr_sys as sys;

/// What may come next at a place of an output, and why an input is refused there.
#[derive(Debug)]
pub struct Explanation(Owned<sys::xgr_explanation_t>);

type Text = unsafe extern "C" fn(*const sys::xgr_explanation_t, *mut usize) -> *const c_char;

impl Explanation {
    /// Get the explanation as text for people, some lines of it; the wording may change.
    pub fn text(&self) -> &str {
        self.read(sys::xgr_explanation_text)
    }

    /// Get the explanation as a JSON object; docs/explain.md lists its members.
    pub fn json(&self) -> &str {
        self.read(sys::xgr_explanation_json)
    }

    fn read(&self, text: Text) -> &str {
        let mut size = 0;
        // SAFETY: what is lent lives as long as the handle.
        let bytes = unsafe { lent(text(self.0.get(), &mut size).cast(), size) };
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl Matcher {
    /// Explain what may come next, and why `bytes` may not: at which of them the output cannot go on,
    /// what would be accepted there instead, and which part of the source is to blame.
    ///
    /// `output` are all bytes so far, which a matcher does not keep; without them the source is left
    /// aside. Takes milliseconds to seconds, as the source is compiled anew for trials.
    pub fn explain_bytes(&self, output: &[u8], bytes: &[u8]) -> Result<Explanation> {
        let (size, count) = (output.len(), bytes.len());
        let (output, bytes) = (start(output), start(bytes));
        // SAFETY: all pointers live for the call.
        let handle = create(|made, error| unsafe {
            sys::xgr_matcher_explain_bytes(self.get(), output, size, bytes, count, made, error)
        })?;
        Ok(Explanation(handle))
    }

    /// Explain why a token may not come next; of a stop token, what the output still lacks.
    pub fn explain_token(&self, output: &[u8], token: i32) -> Result<Explanation> {
        let (data, size) = (start(output), output.len());
        // SAFETY: all pointers live for the call.
        let handle = create(|made, error| unsafe {
            sys::xgr_matcher_explain_token(self.get(), data, size, token, made, error)
        })?;
        Ok(Explanation(handle))
    }
}
