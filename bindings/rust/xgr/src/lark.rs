//! Sources in Lark, and the grammars that they may name.

use crate::builder::options;
use crate::error::Result;
use crate::grammar_source::GrammarSource;
use crate::handle::start;
use xgr_sys as sys;

/// What a name in a Lark text stands for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Named<'a> {
    /// A Lark text; it may name others of the list.
    Text(&'a str),
    /// A source.
    Source(&'a GrammarSource),
}

/// A grammar that a Lark text may name: `@name`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NamedGrammar<'a> {
    /// Name, without `@`.
    pub name: &'a str,
    /// What it stands for.
    pub grammar: Named<'a>,
}

impl<'a> NamedGrammar<'a> {
    /// A Lark text with a name.
    pub fn text(name: &'a str, text: &'a str) -> Self {
        Self { name, grammar: Named::Text(text) }
    }

    /// A source with a name.
    pub fn source(name: &'a str, source: &'a GrammarSource) -> Self {
        Self { name, grammar: Named::Source(source) }
    }

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

options! {
/// How a Lark text is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct LarkOptions<'a> {
    /// Grammars that the text may name.
    pub named: &'a [NamedGrammar<'a>],
    /// The text is read when the source is compiled, checked, printed or intersected, and what is wrong
    /// with it shows there; otherwise when the source is made. For sources only.
    pub deferred: bool,
}
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

impl GrammarSource {
    /// Create a source from a Lark text; printing it gives EBNF of the same language.
    ///
    /// Special tokens that it names are looked up when it is compiled.
    pub fn from_lark(text: &str, options: &LarkOptions<'_>) -> Result<Self> {
        let (data, size) = (text.as_ptr().cast(), text.len());
        options.with_raw(|options| {
            // SAFETY: all pointers live for the call.
            Self::create(|made, error| unsafe {
                sys::xgr_grammar_source_from_lark(data, size, options, made, error)
            })
        })
    }
}
