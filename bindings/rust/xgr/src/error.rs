//! Error: why a call failed, and where.

use crate::enums::Code;
use crate::handle::{into_text, lent, Owned};
use std::ffi::CStr;
use std::fmt;
use xgr_sys as sys;

/// What a call that may fail returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed: code, message and, for source texts, the position.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    status: i32,
    message: String,
    byte_offset: Option<u64>,
    line: Option<u32>,
    column: Option<u32>,
    json_pointer: Option<String>,
}

impl Error {
    /// The kind of failure.
    pub fn code(&self) -> Code {
        Code::from(self.0.status)
    }

    /// The number that the C function returned.
    pub fn status(&self) -> i32 {
        self.0.status
    }

    /// One line that says what was wrong, where, and what would be accepted.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The place in the source text, in bytes from its start.
    pub fn byte_offset(&self) -> Option<u64> {
        self.0.byte_offset
    }

    /// The line of the place in the source text; the first is 1.
    pub fn line(&self) -> Option<u32> {
        self.0.line
    }

    /// The column of the place in the source text, in code points; the first is 1.
    pub fn column(&self) -> Option<u32> {
        self.0.column
    }

    /// The place inside a JSON source as a JSON Pointer; that of the document itself is `""`.
    pub fn json_pointer(&self) -> Option<&str> {
        self.0.json_pointer.as_deref()
    }

    pub(crate) fn new(status: i32, message: String) -> Self {
        let (byte_offset, line, column, json_pointer) = (None, None, None, None);
        Self(Box::new(Details { status, message, byte_offset, line, column, json_pointer }))
    }

    /// For functions that tell no more than a status.
    #[cold]
    pub(crate) fn from_status(status: i32) -> Self {
        Self::new(status, status_message(status).to_owned())
    }

    /// For functions with an error object, which is missing if there was no memory for it.
    #[cold]
    pub(crate) fn from_handle(status: i32, handle: Option<Owned<sys::xgr_error_t>>) -> Self {
        let Some(handle) = handle else {
            return Self::from_status(status);
        };
        let error = handle.get();
        // SAFETY: the texts live as long as the handle, and are copied.
        unsafe {
            let mut size = 0;
            let message = sys::xgr_error_message(error, &mut size);
            let message = text_of(message, size).unwrap_or_default();
            let pointer = sys::xgr_error_json_pointer(error, &mut size);
            Self(Box::new(Details {
                status: sys::xgr_error_status(error),
                message,
                byte_offset: u64::try_from(sys::xgr_error_byte_offset(error)).ok(),
                line: positive(sys::xgr_error_line(error)),
                column: positive(sys::xgr_error_column(error)),
                json_pointer: text_of(pointer, size),
            }))
        }
    }
}

/// A copy of a text that C lends; `None` for NULL.
unsafe fn text_of(data: *const std::ffi::c_char, size: usize) -> Option<String> {
    (!data.is_null()).then(|| into_text(lent(data.cast::<u8>(), size).to_vec()))
}

fn positive(number: i32) -> Option<u32> {
    u32::try_from(number).ok().filter(|number| *number > 0)
}

/// `Ok` for a success.
#[inline]
pub(crate) fn check(status: i32) -> Result<()> {
    if status == sys::XGR_OK {
        return Ok(());
    }
    Err(Error::from_status(status))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Error").field(&self.code()).field(&self.0).finish()
    }
}

impl std::error::Error for Error {}

/// Get the version of the library that is loaded: 1002003 is 1.2.3.
pub fn version() -> i32 {
    // SAFETY: there is nothing to keep to.
    unsafe { sys::xgr_version() }
}

/// Get a short English sentence for a status of the C API, also for an unknown one.
pub fn status_message(status: i32) -> &'static str {
    // SAFETY: the text is never NULL, ends with NUL and lives for ever.
    let text = unsafe { CStr::from_ptr(sys::xgr_status_message(status)) };
    text.to_str().unwrap_or("unknown status")
}
