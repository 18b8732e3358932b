//! Compiler: turns sources into grammars for one tokenizer.

use crate::compiling::Compiling;
use crate::error::{check, Result};
use crate::grammar::{CompiledStats, Grammar};
use crate::grammar_source::GrammarSource;
use crate::handle::{create, Owned};
use crate::options::{CompilerOptions, EbnfOptions, JsonFormat, JsonSchemaOptions};
use crate::tokenizer::Tokenizer;
use std::ptr;
use std::sync::Arc;
use xgr_sys as sys;

/// One tokenizer's workshop: compiles sources and owns what the grammars share.
///
/// Any threads may use it at once; it locks inside. Clones are the same compiler.
#[derive(Clone, Debug)]
pub struct Compiler(Arc<Owned<sys::xgr_compiler_t>>);

impl Compiler {
    /// Create a compiler; it keeps the tokenizer alive.
    pub fn new(tokenizer: &Tokenizer, options: &CompilerOptions) -> Result<Self> {
        let options = options.raw();
        // Safety: all pointers live for the call; so they do below.
        let handle = create(|made, error| unsafe {
            sys::xgr_compiler_create(tokenizer.get(), &options, made, error)
        })?;
        Ok(Self(Arc::new(handle)))
    }

    /// Compile a JSON Schema (drafts 4 to 2020-12).
    ///
    /// Property order is that of the schema. An assertion that cannot be enforced is refused, never
    /// ignored, unless the options are lenient.
    pub fn compile_json_schema(
        &self,
        schema: &str,
        format: &JsonFormat<'_>,
        options: &JsonSchemaOptions<'_>,
    ) -> Result<Grammar> {
        let (data, size, format) = (schema.as_ptr().cast(), schema.len(), format.raw());
        let compiler = self.get();
        options.with_raw(|options| {
            Grammar::create(|made, error| unsafe {
                sys::xgr_compiler_compile_json_schema(
                    compiler,
                    data,
                    size,
                    &format,
                    options,
                    ptr::null(),
                    made,
                    error,
                )
            })
        })
    }

    /// Compile the language of all JSON documents (RFC 8259).
    pub fn compile_json(&self, format: &JsonFormat<'_>) -> Result<Grammar> {
        let format = format.raw();
        Grammar::create(|made, error| unsafe {
            sys::xgr_compiler_compile_json(self.get(), &format, ptr::null(), made, error)
        })
    }

    /// Compile a grammar in EBNF; the rule to match is `root` unless another is named.
    pub fn compile_ebnf(&self, text: &str, root_rule: Option<&str>) -> Result<Grammar> {
        let (data, size) = (text.as_ptr().cast(), text.len());
        let options = EbnfOptions { root_rule, ..EbnfOptions::default() }.raw();
        Grammar::create(|made, error| unsafe {
            sys::xgr_compiler_compile_ebnf(
                self.get(),
                data,
                size,
                &options,
                ptr::null(),
                made,
                error,
            )
        })
    }

    /// Compile a regular expression that the whole output has to match.
    pub fn compile_regex(&self, pattern: &str) -> Result<Grammar> {
        let (data, size) = (pattern.as_ptr().cast(), pattern.len());
        Grammar::create(|made, error| unsafe {
            sys::xgr_compiler_compile_regex(
                self.get(),
                data,
                size,
                ptr::null(),
                ptr::null(),
                made,
                error,
            )
        })
    }

    /// Compile a source.
    pub fn compile_source(&self, source: &GrammarSource) -> Result<Grammar> {
        Grammar::create(|made, error| unsafe {
            sys::xgr_compiler_compile_source(self.get(), source.get(), ptr::null(), made, error)
        })
    }

    /// Compile on a thread of its own; the result is a future that needs no particular runtime.
    ///
    /// ```
    /// # fn example(compiler: xgr::Compiler) -> xgr::Result<()> {
    /// let compiling = compiler.compile_async(|compiler| compiler.compile_regex("[0-9]+"));
    /// let grammar = compiling.wait()?; // or: compiling.await?
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The call itself cannot be interrupted: dropping the future returns at once, and the grammar is
    /// destroyed when it comes.
    pub fn compile_async<F>(&self, job: F) -> Compiling
    where
        F: FnOnce(&Compiler) -> Result<Grammar> + Send + 'static,
    {
        let compiler = self.clone();
        Compiling::start(move || job(&compiler))
    }

    /// Get about how much memory the caches of a compiler occupy, its grammars included, in bytes.
    pub fn memory_size(&self) -> usize {
        unsafe { sys::xgr_compiler_memory_size(self.get()) }
    }

    /// Get what a compiler and its living grammars hold, and what that has cost.
    pub fn stats(&self) -> Result<CompiledStats> {
        let mut stats = sys::xgr_compiled_stats_t::INIT;
        check(unsafe { sys::xgr_compiler_stats(self.get(), &mut stats) })?;
        Ok(CompiledStats::from_raw(&stats))
    }

    fn get(&self) -> *mut sys::xgr_compiler_t {
        self.0.get()
    }
}
