//! Calls that make an object or print a text, and arguments as they take them.

use crate::error::{Error, Result};
use crate::handle::{into_text, Handle, Owned};
use std::time::Duration;
use xgr_sys as sys;

/// The handle that `call` makes; it gets the two outputs, of which C writes one.
pub(crate) fn create<T: Handle>(
    call: impl FnOnce(*mut *mut T, *mut *mut sys::xgr_error_t) -> sys::xgr_status_t,
) -> Result<Owned<T>> {
    let mut made = std::ptr::null_mut();
    let mut error = std::ptr::null_mut();
    let status = call(&mut made, &mut error);
    // SAFETY: both were NULL, so what is there now C has given to us.
    let (made, error) = unsafe { (Owned::from_raw(made), Owned::from_raw(error)) };
    if status != sys::XGR_OK {
        return Err(Error::from_handle(status, error));
    }
    made.ok_or_else(|| Error::from_status(sys::XGR_ERROR_INTERNAL))
}

/// The text that `call` prints: it gets memory, its size and where the size of the text belongs.
pub(crate) fn print(
    call: impl Fn(
        *mut std::ffi::c_char,
        usize,
        *mut usize,
        *mut *mut sys::xgr_error_t,
    ) -> sys::xgr_status_t,
) -> Result<String> {
    let mut buffer = vec![0u8; 4096];
    loop {
        let (mut size, mut error) = (0, std::ptr::null_mut());
        let status = call(buffer.as_mut_ptr().cast(), buffer.len(), &mut size, &mut error);
        if status != sys::XGR_OK {
            // SAFETY: it was NULL, so C has given it to us.
            return Err(Error::from_handle(status, unsafe { Owned::from_raw(error) }));
        }
        if size < buffer.len() {
            buffer.truncate(size);
            return Ok(into_text(buffer));
        }
        buffer.resize(size + 1, 0);
    }
}

/// The bytes that `call` writes: it gets memory, its size and where the size of all of them belongs.
pub(crate) fn write<T: Clone + Default>(
    call: impl Fn(*mut T, usize, *mut usize, *mut *mut sys::xgr_error_t) -> sys::xgr_status_t,
) -> Result<Vec<T>> {
    let mut bytes = Vec::new();
    loop {
        let (mut size, mut error) = (0, std::ptr::null_mut());
        let status = call(bytes.as_mut_ptr(), bytes.len(), &mut size, &mut error);
        if status != sys::XGR_OK {
            // SAFETY: it was NULL, so C has given it to us.
            return Err(Error::from_handle(status, unsafe { Owned::from_raw(error) }));
        }
        if size <= bytes.len() {
            bytes.truncate(size);
            return Ok(bytes);
        }
        bytes.resize(size, T::default());
    }
}

/// All items end to end, and the size of each, as C takes a list of texts.
pub(crate) fn flatten<T: AsRef<[u8]>>(items: &[T]) -> Result<(Vec<u8>, Vec<u32>)> {
    let total = items.iter().map(|item| item.as_ref().len()).sum();
    let mut bytes = Vec::with_capacity(total);
    let mut sizes = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let item = item.as_ref();
        let size = u32::try_from(item.len()).map_err(|_| {
            let message = format!("item {index} has {} bytes; at most 4294967295", item.len());
            Error::new(sys::XGR_ERROR_LIMIT_EXCEEDED, message)
        })?;
        bytes.extend_from_slice(item);
        sizes.push(size);
    }
    Ok((bytes, sizes))
}

/// Rounded up, so that only no time at all is 0.
pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}
