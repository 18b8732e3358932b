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

        /// <summary>Threads that may work at once, the calling one included; 0: one.</summary>
        public int Threads { get; set; }

        /// <summary>Warm-up of every grammar that is compiled.</summary>
        public WarmUp WarmUp { get; set; }

        internal static unsafe xgr_compiler_options_t* Raw(CompilerOptions options, Call call)
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
            raw->threads = options.Threads;
            raw->warm_up = options.WarmUp;
            return raw;
        }
    }

    /// <summary>One tokenizer's workshop: compiles sources and owns what the grammars share. Locks inside:
    /// any threads at once.</summary>
    /// <remarks>Each compile method has a form that ends in Async: it copies its arguments, compiles on a
    /// thread of the pool, and when it is cancelled returns at once; the library goes on to the end, and the
    /// grammar is destroyed then.</remarks>
    public sealed unsafe class Compiler : IDisposable
    {
        private readonly CompilerHandle _handle;

        /// <summary>A compiler for one tokenizer, which it keeps alive.</summary>
        public Compiler(Tokenizer tokenizer, CompilerOptions options = null)
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
        public Grammar CompileJsonSchema(string schema, JsonFormat format = null,
                                         JsonSchemaOptions options = null)
        {
            return JsonSchemaJob(schema, format, options).Run();
        }

        /// <summary>CompileJsonSchema on another thread.</summary>
        public Task<Grammar> CompileJsonSchemaAsync(
            string schema, JsonFormat format = null, JsonSchemaOptions options = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return JsonSchemaJob(schema, format, options).Start(cancellationToken);
        }

        /// <summary>Compiles the language of all JSON documents (RFC 8259).</summary>
        public Grammar CompileJson(JsonFormat format = null) => JsonJob(format).Run();

        /// <summary>CompileJson on another thread.</summary>
        public Task<Grammar> CompileJsonAsync(
            JsonFormat format = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return JsonJob(format).Start(cancellationToken);
        }

        /// <summary>Compiles a grammar in EBNF; rootRule is the rule to match, "root" unless given.</summary>
        public Grammar CompileEbnf(string text, string rootRule = null) => EbnfJob(text, rootRule).Run();

        /// <summary>CompileEbnf on another thread.</summary>
        public Task<Grammar> CompileEbnfAsync(
            string text, string rootRule = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            return EbnfJob(text, rootRule).Start(cancellationToken);
        }

        /// <summary>Compiles a regular expression that the whole output has to match.</summary>
        public Grammar CompileRegex(string pattern) => RegexJob(pattern).Run();

        /// <summary>CompileRegex on another thread.</summary>
        public Task<Grammar> CompileRegexAsync(
            string pattern, CancellationToken cancellationToken = default(CancellationToken))
        {
            return RegexJob(pattern).Start(cancellationToken);
        }

        /// <summary>Compiles a source.</summary>
        public Grammar CompileSource(GrammarSource source) => SourceJob(source).Run();

        /// <summary>CompileSource on another thread.</summary>
        public Task<Grammar> CompileSourceAsync(
            GrammarSource source, CancellationToken cancellationToken = default(CancellationToken))
        {
            return SourceJob(source).Start(cancellationToken);
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

        private CompileJob Job(Func<Call, CompileFunction> prepare) => new CompileJob(new Call(), prepare);

        private CompileJob JsonSchemaJob(string schema, JsonFormat format, JsonSchemaOptions options)
        {
            return Job(call =>
            {
                IntPtr compiler = call.Use(_handle);
                byte* text = call.Text(schema, nameof(schema), out UIntPtr size);
                xgr_json_format_t* rawFormat = JsonFormat.Raw(format, call);
                xgr_json_schema_options_t* rawOptions = JsonSchemaOptions.Raw(options, call);
                return (grammar, error) => Native.xgr_compiler_compile_json_schema(
                    compiler, text, size, rawFormat, rawOptions, null, grammar, error);
            });
        }

        private CompileJob JsonJob(JsonFormat format)
        {
            return Job(call =>
            {
                IntPtr compiler = call.Use(_handle);
                xgr_json_format_t* raw = JsonFormat.Raw(format, call);
                return (grammar, error) =>
                    Native.xgr_compiler_compile_json(compiler, raw, null, grammar, error);
            });
        }

        private CompileJob EbnfJob(string text, string rootRule)
        {
            return Job(call =>
            {
                IntPtr compiler = call.Use(_handle);
                byte* source = call.Text(text, nameof(text), out UIntPtr size);
                xgr_ebnf_options_t* options =
                    EbnfOptions.Raw(new EbnfOptions { RootRule = rootRule }, call);
                return (grammar, error) => Native.xgr_compiler_compile_ebnf(
                    compiler, source, size, options, null, grammar, error);
            });
        }

        private CompileJob RegexJob(string pattern)
        {
            return Job(call =>
            {
                IntPtr compiler = call.Use(_handle);
                byte* source = call.Text(pattern, nameof(pattern), out UIntPtr size);
                return (grammar, error) =>
                    Native.xgr_compiler_compile_regex(
                        compiler, source, size, null, null, grammar, error);
            });
        }

        private CompileJob SourceJob(GrammarSource source)
        {
            if (source == null) throw new ArgumentNullException(nameof(source));
            return Job(call =>
            {
                IntPtr compiler = call.Use(_handle), raw = call.Use(source.Handle);
                return (grammar, error) =>
                    Native.xgr_compiler_compile_source(compiler, raw, null, grammar, error);
            });
        }
    }
}
