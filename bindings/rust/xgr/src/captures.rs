//! Captures: the texts of those rules that the grammar gives a name.

use crate::handle::{lent, Owned};
use xgr_sys as sys;

/// The texts of rules with a name, at one place of an output. Never changes, and needs neither the
/// matcher nor the grammar.
#[derive(Debug)]
pub struct Captures(Owned<sys::xgr_captures_t>);

/// One of the captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capture<'a> {
    /// Name that the grammar gives.
    pub name: &'a str,
    /// Bytes of the output; may begin or end inside a character.
    pub text: &'a [u8],
}

impl Captures {
    /// Get the number of captures.
    pub fn size(&self) -> usize {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_captures_size(self.0.get()) }
    }

    /// Get one of the captures, the first is 0; `None` when there is no such.
    pub fn get(&self, index: usize) -> Option<Capture<'_>> {
        let mut raw = sys::xgr_capture_t::INIT;
        // SAFETY: what is lent lives as long as the handle.
        unsafe {
            let status = sys::xgr_captures_get(self.0.get(), index, &mut raw);
            (status == sys::XGR_OK).then(|| Capture {
                name: std::str::from_utf8(lent(raw.name.cast(), raw.name_size)).unwrap_or_default(),
                text: lent(raw.text, raw.text_size),
            })
        }
    }

    /// All captures in the order in which they were completed.
    pub fn iter(&self) -> impl Iterator<Item = Capture<'_>> {
        (0..self.size()).filter_map(|index| self.get(index))
    }

    pub(crate) fn own(handle: Owned<sys::xgr_captures_t>) -> Self {
        Self(handle)
    }
}
