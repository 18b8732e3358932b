//! Grammar: a language, compiled for one tokenizer.

use crate::call::{create, print};
use crate::cancel::{self, Cancel};
use crate::diagnostics::Diagnostics;
use crate::enums::WarmUp;
use crate::error::{check, Result};
use crate::handle::Owned;
use crate::tokenizer::Tokenizer;
use std::sync::Arc;
use xgr_sys as sys;

/// A language, compiled for one tokenizer. Immutable; clones are the same grammar.
///
/// Made by the `compile` functions of [`Compiler`](crate::Compiler). Any number of matchers share it.
#[derive(Clone, Debug)]
pub struct Grammar(Arc<Owned<sys::xgr_grammar_t>>);

impl Grammar {
    /// Get the tokenizer that a grammar was compiled for.
    pub fn tokenizer(&self) -> Result<Tokenizer> {
        // SAFETY: the handle is valid.
        let handle = create(|made, _| unsafe { sys::xgr_grammar_tokenizer(self.get(), made) })?;
        Ok(Tokenizer::own(handle))
    }

    /// Print a grammar as EBNF that compiles back to the same language.
    pub fn print_ebnf(&self) -> Result<String> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        print(|text, capacity, size, error| unsafe {
            sys::xgr_grammar_print_ebnf(self.get(), text, capacity, size, error)
        })
    }

    /// Get what compiling a grammar has noticed; most grammars have no diagnostics.
    pub fn diagnostics(&self) -> Result<Diagnostics> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        let handle = create(|made, _| unsafe { sys::xgr_grammar_diagnostics(self.get(), made) })?;
        Ok(Diagnostics::own(handle))
    }

    /// Get about how much memory a grammar occupies, in bytes; it grows as masks are computed.
    pub fn memory_size(&self) -> usize {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_grammar_memory_size(self.get()) }
    }

    /// Compute ahead what the masks of a grammar consist of, likely ones first. Changes no mask.
    ///
    /// `cancel` stops it with [`Code::Cancelled`](crate::Code::Cancelled); what was computed is kept.
    pub fn warm_up(&self, level: WarmUp, cancel: Option<&Cancel>) -> Result<()> {
        let cancel = cancel::raw(cancel);
        // SAFETY: the handle is valid, and all pointers live for the call.
        check(unsafe { sys::xgr_grammar_warm_up(self.get(), level.into(), cancel) })
    }

    /// Get what a grammar holds by itself, and what that has cost.
    pub fn stats(&self) -> Result<CompiledStats> {
        let mut stats = sys::xgr_compiled_stats_t::INIT;
        // SAFETY: the handle is valid, and all pointers live for the call.
        check(unsafe { sys::xgr_grammar_stats(self.get(), &mut stats) })?;
        Ok(CompiledStats::from_raw(&stats))
    }

    pub(crate) fn create(
        call: impl FnOnce(*mut *mut sys::xgr_grammar_t, *mut *mut sys::xgr_error_t) -> i32,
    ) -> Result<Self> {
        Ok(Self(Arc::new(create(call)?)))
    }

    pub(crate) fn get(&self) -> *mut sys::xgr_grammar_t {
        self.0.get()
    }
}

/// What a compiler or a grammar holds, and what that has cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompiledStats {
    /// Automaton states.
    pub states: u64,
    /// Mask parts: token sets that masks are composed of, kept for all matchers.
    pub mask_parts: u64,
    /// Mask parts that were computed so far, by fills, warm-up and prefetching.
    pub parts_built: u64,
    /// Nodes of the token trie that were visited for that.
    pub nodes_visited: u64,
    /// Nanoseconds that took, all threads together.
    pub walk_nanoseconds: u64,
    /// Memory in bytes, as the `memory_size` function tells it.
    pub memory_size: u64,
    /// Bytes that automata and masks of all grammars of the compiler may take.
    pub memory_budget: u64,
    /// Mask parts that were evicted to stay inside the budget.
    pub evictions: u64,
}

impl CompiledStats {
    pub(crate) fn from_raw(raw: &sys::xgr_compiled_stats_t) -> Self {
        Self {
            states: raw.states,
            mask_parts: raw.mask_parts,
            parts_built: raw.parts_built,
            nodes_visited: raw.nodes_visited,
            walk_nanoseconds: raw.walk_nanoseconds,
            memory_size: raw.memory_size,
            memory_budget: raw.memory_budget,
            evictions: raw.evictions,
        }
    }
}
