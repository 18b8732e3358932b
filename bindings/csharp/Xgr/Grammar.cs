#nullable enable

using System;
using System.Threading;

namespace Xgr
{
    /// <summary>What a compiler or a grammar holds, and what that has cost.</summary>
    public sealed class CompiledStats
    {
        /// <summary>Automaton states.</summary>
        public ulong States { get; }

        /// <summary>Token sets that masks are composed of, kept for all matchers.</summary>
        public ulong MaskParts { get; }

        /// <summary>Mask parts that were computed so far, by fills, warm-up and prefetching.</summary>
        public ulong PartsBuilt { get; }

        /// <summary>Nodes of the token trie that were visited for that.</summary>
        public ulong NodesVisited { get; }

        /// <summary>Nanoseconds that took, all threads together.</summary>
        public ulong WalkNanoseconds { get; }

        /// <summary>Memory in bytes, as MemorySize tells it.</summary>
        public ulong MemorySize { get; }

        /// <summary>Bytes that automata and masks of all grammars of the compiler may take.</summary>
        public ulong MemoryBudget { get; }

        /// <summary>Mask parts that were evicted to stay inside the budget.</summary>
        public ulong Evictions { get; }

        internal CompiledStats(xgr_compiled_stats_t raw)
        {
            States = raw.states;
            MaskParts = raw.mask_parts;
            PartsBuilt = raw.parts_built;
            NodesVisited = raw.nodes_visited;
            WalkNanoseconds = raw.walk_nanoseconds;
            MemorySize = raw.memory_size;
            MemoryBudget = raw.memory_budget;
            Evictions = raw.evictions;
        }

        internal static unsafe xgr_compiled_stats_t Empty =>
            new xgr_compiled_stats_t { struct_size = (UIntPtr)(uint)sizeof(xgr_compiled_stats_t) };
    }

    /// <summary>A language, compiled for one tokenizer. Immutable: any number of matchers and threads share
    /// it.</summary>
    public sealed unsafe class Grammar : IDisposable
    {
        internal GrammarHandle Handle { get; }

        internal Grammar(IntPtr owned)
        {
            Handle = new GrammarHandle(owned);
        }

        /// <summary>A further object for the tokenizer that the grammar was compiled for.</summary>
        public Tokenizer Tokenizer()
        {
            using (var use = new Use(Handle))
            {
                IntPtr tokenizer = IntPtr.Zero;
                XgrException.Check(Native.xgr_grammar_tokenizer(use.Pointer, &tokenizer));
                return new Tokenizer(tokenizer);
            }
        }

        /// <summary>EBNF that compiles back to the same language.</summary>
        public string PrintEbnf()
        {
            using (var call = new Call())
            {
                IntPtr grammar = call.Use(Handle);
                return call.Print((text, capacity, size, error) =>
                    Native.xgr_grammar_print_ebnf(grammar, text, capacity, size, error));
            }
        }

        /// <summary>What compiling has noticed; most grammars have no diagnostics.</summary>
        public Diagnostics Diagnostics()
        {
            using (var use = new Use(Handle))
            {
                IntPtr diagnostics = IntPtr.Zero;
                XgrException.Check(Native.xgr_grammar_diagnostics(use.Pointer, &diagnostics));
                return new Diagnostics(diagnostics);
            }
        }

        /// <summary>About how many bytes it occupies; grows as masks are computed.</summary>
        public long MemorySize
        {
            get
            {
                using (var use = new Use(Handle))
                    return Call.Size(Native.xgr_grammar_memory_size(use.Pointer));
            }
        }

        /// <summary>Computes ahead what masks consist of, likely ones first; returns when it is done, or throws
        /// OperationCanceledException and keeps what was computed until then. Changes no mask.</summary>
        public void WarmUp(WarmUp level, CancellationToken cancellationToken = default(CancellationToken))
        {
            using (var use = new Use(Handle))
            using (Cancellation? cancellation = Cancellation.Of(cancellationToken))
            {
                IntPtr cancel = cancellation?.Handle.DangerousGetHandle() ?? IntPtr.Zero;
                XgrException.Check(Native.xgr_grammar_warm_up(use.Pointer, level, cancel), cancellation);
            }
        }

        /// <summary>What it holds by itself, and what that has cost.</summary>
        public CompiledStats Stats()
        {
            using (var use = new Use(Handle))
            {
                xgr_compiled_stats_t raw = CompiledStats.Empty;
                XgrException.Check(Native.xgr_grammar_stats(use.Pointer, &raw));
                return new CompiledStats(raw);
            }
        }

        /// <summary>Destroys it. Its matchers stay valid.</summary>
        public void Dispose()
        {
            Handle.Dispose();
        }
    }
}
