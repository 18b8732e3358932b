//! Options of tokenizers, compilers, matchers and batches, with the members of the C structs. The default of
//! each member is that of the library.

use crate::builder::options;
use crate::call::milliseconds;
use crate::cancel::{self, Cancel};
use crate::enums::{TokenKind, TokenizerFormat, VocabType, WarmUp};
use crate::handle::{optional, start};
use std::time::Duration;
use xgr_sys as sys;

options! {
/// Options of [`Tokenizer::new`](crate::Tokenizer::new).
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenizerOptions<'a> {
    /// What each token is for, by token id; empty: all are normal.
    pub token_kinds: &'a [TokenKind],
    /// Stop tokens beside those of that kind; any order. With neither, tokens with a well-known name
    /// are taken; see `no_stop_detection`.
    pub stop_tokens: &'a [i32],
    /// How the token texts spell bytes.
    pub vocab_type: VocabType,
    /// Size of the logits; 0: the number of tokens. Ids beyond the tokens are unused.
    pub vocab_size: i32,
    /// The tokenizer puts a space before the text it encodes. Reported, not used.
    pub add_prefix_space: bool,
    /// Without stop tokens there are none. Default: a token whose whole text is the name of a
    /// well-known stop token, such as `<|im_end|>`, becomes one; with `token_kinds` only control
    /// tokens do.
    pub no_stop_detection: bool,
    /// Tokens with ids of `vocab_size` or more are left out. Default: they are refused.
    pub cut_excess_tokens: bool,
}
}

impl TokenizerOptions<'_> {
    /// Calls with the options in C's shape, which point into `self`.
    pub(crate) fn with_raw<R>(
        &self,
        call: impl FnOnce(*const sys::xgr_tokenizer_options_t) -> R,
    ) -> R {
        // C refuses a number that is no kind; one that is no byte becomes such a one.
        let byte = |kind: &TokenKind| u8::try_from(i32::from(*kind)).unwrap_or(u8::MAX);
        let kinds: Vec<_> = self.token_kinds.iter().map(byte).collect();
        call(&sys::xgr_tokenizer_options_t {
            token_kinds: start(&kinds),
            token_kind_count: kinds.len(),
            stop_tokens: start(self.stop_tokens),
            stop_token_count: self.stop_tokens.len(),
            vocab_type: self.vocab_type.into(),
            vocab_size: self.vocab_size,
            add_prefix_space: self.add_prefix_space.into(),
            no_stop_detection: self.no_stop_detection.into(),
            cut_excess_tokens: self.cut_excess_tokens.into(),
            ..sys::xgr_tokenizer_options_t::INIT
        })
    }
}

options! {
/// Options of [`Tokenizer::from_json`](crate::Tokenizer::from_json).
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenizerJsonOptions<'a> {
    /// Stop tokens; `None`: those with a well-known name, special tokens before others.
    pub stop_tokens: Option<&'a [i32]>,
    /// Size of the logits; 0: the greatest token id plus one.
    pub vocab_size: i32,
    /// Without `stop_tokens` there are none, instead of those that are found by their names.
    pub no_stop_detection: bool,
    /// Tokens with ids of `vocab_size` or more are left out. Default: they are refused.
    pub cut_excess_tokens: bool,
}
}

impl TokenizerJsonOptions<'_> {
    pub(crate) fn raw(&self) -> sys::xgr_tokenizer_json_options_t {
        let (stop_tokens, stop_token_count) = optional(self.stop_tokens);
        sys::xgr_tokenizer_json_options_t {
            stop_tokens,
            stop_token_count,
            vocab_size: self.vocab_size,
            no_stop_detection: self.no_stop_detection.into(),
            cut_excess_tokens: self.cut_excess_tokens.into(),
            ..sys::xgr_tokenizer_json_options_t::INIT
        }
    }
}

options! {
/// Options of [`Tokenizer::from_file`](crate::Tokenizer::from_file).
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenizerFileOptions<'a> {
    /// Stop tokens; `None`: those that the file names, else those with a well-known name.
    pub stop_tokens: Option<&'a [i32]>,
    /// Format of the file; by default its contents tell.
    pub format: TokenizerFormat,
    /// Size of the logits; 0: the greatest token id plus one.
    pub vocab_size: i32,
    /// Without `stop_tokens` there are none, instead of those that are found in the file.
    pub no_stop_detection: bool,
    /// Tokens with ids of `vocab_size` or more are left out. Default: they are refused.
    pub cut_excess_tokens: bool,
}
}

impl TokenizerFileOptions<'_> {
    pub(crate) fn raw(&self) -> sys::xgr_tokenizer_file_options_t {
        let (stop_tokens, stop_token_count) = optional(self.stop_tokens);
        sys::xgr_tokenizer_file_options_t {
            stop_tokens,
            stop_token_count,
            format: self.format.into(),
            vocab_size: self.vocab_size,
            no_stop_detection: self.no_stop_detection.into(),
            cut_excess_tokens: self.cut_excess_tokens.into(),
            ..sys::xgr_tokenizer_file_options_t::INIT
        }
    }
}

options! {
/// Options of [`Tokenizer::open`](crate::Tokenizer::open) and
/// [`Tokenizer::from_saved`](crate::Tokenizer::from_saved).
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenizerSavedOptions {
    /// Also check that the tables are those of the tokens, at the cost of creating the tokenizer.
    /// Default: only that they can do no harm, which is enough for files of one's own.
    pub verify: bool,
}
}

impl TokenizerSavedOptions {
    pub(crate) fn raw(&self) -> sys::xgr_tokenizer_saved_options_t {
        sys::xgr_tokenizer_saved_options_t {
            verify: self.verify.into(),
            ..sys::xgr_tokenizer_saved_options_t::INIT
        }
    }
}

options! {
/// Options of [`Compiler::new`](crate::Compiler::new). Zero is the default of every number.
///
/// Going over a limit is an error, never a wrong mask.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompilerOptions {
    /// Bytes that automata and masks of all grammars of the compiler may take; default 512 MiB.
    /// Masks beyond that are evicted, unused ones first, and computed again when needed; automata
    /// only count.
    pub memory_budget: usize,
    /// Limit: size of one source in bytes; default 64 MiB.
    pub max_source_size: usize,
    /// Limit: nesting of groups in a grammar, levels in a schema; default 100,000.
    pub max_nesting: usize,
    /// Limit: expressions of one grammar; default 33,554,432.
    pub max_expressions: usize,
    /// Limit: automaton states of one grammar; default 4,194,304.
    pub max_states: usize,
    /// Limit: elementary steps of one fill or accept; default 8,388,608.
    pub max_work_per_call: usize,
    /// Limit: elementary steps of one compile; default 16,777,216.
    pub max_compile_work: usize,
    /// Limit: bytes of expressions that one compile adds; default 256 MiB.
    pub max_compile_memory: usize,
    /// Bytes that grammars in the compile cache may keep alive, with all that they hold; default
    /// 256 MiB. The least recently used ones are evicted first; what else uses them keeps them.
    pub cache_limit: usize,
    /// Threads that may work at once, the calling one included; default 1.
    pub threads: i32,
    /// Warm-up of every grammar that is compiled.
    pub warm_up: WarmUp,
    /// No grammar is kept for later requests.
    pub no_cache: bool,
    /// JSON Schemas that differ only in white space and in how strings are escaped are one to the
    /// cache; otherwise every byte counts.
    pub canonical_schemas: bool,
}
}

impl CompilerOptions {
    pub(crate) fn raw(&self) -> sys::xgr_compiler_options_t {
        sys::xgr_compiler_options_t {
            memory_budget: self.memory_budget,
            max_source_size: self.max_source_size,
            max_nesting: self.max_nesting,
            max_expressions: self.max_expressions,
            max_states: self.max_states,
            max_work_per_call: self.max_work_per_call,
            max_compile_work: self.max_compile_work,
            max_compile_memory: self.max_compile_memory,
            cache_limit: self.cache_limit,
            threads: self.threads,
            warm_up: self.warm_up.into(),
            no_cache: self.no_cache.into(),
            canonical_schemas: self.canonical_schemas.into(),
            ..sys::xgr_compiler_options_t::INIT
        }
    }
}

options! {
/// How compiles go about it; see [`Compiler::with`](crate::Compiler::with).
///
/// A compiler keeps what it has compiled, within `cache_limit`: the same source with the same options is
/// compiled once, also for callers that ask at the same time. A compile goes on for as long as one of
/// them waits, so that the request to stop or the timeout of one does not fail the others.
#[derive(Clone, Debug, Default)]
pub struct CompileOptions {
    /// Request that stops the compile for this caller.
    pub cancel: Option<Cancel>,
    /// Time after which this caller gives up with [`Code::LimitExceeded`](crate::Code::LimitExceeded);
    /// in whole milliseconds, at least one.
    pub timeout: Option<Duration>,
    /// Neither takes the grammar from the cache nor leaves it there.
    pub bypass_cache: bool,
}
}

impl CompileOptions {
    pub(crate) fn raw(&self) -> sys::xgr_compile_options_t {
        sys::xgr_compile_options_t {
            cancel: cancel::raw(self.cancel.as_ref()),
            timeout_milliseconds: self.timeout.map_or(0, |time| milliseconds(time).max(1)),
            bypass_cache: self.bypass_cache.into(),
            ..sys::xgr_compile_options_t::INIT
        }
    }
}

/// What a [`StartSequence`] consists of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Sequence<'a> {
    /// Bytes that are found in the text of tokens, also across them; a token without text (a control token)
    /// comes between.
    Bytes(&'a [u8]),
    /// Token ids in a row; control tokens, too.
    Tokens(&'a [i32]),
}

/// What the text of a grammar begins behind, or with.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StartSequence<'a> {
    /// Bytes or tokens.
    pub sequence: Sequence<'a>,
    /// The text of the grammar begins with the sequence; several tokens are then handed over as their text.
    /// Otherwise it begins behind it.
    pub is_implicit: bool,
}

impl<'a> StartSequence<'a> {
    /// Bytes that the text begins behind.
    pub fn bytes(bytes: &'a [u8]) -> Self {
        Self { sequence: Sequence::Bytes(bytes), is_implicit: false }
    }

    /// Token ids that the text begins behind.
    pub fn tokens(ids: &'a [i32]) -> Self {
        Self { sequence: Sequence::Tokens(ids), is_implicit: false }
    }

    /// The same sequence, with this [`is_implicit`](Self::is_implicit).
    #[must_use]
    pub fn is_implicit(mut self, value: bool) -> Self {
        self.is_implicit = value;
        self
    }

    fn raw(&self) -> sys::xgr_start_sequence_t {
        let mut raw = sys::xgr_start_sequence_t::INIT;
        match self.sequence {
            Sequence::Bytes(bytes) => (raw.bytes, raw.byte_count) = (start(bytes), bytes.len()),
            Sequence::Tokens(ids) => (raw.tokens, raw.token_count) = (start(ids), ids.len()),
        }
        raw.is_implicit = self.is_implicit.into();
        raw
    }
}

options! {
/// Options of [`Matcher::new`](crate::Matcher::new).
#[derive(Clone, Copy, Debug, Default)]
pub struct MatcherOptions<'a> {
    /// Stop tokens instead of the tokenizer's; `None`: those.
    pub stop_tokens: Option<&'a [i32]>,
    /// Bytes that the tokens spell before the text of the output begins: the end of a prompt whose last
    /// tokens were taken back (token healing).
    pub prefix: &'a [u8],
    /// Sequences that the text of the grammar begins behind, or with; empty: the output begins with its
    /// text. Until one of them is complete the output is waiting: every token is allowed but stop tokens,
    /// unused and forbidden ones, and those that would start the text in a way that the grammar refuses.
    /// The sequence that is complete first counts. Not together with a prefix.
    pub starts: &'a [StartSequence<'a>],
    /// Tokens that are refused while the output is waiting.
    pub forbidden_tokens: &'a [i32],
    /// After so many tokens, bytes not counted, a waiting output allows only those that go on with what is
    /// left of `forced_start`; its tokens come on top. 0: it is forced at once; `None`: never.
    pub max_waiting_tokens: Option<u32>,
    /// Index of the sequence that is then forced.
    pub forced_start: u32,
    /// A waiting output may end by a stop token, and counts as complete, unless a sequence is forced.
    pub may_end_waiting: bool,
    /// No stop token is ever allowed, and the output counts as ended whenever it is complete; it may
    /// go on where the language does. Has to be set where there is no stop token.
    pub terminate_without_stop_token: bool,
    /// After each accepted step a thread of the compiler computes what the next mask needs and is not
    /// there yet. Needs a compiler with threads; changes no mask.
    pub prefetch: bool,
    /// Sampling temperature where no rule of the grammar asks for one: 0 or more.
    pub default_temperature: Option<f32>,
    /// A token id outside the vocabulary is [`Code::InvalidArgument`](crate::Code::InvalidArgument)
    /// instead of a token that is rejected.
    pub check_token_ids: bool,
}
}

impl MatcherOptions<'_> {
    /// Calls with the options in C's shape, which point into `self`.
    pub(crate) fn with_raw<R>(
        &self,
        call: impl FnOnce(*const sys::xgr_matcher_options_t) -> R,
    ) -> R {
        let (stop_tokens, stop_token_count) = optional(self.stop_tokens);
        let starts: Vec<_> = self.starts.iter().map(StartSequence::raw).collect();
        call(&sys::xgr_matcher_options_t {
            stop_tokens,
            stop_token_count,
            prefix: start(self.prefix),
            prefix_size: self.prefix.len(),
            starts: start(&starts),
            start_count: starts.len(),
            forbidden_tokens: start(self.forbidden_tokens),
            forbidden_token_count: self.forbidden_tokens.len(),
            has_max_waiting_tokens: self.max_waiting_tokens.is_some().into(),
            max_waiting_tokens: self.max_waiting_tokens.unwrap_or(0),
            forced_start: self.forced_start,
            may_end_waiting: self.may_end_waiting.into(),
            terminate_without_stop_token: self.terminate_without_stop_token.into(),
            prefetch: self.prefetch.into(),
            has_default_temperature: self.default_temperature.is_some().into(),
            default_temperature: self.default_temperature.unwrap_or(0.0),
            check_token_ids: self.check_token_ids.into(),
            ..sys::xgr_matcher_options_t::INIT
        })
    }
}

options! {
/// Options of [`Batch::new`](crate::Batch::new).
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchOptions {
    /// Threads beside the one that calls, at most 256; 0: half as many as the machine has.
    pub threads: i32,
    /// None: the thread that calls does all the work.
    pub no_threads: bool,
}
}

impl BatchOptions {
    pub(crate) fn raw(&self) -> sys::xgr_batch_options_t {
        sys::xgr_batch_options_t {
            threads: self.threads,
            no_threads: self.no_threads.into(),
            ..sys::xgr_batch_options_t::INIT
        }
    }
}

options! {
/// How rows of logits and of masks lie in memory, and which belong together. Zero and an empty list are
/// the default of every member; all of them: one row of each.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApplyOptions<'a> {
    /// How many pairs of a row of logits and a mask there are; default: as many as `logit_rows` or
    /// `mask_rows` has, else 1.
    pub row_count: usize,
    /// Logits of a row, that is the size of the vocabulary as the model has it; default: as many as there
    /// are for `row_count` rows of equal size.
    pub columns: usize,
    /// Logits from the start of a row to that of the next, at least `columns`; default `columns`.
    pub stride: usize,
    /// Words from the start of a mask to that of the next; default: as many as there are for `row_count`
    /// masks of equal size.
    pub mask_words: usize,
    /// Which row of the logits each pair has, none of them twice; default: the first, the second and so
    /// on. Needs `columns`.
    pub logit_rows: &'a [i32],
    /// Which mask each pair has; default: the first, the second and so on. Needs `mask_words`.
    pub mask_rows: &'a [i32],
}
}

impl ApplyOptions<'_> {
    pub(crate) fn raw(&self) -> sys::xgr_apply_options_t {
        sys::xgr_apply_options_t {
            row_count: self.row_count,
            columns: self.columns,
            stride: self.stride,
            mask_words: self.mask_words,
            logit_rows: start(self.logit_rows),
            logit_row_count: self.logit_rows.len(),
            mask_rows: start(self.mask_rows),
            mask_row_count: self.mask_rows.len(),
            ..sys::xgr_apply_options_t::INIT
        }
    }
}
