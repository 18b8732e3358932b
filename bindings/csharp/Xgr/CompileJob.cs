#nullable enable

using System;
using System.Threading;
using System.Threading.Tasks;

namespace Xgr
{
    /// <summary>A compile that runs on a thread of its compiler while the caller does something else: see
    /// Compiler.StartJob. Any threads at once.</summary>
    public sealed class CompileJob : IDisposable
    {
        private const int BriefMilliseconds = 4, PollMilliseconds = 16;

        private readonly CompileJobHandle _handle;
        private readonly Cancellation? _cancellation;

        /// <summary>Owns both from now on.</summary>
        internal CompileJob(IntPtr owned, Cancellation? cancellation)
        {
            _handle = new CompileJobHandle(owned);
            _cancellation = cancellation;
        }

        /// <summary>Whether it is done, so that its result is there.</summary>
        public bool IsDone
        {
            get
            {
                using (var use = new Use(_handle)) return Native.xgr_compile_job_is_done(use.Pointer) != 0;
            }
        }

        /// <summary>Waits until it is done, for so many milliseconds at most, -1 for no bound; tells whether it
        /// is.</summary>
        public bool Wait(int millisecondsTimeout = Timeout.Infinite)
        {
            using (var use = new Use(_handle))
                return Native.xgr_compile_job_wait(use.Pointer, millisecondsTimeout) != 0;
        }

        /// <summary>Stops it: its result is an OperationCanceledException, unless it is done already. Others
        /// that asked for the same grammar still get it.</summary>
        public void Cancel()
        {
            using (var use = new Use(_handle)) Native.xgr_compile_job_cancel(use.Pointer);
        }

        /// <summary>Its result once it is done: a grammar, a further object with each call, or the exception
        /// that the compile ends with. Before that an XgrException with InvalidState.</summary>
        public unsafe Grammar Result()
        {
            using (var use = new Use(_handle))
            {
                IntPtr grammar = IntPtr.Zero, error = IntPtr.Zero;
                Status status = Native.xgr_compile_job_result(use.Pointer, &grammar, &error);
                XgrException.Check(status, error, _cancellation);
                return new Grammar(grammar);
            }
        }

        /// <summary>Stops it if it still runs, without waiting for it. Its grammars stay valid.</summary>
        public void Dispose()
        {
            if (_handle.IsClosed) return;
            try
            {
                Cancel();
            }
            catch (ObjectDisposedException)
            {
                // Another thread came first.
            }
            _handle.Dispose();
            _cancellation?.Dispose();
        }

        /// <summary>The result when it is there; disposes of the job. Most compiles are brief: only those hold
        /// a thread of the pool.</summary>
        internal static async Task<Grammar> Finish(CompileJob job, CancellationToken cancellationToken)
        {
            using (job)
            {
                if (!job.IsDone) await Task.Run(() => job.Wait(BriefMilliseconds)).ConfigureAwait(false);
                for (int delay = 1; !job.IsDone; delay = Math.Min(2 * delay, PollMilliseconds))
                    await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
                return job.Result();
            }
        }
    }
}
