//! Matcher: one output being generated.

use crate::call::create;
use crate::cancel::{self, Cancel};
use crate::captures::Captures;
use crate::enums::MaskKind;
use crate::error::{check, Error, Result};
use crate::grammar::Grammar;
use crate::handle::{lent, optional, Owned};
use crate::options::MatcherOptions;
use xgr_sys as sys;

/// One output being generated: says which tokens may come next and takes the chosen one.
///
/// What takes `&self` changes nothing, so that several threads may ask one matcher at once: it is also a
/// value, a state to clone and to ask. A clone is an independent matcher in the same state, history
/// included, and costs O(1).
///
/// Nothing can be used after it is gone; this does not compile:
///
/// ```compile_fail
/// # fn example(grammar: xgr::Grammar) -> xgr::Result<()> {
/// let mut matcher = xgr::Matcher::new(&grammar, &Default::default())?;
/// let (mask, _) = matcher.lend_bitmask()?;
/// matcher.accept_token(0)?; // the mask was lent until here
/// println!("{}", mask[0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Matcher(Owned<sys::xgr_matcher_t>);

impl Matcher {
    /// Create a matcher at the start of an output; it keeps the grammar alive.
    ///
    /// An error where there is no stop token, unless `terminate_without_stop_token` is set.
    pub fn new(grammar: &Grammar, options: &MatcherOptions<'_>) -> Result<Self> {
        let handle = options.with_raw(|options| {
            // SAFETY: the handle is valid, and all pointers live for the call.
            create(|made, error| unsafe {
                sys::xgr_matcher_create(grammar.get(), options, made, error)
            })
        })?;
        Ok(Self(handle))
    }

    /// Make an independent matcher in the same state; fails only when memory runs out.
    pub fn try_clone(&self) -> Result<Self> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        let handle = create(|made, _| unsafe { sys::xgr_matcher_clone(self.get(), made) })?;
        Ok(Self(handle))
    }

    /// Take the token that was chosen; `false`, and nothing has changed, when it is rejected.
    ///
    /// Refused are tokens that the mask does not allow, all tokens once the output has ended, and ids
    /// outside the vocabulary; with `check_token_ids` those are an error.
    #[inline]
    pub fn accept_token(&mut self, token: i32) -> Result<bool> {
        let mut accepted = 0;
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status = unsafe { sys::xgr_matcher_accept_token(self.get(), token, &mut accepted) };
        self.check_ids(status, &[token])?;
        Ok(accepted != 0)
    }

    /// Take several tokens, up to the first that is rejected; tells how many were accepted. Each is one
    /// step of the history. After an error none is.
    pub fn accept_tokens(&mut self, tokens: &[i32]) -> Result<usize> {
        let (data, size, mut count) = (tokens.as_ptr(), tokens.len(), 0);
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status = unsafe { sys::xgr_matcher_accept_tokens(self.get(), data, size, &mut count) };
        self.check_ids(status, tokens)?;
        Ok(count)
    }

    /// Tell how many of several tokens [`accept_tokens`](Self::accept_tokens) would accept.
    pub fn validate_tokens(&self, tokens: &[i32]) -> Result<usize> {
        let (data, size, mut count) = (tokens.as_ptr(), tokens.len(), 0);
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status =
            unsafe { sys::xgr_matcher_validate_tokens(self.get(), data, size, &mut count) };
        self.check_ids(status, tokens)?;
        Ok(count)
    }

    /// Take bytes of the output, all or none of them, as one step of the history.
    ///
    /// The bytes may end inside a UTF-8 character. No bytes at all are accepted and are a step too.
    pub fn accept_bytes(&mut self, bytes: &[u8]) -> Result<bool> {
        let (data, size, mut accepted) = (bytes.as_ptr(), bytes.len(), 0);
        // SAFETY: the handle is valid, and all pointers live for the call.
        check(unsafe { sys::xgr_matcher_accept_bytes(self.get(), data, size, &mut accepted) })?;
        Ok(accepted != 0)
    }

    /// Tell whether one token may come next, without a whole mask.
    #[inline]
    pub fn is_token_allowed(&self, token: i32) -> Result<bool> {
        let mut allowed = 0;
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status = unsafe { sys::xgr_matcher_is_token_allowed(self.get(), token, &mut allowed) };
        self.check_ids(status, &[token])?;
        Ok(allowed != 0)
    }

    /// Write which tokens may come next as a bitmask of at least
    /// [`mask_words`](Self::mask_words) words.
    ///
    /// Bit t % 32 of word t / 32 is 1 exactly when token t may come next. When nothing can follow,
    /// this is [`MaskKind::Terminated`] and the bits of all tokens are 1, so that applying the row of
    /// an ended output in a batch does no harm. Does not change the state.
    #[inline]
    pub fn fill_bitmask(&self, mask: &mut [u32]) -> Result<MaskKind> {
        let mut kind = 0;
        let (data, size) = (mask.as_mut_ptr(), mask.len());
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status = unsafe { sys::xgr_matcher_fill_bitmask(self.get(), data, size, &mut kind) };
        if status == sys::XGR_ERROR_INVALID_ARGUMENT {
            let wanted = self.mask_words();
            let message = format!("the mask has {size} words; expected at least {wanted}");
            return Err(Error::new(status, message));
        }
        check(status)?;
        Ok(MaskKind::from(kind))
    }

    /// Lend which tokens may come next as a bitmask, without a copy where that is possible.
    ///
    /// The mask is empty when the output has ended.
    pub fn lend_bitmask(&mut self) -> Result<(&[u32], MaskKind)> {
        let (mut mask, mut words, mut kind) = (std::ptr::null(), 0, 0);
        // SAFETY: the handle is valid, and all pointers live for the call.
        check(unsafe {
            sys::xgr_matcher_lend_bitmask(self.get(), &mut mask, &mut words, &mut kind)
        })?;
        // SAFETY: what is lent lives until the matcher changes, which the borrow forbids.
        Ok((unsafe { lent(mask, words) }, MaskKind::from(kind)))
    }

    /// Undo the last steps, at most [`history_size`](Self::history_size) of them.
    pub fn rollback(&mut self, step_count: usize) -> Result<()> {
        // SAFETY: the handle is valid.
        let status = unsafe { sys::xgr_matcher_rollback(self.get(), step_count) };
        self.check_steps(status, step_count)
    }

    /// Go back to the start of the output and forget the history.
    pub fn reset(&mut self) -> Result<()> {
        // SAFETY: the handle is valid.
        check(unsafe { sys::xgr_matcher_reset(self.get()) })
    }

    /// Lay a filter over the output from here on: of the tokens that the grammar allows, only those in a
    /// mask of [`mask_words`](Self::mask_words) words, stop tokens too; `None` takes it away.
    ///
    /// It holds for all that is about tokens; bytes pass it. It belongs to the place in the output: undoing
    /// steps brings back the filter of before, and a clone has it as well. Where it leaves no token, a mask
    /// is [`MaskKind::None`].
    pub fn set_filter(&mut self, mask: Option<&[u32]>) -> Result<()> {
        let (data, size) = optional(mask);
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status = unsafe { sys::xgr_matcher_set_filter(self.get(), data, size) };
        if status == sys::XGR_ERROR_INVALID_ARGUMENT {
            let wanted = self.mask_words();
            let message = format!("the filter has {size} words; expected {wanted}");
            return Err(Error::new(status, message));
        }
        check(status)
    }

    /// Limit how many tokens the output may still have; `None`: no limit.
    ///
    /// A token is then allowed only if the output can be complete within what is left, so an output that is
    /// cut off by a limit is complete all the same. Stop tokens are not counted. A limit that cannot be
    /// kept, see [`min_tokens_to_finish`](Self::min_tokens_to_finish), makes the output end as soon as it can.
    pub fn set_token_limit(&mut self, tokens: Option<u32>) -> Result<()> {
        let limit = tokens.map_or(-1, i64::from);
        // SAFETY: the handle is valid.
        check(unsafe { sys::xgr_matcher_set_token_limit(self.get(), limit) })
    }

    /// Make the output end as soon as it can: only tokens on a shortest way to a complete output are allowed.
    pub fn set_closing(&mut self, closing: bool) -> Result<()> {
        // SAFETY: the handle is valid.
        check(unsafe { sys::xgr_matcher_set_closing(self.get(), i32::from(closing)) })
    }

    /// Get the fewest tokens that complete the output, the stop token not counted, and whether that is
    /// exact; where it is not, so many are enough.
    pub fn min_tokens_to_finish(&self) -> Result<(u64, bool)> {
        let (mut tokens, mut exact) = (0, 0);
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status =
            unsafe { sys::xgr_matcher_min_tokens_to_finish(self.get(), &mut tokens, &mut exact) };
        check(status)?;
        Ok((tokens, exact != 0))
    }

    /// Give a matcher a request that stops its calls with [`Code::Cancelled`](crate::Code::Cancelled),
    /// also from within; they leave it as it was. Clones made afterwards have the same request.
    pub fn set_cancel(&mut self, cancel: Option<&Cancel>) -> Result<()> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        check(unsafe { sys::xgr_matcher_set_cancel(self.get(), cancel::raw(cancel)) })
    }

    /// Get whether the output has ended: by a stop token, or by `terminate_without_stop_token`.
    #[inline]
    pub fn is_terminated(&self) -> bool {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_matcher_is_terminated(self.get()) != 0 }
    }

    /// Get whether the output so far is a complete string of the language.
    #[inline]
    pub fn is_accepting(&self) -> bool {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_matcher_is_accepting(self.get()) != 0 }
    }

    /// Get whether the output waits for one of the sequences that its text begins behind, or with.
    #[inline]
    pub fn is_waiting(&self) -> bool {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_matcher_is_waiting(self.get()) != 0 }
    }

    /// Get the number of steps that can be undone.
    pub fn history_size(&self) -> usize {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_matcher_history_size(self.get()) }
    }

    /// Get the stop tokens in force.
    pub fn stop_tokens(&self) -> &[i32] {
        let mut count = 0;
        // SAFETY: what is lent lives as long as the handle.
        unsafe {
            let data = sys::xgr_matcher_stop_tokens(self.get(), &mut count);
            lent(data, count)
        }
    }

    /// Get the number of 32-bit words that [`fill_bitmask`](Self::fill_bitmask) writes.
    pub fn mask_words(&self) -> usize {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_matcher_mask_words(self.get()) }
    }

    /// Get the number of token ids, which is the number of bits of a mask that count.
    pub fn vocab_size(&self) -> i32 {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_matcher_vocab_size(self.get()) }
    }

    /// Get about how much memory a matcher occupies, its grammar not included, in bytes.
    pub fn memory_size(&self) -> usize {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_matcher_memory_size(self.get()) }
    }

    /// Get the sampling temperature that the grammar asks for at the present place of the output;
    /// `None` when neither a rule nor the options say one.
    pub fn temperature(&self) -> Result<Option<f32>> {
        let (mut known, mut temperature) = (0, 0.0);
        // SAFETY: the handle is valid, and all pointers live for the call.
        check(unsafe { sys::xgr_matcher_temperature(self.get(), &mut known, &mut temperature) })?;
        Ok((known != 0).then_some(temperature))
    }

    /// Get the texts of rules with a name in the output so far, in the order in which they were
    /// completed: the longest text each, or with `all_events` every time that a rule was complete.
    pub fn captures(&mut self, all_events: bool) -> Result<Captures> {
        let all_events = all_events.into();
        // SAFETY: the handle is valid, and all pointers live for the call.
        let handle =
            create(|made, _| unsafe { sys::xgr_matcher_captures(self.get(), all_events, made) })?;
        Ok(Captures::own(handle))
    }

    /// Get what the masks of a matcher have cost, since it was created or cloned.
    pub fn stats(&self) -> Result<MatcherStats> {
        let mut raw = sys::xgr_matcher_stats_t::INIT;
        // SAFETY: the handle is valid, and all pointers live for the call.
        check(unsafe { sys::xgr_matcher_stats(self.get(), &mut raw) })?;
        Ok(MatcherStats {
            fills: raw.fills,
            hits: raw.hits,
            parts_built: raw.parts_built,
            nodes_visited: raw.nodes_visited,
            walk_nanoseconds: raw.walk_nanoseconds,
            prefetches: raw.prefetches,
        })
    }

    /// The result of a call with token ids, which are all that can be wrong with its arguments.
    #[inline]
    pub(crate) fn check_ids(&self, status: i32, tokens: &[i32]) -> Result<()> {
        if status != sys::XGR_ERROR_INVALID_ARGUMENT {
            return check(status);
        }
        let size = self.vocab_size();
        let outside = tokens.iter().find(|token| !(0..size).contains(*token));
        let Some(token) = outside else {
            return check(status);
        };
        let message =
            format!("token id {token} is outside the vocabulary; expected 0 or more, below {size}");
        Err(Error::new(status, message))
    }

    /// The result of a call that undoes steps.
    #[inline]
    pub(crate) fn check_steps(&self, status: i32, step_count: usize) -> Result<()> {
        if status != sys::XGR_ERROR_INVALID_ARGUMENT {
            return check(status);
        }
        let there = self.history_size();
        let message = format!("cannot undo {step_count} steps: there are {there}");
        Err(Error::new(status, message))
    }

    #[inline]
    pub(crate) fn get(&self) -> *mut sys::xgr_matcher_t {
        self.0.get()
    }
}

impl Clone for Matcher {
    /// Panics when memory runs out; [`try_clone`](Matcher::try_clone) tells instead.
    fn clone(&self) -> Self {
        self.try_clone().expect("no memory for a clone of a matcher")
    }
}

/// What the masks of one matcher have cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MatcherStats {
    /// Masks that were filled or lent.
    pub fills: u64,
    /// Masks for which nothing had to be computed but their union.
    pub hits: u64,
    /// Mask parts that were computed for the others.
    pub parts_built: u64,
    /// Nodes of the token trie that were visited for that.
    pub nodes_visited: u64,
    /// Nanoseconds that took.
    pub walk_nanoseconds: u64,
    /// Steps after which a thread was asked to prefetch.
    pub prefetches: u64,
}
