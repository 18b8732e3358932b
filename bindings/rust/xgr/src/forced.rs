//! Forced text: what an output has to go on with, so that no model need be asked (jump-forward).

use crate::error::{check, Error, Result};
use crate::handle::optional;
use crate::matcher::Matcher;
use xgr_sys as sys;

impl Matcher {
    /// Get the bytes that every continuation of the output begins with: as many as there is room for; tells
    /// how many were written.
    ///
    /// They end where there is a choice, where the output may end and where a token is named by its id; with
    /// `whole_characters` at the end of a UTF-8 character. What only the values so far forbid (unique items,
    /// budgets of tokens) counts as a choice.
    pub fn forced_bytes(&self, whole_characters: bool, bytes: &mut [u8]) -> Result<usize> {
        let (data, capacity, mut size) = (bytes.as_mut_ptr(), bytes.len(), 0);
        let whole = whole_characters.into();
        // SAFETY: all pointers live for the call.
        check(unsafe {
            sys::xgr_matcher_forced_bytes(self.get(), whole, data, capacity, &mut size)
        })?;
        Ok(size)
    }

    /// Get the tokens that the output goes on with where the grammar forces its bytes: as many as there is
    /// room for; tells how many were written. All of them are accepted in this order.
    ///
    /// `tokens` is the model's own tokenization of what [`forced_bytes`](Self::forced_bytes) gives; `None`:
    /// each is the longest token that fits. They end at the last place that text behind them cannot change:
    /// from there on some ordinary token begins with all that is left and is longer. Where the mask allows one
    /// token only, that one is forced.
    pub fn forced_tokens(&self, tokens: Option<&[i32]>, forced: &mut [i32]) -> Result<usize> {
        let ((data, count), mut size) = (optional(tokens), 0);
        let (room, capacity) = (forced.as_mut_ptr(), forced.len());
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status = unsafe {
            sys::xgr_matcher_forced_tokens(self.get(), data, count, room, capacity, &mut size)
        };
        if status == sys::XGR_ERROR_INVALID_ARGUMENT {
            let message =
                format!("the {count} tokens do not spell a beginning of what the grammar forces");
            return Err(Error::new(status, message));
        }
        check(status)?;
        Ok(size)
    }

    /// [`forced_tokens`](Self::forced_tokens) with the model's tokenizer: `tokenize` gets the forced bytes, at
    /// most `max_bytes` of them and to the end of a character, and is not called when there are none. What it
    /// fails with is what this fails with.
    ///
    /// ```
    /// # fn encode(text: &[u8]) -> Result<Vec<i32>, Box<dyn std::error::Error>> { Ok(Vec::new()) }
    /// # fn example(matcher: &mut xgr::Matcher) -> Result<(), Box<dyn std::error::Error>> {
    /// let tokens = matcher.forced_tokens_with(4096, |text| encode(text))?;
    /// matcher.accept_tokens(&tokens)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn forced_tokens_with<T: AsRef<[i32]>, E: From<Error>>(
        &self,
        max_bytes: usize,
        tokenize: impl FnOnce(&[u8]) -> std::result::Result<T, E>,
    ) -> std::result::Result<Vec<i32>, E> {
        let mut bytes = vec![0; max_bytes];
        let size = self.forced_bytes(true, &mut bytes)?;
        let tokens = if size > 0 { Some(tokenize(&bytes[..size])?) } else { None };
        let mut forced = vec![0; max_bytes]; // a token has a byte at least
        let count = self.forced_tokens(tokens.as_ref().map(T::as_ref), &mut forced)?;
        forced.truncate(count);
        Ok(forced)
    }
}
