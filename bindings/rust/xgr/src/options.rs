//! Options, with the members of the C structs. The default of each member is that of the library.

use crate::cancel::{self, Cancel};
use crate::compile_job::milliseconds;
use crate::grammar_source::GrammarSource;
use crate::handle::{optional, start};
use crate::kinds::{
    EbnfDialect, Formats, JsonEscapes, JsonLayout, RegexDialect, RegexFlags, TokenKind,
    UnknownKeywords, VocabType, WarmUp,
};
use std::time::Duration;
use xgr_sys as sys;

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
}

impl TokenizerOptions<'_> {
    pub(crate) fn raw(&self) -> sys::xgr_tokenizer_options_t {
        sys::xgr_tokenizer_options_t {
            token_kinds: start(self.token_kinds).cast(),
            token_kind_count: self.token_kinds.len(),
            stop_tokens: start(self.stop_tokens),
            stop_token_count: self.stop_tokens.len(),
            vocab_type: self.vocab_type as i32,
            vocab_size: self.vocab_size,
            add_prefix_space: self.add_prefix_space.into(),
            no_stop_detection: self.no_stop_detection.into(),
            ..sys::xgr_tokenizer_options_t::INIT
        }
    }
}

/// Options of [`Tokenizer::from_json`](crate::Tokenizer::from_json).
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenizerJsonOptions<'a> {
    /// Stop tokens; `None`: those with a well-known name, special tokens before others.
    pub stop_tokens: Option<&'a [i32]>,
    /// Size of the logits; 0: the greatest token id plus one.
    pub vocab_size: i32,
    /// Without `stop_tokens` there are none, instead of those that are found by their names.
    pub no_stop_detection: bool,
}

impl TokenizerJsonOptions<'_> {
    pub(crate) fn raw(&self) -> sys::xgr_tokenizer_json_options_t {
        let (stop_tokens, stop_token_count) = optional(self.stop_tokens);
        sys::xgr_tokenizer_json_options_t {
            stop_tokens,
            stop_token_count,
            vocab_size: self.vocab_size,
            no_stop_detection: self.no_stop_detection.into(),
            ..sys::xgr_tokenizer_json_options_t::INIT
        }
    }
}

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
            warm_up: self.warm_up as i32,
            no_cache: self.no_cache.into(),
            canonical_schemas: self.canonical_schemas.into(),
            ..sys::xgr_compiler_options_t::INIT
        }
    }
}

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

/// How JSON documents are laid out.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonFormat<'a> {
    /// Text between items and between members; default `", "` on one line, `","` with indentation.
    /// Must be `None` with [`JsonLayout::Free`].
    pub item_separator: Option<&'a str>,
    /// Text between key and value; default `": "`. Must be `None` with [`JsonLayout::Free`].
    pub key_separator: Option<&'a str>,
    /// Where white space stands.
    pub layout: JsonLayout,
    /// With [`JsonLayout::Indent`]: spaces a level. Must be 0 with other layouts.
    pub indent: i32,
    /// With [`JsonLayout::Free`]: most white-space characters in one place; 0: no bound. Must be 0
    /// with other layouts.
    pub max_whitespace: i32,
    /// Which escapes strings and names have.
    pub escapes: JsonEscapes,
}

impl JsonFormat<'_> {
    pub(crate) fn raw(&self) -> sys::xgr_json_format_t {
        let (item_separator, item_separator_size) =
            optional(self.item_separator.map(str::as_bytes));
        let (key_separator, key_separator_size) = optional(self.key_separator.map(str::as_bytes));
        sys::xgr_json_format_t {
            item_separator: item_separator.cast(),
            item_separator_size,
            key_separator: key_separator.cast(),
            key_separator_size,
            layout: self.layout as i32,
            indent: self.indent,
            max_whitespace: self.max_whitespace,
            escapes: self.escapes as i32,
            ..sys::xgr_json_format_t::INIT
        }
    }
}

/// A schema that references in another schema may lead to.
#[derive(Clone, Copy, Debug)]
pub struct RemoteSchema<'a> {
    /// URI that references name it by; a fragment is ignored.
    pub uri: &'a str,
    /// The schema; read when a reference leads to it.
    pub text: &'a str,
}

/// How a JSON Schema is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonSchemaOptions<'a> {
    /// Schemas outside the document that references may lead to. Nothing is ever fetched; the
    /// standard meta-schemas are known without being listed.
    pub remotes: &'a [RemoteSchema<'a>],
    /// Objects and arrays have only the members and items that the schema describes, unless it opens
    /// them itself.
    pub strict: bool,
    /// What `format` means.
    pub formats: Formats,
    /// Draft of schemas without `$schema`: 4, 6, 7, 2019 or 2020. 0: 2020, and keywords of other
    /// drafts count as well.
    pub draft: i32,
    /// The properties of an object come in any order, each declared one at most once.
    pub any_order: bool,
    /// Keywords that cannot be enforced are left out instead of refused;
    /// [`json_schema_check`](crate::json_schema_check) lists them.
    pub lenient: bool,
    /// Undeclared names of an object differ from each other, too, also in objects that the schema
    /// does not describe.
    pub unique_names: bool,
    /// Whether names that no draft defines, keywords of other drafts and a `$schema` that names no
    /// known draft are refused.
    pub unknown_keywords: UnknownKeywords,
    /// The text is read when the source is compiled, checked, printed or intersected, and what is wrong
    /// with it shows there; otherwise when the source is made. For sources only.
    pub deferred: bool,
}

impl JsonSchemaOptions<'_> {
    /// Calls with the options in C's shape, which point into `self`.
    pub(crate) fn with_raw<R>(
        &self,
        call: impl FnOnce(*const sys::xgr_json_schema_options_t) -> R,
    ) -> R {
        let remote = |schema: &RemoteSchema<'_>| sys::xgr_remote_schema_t {
            uri: schema.uri.as_ptr().cast(),
            uri_size: schema.uri.len(),
            text: schema.text.as_ptr().cast(),
            text_size: schema.text.len(),
            ..sys::xgr_remote_schema_t::INIT
        };
        let remotes: Vec<_> = self.remotes.iter().map(remote).collect();
        call(&sys::xgr_json_schema_options_t {
            remotes: start(&remotes),
            remote_count: remotes.len(),
            strict: self.strict.into(),
            formats: self.formats as i32,
            draft: self.draft,
            any_order: self.any_order.into(),
            lenient: self.lenient.into(),
            unique_names: self.unique_names.into(),
            unknown_keywords: self.unknown_keywords as i32,
            deferred: self.deferred.into(),
            ..sys::xgr_json_schema_options_t::INIT
        })
    }
}

/// How a grammar in EBNF is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct EbnfOptions<'a> {
    /// Name of the rule to match; `None`: `root`.
    pub root_rule: Option<&'a str>,
    /// Notation.
    pub dialect: EbnfDialect,
    /// The text is read when the source is compiled, checked, printed or intersected, and what is wrong
    /// with it shows there; otherwise when the source is made. For sources only.
    pub deferred: bool,
}

impl EbnfOptions<'_> {
    pub(crate) fn raw(&self) -> sys::xgr_ebnf_options_t {
        let (root_rule, root_rule_size) = optional(self.root_rule.map(str::as_bytes));
        sys::xgr_ebnf_options_t {
            root_rule: root_rule.cast(),
            root_rule_size,
            dialect: self.dialect as i32,
            deferred: self.deferred.into(),
            ..sys::xgr_ebnf_options_t::INIT
        }
    }
}

/// How a regular expression is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegexOptions {
    /// Texts that contain a match, instead of texts that are one.
    pub search: bool,
    /// Dialect.
    pub dialect: RegexDialect,
    /// Flags, combined by `|`.
    pub flags: RegexFlags,
    /// The text is read when the source is compiled, checked, printed or intersected, and what is wrong
    /// with it shows there; otherwise when the source is made. For sources only.
    pub deferred: bool,
}

impl RegexOptions {
    pub(crate) fn raw(&self) -> sys::xgr_regex_options_t {
        sys::xgr_regex_options_t {
            search: self.search.into(),
            dialect: self.dialect as i32,
            flags: self.flags.bits(),
            deferred: self.deferred.into(),
            ..sys::xgr_regex_options_t::INIT
        }
    }
}

/// What a name in a Lark text stands for.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// A Lark text; it may name others of the list.
    Text(&'a str),
    /// A source.
    Source(&'a GrammarSource),
}

/// A grammar that a Lark text may name: `@name`.
#[derive(Clone, Copy, Debug)]
pub struct NamedGrammar<'a> {
    /// Name, without `@`.
    pub name: &'a str,
    /// What it stands for.
    pub grammar: Named<'a>,
}

impl NamedGrammar<'_> {
    fn raw(&self) -> sys::xgr_named_grammar_t {
        let mut raw = sys::xgr_named_grammar_t::INIT;
        (raw.name, raw.name_size) = (self.name.as_ptr().cast(), self.name.len());
        match self.grammar {
            Named::Text(text) => (raw.text, raw.text_size) = (text.as_ptr().cast(), text.len()),
            Named::Source(source) => raw.source = source.get(),
        }
        raw
    }
}

/// How a Lark text is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct LarkOptions<'a> {
    /// Grammars that the text may name.
    pub named: &'a [NamedGrammar<'a>],
    /// The text is read when the source is compiled, checked, printed or intersected, and what is wrong
    /// with it shows there; otherwise when the source is made. For sources only.
    pub deferred: bool,
}

impl LarkOptions<'_> {
    /// Calls with the options in C's shape, which point into `self`.
    pub(crate) fn with_raw<R>(&self, call: impl FnOnce(*const sys::xgr_lark_options_t) -> R) -> R {
        let named: Vec<_> = self.named.iter().map(NamedGrammar::raw).collect();
        call(&sys::xgr_lark_options_t {
            named: start(&named),
            named_count: named.len(),
            deferred: self.deferred.into(),
            ..sys::xgr_lark_options_t::INIT
        })
    }
}

/// How a structural tag is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct StructuralTagOptions {
    /// Objects and arrays of the schemas inside are open as the standard says; otherwise they have only the
    /// members and items that a schema describes, unless it opens them itself.
    pub open_schemas: bool,
    /// What `format` means in the schemas inside.
    pub formats: Formats,
    /// Keywords of the schemas inside that cannot be enforced are left out instead of refused.
    pub lenient: bool,
    /// The text is read when the source is compiled, checked, printed or intersected, and what is wrong
    /// with it shows there; otherwise when the source is made. For sources only.
    pub deferred: bool,
}

impl StructuralTagOptions {
    pub(crate) fn raw(&self) -> sys::xgr_structural_tag_options_t {
        sys::xgr_structural_tag_options_t {
            open_schemas: self.open_schemas.into(),
            formats: self.formats as i32,
            lenient: self.lenient.into(),
            deferred: self.deferred.into(),
            ..sys::xgr_structural_tag_options_t::INIT
        }
    }
}

/// What a [`StartSequence`] consists of.
#[derive(Clone, Copy, Debug)]
pub enum Sequence<'a> {
    /// Bytes that are found in the text of tokens, also across them; a token without text (a control token)
    /// comes between.
    Bytes(&'a [u8]),
    /// Token ids in a row; control tokens, too.
    Tokens(&'a [i32]),
}

/// What the text of a grammar begins behind, or with.
#[derive(Clone, Copy, Debug)]
pub struct StartSequence<'a> {
    /// Bytes or tokens.
    pub sequence: Sequence<'a>,
    /// The text of the grammar begins with the sequence; several tokens are then handed over as their text.
    /// Otherwise it begins behind it.
    pub is_implicit: bool,
}

impl StartSequence<'_> {
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

/// Options of [`Batch::new`](crate::Batch::new).
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchOptions {
    /// Threads beside the one that calls, at most 256; 0: half as many as the machine has.
    pub threads: i32,
    /// None: the thread that calls does all the work.
    pub no_threads: bool,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::DraftTree;

    /// The bytes of an option struct, none of which has padding.
    fn bytes<T>(raw: &T) -> Vec<u8> {
        // Safety: all bytes of the struct are initialised.
        unsafe { std::slice::from_raw_parts((raw as *const T).cast(), size_of::<T>()) }.to_vec()
    }

    /// Defaults are those of C: nothing but the size of the struct.
    fn check<T>(raw: &T, init: &T) {
        assert_eq!(bytes(raw), bytes(init), "{}", std::any::type_name::<T>());
    }

    #[test]
    fn defaults_are_those_of_the_library() {
        check(&TokenizerOptions::default().raw(), &sys::xgr_tokenizer_options_t::INIT);
        check(&TokenizerJsonOptions::default().raw(), &sys::xgr_tokenizer_json_options_t::INIT);
        check(&CompilerOptions::default().raw(), &sys::xgr_compiler_options_t::INIT);
        check(&CompileOptions::default().raw(), &sys::xgr_compile_options_t::INIT);
        check(&JsonFormat::default().raw(), &sys::xgr_json_format_t::INIT);
        check(&EbnfOptions::default().raw(), &sys::xgr_ebnf_options_t::INIT);
        check(&RegexOptions::default().raw(), &sys::xgr_regex_options_t::INIT);
        check(&StructuralTagOptions::default().raw(), &sys::xgr_structural_tag_options_t::INIT);
        check(&BatchOptions::default().raw(), &sys::xgr_batch_options_t::INIT);
        check(&ApplyOptions::default().raw(), &sys::xgr_apply_options_t::INIT);
        check(&DraftTree::default().raw(), &sys::xgr_draft_tree_t::INIT);
        // Safety: the pointers live for the call.
        JsonSchemaOptions::default()
            .with_raw(|raw| check(unsafe { &*raw }, &sys::xgr_json_schema_options_t::INIT));
        LarkOptions::default()
            .with_raw(|raw| check(unsafe { &*raw }, &sys::xgr_lark_options_t::INIT));
        MatcherOptions::default()
            .with_raw(|raw| check(unsafe { &*raw }, &sys::xgr_matcher_options_t::INIT));
    }
}
