#nullable enable

using System;

namespace Xgr
{
    /// <summary>Options of a matcher. What is not set has its default.</summary>
    public sealed class MatcherOptions
    {
        /// <summary>Stop tokens instead of the tokenizer's; null: those.</summary>
        public int[]? StopTokens { get; set; }

        /// <summary>Bytes that the tokens spell before the text of the output begins: the end of a prompt whose
        /// last tokens were taken back (token healing). Null: none.</summary>
        public byte[]? Prefix { get; set; }

        /// <summary>No stop token is ever allowed, and the output counts as ended whenever it is complete; it
        /// may go on where the language does. Has to be set where there is no stop token.</summary>
        public bool TerminateWithoutStopToken { get; set; }

        /// <summary>After each accepted step a thread of the compiler computes what the next mask needs. Needs a
        /// compiler with threads; changes no mask.</summary>
        public bool Prefetch { get; set; }

        /// <summary>Sampling temperature where no rule of the grammar asks for one; null: none.</summary>
        public float? DefaultTemperature { get; set; }

        /// <summary>A token id outside the vocabulary is an XgrException with InvalidArgument instead of a token
        /// that is rejected.</summary>
        public bool CheckTokenIds { get; set; }

        /// <summary>Sequences that the text of the grammar begins behind, or with: until one of them is complete the
        /// output is free, and waiting. Null: the output begins with its text.</summary>
        public StartSequence[]? Starts { get; set; }

        /// <summary>Token ids that are refused while the output is waiting; null: none.</summary>
        public int[]? ForbiddenTokens { get; set; }

        /// <summary>After so many tokens a waiting output has to go on with what is left of the sequence
        /// ForcedStart; null: it may wait for ever.</summary>
        public int? MaxWaitingTokens { get; set; }

        /// <summary>With MaxWaitingTokens: the index of the sequence that is then forced.</summary>
        public int ForcedStart { get; set; }

        /// <summary>A waiting output may end by a stop token, and counts as complete, unless a sequence is forced.
        /// </summary>
        public bool MayEndWaiting { get; set; }

        internal static unsafe xgr_matcher_options_t* Raw(MatcherOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_matcher_options_t*)call.Zeroed(sizeof(xgr_matcher_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_matcher_options_t);
            raw->stop_tokens = call.Tokens(options.StopTokens, out raw->stop_token_count);
            raw->prefix = call.Bytes(options.Prefix, out raw->prefix_size);
            raw->terminate_without_stop_token = options.TerminateWithoutStopToken ? 1 : 0;
            raw->prefetch = options.Prefetch ? 1 : 0;
            raw->has_default_temperature = options.DefaultTemperature.HasValue ? 1 : 0;
            raw->default_temperature = options.DefaultTemperature.GetValueOrDefault();
            raw->check_token_ids = options.CheckTokenIds ? 1 : 0;
            raw->starts = StartSequence.Raw(options.Starts, call, out raw->start_count);
            raw->forbidden_tokens = call.Tokens(options.ForbiddenTokens, out raw->forbidden_token_count);
            raw->has_max_waiting_tokens = options.MaxWaitingTokens.HasValue ? 1 : 0;
            raw->max_waiting_tokens =
                (uint)Call.Size(options.MaxWaitingTokens.GetValueOrDefault(), nameof(MaxWaitingTokens));
            raw->forced_start = (uint)Call.Size(options.ForcedStart, nameof(ForcedStart));
            raw->may_end_waiting = options.MayEndWaiting ? 1 : 0;
            return raw;
        }
    }

    /// <summary>What the masks of one matcher have cost, since it was created or cloned.</summary>
    public sealed class MatcherStats
    {
        /// <summary>Masks that were filled or lent.</summary>
        public ulong Fills { get; }

        /// <summary>Masks for which nothing had to be computed but their union.</summary>
        public ulong Hits { get; }

        /// <summary>Mask parts that were computed for the others.</summary>
        public ulong PartsBuilt { get; }

        /// <summary>Nodes of the token trie that were visited for that.</summary>
        public ulong NodesVisited { get; }

        /// <summary>Nanoseconds that took.</summary>
        public ulong WalkNanoseconds { get; }

        /// <summary>Steps after which a thread was asked to prefetch.</summary>
        public ulong Prefetches { get; }

        internal MatcherStats(xgr_matcher_stats_t raw)
        {
            Fills = raw.fills;
            Hits = raw.hits;
            PartsBuilt = raw.parts_built;
            NodesVisited = raw.nodes_visited;
            WalkNanoseconds = raw.walk_nanoseconds;
            Prefetches = raw.prefetches;
        }
    }
}
