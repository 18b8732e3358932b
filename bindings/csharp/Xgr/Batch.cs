#nullable enable

using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Xgr
{
    /// <summary>Options of a batch. What is not set has its default.</summary>
    public sealed class BatchOptions
    {
        /// <summary>Threads beside the one that calls, at most 256; 0: half as many as the machine has.</summary>
        public int Threads { get; set; }

        /// <summary>None: the thread that calls does all the work.</summary>
        public bool NoThreads { get; set; }

        internal static unsafe xgr_batch_options_t* Raw(BatchOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_batch_options_t*)call.Zeroed(sizeof(xgr_batch_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_batch_options_t);
            raw->threads = options.Threads;
            raw->no_threads = options.NoThreads ? 1 : 0;
            return raw;
        }
    }

    /// <summary>Threads that serve many matchers at once, of any grammars and vocabularies. It has no list of
    /// matchers: each call names those that it is about, each of them once; while it runs, nobody else may use
    /// them. For one thread at a time. Its own threads start with the first call that has work for them, and sleep
    /// between calls.</summary>
    /// <remarks>What fails for one matcher does not touch the others. With room for statuses a call tells there what
    /// became of each, and returns whether all went well; without, it throws what the first that failed would have
    /// thrown alone, after the others were served. Calls allocate nothing once they were made with as many
    /// matchers.</remarks>
    public sealed unsafe class Batch : IDisposable
    {
        /// <summary>The first matcher that failed, and how; Ok when none did.</summary>
        private struct Failure
        {
            internal int At;
            internal Status Status;
        }

        private readonly BatchHandle _handle;
        private readonly IntPtr _pointer;
        private Gate _gate;
        private Cancellation? _cancellation;
        private IntPtr[] _matchers = new IntPtr[0];
        private UIntPtr[] _sizes = new UIntPtr[0];
        private Status[] _statuses = new Status[0];
        private int[] _accepted = new int[0];

        /// <summary>A batch; none of its threads is started yet.</summary>
        public Batch(BatchOptions? options = null)
        {
            XgrLibrary.CheckVersion();
            using (var call = new Call())
            {
                IntPtr batch = IntPtr.Zero, error = IntPtr.Zero;
                Status status = Native.xgr_batch_create(BatchOptions.Raw(options, call), &batch, &error);
                XgrException.Check(status, error);
                _handle = new BatchHandle(batch);
                _pointer = batch;
            }
        }

        /// <summary>How many threads it may have beside the one that calls.</summary>
        public int Threads
        {
            get
            {
                int threads = Native.xgr_batch_threads(Enter());
                Exit();
                return threads;
            }
        }

        /// <summary>Gives it a token: once that is cancelled, matchers that a call has not served yet are Cancelled
        /// and as before. It replaces an earlier one; CancellationToken.None takes that back.</summary>
        public void SetCancellation(CancellationToken cancellationToken)
        {
            Cancellation? cancellation = Cancellation.Of(cancellationToken);
            IntPtr cancel = cancellation?.Handle.DangerousGetHandle() ?? IntPtr.Zero, batch;
            try
            {
                batch = Enter();
            }
            catch
            {
                cancellation?.Dispose();
                throw;
            }
            Status status = Native.xgr_batch_set_cancel(batch, cancel);
            Cancellation? former = _cancellation;
            _cancellation = cancellation;
            Exit();
            former?.Dispose();
            XgrException.Check(status);
        }

        /// <summary>Matcher.FillBitmask for each matcher.</summary>
        /// <param name="matchers">The matchers.</param>
        /// <param name="masks">Rows of masks, one behind the other.</param>
        /// <param name="maskWords">Words from one row to the next, at least MaskWords of each matcher.</param>
        /// <param name="rows">Which row each matcher fills, none of them twice; empty: the first, the second and so
        /// on.</param>
        /// <param name="kinds">Gets what each mask says; may be empty.</param>
        /// <param name="statuses">Gets what became of each; may be empty.</param>
        public bool FillBitmask(ReadOnlySpan<Matcher> matchers, Span<uint> masks, int maskWords,
                                ReadOnlySpan<int> rows = default(ReadOnlySpan<int>),
                                Span<MaskKind> kinds = default(Span<MaskKind>),
                                Span<Status> statuses = default(Span<Status>))
        {
            AsMany("rows", rows.Length, matchers.Length, true);
            AsMany("kinds", kinds.Length, matchers.Length, true);
            AsMany("statuses", statuses.Length, matchers.Length, true);
            UIntPtr words = Call.Size(maskWords, nameof(maskWords));
            IntPtr batch = Enter(matchers);
            Status status;
            fixed (IntPtr* handles = _matchers)
            fixed (uint* mask = &MemoryMarshal.GetReference(masks))
            fixed (int* row = &MemoryMarshal.GetReference(rows))
            fixed (MaskKind* kind = &MemoryMarshal.GetReference(kinds))
            fixed (Status* found = _statuses)
            {
                status = Native.xgr_batch_fill_bitmask(
                    batch, handles, (UIntPtr)(uint)matchers.Length, mask, (UIntPtr)(uint)masks.Length, words,
                    rows.IsEmpty ? null : row, kinds.IsEmpty ? null : kind, found);
            }
            Failure failure = Tell(status, matchers.Length, statuses);
            Exit(matchers, matchers.Length);
            if (status == Status.InvalidArgument) CheckRows(matchers, masks.Length, maskWords, rows);
            XgrException.Check(status);
            if (failure.Status == Status.Ok) return true;
            if (statuses.IsEmpty) Throw(failure, matchers, default(ReadOnlySpan<int>), false);
            return false;
        }

        /// <summary>Matcher.AcceptToken for each matcher.</summary>
        /// <param name="matchers">The matchers.</param>
        /// <param name="tokens">A token for each.</param>
        /// <param name="accepted">Gets whether each took it.</param>
        /// <param name="statuses">Gets what became of each; may be empty.</param>
        public bool AcceptToken(ReadOnlySpan<Matcher> matchers, ReadOnlySpan<int> tokens, Span<bool> accepted,
                                Span<Status> statuses = default(Span<Status>))
        {
            AsMany("tokens", tokens.Length, matchers.Length, false);
            AsMany("accepted", accepted.Length, matchers.Length, false);
            AsMany("statuses", statuses.Length, matchers.Length, true);
            IntPtr batch = Enter(matchers);
            Status status;
            fixed (IntPtr* handles = _matchers)
            fixed (int* token = &MemoryMarshal.GetReference(tokens))
            fixed (int* answers = _accepted)
            fixed (Status* found = _statuses)
            {
                status = Native.xgr_batch_accept_token(
                    batch, handles, (UIntPtr)(uint)matchers.Length, token, answers, found);
            }
            Failure failure = Tell(status, matchers.Length, statuses);
            if (status == Status.Ok) Tell(accepted);
            Exit(matchers, matchers.Length);
            XgrException.Check(status);
            if (failure.Status == Status.Ok) return true;
            if (statuses.IsEmpty) Throw(failure, matchers, tokens, true);
            return false;
        }

        /// <summary>Matcher.AcceptBytes for each matcher.</summary>
        /// <param name="matchers">The matchers.</param>
        /// <param name="bytes">The texts of all matchers, one behind the other.</param>
        /// <param name="sizes">Size of each text, which together are that of bytes.</param>
        /// <param name="accepted">Gets whether each took it.</param>
        /// <param name="statuses">Gets what became of each; may be empty.</param>
        public bool AcceptBytes(ReadOnlySpan<Matcher> matchers, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> sizes,
                                Span<bool> accepted, Span<Status> statuses = default(Span<Status>))
        {
            AsMany("sizes", sizes.Length, matchers.Length, false);
            AsMany("accepted", accepted.Length, matchers.Length, false);
            AsMany("statuses", statuses.Length, matchers.Length, true);
            long total = 0;
            foreach (int size in sizes) total += (long)Call.Size(size, nameof(sizes));
            if (total != bytes.Length)
            {
                throw new XgrException(
                    Status.InvalidArgument, $"bytes has {bytes.Length}, sizes add up to {total}; expected the same");
            }
            IntPtr batch = Enter(matchers);
            for (int i = 0; i < sizes.Length; ++i) _sizes[i] = (UIntPtr)(uint)sizes[i];
            Status status;
            fixed (IntPtr* handles = _matchers)
            fixed (byte* first = &MemoryMarshal.GetReference(bytes))
            fixed (UIntPtr* size = _sizes)
            fixed (int* answers = _accepted)
            fixed (Status* found = _statuses)
            {
                status = Native.xgr_batch_accept_bytes(
                    batch, handles, (UIntPtr)(uint)matchers.Length, first, (UIntPtr)(uint)bytes.Length, size, answers,
                    found);
            }
            Failure failure = Tell(status, matchers.Length, statuses);
            if (status == Status.Ok) Tell(accepted);
            Exit(matchers, matchers.Length);
            XgrException.Check(status);
            if (failure.Status == Status.Ok) return true;
            if (statuses.IsEmpty) Throw(failure, matchers, default(ReadOnlySpan<int>), false);
            return false;
        }

        /// <summary>Matcher.Rollback for each matcher.</summary>
        /// <param name="matchers">The matchers.</param>
        /// <param name="stepCounts">Number of steps for each.</param>
        /// <param name="statuses">Gets what became of each; may be empty.</param>
        public bool Rollback(ReadOnlySpan<Matcher> matchers, ReadOnlySpan<int> stepCounts,
                             Span<Status> statuses = default(Span<Status>))
        {
            AsMany("stepCounts", stepCounts.Length, matchers.Length, false);
            AsMany("statuses", statuses.Length, matchers.Length, true);
            foreach (int steps in stepCounts) Call.Size(steps, nameof(stepCounts));
            IntPtr batch = Enter(matchers);
            for (int i = 0; i < stepCounts.Length; ++i) _sizes[i] = (UIntPtr)(uint)stepCounts[i];
            Status status;
            fixed (IntPtr* handles = _matchers)
            fixed (UIntPtr* counts = _sizes)
            fixed (Status* found = _statuses)
            {
                status = Native.xgr_batch_rollback(batch, handles, (UIntPtr)(uint)matchers.Length, counts, found);
            }
            Failure failure = Tell(status, matchers.Length, statuses);
            Exit(matchers, matchers.Length);
            XgrException.Check(status);
            if (failure.Status == Status.Ok) return true;
            if (statuses.IsEmpty) Throw(failure, matchers, stepCounts, false);
            return false;
        }

        /// <summary>Bitmask.ApplyF32, with the rows divided among the threads.</summary>
        public void ApplyF32(Span<float> logits, ReadOnlySpan<uint> masks, ApplyOptions options = default(ApplyOptions))
        {
            IntPtr batch = Enter();
            try
            {
                Apply.F32(batch, logits, masks, options);
            }
            finally
            {
                Exit();
            }
        }

        /// <summary>Bitmask.ApplyF16, with the rows divided among the threads.</summary>
        public void ApplyF16(Span<ushort> logits, ReadOnlySpan<uint> masks,
                             ApplyOptions options = default(ApplyOptions))
        {
            IntPtr batch = Enter();
            try
            {
                Apply.F16(batch, logits, masks, options);
            }
            finally
            {
                Exit();
            }
        }

        /// <summary>Bitmask.ApplyBf16, with the rows divided among the threads.</summary>
        public void ApplyBf16(Span<ushort> logits, ReadOnlySpan<uint> masks,
                              ApplyOptions options = default(ApplyOptions))
        {
            IntPtr batch = Enter();
            try
            {
                Apply.Bf16(batch, logits, masks, options);
            }
            finally
            {
                Exit();
            }
        }

        /// <summary>Ends its threads, or if a call is inside, has that call do so. Matchers stay as they are.
        /// </summary>
        public void Dispose()
        {
            if (_gate.Close()) Close();
        }

        private IntPtr Enter()
        {
            if (_gate.EnterWrite()) return _pointer;
            if (_gate.IsClosed) throw new ObjectDisposedException(nameof(Batch));
            throw new InvalidOperationException("the batch is inside another call; use it from one thread at a time");
        }

        private void Exit()
        {
            if (_gate.ExitWrite()) Close();
        }

        private void Close()
        {
            _handle.Dispose();
            _cancellation?.Dispose();
        }

        /// <summary>Begins a call with the batch and with all matchers, whose pointers are then in _matchers.</summary>
        private IntPtr Enter(ReadOnlySpan<Matcher> matchers)
        {
            IntPtr batch = Enter();
            int entered = 0;
            try
            {
                if (_matchers.Length < matchers.Length || _matchers.Length == 0)
                {
                    int room = Math.Max(Math.Max(matchers.Length, 2 * _matchers.Length), 16);
                    _matchers = new IntPtr[room];
                    _sizes = new UIntPtr[room];
                    _statuses = new Status[room];
                    _accepted = new int[room];
                }
                for (; entered < matchers.Length; ++entered)
                {
                    Matcher matcher = matchers[entered];
                    if (matcher == null) throw new ArgumentNullException($"{nameof(matchers)}[{entered}]");
                    _matchers[entered] = matcher.EnterWrite();
                }
            }
            catch (InvalidOperationException exception)
            {
                // A matcher that is there twice is inside a call already: this one.
                Exit(matchers, entered);
                if (!(exception is ObjectDisposedException)) CheckOnce(matchers, entered);
                throw;
            }
            catch
            {
                Exit(matchers, entered);
                throw;
            }
            return batch;
        }

        private void Exit(ReadOnlySpan<Matcher> matchers, int entered)
        {
            for (int i = 0; i < entered; ++i) matchers[i].ExitWrite();
            Exit();
        }

        private static void CheckOnce(ReadOnlySpan<Matcher> matchers, int at)
        {
            for (int i = 0; i < at; ++i)
            {
                if (matchers[i] != matchers[at]) continue;
                throw new XgrException(
                    Status.InvalidArgument,
                    $"matchers[{i}] and matchers[{at}] are the same; expected each of them once");
            }
        }

        /// <summary>Copies what became of each matcher; the first that failed. Before Exit, as the next call writes
        /// there.</summary>
        private Failure Tell(Status status, int count, Span<Status> statuses)
        {
            if (status != Status.Ok) return default(Failure);
            var found = new Span<Status>(_statuses, 0, count);
            if (!statuses.IsEmpty) found.CopyTo(statuses);
            for (int i = 0; i < found.Length; ++i)
            {
                if (found[i] != Status.Ok) return new Failure { At = i, Status = found[i] };
            }
            return default(Failure);
        }

        private void Tell(Span<bool> accepted)
        {
            for (int i = 0; i < accepted.Length; ++i) accepted[i] = _accepted[i] != 0;
        }

        /// <summary>Throws what the first matcher that failed would have thrown alone. The arguments are its token, or
        /// how many steps it was to undo.</summary>
        private void Throw(Failure failure, ReadOnlySpan<Matcher> matchers, ReadOnlySpan<int> arguments, bool tokens)
        {
            Matcher matcher = matchers[failure.At];
            if (failure.Status == Status.Cancelled)
                XgrException.Check(failure.Status, _cancellation ?? matcher.Cancellation);
            string problem = XgrException.StatusMessage(failure.Status);
            if (failure.Status == Status.InvalidArgument && !arguments.IsEmpty)
            {
                int argument = arguments[failure.At];
                problem = tokens ? Matcher.Foreign(argument, matcher.VocabSize)
                                 : $"cannot undo {argument} steps: there are {matcher.HistorySize}";
            }
            throw new XgrException(failure.Status, $"matchers[{failure.At}]: {problem}");
        }

        private static void CheckRows(ReadOnlySpan<Matcher> matchers, int maskCount, int maskWords,
                                      ReadOnlySpan<int> rows)
        {
            for (int i = 0; i < matchers.Length; ++i)
            {
                int words = matchers[i].MaskWords, row = rows.IsEmpty ? i : rows[i];
                string? problem = null;
                if (words > maskWords)
                    problem = $"the rows have {maskWords} words; expected at least {words}, for matchers[{i}]";
                else if (row < 0 || ((long)row + 1) * maskWords > maskCount)
                    problem = $"the masks have {maskCount} words; row {row} of {maskWords} is not within them";
                if (problem != null) throw new XgrException(Status.InvalidArgument, problem);
            }
            string? twice = Apply.Twice("rows", rows);
            if (twice != null) throw new XgrException(Status.InvalidArgument, twice);
        }

        private static void AsMany(string name, int length, int matchers, bool optional)
        {
            if (length == matchers || optional && length == 0) return;
            throw new XgrException(
                Status.InvalidArgument, $"{name} has {length}, for {matchers} matchers; expected as many");
        }
    }
}
