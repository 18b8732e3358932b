#nullable enable

using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Xgr
{
    /// <summary>Reads a mask that a matcher lends; the mask means nothing afterwards.</summary>
    public delegate void MaskReader<in T>(ReadOnlySpan<uint> mask, T state);

    /// <summary>One output being generated: says which tokens may come next and takes the chosen one. One thread
    /// changes it, or several ask it at once: fill masks, clone, validate, look ahead.</summary>
    /// <remarks>A call while another one changes it, or that would change it while others ask, is an
    /// InvalidOperationException. Filling and accepting allocate nothing.</remarks>
    public sealed unsafe partial class Matcher : IDisposable
    {
        private readonly MatcherHandle _handle;
        private readonly IntPtr _pointer;
        private Gate _gate;
        private Cancellation? _cancellation;

        private Matcher(IntPtr owned)
        {
            _handle = new MatcherHandle(owned);
            _pointer = owned;
        }

        /// <summary>A matcher at the start of an output; it keeps the grammar alive. Without any stop token it is
        /// an error, unless TerminateWithoutStopToken is set. The token is that of SetCancellation.</summary>
        public Matcher(Grammar grammar, MatcherOptions? options = null,
                       CancellationToken cancellationToken = default(CancellationToken))
        {
            if (grammar == null) throw new ArgumentNullException(nameof(grammar));
            using (var call = new Call())
            {
                IntPtr matcher = IntPtr.Zero, error = IntPtr.Zero;
                Status status = Native.xgr_matcher_create(
                    call.Use(grammar.Handle), MatcherOptions.Raw(options, call), &matcher, &error);
                XgrException.Check(status, error);
                _handle = new MatcherHandle(matcher);
                _pointer = matcher;
            }
            SetCancellation(cancellationToken);
        }

        /// <summary>Gives it a token: once that is cancelled, accepting, filling, lending and captures throw
        /// OperationCanceledException, also from within, and leave the matcher as it was. Clones made afterwards
        /// have the same token. It replaces an earlier one; CancellationToken.None takes that back.</summary>
        public void SetCancellation(CancellationToken cancellationToken)
        {
            Cancellation? cancellation = Cancellation.Of(cancellationToken);
            if (cancellation == null && _cancellation == null) return;
            IntPtr cancel = cancellation?.Handle.DangerousGetHandle() ?? IntPtr.Zero, matcher;
            try
            {
                matcher = EnterWrite();
            }
            catch
            {
                cancellation?.Dispose();
                throw;
            }
            Status status = Native.xgr_matcher_set_cancel(matcher, cancel);
            Cancellation? former = _cancellation;
            _cancellation = cancellation;
            ExitWrite();
            former?.Dispose();
            XgrException.Check(status);
        }

        /// <summary>An independent matcher in the same state, history included. Costs O(1).</summary>
        public Matcher Clone()
        {
            IntPtr clone = IntPtr.Zero;
            Status status = Native.xgr_matcher_clone(EnterRead(), &clone);
            CancellationToken token = _cancellation?.Token ?? CancellationToken.None;
            ExitRead();
            XgrException.Check(status);
            var matcher = new Matcher(clone);
            matcher.SetCancellation(token);
            return matcher;
        }

        /// <summary>Takes the token that was chosen. False, and nothing has changed, when it is not allowed.
        /// </summary>
        public bool AcceptToken(int token)
        {
            int accepted;
            Status status = Native.xgr_matcher_accept_token(EnterWrite(), token, &accepted);
            ExitWrite();
            if (status != Status.Ok) CheckId(status, token);
            return accepted != 0;
        }

        /// <summary>Takes several tokens, up to the first that is not allowed, each as one step; how many.</summary>
        public int AcceptTokens(ReadOnlySpan<int> tokens)
        {
            UIntPtr accepted;
            Status status;
            fixed (int* first = &MemoryMarshal.GetReference(tokens))
            {
                status = Native.xgr_matcher_accept_tokens(
                    EnterWrite(), first, (UIntPtr)(uint)tokens.Length, &accepted);
            }
            ExitWrite();
            if (status != Status.Ok) CheckIds(status, tokens);
            return (int)(uint)accepted;
        }

        /// <summary>How many of several tokens AcceptTokens would take.</summary>
        public int ValidateTokens(ReadOnlySpan<int> tokens)
        {
            UIntPtr valid;
            Status status;
            fixed (int* first = &MemoryMarshal.GetReference(tokens))
            {
                status = Native.xgr_matcher_validate_tokens(
                    EnterRead(), first, (UIntPtr)(uint)tokens.Length, &valid);
            }
            ExitRead();
            if (status != Status.Ok) CheckIds(status, tokens);
            return (int)(uint)valid;
        }

        /// <summary>Takes bytes of the output, all or none of them, as one step of the history.</summary>
        public bool AcceptBytes(ReadOnlySpan<byte> bytes)
        {
            int accepted;
            Status status;
            fixed (byte* first = &MemoryMarshal.GetReference(bytes))
            {
                status = Native.xgr_matcher_accept_bytes(
                    EnterWrite(), first, (UIntPtr)(uint)bytes.Length, &accepted);
            }
            ExitWrite();
            if (status != Status.Ok) XgrException.Check(status, _cancellation);
            return accepted != 0;
        }

        /// <summary>Whether AcceptToken would take the token; costs less than a mask.</summary>
        public bool IsTokenAllowed(int token)
        {
            int allowed;
            Status status = Native.xgr_matcher_is_token_allowed(EnterRead(), token, &allowed);
            ExitRead();
            if (status != Status.Ok) CheckId(status, token);
            return allowed != 0;
        }

        /// <summary>Writes which tokens may come next: bit t % 32 of word t / 32 is 1 exactly when token t may.
        /// The mask has at least MaskWords words. When the answer is Terminated, the bits of all tokens are 1,
        /// so that applying the row of an ended output in a batch does no harm; when it is None, a filter forbids
        /// every token that the grammar allows.</summary>
        public MaskKind FillBitmask(Span<uint> mask)
        {
            MaskKind kind;
            Status status;
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            {
                status = Native.xgr_matcher_fill_bitmask(EnterRead(), words, (UIntPtr)(uint)mask.Length, &kind);
            }
            ExitRead();
            if (status == Status.InvalidArgument)
            {
                throw new XgrException(
                    status, $"the mask has {mask.Length} words; expected at least {MaskWords}");
            }
            if (status != Status.Ok) XgrException.Check(status, _cancellation);
            return kind;
        }

        /// <summary>Lends the mask that FillBitmask would write, without a copy where that is possible: calls
        /// the reader with it, unless the output has ended. The reader cannot use this matcher.</summary>
        public MaskKind LendBitmask<T>(T state, MaskReader<T> reader)
        {
            if (reader == null) throw new ArgumentNullException(nameof(reader));
            uint* mask = null;
            UIntPtr words = UIntPtr.Zero;
            MaskKind kind = MaskKind.Terminated;
            IntPtr matcher = EnterWrite();
            try
            {
                XgrException.Check(
                    Native.xgr_matcher_lend_bitmask(matcher, &mask, &words, &kind), _cancellation);
                if (mask != null) reader(new ReadOnlySpan<uint>(mask, (int)(uint)words), state);
            }
            finally
            {
                ExitWrite();
            }
            return kind;
        }

        /// <summary>Undoes the last steps, at most HistorySize. A token is one step, and so is one AcceptBytes.
        /// </summary>
        public void Rollback(int stepCount)
        {
            UIntPtr steps = Call.Size(stepCount, nameof(stepCount));
            Status status = Native.xgr_matcher_rollback(EnterWrite(), steps);
            ExitWrite();
            if (status == Status.InvalidArgument)
            {
                throw new XgrException(
                    status, $"cannot undo {stepCount} steps: there are {HistorySize}");
            }
            XgrException.Check(status);
        }

        /// <summary>Goes back to the start of the output and forgets the history.</summary>
        public void Reset()
        {
            Status status = Native.xgr_matcher_reset(EnterWrite());
            ExitWrite();
            XgrException.Check(status);
        }

        /// <summary>Allows from here on only the tokens of a mask, which is copied and has MaskWords words; an empty
        /// one: all again. It holds for tokens, stop tokens too, and not for AcceptBytes. Rollback brings back the
        /// filter of before, and a clone has it as well.</summary>
        public void SetFilter(ReadOnlySpan<uint> mask)
        {
            Status status;
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            {
                status = Native.xgr_matcher_set_filter(
                    EnterWrite(), mask.IsEmpty ? null : words, (UIntPtr)(uint)mask.Length);
            }
            ExitWrite();
            if (status == Status.InvalidArgument)
            {
                throw new XgrException(status, $"the filter has {mask.Length} words; expected {MaskWords}");
            }
            XgrException.Check(status);
        }

        /// <summary>Whether the output has ended: by a stop token, or by TerminateWithoutStopToken.</summary>
        public bool IsTerminated
        {
            get
            {
                int answer = Native.xgr_matcher_is_terminated(EnterRead());
                ExitRead();
                return answer != 0;
            }
        }

        /// <summary>Whether the output so far is a complete string of the language.</summary>
        public bool IsAccepting
        {
            get
            {
                int answer = Native.xgr_matcher_is_accepting(EnterRead());
                ExitRead();
                return answer != 0;
            }
        }

        /// <summary>Limits how many tokens the output may still have; negative: no limit. A token is then allowed only
        /// if the output can be complete within what is left, so an output that is cut off by a limit is
        /// complete all the same. Stop tokens are not counted. A limit that cannot be kept, see
        /// MinTokensToFinish, makes the output end as soon as it can.</summary>
        public void SetTokenLimit(long tokens)
        {
            Status status = Native.xgr_matcher_set_token_limit(EnterWrite(), tokens);
            ExitWrite();
            XgrException.Check(status);
        }

        /// <summary>Makes the output end as soon as it can: only tokens on a shortest way to a complete output are
        /// allowed.</summary>
        public void SetClosing(bool closing)
        {
            Status status = Native.xgr_matcher_set_closing(EnterWrite(), closing ? 1 : 0);
            ExitWrite();
            XgrException.Check(status);
        }

        /// <summary>The fewest tokens that complete the output, the stop token not counted. Where that is not exact,
        /// so many are enough.</summary>
        public ulong MinTokensToFinish(out bool exact)
        {
            ulong tokens = 0;
            int known = 0;
            Status status = Native.xgr_matcher_min_tokens_to_finish(EnterRead(), &tokens, &known);
            ExitRead();
            XgrException.Check(status);
            exact = known != 0;
            return tokens;
        }

        /// <summary>Whether the output waits for one of the sequences that its text begins behind, or with; or has
        /// ended before that.</summary>
        public bool IsWaiting
        {
            get
            {
                int answer = Native.xgr_matcher_is_waiting(EnterRead());
                ExitRead();
                return answer != 0;
            }
        }

        /// <summary>Number of steps that can be undone.</summary>
        public int HistorySize
        {
            get
            {
                UIntPtr size = Native.xgr_matcher_history_size(EnterRead());
                ExitRead();
                return (int)(uint)size;
            }
        }

        /// <summary>The stop tokens in force.</summary>
        public int[] StopTokens
        {
            get
            {
                UIntPtr count;
                int* tokens = Native.xgr_matcher_stop_tokens(EnterRead(), &count);
                int[] copy = Call.ReadTokens(tokens, count);
                ExitRead();
                return copy;
            }
        }

        /// <summary>Number of 32-bit words that FillBitmask writes.</summary>
        public int MaskWords
        {
            get
            {
                UIntPtr words = Native.xgr_matcher_mask_words(EnterRead());
                ExitRead();
                return (int)(uint)words;
            }
        }

        /// <summary>Number of token ids, which is the number of bits of a mask that count.</summary>
        public int VocabSize
        {
            get
            {
                int size = Native.xgr_matcher_vocab_size(EnterRead());
                ExitRead();
                return size;
            }
        }

        /// <summary>About how many bytes it occupies, its grammar not included.</summary>
        public long MemorySize
        {
            get
            {
                UIntPtr size = Native.xgr_matcher_memory_size(EnterRead());
                ExitRead();
                return Call.Size(size);
            }
        }

        /// <summary>The sampling temperature that the grammar asks for at the present place of the output, else
        /// DefaultTemperature of the options, else null.</summary>
        public float? Temperature
        {
            get
            {
                int known;
                float temperature;
                Status status = Native.xgr_matcher_temperature(EnterRead(), &known, &temperature);
                ExitRead();
                XgrException.Check(status);
                return known == 0 ? (float?)null : temperature;
            }
        }

        /// <summary>The texts of rules with a name in the output so far: the longest text each, or with
        /// allEvents every time that a rule was complete.</summary>
        public Captures Captures(bool allEvents = false)
        {
            IntPtr captures = IntPtr.Zero;
            Status status = Native.xgr_matcher_captures(EnterWrite(), allEvents ? 1 : 0, &captures);
            ExitWrite();
            XgrException.Check(status, _cancellation);
            return new Captures(captures);
        }

        /// <summary>What its masks have cost.</summary>
        public MatcherStats Stats()
        {
            var raw = new xgr_matcher_stats_t { struct_size = (UIntPtr)(uint)sizeof(xgr_matcher_stats_t) };
            Status status = Native.xgr_matcher_stats(EnterRead(), &raw);
            ExitRead();
            XgrException.Check(status);
            return new MatcherStats(raw);
        }

        /// <summary>Destroys it, or if a call is inside, has that call destroy it. Its clones stay valid.
        /// </summary>
        public void Dispose()
        {
            if (_gate.Close()) Close();
        }

        /// <summary>Begins a call that changes it. The pointer stays valid until ExitWrite, which has to follow.
        /// </summary>
        internal IntPtr EnterWrite()
        {
            if (!_gate.EnterWrite()) Refuse();
            return _pointer;
        }

        /// <summary>Ends a call that changes it, and closes if that was asked for meanwhile.</summary>
        internal void ExitWrite()
        {
            if (_gate.ExitWrite()) Close();
        }

        /// <summary>Begins a call that asks it. The pointer stays valid until ExitRead, which has to follow.
        /// </summary>
        private IntPtr EnterRead()
        {
            if (!_gate.EnterRead()) Refuse();
            return _pointer;
        }

        /// <summary>Ends a call that asks it, and closes if that was asked for meanwhile.</summary>
        private void ExitRead()
        {
            if (_gate.ExitRead()) Close();
        }

        private void Close()
        {
            _handle.Dispose();
            _cancellation?.Dispose();
        }

        /// <summary>Throws what a call with a token id means; nothing else of its arguments can be wrong.
        /// </summary>
        private void CheckId(Status status, int token)
        {
            if (status != Status.InvalidArgument) XgrException.Check(status, _cancellation);
            throw new XgrException(status, Foreign(token, VocabSize));
        }

        /// <summary>The same for several ids: the call fails at the first one outside the vocabulary.</summary>
        private void CheckIds(Status status, ReadOnlySpan<int> tokens)
        {
            int size = VocabSize, wrong = 0;
            while (wrong < tokens.Length - 1 && (uint)tokens[wrong] < (uint)size) ++wrong;
            CheckId(status, tokens.IsEmpty ? 0 : tokens[wrong]);
        }

        internal static string Foreign(int token, int vocabSize)
        {
            return $"token id {token} is outside the vocabulary; expected 0 or more, below {vocabSize}";
        }

        internal Cancellation? Cancellation => _cancellation;

        private void Refuse()
        {
            if (_gate.IsClosed) throw new ObjectDisposedException(nameof(Matcher));
            throw new InvalidOperationException(
                "the matcher is inside another call; several threads may ask it at once, but while one changes it "
                + "nobody else may use it");
        }
    }
}
