//! Batch: threads that serve many matchers at once.

use crate::bitmask::{check_rows, row_mistake};
use crate::call::create;
use crate::cancel::{self, Cancel};
use crate::enums::MaskKind;
use crate::error::{check, Error, Result};
use crate::handle::{start, Owned};
use crate::matcher::Matcher;
use crate::options::{ApplyOptions, BatchOptions};
use std::borrow::BorrowMut;
use std::fmt;
use xgr_sys as sys;

/// Threads that serve many matchers at once. It has no list of matchers: each call names those that it is
/// about, of any grammars and vocabularies, as a slice of matchers or of `&mut Matcher`.
///
/// The thread that calls takes part in the work; the batch's own threads start with the first call that has
/// work for them, sleep between calls and end when it is dropped. One thread at a time uses a batch, and it
/// may move to another: it is `Send`, not `Sync`.
///
/// A call that was right returns what came of each matcher, in their order; what fails for one does not
/// touch the others. That memory is the batch's, so a call allocates nothing once the batch has had as many
/// matchers before.
///
/// ```
/// # fn example(mut matchers: Vec<xgr::Matcher>, tokens: &[i32]) -> xgr::Result<()> {
/// let mut batch = xgr::Batch::new(&Default::default())?;
/// let words = matchers[0].mask_words();
/// let mut masks = vec![0u32; words * matchers.len()];
/// for kind in batch.fill_bitmask(&mut matchers, &mut masks, words, &[])? {
///     kind.clone()?; // an error is that of one matcher
/// }
/// let accepted = batch.accept_token(&mut matchers, tokens)?;
/// # Ok(())
/// # }
/// ```
///
/// No matcher can be given twice; this does not compile:
///
/// ```compile_fail
/// # fn example(batch: &mut xgr::Batch, matcher: &mut xgr::Matcher) -> xgr::Result<()> {
/// batch.accept_token(&mut [&mut *matcher, &mut *matcher], &[0, 0])?;
/// # Ok(())
/// # }
/// ```
pub struct Batch {
    handle: Owned<sys::xgr_batch_t>,
    // Memory of calls, kept for the next one.
    matchers: Vec<*mut sys::xgr_matcher_t>,
    statuses: Vec<sys::xgr_status_t>,
    answers: Vec<i32>,
    bytes: Vec<u8>,
    sizes: Vec<usize>,
    kinds: Vec<Result<MaskKind>>,
    accepted: Vec<Result<bool>>,
    undone: Vec<Result<()>>,
}

// SAFETY: the pointers to matchers mean nothing between calls.
unsafe impl Send for Batch {}

impl Batch {
    /// Create threads that serve many matchers; none is started yet.
    pub fn new(options: &BatchOptions) -> Result<Self> {
        let options = options.raw();
        // SAFETY: all pointers live for the call.
        let handle = create(|made, error| unsafe { sys::xgr_batch_create(&options, made, error) })?;
        Ok(Self {
            handle,
            matchers: Vec::new(),
            statuses: Vec::new(),
            answers: Vec::new(),
            bytes: Vec::new(),
            sizes: Vec::new(),
            kinds: Vec::new(),
            accepted: Vec::new(),
            undone: Vec::new(),
        })
    }

    /// Get how many threads a batch may have beside the one that calls.
    pub fn threads(&self) -> i32 {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_batch_threads(self.get()) }
    }

    /// Give a batch a request that stops its calls: matchers that are not served yet have the error
    /// [`Code::Cancelled`](crate::Code::Cancelled) and are as before.
    pub fn set_cancel(&mut self, cancel: Option<&Cancel>) -> Result<()> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        check(unsafe { sys::xgr_batch_set_cancel(self.get(), cancel::raw(cancel)) })
    }

    /// Fill the masks of many matchers: [`Matcher::fill_bitmask`] for each.
    ///
    /// `masks` are rows of `mask_words` words, one behind the other; a matcher may have less, the rest of
    /// its row is not written. `rows` says which row each matcher fills, none of them twice; empty: the
    /// first, the second and so on. The row of a matcher that fails is unspecified.
    pub fn fill_bitmask<M: BorrowMut<Matcher>>(
        &mut self,
        matchers: &mut [M],
        masks: &mut [u32],
        mask_words: usize,
        rows: &[i32],
    ) -> Result<&[Result<MaskKind>]> {
        if !rows.is_empty() {
            same_count("rows", rows.len(), matchers.len())?;
        }
        self.begin(matchers);
        // SAFETY: all handles are valid, no matcher is borrowed by others, all pointers live for the call.
        let status = unsafe {
            sys::xgr_batch_fill_bitmask(
                self.get(),
                self.matchers.as_ptr(),
                matchers.len(),
                masks.as_mut_ptr(),
                masks.len(),
                mask_words,
                start(rows),
                self.answers.as_mut_ptr(),
                self.statuses.as_mut_ptr(),
            )
        };
        if status == sys::XGR_ERROR_INVALID_ARGUMENT {
            let mistake = fill_mistake(matchers, masks.len(), mask_words, rows);
            return Err(Error::new(status, mistake));
        }
        check(status)?;
        self.kinds.clear();
        self.kinds.extend(self.statuses.iter().zip(&self.answers).map(|(&status, &kind)| {
            check(status)?;
            Ok(MaskKind::from(kind))
        }));
        Ok(&self.kinds)
    }

    /// Take one token with each of many matchers: [`Matcher::accept_token`] for each.
    pub fn accept_token<M: BorrowMut<Matcher>>(
        &mut self,
        matchers: &mut [M],
        tokens: &[i32],
    ) -> Result<&[Result<bool>]> {
        same_count("tokens", tokens.len(), matchers.len())?;
        self.begin(matchers);
        // SAFETY: all handles are valid, no matcher is borrowed by others, all pointers live for the call.
        check(unsafe {
            sys::xgr_batch_accept_token(
                self.get(),
                self.matchers.as_ptr(),
                matchers.len(),
                tokens.as_ptr(),
                self.answers.as_mut_ptr(),
                self.statuses.as_mut_ptr(),
            )
        })?;
        Ok(self.answered(matchers, |matcher, status, index| {
            matcher.check_ids(status, std::slice::from_ref(&tokens[index]))
        }))
    }

    /// Take bytes with each of many matchers: [`Matcher::accept_bytes`] for each.
    pub fn accept_bytes<M: BorrowMut<Matcher>, T: AsRef<[u8]>>(
        &mut self,
        matchers: &mut [M],
        texts: &[T],
    ) -> Result<&[Result<bool>]> {
        same_count("texts", texts.len(), matchers.len())?;
        self.begin(matchers);
        self.bytes.clear();
        self.sizes.clear();
        for text in texts {
            self.bytes.extend_from_slice(text.as_ref());
            self.sizes.push(text.as_ref().len());
        }
        // SAFETY: all handles are valid, no matcher is borrowed by others, all pointers live for the call.
        check(unsafe {
            sys::xgr_batch_accept_bytes(
                self.get(),
                self.matchers.as_ptr(),
                matchers.len(),
                self.bytes.as_ptr(),
                self.bytes.len(),
                self.sizes.as_ptr(),
                self.answers.as_mut_ptr(),
                self.statuses.as_mut_ptr(),
            )
        })?;
        Ok(self.answered(matchers, |_, status, _| check(status)))
    }

    /// Undo the last steps of each of many matchers: [`Matcher::rollback`] for each.
    pub fn rollback<M: BorrowMut<Matcher>>(
        &mut self,
        matchers: &mut [M],
        step_counts: &[usize],
    ) -> Result<&[Result<()>]> {
        same_count("step_counts", step_counts.len(), matchers.len())?;
        self.begin(matchers);
        // SAFETY: all handles are valid, no matcher is borrowed by others, all pointers live for the call.
        check(unsafe {
            sys::xgr_batch_rollback(
                self.get(),
                self.matchers.as_ptr(),
                matchers.len(),
                step_counts.as_ptr(),
                self.statuses.as_mut_ptr(),
            )
        })?;
        self.undone.clear();
        let each = self.statuses.iter().zip(matchers).zip(step_counts);
        self.undone.extend(
            each.map(|((&status, matcher), &count)| {
                matcher.borrow_mut().check_steps(status, count)
            }),
        );
        Ok(&self.undone)
    }

    /// The same as [`bitmask_apply_f32`](crate::bitmask_apply_f32), with the rows divided among the threads.
    pub fn apply_f32(
        &mut self,
        logits: &mut [f32],
        masks: &[u32],
        options: &ApplyOptions<'_>,
    ) -> Result<()> {
        let (data, count, raw) = (logits.as_mut_ptr(), logits.len(), options.raw());
        let (words, size) = (masks.as_ptr(), masks.len());
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status =
            unsafe { sys::xgr_batch_apply_f32(self.get(), data, count, words, size, &raw) };
        check_rows(status, options, count, size)
    }

    /// The same as [`bitmask_apply_f16`](crate::bitmask_apply_f16), with the rows divided among the threads.
    pub fn apply_f16(
        &mut self,
        logits: &mut [u16],
        masks: &[u32],
        options: &ApplyOptions<'_>,
    ) -> Result<()> {
        let (data, count, raw) = (logits.as_mut_ptr(), logits.len(), options.raw());
        let (words, size) = (masks.as_ptr(), masks.len());
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status =
            unsafe { sys::xgr_batch_apply_f16(self.get(), data, count, words, size, &raw) };
        check_rows(status, options, count, size)
    }

    /// The same as [`bitmask_apply_bf16`](crate::bitmask_apply_bf16), with the rows divided among the
    /// threads.
    pub fn apply_bf16(
        &mut self,
        logits: &mut [u16],
        masks: &[u32],
        options: &ApplyOptions<'_>,
    ) -> Result<()> {
        let (data, count, raw) = (logits.as_mut_ptr(), logits.len(), options.raw());
        let (words, size) = (masks.as_ptr(), masks.len());
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status =
            unsafe { sys::xgr_batch_apply_bf16(self.get(), data, count, words, size, &raw) };
        check_rows(status, options, count, size)
    }

    /// Makes room for what comes of the matchers of a call.
    fn begin<M: BorrowMut<Matcher>>(&mut self, matchers: &mut [M]) {
        self.matchers.clear();
        self.matchers.extend(matchers.iter_mut().map(|matcher| matcher.borrow_mut().get()));
        self.statuses.resize(matchers.len(), 0);
        self.answers.resize(matchers.len(), 0);
    }

    /// What came of a call that accepts; `result` is that of a status.
    fn answered<M: BorrowMut<Matcher>>(
        &mut self,
        matchers: &mut [M],
        result: impl Fn(&Matcher, i32, usize) -> Result<()>,
    ) -> &[Result<bool>] {
        self.accepted.clear();
        let each = self.statuses.iter().zip(&self.answers).zip(matchers).enumerate();
        self.accepted.extend(each.map(|(index, ((&status, &accepted), matcher))| {
            result(matcher.borrow_mut(), status, index)?;
            Ok(accepted != 0)
        }));
        &self.accepted
    }

    #[inline]
    fn get(&self) -> *mut sys::xgr_batch_t {
        self.handle.get()
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Batch").field(&self.handle).finish()
    }
}

/// An error unless there is one of `name` for each matcher.
fn same_count(name: &str, count: usize, wanted: usize) -> Result<()> {
    if count == wanted {
        return Ok(());
    }
    let message = format!("{name} has {count} elements; expected {wanted}, one for each matcher");
    Err(Error::new(sys::XGR_ERROR_INVALID_ARGUMENT, message))
}

/// What is wrong with the rows; C only says that something is.
#[cold]
fn fill_mistake<M: BorrowMut<Matcher>>(
    matchers: &mut [M],
    mask_count: usize,
    mask_words: usize,
    rows: &[i32],
) -> String {
    for (index, matcher) in matchers.iter_mut().enumerate() {
        let wanted = matcher.borrow_mut().mask_words();
        if wanted > mask_words {
            return format!(
                "a row has {mask_words} words; expected at least {wanted}, for matcher {index}"
            );
        }
    }
    let held = mask_count.checked_div(mask_words).unwrap_or(0);
    row_mistake("rows", rows, held, true).unwrap_or_else(|| {
        let count = matchers.len();
        format!(
            "the masks have {mask_count} words; expected {count} rows of {mask_words}, each for one matcher"
        )
    })
}
