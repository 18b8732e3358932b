//! GrammarSource: a language as a value, before any tokenizer.

use crate::call::{create, flatten, print};
use crate::error::{Error, Result};
use crate::handle::Owned;
use crate::source_options::{
    EbnfOptions, JsonFormat, JsonSchemaOptions, RegexOptions, StructuralTagOptions,
};
use std::sync::Arc;
use xgr_sys as sys;

/// A language that is not tied to a tokenizer: made from a text or from other sources.
///
/// Immutable; clones are the same source. [`Compiler::compile_source`](crate::Compiler::compile_source)
/// compiles it. Texts are read when the source is made, within the default limits.
#[derive(Clone, Debug)]
pub struct GrammarSource(Arc<Owned<sys::xgr_grammar_source_t>>);

impl GrammarSource {
    /// Create a source from a grammar in EBNF or GBNF.
    ///
    /// Special tokens that it names are looked up when it is compiled.
    pub fn from_ebnf(text: &str, options: &EbnfOptions<'_>) -> Result<Self> {
        let (data, size, options) = (text.as_ptr().cast(), text.len(), options.raw());
        // SAFETY: all pointers live for the call.
        Self::create(|made, error| unsafe {
            sys::xgr_grammar_source_from_ebnf(data, size, &options, made, error)
        })
    }

    /// Create a source from a regular expression.
    pub fn from_regex(pattern: &str, options: &RegexOptions) -> Result<Self> {
        let (data, size, options) = (pattern.as_ptr().cast(), pattern.len(), options.raw());
        // SAFETY: all pointers live for the call.
        Self::create(|made, error| unsafe {
            sys::xgr_grammar_source_from_regex(data, size, &options, made, error)
        })
    }

    /// Create a source from a JSON Schema; see
    /// [`Compiler::compile_json_schema`](crate::Compiler::compile_json_schema).
    pub fn from_json_schema(
        schema: &str,
        format: &JsonFormat<'_>,
        options: &JsonSchemaOptions<'_>,
    ) -> Result<Self> {
        let (data, size, format) = (schema.as_ptr().cast(), schema.len(), format.raw());
        options.with_raw(|options| {
            // SAFETY: all pointers live for the call.
            Self::create(|made, error| unsafe {
                sys::xgr_grammar_source_from_json_schema(data, size, &format, options, made, error)
            })
        })
    }

    /// Create a source from a structural tag: free text, and tags in it whose content has a grammar.
    ///
    /// Tokens that it names by their text are looked up when it is compiled.
    pub fn from_structural_tag(text: &str, options: &StructuralTagOptions) -> Result<Self> {
        let (data, size, options) = (text.as_ptr().cast(), text.len(), options.raw());
        // SAFETY: all pointers live for the call.
        Self::create(|made, error| unsafe {
            sys::xgr_grammar_source_from_structural_tag(data, size, &options, made, error)
        })
    }

    /// Create a source for all JSON documents (RFC 8259).
    pub fn from_json(format: &JsonFormat<'_>) -> Result<Self> {
        let format = format.raw();
        // SAFETY: all pointers live for the call.
        Self::create(|made, error| unsafe {
            sys::xgr_grammar_source_from_json(&format, made, error)
        })
    }

    /// Create a source for the texts of a list; any order, repetitions count once.
    pub fn from_choices<T: AsRef<str>>(texts: &[T]) -> Result<Self> {
        let (bytes, sizes) = flatten(&as_bytes(texts))?;
        let (data, size) = (bytes.as_ptr().cast(), bytes.len());
        let (sizes, count) = (sizes.as_ptr(), sizes.len());
        // SAFETY: all pointers live for the call.
        Self::create(|made, error| unsafe {
            sys::xgr_grammar_source_from_choices(data, size, sizes, count, made, error)
        })
    }

    /// Create a source for the parts of a text: any run of neighbouring chunks, and the empty text.
    ///
    /// With one chunk a character these are the substrings of the text, with one chunk a word its
    /// quotations.
    pub fn from_substring<T: AsRef<str>>(chunks: &[T]) -> Result<Self> {
        let (bytes, sizes) = flatten(&as_bytes(chunks))?;
        let (data, size) = (bytes.as_ptr().cast(), bytes.len());
        let (sizes, count) = (sizes.as_ptr(), sizes.len());
        // SAFETY: all pointers live for the call.
        Self::create(|made, error| unsafe {
            sys::xgr_grammar_source_from_substring(data, size, sizes, count, made, error)
        })
    }

    /// Create a source for the texts that belong to at least one of several sources.
    pub fn union(sources: &[&GrammarSource]) -> Result<Self> {
        let handles = handles(sources);
        let (data, count) = (handles.as_ptr(), handles.len());
        // SAFETY: all pointers live for the call.
        Self::create(|made, error| unsafe {
            sys::xgr_grammar_source_union(data, count, made, error)
        })
    }

    /// Create a source for a text of the first source, then one of the second, and so on.
    pub fn concat(sources: &[&GrammarSource]) -> Result<Self> {
        let handles = handles(sources);
        let (data, count) = (handles.as_ptr(), handles.len());
        // SAFETY: all pointers live for the call.
        Self::create(|made, error| unsafe {
            sys::xgr_grammar_source_concat(data, count, made, error)
        })
    }

    /// Create a source for `min` to `max` texts of this one, one behind the other; -1: no bound.
    pub fn repeat(&self, min: i32, max: i32) -> Result<Self> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        Self::create(|made, error| unsafe {
            sys::xgr_grammar_source_repeat(self.get(), min, max, made, error)
        })
    }

    /// Create a source for the texts that belong to both this one and another.
    ///
    /// Exact where at least one of them is regular; refused where neither is.
    pub fn intersection(&self, other: &GrammarSource) -> Result<Self> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        Self::create(|made, error| unsafe {
            sys::xgr_grammar_source_intersection(self.get(), other.get(), made, error)
        })
    }

    /// Find out whether a source can be compiled, without compiling it.
    pub fn check(&self) -> Result<()> {
        let mut error = std::ptr::null_mut();
        // SAFETY: the handle is valid, and all pointers live for the call.
        let status = unsafe { sys::xgr_grammar_source_check(self.get(), &mut error) };
        if status == sys::XGR_OK {
            return Ok(());
        }
        // SAFETY: it was NULL, so C has given it to us.
        Err(Error::from_handle(status, unsafe { Owned::from_raw(error) }))
    }

    /// Print a source as EBNF that compiles to the same language; `simplify`: with fewer and shorter
    /// rules, where that is possible.
    pub fn print(&self, simplify: bool) -> Result<String> {
        // SAFETY: the handle is valid, and all pointers live for the call.
        print(|text, capacity, size, error| unsafe {
            sys::xgr_grammar_source_print(self.get(), simplify.into(), text, capacity, size, error)
        })
    }

    pub(crate) fn create(
        call: impl FnOnce(*mut *mut sys::xgr_grammar_source_t, *mut *mut sys::xgr_error_t) -> i32,
    ) -> Result<Self> {
        Ok(Self(Arc::new(create(call)?)))
    }

    pub(crate) fn get(&self) -> *mut sys::xgr_grammar_source_t {
        self.0.get()
    }
}

fn as_bytes<T: AsRef<str>>(texts: &[T]) -> Vec<&[u8]> {
    texts.iter().map(|text| text.as_ref().as_bytes()).collect()
}

fn handles(sources: &[&GrammarSource]) -> Vec<*mut sys::xgr_grammar_source_t> {
    sources.iter().map(|source| source.get()).collect()
}
