#nullable enable

using System;
using System.Threading;
using System.Threading.Tasks;

namespace Xgr
{
    /// <summary>Options of a compiler. What is not set has its default.</summary>
    public sealed class CompilerOptions
    {
        /// <summary>Bytes that automata and masks of all grammars of the compiler may take; 0: 512 MiB.</summary>
        public long MemoryBudget { get; set; }

        /// <summary>Limit: size of one source in bytes.</summary>
        public long MaxSourceSize { get; set; }

        /// <summary>Limit: nesting of groups in a grammar, levels in a schema.</summary>
        public long MaxNesting { get; set; }

        /// <summary>Limit: expressions of one grammar.</summary>
        public long MaxExpressions { get; set; }

        /// <summary>Limit: automaton states of one grammar.</summary>
        public long MaxStates { get; set; }

        /// <summary>Limit: elementary steps of one fill or accept.</summary>
        public long MaxWorkPerCall { get; set; }
        /// <summary>Limit: elementary steps of one compile.</summary>
        public long MaxCompileWork { get; set; }
        /// <summary>Limit: bytes of expressions that one compile adds.</summary>
        public long MaxCompileMemory { get; set; }

        /// <summary>Bytes that grammars in the compile cache may keep alive; 0: 256 MiB.</summary>
        public long CacheLimit { get; set; }

        /// <summary>Threads that may work at once, the calling one included; 0: one.</summary>
        public int Threads { get; set; }

        /// <summary>Warm-up of every grammar that is compiled.</summary>
        public WarmUp WarmUp { get; set; }

        /// <summary>No grammar is kept for later requests.</summary>
        public bool NoCache { get; set; }

        /// <summary>JSON Schemas that differ only in white space and in how strings are escaped are one to the
        /// cache.</summary>
        public bool CanonicalSchemas { get; set; }

        internal static unsafe xgr_compiler_options_t* Raw(CompilerOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_compiler_options_t*)call.Zeroed(sizeof(xgr_compiler_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_compiler_options_t);
            raw->memory_budget = Call.Size(options.MemoryBudget, nameof(MemoryBudget));
            raw->max_source_size = Call.Size(options.MaxSourceSize, nameof(MaxSourceSize));
            raw->max_nesting = Call.Size(options.MaxNesting, nameof(MaxNesting));
            raw->max_expressions = Call.Size(options.MaxExpressions, nameof(MaxExpressions));
            raw->max_states = Call.Size(options.MaxStates, nameof(MaxStates));
            raw->max_work_per_call = Call.Size(options.MaxWorkPerCall, nameof(MaxWorkPerCall));
            raw->max_compile_work = Call.Size(options.MaxCompileWork, nameof(MaxCompileWork));
            raw->max_compile_memory = Call.Size(options.MaxCompileMemory, nameof(MaxCompileMemory));
            raw->cache_limit = Call.Size(options.CacheLimit, nameof(CacheLimit));
            raw->threads = options.Threads;
            raw->warm_up = options.WarmUp;
            raw->no_cache = options.NoCache ? 1 : 0;
            raw->canonical_schemas = options.CanonicalSchemas ? 1 : 0;
            return raw;
        }
    }

    /// <summary>One tokenizer's workshop: compiles sources and owns what the grammars share. Locks inside:
    /// any threads at once.</summary>
    /// <remarks>It keeps what it has compiled: the same source with the same options is compiled once, also
    /// for callers that ask at the same time. Cancelling is an OperationCanceledException within milliseconds
    /// and does not fail the others. Each compile method has a form that ends in Async: it copies its
    /// arguments and compiles on a thread of the compiler.</remarks>
    public sealed unsafe class Compiler : IDisposable
    {
        private delegate Status Function(Call call, IntPtr compiler, xgr_compile_options_t* options,
                                         IntPtr* grammar, IntPtr* error);

        private readonly CompilerHandle _handle;

        /// <summary>A compiler for one tokenizer, which it keeps alive.</summary>
        public Compiler(Tokenizer tokenizer, CompilerOptions? options = null)
        {
            if (tokenizer == null) throw new ArgumentNullException(nameof(tokenizer));
            using (var call = new Call())
            {
                IntPtr compiler = IntPtr.Zero, error = IntPtr.Zero;
                Status status = Native.xgr_compiler_create(
                    call.Use(tokenizer.Handle), CompilerOptions.Raw(options, call), &compiler, &error);
                XgrException.Check(status, error);
                _handle = new CompilerHandle(compiler);
            }
        }

        /// <summary>Compiles a JSON Schema (drafts 4 to 2020-12). An assertion that cannot be enforced is
        /// refused, never ignored, unless the options are lenient.</summary>
        public Grammar CompileJsonSchema(
            string schema, JsonFormat? format = null, JsonSchemaOptions? options = null,
            CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Compile(compileOptions, cancellationToken, (call, compiler, settings, grammar, error) =>
            {
                byte* text = call.Text(schema, nameof(schema), out UIntPtr size);
                return Native.xgr_compiler_compile_json_schema(
                    compiler, text, size, JsonFormat.Raw(format, call), JsonSchemaOptions.Raw(options, call),
                    settings, grammar, error);
            });
        }

        /// <summary>CompileJsonSchema on another thread.</summary>
        public Task<Grammar> CompileJsonSchemaAsync(
            string schema, JsonFormat? format = null, JsonSchemaOptions? options = null,
            CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Start(
                () => GrammarSource.FromJsonSchema(schema, format, JsonSchemaOptions.Deferring(options)),
                compileOptions, cancellationToken);
        }

        /// <summary>Compiles the language of all JSON documents (RFC 8259).</summary>
        public Grammar CompileJson(
            JsonFormat? format = null, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Compile(compileOptions, cancellationToken, (call, compiler, settings, grammar, error) =>
                Native.xgr_compiler_compile_json(
                    compiler, JsonFormat.Raw(format, call), settings, grammar, error));
        }

        /// <summary>CompileJson on another thread.</summary>
        public Task<Grammar> CompileJsonAsync(
            JsonFormat? format = null, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Start(() => GrammarSource.FromJson(format), compileOptions, cancellationToken);
        }

        /// <summary>Compiles a grammar in EBNF; rootRule is the rule to match, "root" unless given.</summary>
        public Grammar CompileEbnf(
            string text, string? rootRule = null, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Compile(compileOptions, cancellationToken, (call, compiler, settings, grammar, error) =>
            {
                byte* source = call.Text(text, nameof(text), out UIntPtr size);
                xgr_ebnf_options_t* options = EbnfOptions.Raw(new EbnfOptions { RootRule = rootRule }, call);
                return Native.xgr_compiler_compile_ebnf(
                    compiler, source, size, options, settings, grammar, error);
            });
        }

        /// <summary>CompileEbnf on another thread.</summary>
        public Task<Grammar> CompileEbnfAsync(
            string text, string? rootRule = null, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var options = new EbnfOptions { RootRule = rootRule, Deferred = true };
            return Start(() => GrammarSource.FromEbnf(text, options), compileOptions, cancellationToken);
        }

        /// <summary>Compiles a regular expression that the whole output has to match.</summary>
        public Grammar CompileRegex(
            string pattern, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Compile(compileOptions, cancellationToken, (call, compiler, settings, grammar, error) =>
            {
                byte* source = call.Text(pattern, nameof(pattern), out UIntPtr size);
                return Native.xgr_compiler_compile_regex(
                    compiler, source, size, null, settings, grammar, error);
            });
        }

        /// <summary>CompileRegex on another thread.</summary>
        public Task<Grammar> CompileRegexAsync(
            string pattern, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var options = new RegexOptions { Deferred = true };
            return Start(() => GrammarSource.FromRegex(pattern, options), compileOptions, cancellationToken);
        }

        /// <summary>Compiles a Lark text, whose start is the rule "start".</summary>
        public Grammar CompileLark(
            string text, LarkOptions? options = null, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Compile(compileOptions, cancellationToken, (call, compiler, settings, grammar, error) =>
            {
                byte* source = call.Text(text, nameof(text), out UIntPtr size);
                return Native.xgr_compiler_compile_lark(
                    compiler, source, size, LarkOptions.Raw(options, call), settings, grammar, error);
            });
        }

        /// <summary>CompileLark on another thread.</summary>
        public Task<Grammar> CompileLarkAsync(
            string text, LarkOptions? options = null, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var deferring = new LarkOptions { Named = options?.Named, Deferred = true };
            return Start(() => GrammarSource.FromLark(text, deferring), compileOptions, cancellationToken);
        }

        /// <summary>Compiles a structural tag, JSON: free text, and tags in it whose content has a grammar.</summary>
        public Grammar CompileStructuralTag(
            string text, StructuralTagOptions? options = null, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Compile(compileOptions, cancellationToken, (call, compiler, settings, grammar, error) =>
            {
                byte* source = call.Text(text, nameof(text), out UIntPtr size);
                return Native.xgr_compiler_compile_structural_tag(
                    compiler, source, size, StructuralTagOptions.Raw(options, call), settings, grammar, error);
            });
        }

        /// <summary>CompileStructuralTag on another thread.</summary>
        public Task<Grammar> CompileStructuralTagAsync(
            string text, StructuralTagOptions? options = null, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return Start(() => GrammarSource.FromStructuralTag(text, StructuralTagOptions.Deferring(options)),
                         compileOptions, cancellationToken);
        }

        /// <summary>Compiles a source.</summary>
        public Grammar CompileSource(
            GrammarSource source, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            if (source == null) throw new ArgumentNullException(nameof(source));
            return Compile(compileOptions, cancellationToken, (call, compiler, settings, grammar, error) =>
                Native.xgr_compiler_compile_source(
                    compiler, call.Use(source.Handle), settings, grammar, error));
        }

        /// <summary>CompileSource on another thread.</summary>
        public Task<Grammar> CompileSourceAsync(
            GrammarSource source, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            try
            {
                CompileJob job = StartJob(source, compileOptions, cancellationToken);
                return CompileJob.Finish(job, cancellationToken);
            }
            catch (XgrException exception)
            {
                return Task.FromException<Grammar>(exception);
            }
        }

        /// <summary>Starts to compile a source and returns at once. As many jobs as Threads less one run at
        /// once, at least one; the others wait for their turn. One whose grammar is in the cache is done
        /// already. Make the source Deferred where reading its text takes too long for this thread.</summary>
        public CompileJob StartJob(
            GrammarSource source, CompileOptions? compileOptions = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            if (source == null) throw new ArgumentNullException(nameof(source));
            Cancellation? cancellation = Cancellation.Of(cancellationToken);
            try
            {
                using (var call = new Call())
                {
                    IntPtr job = IntPtr.Zero, error = IntPtr.Zero;
                    Status status = Native.xgr_compiler_start_job(
                        call.Use(_handle), call.Use(source.Handle),
                        CompileOptions.Raw(compileOptions, cancellation, call), &job, &error);
                    XgrException.Check(status, error);
                    return new CompileJob(job, cancellation);
                }
            }
            catch
            {
                cancellation?.Dispose();
                throw;
            }
        }

        /// <summary>Gives up all that the compile cache holds. Grammars that somebody uses are not affected, nor
        /// are compiles that are on their way.</summary>
        public void ClearCache()
        {
            using (var use = new Use(_handle)) Native.xgr_compiler_clear_cache(use.Pointer);
        }

        /// <summary>What the compile cache holds, and what it has saved.</summary>
        public CacheStats CacheStats()
        {
            using (var use = new Use(_handle))
            {
                var raw = new xgr_cache_stats_t { struct_size = (UIntPtr)(uint)sizeof(xgr_cache_stats_t) };
                XgrException.Check(Native.xgr_compiler_cache_stats(use.Pointer, &raw));
                return new CacheStats(raw);
            }
        }

        /// <summary>About how many bytes its caches occupy, its grammars included.</summary>
        public long MemorySize
        {
            get
            {
                using (var use = new Use(_handle))
                    return Call.Size(Native.xgr_compiler_memory_size(use.Pointer));
            }
        }

        /// <summary>What it and its living grammars hold, and what that has cost.</summary>
        public CompiledStats Stats()
        {
            using (var use = new Use(_handle))
            {
                xgr_compiled_stats_t raw = CompiledStats.Empty;
                XgrException.Check(Native.xgr_compiler_stats(use.Pointer, &raw));
                return new CompiledStats(raw);
            }
        }

        /// <summary>Destroys it. Its grammars stay valid.</summary>
        public void Dispose()
        {
            _handle.Dispose();
        }

        private Grammar Compile(CompileOptions? options, CancellationToken cancellationToken, Function function)
        {
            using (Cancellation? cancellation = Cancellation.Of(cancellationToken))
            using (var call = new Call())
            {
                IntPtr grammar = IntPtr.Zero, error = IntPtr.Zero;
                Status status = function(call, call.Use(_handle),
                                         CompileOptions.Raw(options, cancellation, call), &grammar, &error);
                XgrException.Check(status, error, cancellation);
                return new Grammar(grammar);
            }
        }

        /// <summary>A job for a source that is made for it.</summary>
        private Task<Grammar> Start(Func<GrammarSource> make, CompileOptions? options,
                                    CancellationToken cancellationToken)
        {
            try
            {
                using (GrammarSource source = make()) return CompileSourceAsync(source, options, cancellationToken);
            }
            catch (XgrException exception)
            {
                return Task.FromException<Grammar>(exception);
            }
        }
    }
}
