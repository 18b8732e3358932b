//! Compiler: turns sources into grammars for one tokenizer.

use crate::call::create;
use crate::compile_job::{CompileJob, Waiters};
use crate::error::{check, Result};
use crate::grammar::{CompiledStats, Grammar};
use crate::grammar_source::GrammarSource;
use crate::handle::Owned;
use crate::lark::LarkOptions;
use crate::options::{CompileOptions, CompilerOptions};
use crate::source_options::{
    EbnfOptions, JsonFormat, JsonSchemaOptions, RegexOptions, StructuralTagOptions,
};
use crate::tokenizer::Tokenizer;
use std::sync::Arc;
use xgr_sys as sys;

/// One tokenizer's workshop: compiles sources and owns what the grammars share.
///
/// Any threads may use it at once; it locks inside. Clones are the same compiler.
#[derive(Clone, Debug)]
pub struct Compiler {
    handle: Arc<Owned<sys::xgr_compiler_t>>,
    waiters: Arc<Waiters>,
    how: CompileOptions,
}

impl Compiler {
    /// Create a compiler; it keeps the tokenizer alive.
    pub fn new(tokenizer: &Tokenizer, options: &CompilerOptions) -> Result<Self> {
        let options = options.raw();
        // SAFETY: all pointers live for the call.
        let handle = create(|made, error| unsafe {
            sys::xgr_compiler_create(tokenizer.get(), &options, made, error)
        })?;
        Ok(Self {
            handle: Arc::new(handle),
            waiters: Arc::default(),
            how: CompileOptions::default(),
        })
    }

    /// The same compiler, for compiles with these options instead of those that were given before.
    ///
    /// ```
    /// # fn example(compiler: xgr::Compiler, text: &str) -> xgr::Result<()> {
    /// let timeout = std::time::Duration::from_millis(500);
    /// let patient = compiler.with(&xgr::CompileOptions::default().timeout(timeout));
    /// let grammar = patient.compile_ebnf(text, &Default::default())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with(&self, options: &CompileOptions) -> Self {
        Self { how: options.clone(), ..self.clone() }
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
        let (compiler, how) = (self.get(), self.how.raw());
        options.with_raw(|options| {
            // SAFETY: the handle is valid, and all pointers live for the call.
            Grammar::create(|made, error| unsafe {
                sys::xgr_compiler_compile_json_schema(
                    compiler, data, size, &format, options, &how, made, error,
                )
            })
        })
    }

    /// Compile the language of all JSON documents (RFC 8259).
    pub fn compile_json(&self, format: &JsonFormat<'_>) -> Result<Grammar> {
        let (format, how) = (format.raw(), self.how.raw());
        // SAFETY: the handle is valid, and all pointers live for the call.
        Grammar::create(|made, error| unsafe {
            sys::xgr_compiler_compile_json(self.get(), &format, &how, made, error)
        })
    }

    /// Compile a grammar in EBNF or GBNF.
    pub fn compile_ebnf(&self, text: &str, options: &EbnfOptions<'_>) -> Result<Grammar> {
        let (data, size) = (text.as_ptr().cast(), text.len());
        let (compiler, options, how) = (self.get(), options.raw(), self.how.raw());
        // SAFETY: the handle is valid, and all pointers live for the call.
        Grammar::create(|made, error| unsafe {
            sys::xgr_compiler_compile_ebnf(compiler, data, size, &options, &how, made, error)
        })
    }

    /// Compile a regular expression; unless the options say otherwise, the whole output has to match it.
    pub fn compile_regex(&self, pattern: &str, options: &RegexOptions) -> Result<Grammar> {
        let (data, size) = (pattern.as_ptr().cast(), pattern.len());
        let (compiler, options, how) = (self.get(), options.raw(), self.how.raw());
        // SAFETY: the handle is valid, and all pointers live for the call.
        Grammar::create(|made, error| unsafe {
            sys::xgr_compiler_compile_regex(compiler, data, size, &options, &how, made, error)
        })
    }

    /// Compile a grammar in Lark.
    pub fn compile_lark(&self, text: &str, options: &LarkOptions<'_>) -> Result<Grammar> {
        let (data, size) = (text.as_ptr().cast(), text.len());
        let (compiler, how) = (self.get(), self.how.raw());
        options.with_raw(|options| {
            // SAFETY: the handle is valid, and all pointers live for the call.
            Grammar::create(|made, error| unsafe {
                sys::xgr_compiler_compile_lark(compiler, data, size, options, &how, made, error)
            })
        })
    }

    /// Compile a structural tag: free text, and tags in it whose content has a grammar.
    ///
    /// [`family_structural_tag`](crate::family_structural_tag) makes one for the replies of a model.
    pub fn compile_structural_tag(
        &self,
        text: &str,
        options: &StructuralTagOptions,
    ) -> Result<Grammar> {
        let (data, size) = (text.as_ptr().cast(), text.len());
        let (compiler, options, how) = (self.get(), options.raw(), self.how.raw());
        // SAFETY: the handle is valid, and all pointers live for the call.
        Grammar::create(|made, error| unsafe {
            sys::xgr_compiler_compile_structural_tag(
                compiler, data, size, &options, &how, made, error,
            )
        })
    }

    /// Compile a source: what the other compile functions do with one that is made of their arguments.
    pub fn compile_source(&self, source: &GrammarSource) -> Result<Grammar> {
        let how = self.how.raw();
        // SAFETY: the handle is valid, and all pointers live for the call.
        Grammar::create(|made, error| unsafe {
            sys::xgr_compiler_compile_source(self.get(), source.get(), &how, made, error)
        })
    }

    /// Start to compile a source on a thread of the compiler; the job is a future that needs no
    /// particular runtime.
    ///
    /// As many jobs as [`CompilerOptions::threads`] less one run at once, at least one; the others wait
    /// for their turn. Make the source `deferred` where reading its text takes too long for the calling
    /// thread.
    ///
    /// ```
    /// # fn example(compiler: xgr::Compiler) -> xgr::Result<()> {
    /// let options = xgr::RegexOptions::default().deferred(true);
    /// let job = compiler.start_job(&xgr::GrammarSource::from_regex("[0-9]+", &options)?)?;
    /// job.wait(None);
    /// let grammar = job.result()?; // both at once: job.await?
    /// # Ok(())
    /// # }
    /// ```
    pub fn start_job(&self, source: &GrammarSource) -> Result<CompileJob> {
        let how = self.how.raw();
        // SAFETY: the handle is valid, and all pointers live for the call.
        let handle = create(|made, error| unsafe {
            sys::xgr_compiler_start_job(self.get(), source.get(), &how, made, error)
        })?;
        Ok(CompileJob::own(handle, self.waiters.clone()))
    }

    /// Give up all that the compile cache holds. Grammars that somebody uses are not affected.
    pub fn clear_cache(&self) {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_compiler_clear_cache(self.get()) }
    }

    /// Get what the compile cache holds, and what it has saved.
    pub fn cache_stats(&self) -> Result<CacheStats> {
        let mut raw = sys::xgr_cache_stats_t::INIT;
        // SAFETY: the handle is valid, and all pointers live for the call.
        check(unsafe { sys::xgr_compiler_cache_stats(self.get(), &mut raw) })?;
        Ok(CacheStats {
            entries: raw.entries,
            memory_size: raw.memory_size,
            memory_limit: raw.memory_limit,
            hits: raw.hits,
            shared: raw.shared,
            misses: raw.misses,
            evictions: raw.evictions,
            compile_nanoseconds: raw.compile_nanoseconds,
        })
    }

    /// Get about how much memory the caches of a compiler occupy, its grammars included, in bytes.
    pub fn memory_size(&self) -> usize {
        // SAFETY: the handle is valid.
        unsafe { sys::xgr_compiler_memory_size(self.get()) }
    }

    /// Get what a compiler and its living grammars hold, and what that has cost.
    pub fn stats(&self) -> Result<CompiledStats> {
        let mut stats = sys::xgr_compiled_stats_t::INIT;
        // SAFETY: the handle is valid, and all pointers live for the call.
        check(unsafe { sys::xgr_compiler_stats(self.get(), &mut stats) })?;
        Ok(CompiledStats::from_raw(&stats))
    }

    fn get(&self) -> *mut sys::xgr_compiler_t {
        self.handle.get()
    }
}

/// What the compile cache of a compiler holds, and what it has saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Grammars and remembered failures.
    pub entries: u64,
    /// Bytes that they keep alive: sources, grammars, automata and masks.
    pub memory_size: u64,
    /// Bytes that they may keep alive.
    pub memory_limit: u64,
    /// Requests that were answered from the cache.
    pub hits: u64,
    /// Requests that waited for a compile that another one had begun.
    pub shared: u64,
    /// Requests that began a compile.
    pub misses: u64,
    /// Entries that were given up to stay inside the limit.
    pub evictions: u64,
    /// Nanoseconds that compiling took, all threads together.
    pub compile_nanoseconds: u64,
}
