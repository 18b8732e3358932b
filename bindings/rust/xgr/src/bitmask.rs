//! Bitmasks over tokens, and what they do to logits.

use crate::error::{check, Error, Result};
use crate::options::ApplyOptions;
use xgr_sys as sys;

/// Get the number of 32-bit words of a mask for a number of tokens; 0 for a negative one.
pub fn bitmask_words(vocab_size: i32) -> usize {
    // SAFETY: there is nothing to keep to.
    unsafe { sys::xgr_bitmask_words(vocab_size) }
}

/// Set all bits of a mask to 1, so that it allows every token.
pub fn bitmask_reset(mask: &mut [u32]) {
    // It fails only for NULL, which no slice is.
    // SAFETY: all pointers live for the call.
    unsafe { sys::xgr_bitmask_reset(mask.as_mut_ptr(), mask.len()) };
}

/// Get how many tokens a mask allows.
pub fn bitmask_count(mask: &[u32]) -> usize {
    // SAFETY: all pointers live for the call.
    unsafe { sys::xgr_bitmask_count(mask.as_ptr(), mask.len()) }
}

/// List the tokens that a mask allows, ascending: writes as many as there is room for, and tells how many
/// there are.
pub fn bitmask_tokens(mask: &[u32], tokens: &mut [i32]) -> Result<usize> {
    let (data, size, mut count) = (mask.as_ptr(), mask.len(), 0);
    let (ids, capacity) = (tokens.as_mut_ptr(), tokens.len());
    // SAFETY: all pointers live for the call.
    let status = unsafe { sys::xgr_bitmask_tokens(data, size, ids, capacity, &mut count) };
    if status == sys::XGR_ERROR_INVALID_ARGUMENT {
        let message = format!("the mask has {size} words; expected at most 67108864");
        return Err(Error::new(status, message));
    }
    check(status)?;
    Ok(count)
}

/// Set the bits of some tokens in a mask to 1 if they are `allowed`, else to 0. After an error nothing has
/// changed.
pub fn bitmask_set_tokens(mask: &mut [u32], tokens: &[i32], allowed: bool) -> Result<()> {
    let (data, size, allowed) = (mask.as_mut_ptr(), mask.len(), allowed.into());
    let (ids, count) = (tokens.as_ptr(), tokens.len());
    // SAFETY: all pointers live for the call.
    let status = unsafe { sys::xgr_bitmask_set_tokens(data, size, ids, count, allowed) };
    let bits = size.saturating_mul(32);
    let has_bit = |token: i32| usize::try_from(token).is_ok_and(|token| token < bits);
    match tokens.iter().find(|token| !has_bit(**token)) {
        Some(token) if status == sys::XGR_ERROR_INVALID_ARGUMENT => {
            let message = format!(
                "a mask of {size} words has no bit for token id {token}; expected 0 or more, below {bits}"
            );
            Err(Error::new(status, message))
        }
        _ => check(status),
    }
}

/// Keep of a list of tokens those that a mask allows, in their order; tells how many are kept, which are
/// then the first. Ids that the mask has no bit for, negative ones too, are dropped.
pub fn bitmask_filter_tokens(mask: &[u32], tokens: &mut [i32]) -> usize {
    let (data, size, mut count) = (mask.as_ptr(), mask.len(), 0);
    let (ids, token_count) = (tokens.as_mut_ptr(), tokens.len());
    // It fails only for NULL.
    // SAFETY: all pointers live for the call.
    unsafe { sys::xgr_bitmask_filter_tokens(data, size, ids, token_count, &mut count) };
    count
}

/// Keep in a mask the tokens that another one of the same size allows too.
pub fn bitmask_and(mask: &mut [u32], other: &[u32]) -> Result<()> {
    same_size(mask, other)?;
    // SAFETY: all pointers live for the call.
    check(unsafe { sys::xgr_bitmask_and(mask.as_mut_ptr(), other.as_ptr(), mask.len()) })
}

/// Add to a mask the tokens that another one of the same size allows.
pub fn bitmask_or(mask: &mut [u32], other: &[u32]) -> Result<()> {
    same_size(mask, other)?;
    // SAFETY: all pointers live for the call.
    check(unsafe { sys::xgr_bitmask_or(mask.as_mut_ptr(), other.as_ptr(), mask.len()) })
}

/// Take out of a mask the tokens that another one of the same size allows.
pub fn bitmask_and_not(mask: &mut [u32], other: &[u32]) -> Result<()> {
    same_size(mask, other)?;
    // SAFETY: all pointers live for the call.
    check(unsafe { sys::xgr_bitmask_and_not(mask.as_mut_ptr(), other.as_ptr(), mask.len()) })
}

fn same_size(mask: &[u32], other: &[u32]) -> Result<()> {
    if mask.len() == other.len() {
        return Ok(());
    }
    let (size, wanted) = (other.len(), mask.len());
    let message = format!("the other mask has {size} words; expected {wanted}, as the first has");
    Err(Error::new(sys::XGR_ERROR_INVALID_ARGUMENT, message))
}

/// Set the logits of all tokens that a mask does not allow to minus infinity.
///
/// The others keep every bit, NaN and infinities too. Logits that the mask has no bit for count as not
/// allowed; bits behind the last logit count for nothing. The default options mean one row of logits and
/// one mask; [`Batch::apply_f32`](crate::Batch::apply_f32) divides many rows among threads.
pub fn bitmask_apply_f32(
    logits: &mut [f32],
    masks: &[u32],
    options: &ApplyOptions<'_>,
) -> Result<()> {
    let (data, count, raw) = (logits.as_mut_ptr(), logits.len(), options.raw());
    let (words, size) = (masks.as_ptr(), masks.len());
    // SAFETY: all pointers live for the call.
    let status = unsafe { sys::xgr_bitmask_apply_f32(data, count, words, size, &raw) };
    check_rows(status, options, count, size)
}

/// The same as [`bitmask_apply_f32`] for logits of IEEE 754 binary16, as the bits of each.
pub fn bitmask_apply_f16(
    logits: &mut [u16],
    masks: &[u32],
    options: &ApplyOptions<'_>,
) -> Result<()> {
    let (data, count, raw) = (logits.as_mut_ptr(), logits.len(), options.raw());
    let (words, size) = (masks.as_ptr(), masks.len());
    // SAFETY: all pointers live for the call.
    let status = unsafe { sys::xgr_bitmask_apply_f16(data, count, words, size, &raw) };
    check_rows(status, options, count, size)
}

/// The same as [`bitmask_apply_f32`] for logits of bfloat16, as the bits of each.
pub fn bitmask_apply_bf16(
    logits: &mut [u16],
    masks: &[u32],
    options: &ApplyOptions<'_>,
) -> Result<()> {
    let (data, count, raw) = (logits.as_mut_ptr(), logits.len(), options.raw());
    let (words, size) = (masks.as_ptr(), masks.len());
    // SAFETY: all pointers live for the call.
    let status = unsafe { sys::xgr_bitmask_apply_bf16(data, count, words, size, &raw) };
    check_rows(status, options, count, size)
}

/// Set the logits of those candidates that a mask does not allow to minus infinity.
///
/// A candidate is `candidate_size` bytes with a token id (`i32`) at `id_offset` and a logit (`f32`) at
/// `logit_offset`, such as `llama_token_data` of llama.cpp: 12, 0 and 4. Nothing else of it is read or
/// written. Ids that the mask has no bit for are not allowed.
pub fn bitmask_apply_candidates(
    mask: &[u32],
    candidates: &mut [u8],
    candidate_size: usize,
    id_offset: usize,
    logit_offset: usize,
) -> Result<()> {
    let (words, size) = (mask.as_ptr(), mask.len());
    let (data, bytes) = (candidates.as_mut_ptr(), candidates.len());
    // SAFETY: all pointers live for the call.
    let status = unsafe {
        sys::xgr_bitmask_apply_candidates(
            words,
            size,
            data,
            bytes,
            candidate_size,
            id_offset,
            logit_offset,
        )
    };
    if status == sys::XGR_ERROR_INVALID_ARGUMENT {
        let message = format!(
            "{bytes} bytes are no candidates of {candidate_size} bytes with an id of 4 bytes at {id_offset} \
             and a logit of 4 bytes at {logit_offset}; expected a multiple of the size, both inside, apart"
        );
        return Err(Error::new(status, message));
    }
    check(status)
}

/// The result of a call that applies masks to logits.
pub(crate) fn check_rows(
    status: i32,
    options: &ApplyOptions<'_>,
    logit_count: usize,
    mask_count: usize,
) -> Result<()> {
    if status != sys::XGR_ERROR_INVALID_ARGUMENT {
        return check(status);
    }
    Err(Error::new(status, rows_mistake(options, logit_count, mask_count)))
}

/// What is wrong with the rows; C only says that something is.
#[cold]
fn rows_mistake(options: &ApplyOptions<'_>, logit_count: usize, mask_count: usize) -> String {
    let (logit_rows, mask_rows) = (options.logit_rows, options.mask_rows);
    let or = |given: usize, default: usize| if given == 0 { default } else { given };
    let rows = or(options.row_count, or(logit_rows.len(), or(mask_rows.len(), 1)));
    for (name, list) in [("logit_rows", logit_rows), ("mask_rows", mask_rows)] {
        if !list.is_empty() && list.len() != rows {
            return format!("{name} has {} rows; expected none or {rows}", list.len());
        }
    }
    let columns = or(options.columns, logit_count / rows);
    let (stride, words) = (or(options.stride, columns), or(options.mask_words, mask_count / rows));
    if stride < columns {
        return format!("stride is {stride}; expected at least the {columns} columns");
    }
    if !logit_rows.is_empty() && options.columns == 0 {
        return "columns is 0; expected the logits of a row, as there are logit_rows".into();
    }
    if !mask_rows.is_empty() && options.mask_words == 0 {
        return "mask_words is 0; expected the words of a mask, as there are mask_rows".into();
    }
    let held = |size: usize, step: usize, last: usize| match size.checked_sub(last) {
        Some(rest) => rest.checked_div(step).map_or(usize::MAX, |rows| rows.saturating_add(1)),
        None => 0,
    };
    let mistake = row_mistake("logit_rows", logit_rows, held(logit_count, stride, columns), true)
        .or_else(|| row_mistake("mask_rows", mask_rows, held(mask_count, words, words), false));
    mistake.unwrap_or_else(|| {
        format!(
            "{logit_count} logits are no {rows} rows of {columns} with {stride} from one to the next, or \
             {mask_count} words no {rows} masks of {words}"
        )
    })
}

/// What is wrong with numbers of rows, of which there are `held`.
pub(crate) fn row_mistake(name: &str, rows: &[i32], held: usize, once: bool) -> Option<String> {
    for (index, &row) in rows.iter().enumerate() {
        if !usize::try_from(row).is_ok_and(|row| row < held) {
            return Some(format!(
                "{name}[{index}] is {row}; expected 0 or more, below {held}, as many as there are"
            ));
        }
        let before = rows[..index].iter().position(|other| *other == row);
        if let (true, Some(before)) = (once, before) {
            return Some(format!(
                "{name}[{before}] and {name}[{index}] are both {row}; expected each row once"
            ));
        }
    }
    None
}
