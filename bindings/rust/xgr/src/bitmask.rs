//! Helpers for bitmasks.

use xgr_sys as sys;

/// Get the number of 32-bit words of a mask for a number of tokens; 0 for a negative one.
pub fn bitmask_words(vocab_size: i32) -> usize {
    // Safety: there is nothing to keep to.
    unsafe { sys::xgr_bitmask_words(vocab_size) }
}

/// Set all bits of a mask to 1, so that it allows every token.
pub fn bitmask_reset(mask: &mut [u32]) {
    // Safety: the words are the caller's. It fails only for NULL, which no slice is.
    unsafe { sys::xgr_bitmask_reset(mask.as_mut_ptr(), mask.len()) };
}
