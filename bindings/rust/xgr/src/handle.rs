//! What all objects have in common: an owned handle, and texts that C lends or is lent.

use std::fmt;
use std::ptr::NonNull;
use xgr_sys as sys;

/// A type of handle, and how one is given back.
///
/// # Safety
///
/// `destroy` takes a handle that nothing uses any more, from any thread.
pub(crate) unsafe trait Handle {
    unsafe fn destroy(handle: *mut Self);
}

macro_rules! handles {
    ($($handle:ident: $destroy:path;)*) => {$(
        // SAFETY: the function destroys handles of this type, on any thread.
        unsafe impl Handle for sys::$handle {
            unsafe fn destroy(handle: *mut Self) {
                $destroy(handle)
            }
        }
    )*};
}

handles! {
    xgr_cancel_t: sys::xgr_cancel_destroy;
    xgr_compile_job_t: sys::xgr_compile_job_destroy;
    xgr_tokenizer_t: sys::xgr_tokenizer_destroy;
    xgr_compiler_t: sys::xgr_compiler_destroy;
    xgr_grammar_t: sys::xgr_grammar_destroy;
    xgr_grammar_source_t: sys::xgr_grammar_source_destroy;
    xgr_matcher_t: sys::xgr_matcher_destroy;
    xgr_captures_t: sys::xgr_captures_destroy;
    xgr_batch_t: sys::xgr_batch_destroy;
    xgr_diagnostics_t: sys::xgr_diagnostics_destroy;
    xgr_explanation_t: sys::xgr_explanation_destroy;
    xgr_json_schema_report_t: sys::xgr_json_schema_report_destroy;
    xgr_reply_reader_t: sys::xgr_reply_reader_destroy;
    xgr_error_t: sys::xgr_error_destroy;
}

/// A handle that is destroyed when this is dropped.
pub(crate) struct Owned<T: Handle>(NonNull<T>);

// The thread classes of the headers: xgr-sys says for each type of handle what it is.
// SAFETY: it is the handle, whose thread class xgr-sys says.
unsafe impl<T: Handle + Send> Send for Owned<T> {}
// SAFETY: it is the handle, whose thread class xgr-sys says.
unsafe impl<T: Handle + Sync> Sync for Owned<T> {}

impl<T: Handle> Owned<T> {
    /// Owns a handle that C gave; `None` for NULL.
    ///
    /// # Safety
    ///
    /// The handle is NULL or nobody else's.
    pub(crate) unsafe fn from_raw(handle: *mut T) -> Option<Self> {
        NonNull::new(handle).map(Self)
    }

    /// The handle for a call; it stays valid as long as `self`.
    #[inline]
    pub(crate) fn get(&self) -> *mut T {
        self.0.as_ptr()
    }
}

impl<T: Handle> fmt::Debug for Owned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Handle> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: nothing borrows from self any more, and it was the only owner.
        unsafe { T::destroy(self.0.as_ptr()) }
    }
}

/// Texts of the library are UTF-8.
pub(crate) fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// What C lends as pointer and length; empty for NULL.
///
/// # Safety
///
/// The pointer is NULL, or leads to that many elements that live and do not change for `'a`.
pub(crate) unsafe fn lent<'a, T>(data: *const T, size: usize) -> &'a [T] {
    if data.is_null() {
        return &[];
    }
    std::slice::from_raw_parts(data, size)
}

/// Where the items of a slice are; NULL when there are none.
pub(crate) fn start<T>(items: &[T]) -> *const T {
    if items.is_empty() {
        std::ptr::null()
    } else {
        items.as_ptr()
    }
}

/// A slice as C takes one that may be absent.
pub(crate) fn optional<T>(items: Option<&[T]>) -> (*const T, usize) {
    items.map_or((std::ptr::null(), 0), |items| (items.as_ptr(), items.len()))
}
