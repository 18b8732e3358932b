#nullable enable

using System;

namespace Xgr
{
    /// <summary>How one compile goes about it. What is not set has its default.</summary>
    public sealed class CompileOptions
    {
        /// <summary>Time after which this caller gives up, with an XgrException with LimitExceeded; zero: none.
        /// </summary>
        public TimeSpan Timeout { get; set; }

        /// <summary>Neither takes the grammar from the cache nor leaves it there.</summary>
        public bool BypassCache { get; set; }

        internal static unsafe xgr_compile_options_t* Raw(CompileOptions? options, Call call)
        {
            if (options == null) return null;
            if (options.Timeout < TimeSpan.Zero)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(Timeout), options.Timeout, "expected zero for none, or a time");
            }
            var raw = (xgr_compile_options_t*)call.Zeroed(sizeof(xgr_compile_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_compile_options_t);
            raw->timeout_milliseconds = (ulong)Math.Ceiling(options.Timeout.TotalMilliseconds);
            raw->bypass_cache = options.BypassCache ? 1 : 0;
            return raw;
        }

        /// <summary>The same with a request to stop, which may be null.</summary>
        internal static unsafe xgr_compile_options_t* Raw(CompileOptions? options, Cancellation? cancellation,
                                                          Call call)
        {
            if (cancellation == null) return Raw(options, call);
            xgr_compile_options_t* raw = Raw(options ?? new CompileOptions(), call);
            raw->cancel = call.Use(cancellation.Handle);
            return raw;
        }
    }

    /// <summary>What the compile cache of a compiler holds, and what it has saved.</summary>
    public sealed class CacheStats
    {
        /// <summary>Grammars and remembered failures.</summary>
        public ulong Entries { get; }

        /// <summary>Bytes that they keep alive: sources, grammars, automata and masks.</summary>
        public ulong MemorySize { get; }

        /// <summary>Bytes that they may keep alive.</summary>
        public ulong MemoryLimit { get; }

        /// <summary>Requests that were answered from the cache.</summary>
        public ulong Hits { get; }

        /// <summary>Requests that waited for a compile that another one had begun.</summary>
        public ulong Shared { get; }

        /// <summary>Requests that began a compile.</summary>
        public ulong Misses { get; }

        /// <summary>Entries that were given up to stay inside the limit.</summary>
        public ulong Evictions { get; }

        /// <summary>Nanoseconds that compiling took, all threads together.</summary>
        public ulong CompileNanoseconds { get; }

        internal CacheStats(xgr_cache_stats_t raw)
        {
            Entries = raw.entries;
            MemorySize = raw.memory_size;
            MemoryLimit = raw.memory_limit;
            Hits = raw.hits;
            Shared = raw.shared;
            Misses = raw.misses;
            Evictions = raw.evictions;
            CompileNanoseconds = raw.compile_nanoseconds;
        }
    }
}
