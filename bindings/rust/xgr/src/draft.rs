//! Drafts: masks along tokens that another model proposes, for speculative decoding.

use crate::builder::options;
use crate::enums::MaskKind;
use crate::error::{check, Error, Result};
use crate::handle::start;
use crate::matcher::Matcher;
use std::mem::{align_of, size_of};
use xgr_sys as sys;

options! {
/// A tree of proposed tokens. Node 0 is its root and stands for the output so far: its token, which the
/// matcher has accepted already, is not looked at.
///
/// Either `parents` is given, or `first_children` and `next_siblings` together; each has a number for every
/// node.
#[derive(Clone, Copy, Debug, Default)]
pub struct DraftTree<'a> {
    /// Token id of each node, any value; at least the root's.
    pub tokens: &'a [i32],
    /// The node before each, in any order; that of the root is -1.
    pub parents: &'a [i32],
    /// The first node behind each; -1: none.
    pub first_children: &'a [i32],
    /// The next node with the same parent; -1: none.
    pub next_siblings: &'a [i32],
}
}

impl DraftTree<'_> {
    pub(crate) fn raw(&self) -> sys::xgr_draft_tree_t {
        sys::xgr_draft_tree_t {
            tokens: start(self.tokens),
            node_count: self.tokens.len(),
            parents: start(self.parents),
            first_children: start(self.first_children),
            next_siblings: start(self.next_siblings),
            ..sys::xgr_draft_tree_t::INIT
        }
    }

    /// An error unless C finds a number for every node.
    fn check(&self) -> Result<()> {
        let wanted = self.tokens.len();
        let lists = [
            ("parents", self.parents),
            ("first_children", self.first_children),
            ("next_siblings", self.next_siblings),
        ];
        for (name, list) in lists {
            if !list.is_empty() && list.len() != wanted {
                let size = list.len();
                let message = format!(
                    "{name} has {size} elements; expected none or {wanted}, one for each node"
                );
                return Err(Error::new(sys::XGR_ERROR_INVALID_ARGUMENT, message));
            }
        }
        Ok(())
    }
}

impl Matcher {
    /// Write the masks along a chain of proposed tokens: the one before each token, and the one after the
    /// last; tells how many of the tokens are accepted, up to the first that is not.
    ///
    /// `masks` are rows of `mask_words` words, one behind the other, one more than there are tokens. Row i
    /// is the mask after the first i tokens; the rows behind that of the first token that is refused allow
    /// everything and are [`MaskKind::Terminated`]. `kinds` are those of the rows, as many as there are, or
    /// empty. The matcher is afterwards as before, also after an error; the rows are then unspecified.
    pub fn fill_draft(
        &mut self,
        tokens: &[i32],
        masks: &mut [u32],
        mask_words: usize,
        kinds: &mut [MaskKind],
    ) -> Result<usize> {
        let mut valid_count = 0;
        let (data, room) = Kinds::of(kinds);
        // SAFETY: all pointers live for the call.
        let status = unsafe {
            sys::xgr_matcher_fill_draft(
                self.get(),
                tokens.as_ptr(),
                tokens.len(),
                masks.as_mut_ptr(),
                masks.len(),
                mask_words,
                data.0,
                room,
                &mut valid_count,
            )
        };
        drop(data);
        self.check_rows(status, tokens.len() + 1, masks.len(), mask_words, &[("kinds", room)])?;
        Ok(valid_count)
    }

    /// Write the masks after the nodes of a tree of proposed tokens.
    ///
    /// `masks` are rows of `mask_words` words, one behind the other, one for each node. Row i is the mask
    /// after the tokens on the way from the root to node i, and row 0 the mask of the matcher as it is. The
    /// row of a node that the output cannot lead to allows everything and is [`MaskKind::Terminated`].
    /// `kinds` are those of the rows, and `valid` is 1 for each node when the tokens on the way to it are
    /// accepted, else 0; as many as there are nodes, or empty. The matcher is afterwards as before, also after
    /// an error; the rows are then unspecified.
    pub fn fill_draft_tree(
        &mut self,
        tree: &DraftTree<'_>,
        masks: &mut [u32],
        mask_words: usize,
        kinds: &mut [MaskKind],
        valid: &mut [i32],
    ) -> Result<()> {
        tree.check()?;
        let lists = [("kinds", kinds.len()), ("valid", valid.len())];
        let row_count = lists.iter().map(|(_, room)| *room).filter(|room| *room > 0).min();
        let (data, _) = Kinds::of(kinds);
        let numbers = if valid.is_empty() { std::ptr::null_mut() } else { valid.as_mut_ptr() };
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status = unsafe {
            sys::xgr_matcher_fill_draft_tree(
                self.get(),
                masks.as_mut_ptr(),
                masks.len(),
                mask_words,
                data.0,
                numbers,
                row_count.unwrap_or(0),
                &tree.raw(),
            )
        };
        drop(data);
        self.check_rows(status, tree.tokens.len(), masks.len(), mask_words, &lists)
    }

    /// The result of a call that writes rows; `lists` are names and sizes of what there is besides.
    fn check_rows(
        &self,
        status: i32,
        rows: usize,
        mask_count: usize,
        mask_words: usize,
        lists: &[(&str, usize)],
    ) -> Result<()> {
        if status != sys::XGR_ERROR_INVALID_ARGUMENT {
            return check(status);
        }
        let (wanted, needed) = (self.mask_words(), rows.saturating_mul(mask_words));
        let short = lists.iter().find(|(_, room)| (1..rows).contains(room));
        Err(Error::new(
            status,
            if mask_words < wanted {
                format!("a row has {mask_words} words; expected at least {wanted}")
            } else if mask_count < needed {
                format!(
                    "the masks have {mask_count} words; expected at least {needed}, {rows} rows of {mask_words}"
                )
            } else if let Some((name, room)) = short {
                format!("{name} has {room} elements; expected none or at least {rows}")
            } else {
                "the links are no tree; expected a root, node 0, from which each other node is reached once, \
                 by either parents, or first_children and next_siblings"
                    .into()
            },
        ))
    }
}

/// Kinds that C writes as numbers, in the memory of the kinds, so that nothing is allocated; dropping it makes
/// kinds of them.
struct Kinds(*mut i32, usize);

// The numbers have room, and the number of a kind never lies behind the kind.
const _: () = assert!(size_of::<MaskKind>() >= size_of::<i32>());
const _: () = assert!(align_of::<MaskKind>() >= align_of::<i32>());

impl Kinds {
    /// Where C writes, and room for how many; the kinds may not be looked at before this is dropped.
    fn of(kinds: &mut [MaskKind]) -> (Self, usize) {
        let count = kinds.len();
        if count == 0 {
            return (Self(std::ptr::null_mut(), 0), 0);
        }
        let data: *mut MaskKind = kinds.as_mut_ptr();
        for index in 0..count {
            // SAFETY: kinds at this index and behind it are still whole; the numbers lie before them.
            unsafe {
                let number = i32::from(data.add(index).read());
                data.cast::<i32>().add(index).write(number);
            }
        }
        (Self(data.cast(), count), count)
    }
}

impl Drop for Kinds {
    fn drop(&mut self) {
        for index in (0..self.1).rev() {
            // SAFETY: numbers at this index and before it are still whole, written above or by C.
            unsafe {
                let kind = MaskKind::from(self.0.add(index).read());
                self.0.cast::<MaskKind>().add(index).write(kind);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_numbers_share_their_memory() {
        let before = [MaskKind::All, MaskKind::Unknown(-7), MaskKind::None, MaskKind::Some];
        let mut kinds = before;
        drop(Kinds::of(&mut kinds));
        assert_eq!(kinds, before);
        let (numbers, count) = Kinds::of(&mut kinds);
        assert_eq!(count, 4);
        for (index, number) in [2, 99, 0].into_iter().enumerate() {
            // SAFETY: there is room for four.
            unsafe { numbers.0.add(index).write(number) };
        }
        drop(numbers);
        let (ended, some) = (MaskKind::Terminated, MaskKind::Some);
        assert_eq!(kinds, [ended, MaskKind::Unknown(99), some, some]);
        assert!(Kinds::of(&mut []).0 .0.is_null());
    }
}
