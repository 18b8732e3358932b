//! Which tokens may come next.
//!
//! A language model proposes tokens one after the other. Given a language (a JSON Schema, a grammar,
//! a regular expression) and the tokens chosen so far, this crate tells exactly which tokens may come
//! next so that the whole output belongs to the language.
//!
//! ```
//! use xgr::{Compiler, MaskKind, Matcher, Tokenizer, TokenizerOptions};
//!
//! # fn main() -> Result<(), xgr::Error> {
//! let options = TokenizerOptions::default().stop_tokens(&[3]);
//! let tokenizer = Tokenizer::new(&["yes", "no", "maybe", ""], &options)?;
//! let compiler = Compiler::new(&tokenizer, &Default::default())?;
//! let grammar = compiler.compile_regex("yes|no", &Default::default())?;
//!
//! let mut matcher = Matcher::new(&grammar, &Default::default())?;
//! let mut mask = vec![0u32; matcher.mask_words()];
//! assert_eq!(matcher.fill_bitmask(&mut mask)?, MaskKind::Some);
//! assert_eq!(mask[0], 0b0011);
//! assert!(matcher.accept_token(0)?);
//! assert!(matcher.accept_token(3)?);
//! assert!(matcher.is_terminated());
//! # Ok(())
//! # }
//! ```
//!
//! # Lifetime
//!
//! Every object owns its handle and gives it back when it is dropped, in any order: a matcher keeps
//! its grammar alive, a grammar its tokenizer. Clones of [`Tokenizer`], [`Compiler`], [`Grammar`],
//! [`GrammarSource`] and [`Cancel`] are further owners of the same object; a clone of a [`Matcher`] is an independent
//! matcher in the same state and costs O(1).
//!
//! # Threads
//!
//! Everything is `Send` and, but for [`Batch`] and [`ReplyReader`], `Sync`. What changes a [`Matcher`] takes `&mut self`; what
//! only asks it takes `&self`, so that several threads may ask one at once, or clone it. A [`Batch`] has
//! threads of its own and serves many matchers in one call. Fills and accepts allocate nothing on this side
//! of the C API.
//!
//! # Options
//!
//! They are made by `default()` and functions with the names of their members, which can be read and assigned, too:
//!
//! ```
//! use xgr::{JsonFormat, JsonLayout};
//!
//! let mut format = JsonFormat::default().layout(JsonLayout::Indent).indent(2);
//! format.item_separator = Some(",");
//! ```
//!
//! A later version may have more members, so a literal does not compile:
//!
//! ```compile_fail,E0639
//! let format = xgr::JsonFormat { indent: 2, ..Default::default() };
//! ```
//!
//! # Enums
//!
//! They are those of the C headers, and none is exhaustive. A number of a later library that the crate has no name for
//! is `Unknown`, never another value:
//!
//! ```
//! assert_eq!(xgr::MaskKind::from(1), xgr::MaskKind::All);
//! assert_eq!(xgr::MaskKind::from(99), xgr::MaskKind::Unknown(99));
//! ```
//!
//! # Errors
//!
//! What may fail returns [`Error`], with a code and, for sources, the place. A rejected token is an
//! answer, not an error.

mod batch;
mod bitmask;
mod builder;
mod call;
mod cancel;
mod captures;
mod compile_job;
mod compiler;
#[cfg(test)]
mod defaults;
mod diagnostics;
mod draft;
// Generated, and not for rustfmt.
#[rustfmt::skip]
mod enums;
mod error;
mod explanation;
mod family;
mod forced;
mod grammar;
mod grammar_source;
mod handle;
mod json_schema;
mod lark;
mod matcher;
mod options;
mod reply_reader;
mod source_options;
mod tokenizer;

pub use batch::Batch;
pub use bitmask::{
    bitmask_and, bitmask_and_not, bitmask_apply_bf16, bitmask_apply_candidates, bitmask_apply_f16,
    bitmask_apply_f32, bitmask_count, bitmask_filter_tokens, bitmask_or, bitmask_reset,
    bitmask_set_tokens, bitmask_tokens, bitmask_words,
};
pub use cancel::Cancel;
pub use captures::{Capture, Captures};
pub use compile_job::CompileJob;
pub use compiler::{CacheStats, Compiler};
pub use diagnostics::{Diagnostic, Diagnostics};
pub use draft::DraftTree;
pub use enums::{
    Code, DiagnosticCode, EbnfDialect, Formats, JsonEscapes, JsonLayout, KeywordOutcome, MaskKind,
    RegexDialect, RegexFlags, ReplyBegin, ReplyEventKind, TokenKind, TokenizerFormat,
    UnknownKeywords, VocabType, WarmUp,
};
pub use error::{status_message, version, Error, Result};
pub use explanation::Explanation;
pub use family::{family_names, family_structural_tag, family_text};
pub use grammar::{CompiledStats, Grammar};
pub use grammar_source::GrammarSource;
pub use json_schema::{json_schema_check, JsonSchemaEntry, JsonSchemaReport};
pub use lark::{LarkOptions, Named, NamedGrammar};
pub use matcher::{Matcher, MatcherStats};
pub use options::{
    ApplyOptions, BatchOptions, CompileOptions, CompilerOptions, MatcherOptions, Sequence,
    StartSequence, TokenizerFileOptions, TokenizerJsonOptions, TokenizerOptions,
    TokenizerSavedOptions,
};
pub use reply_reader::{ReplyEvent, ReplyReader};
pub use source_options::{
    EbnfOptions, JsonFormat, JsonSchemaOptions, RegexOptions, RemoteSchema, StructuralTagOptions,
};
pub use tokenizer::Tokenizer;

/// The C API.
pub use xgr_sys as sys;
