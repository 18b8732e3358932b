//! Diagnostics: what the author of a source may want to know although it compiles.

use crate::enums::DiagnosticCode;
use crate::handle::{lent, Owned};
use xgr_sys as sys;

/// The diagnostics of a grammar. They are no errors. Immutable, and need no grammar.
#[derive(Debug)]
pub struct Diagnostics(Owned<sys::xgr_diagnostics_t>);

/// One diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic<'a> {
    /// What it is about.
    pub code: DiagnosticCode,
    /// One line: what does not do what it seems to, and what to write instead.
    pub message: &'a str,
    /// Keyword or special token that it is about.
    pub subject: &'a str,
    /// Place in a JSON source as a JSON Pointer; in a schema that a reference led to, after its URI
    /// and `#`.
    pub pointer: Option<&'a str>,
    /// Place in the source text, in bytes.
    pub byte_offset: Option<usize>,
    /// Line of the place, the first is 1; 0 when unknown.
    pub line: i32,
    /// Column of the place in code points, the first is 1; 0 when unknown.
    pub column: i32,
}

impl Diagnostics {
    /// Get the number of diagnostics.
    pub fn size(&self) -> usize {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_diagnostics_size(self.0.get()) }
    }

    /// Get one of the diagnostics, the first is 0; `None` when there is no such.
    pub fn get(&self, index: usize) -> Option<Diagnostic<'_>> {
        let mut raw = sys::xgr_diagnostic_t::INIT;
        // SAFETY: what is lent lives as long as the handle.
        unsafe {
            let status = sys::xgr_diagnostics_get(self.0.get(), index, &mut raw);
            let text = |data: *const std::ffi::c_char, size| {
                std::str::from_utf8(lent(data.cast(), size)).unwrap_or_default()
            };
            (status == sys::XGR_OK).then(|| Diagnostic {
                code: DiagnosticCode::from(raw.code),
                message: text(raw.message, raw.message_size),
                subject: text(raw.subject, raw.subject_size),
                pointer: (!raw.pointer.is_null()).then(|| text(raw.pointer, raw.pointer_size)),
                byte_offset: usize::try_from(raw.byte_offset).ok(),
                line: raw.line,
                column: raw.column,
            })
        }
    }

    /// All diagnostics in the order of the source.
    pub fn iter(&self) -> impl Iterator<Item = Diagnostic<'_>> {
        (0..self.size()).filter_map(|index| self.get(index))
    }

    pub(crate) fn own(handle: Owned<sys::xgr_diagnostics_t>) -> Self {
        Self(handle)
    }
}
