using System;
using System.Threading;
using System.Threading.Tasks;

namespace Xgr
{
    /// <summary>One of the compile functions with all its arguments but the last two.</summary>
    internal unsafe delegate Status CompileFunction(IntPtr* grammar, IntPtr* error);

    /// <summary>A compilation whose arguments are copied, so that it can run on any thread.</summary>
    internal sealed unsafe class CompileJob
    {
        private readonly Call _call;
        private readonly CompileFunction _function;

        /// <summary>Owns the call from now on.</summary>
        internal CompileJob(Call call, Func<Call, CompileFunction> prepare)
        {
            _call = call;
            try
            {
                _function = prepare(call);
            }
            catch
            {
                call.Dispose();
                throw;
            }
        }

        /// <summary>Compiles on this thread.</summary>
        internal Grammar Run()
        {
            using (_call)
            {
                IntPtr grammar = IntPtr.Zero, error = IntPtr.Zero;
                XgrException.Check(_function(&grammar, &error), error);
                return new Grammar(grammar);
            }
        }

        /// <summary>Compiles on a thread of the pool.</summary>
        internal Task<Grammar> Start(CancellationToken cancellation)
        {
            var source = new TaskCompletionSource<Grammar>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (cancellation.IsCancellationRequested)
            {
                _call.Dispose();
                source.TrySetCanceled(cancellation);
                return source.Task;
            }
            CancellationTokenRegistration registration =
                cancellation.Register(() => source.TrySetCanceled(cancellation));
            Task.Run(() =>
            {
                Finish(source);
                registration.Dispose();
            });
            return source.Task;
        }

        private void Finish(TaskCompletionSource<Grammar> source)
        {
            if (source.Task.IsCanceled)
            {
                _call.Dispose();
                return;
            }
            try
            {
                Grammar grammar = Run();
                if (!source.TrySetResult(grammar)) grammar.Dispose();
            }
            catch (Exception exception)
            {
                source.TrySetException(exception);
            }
        }
    }
}
