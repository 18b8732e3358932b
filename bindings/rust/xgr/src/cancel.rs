//! Cancel: a request to stop, for one call or for many.

use crate::call::create;
use crate::error::Result;
use crate::handle::Owned;
use std::sync::Arc;
use xgr_sys as sys;

/// A request to stop, made from any thread and watched by the calls that were given it. Clones are the
/// same request.
///
/// A call that it stops returns [`Code::Cancelled`](crate::Code::Cancelled) within milliseconds and
/// leaves every object as it was. A request stays made, so a call that begins later stops at once.
#[derive(Clone, Debug)]
pub struct Cancel(Arc<Owned<sys::xgr_cancel_t>>);

impl Cancel {
    /// Create a request to stop that is not made yet; fails only when memory runs out.
    pub fn new() -> Result<Self> {
        // SAFETY: the pointer lives for the call.
        let handle = create(|made, _| unsafe { sys::xgr_cancel_create(made) })?;
        Ok(Self(Arc::new(handle)))
    }

    /// Make the request: all calls that were given it stop. Does not wait for them.
    pub fn request(&self) {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_cancel_request(self.get()) }
    }

    /// Tell whether the request was made.
    pub fn is_requested(&self) -> bool {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_cancel_is_requested(self.get()) != 0 }
    }

    pub(crate) fn get(&self) -> *mut sys::xgr_cancel_t {
        self.0.get()
    }
}

/// As C takes a request that may be absent.
pub(crate) fn raw(cancel: Option<&Cancel>) -> *const sys::xgr_cancel_t {
    cancel.map_or(std::ptr::null(), |cancel| cancel.get().cast_const())
}
