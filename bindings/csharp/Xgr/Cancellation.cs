#nullable enable

using System;
using System.Threading;

namespace Xgr
{
    /// <summary>A request to stop that a CancellationToken makes.</summary>
    internal sealed unsafe class Cancellation : IDisposable
    {
        private readonly CancellationTokenRegistration _registration;

        internal CancelHandle Handle { get; }

        internal CancellationToken Token { get; }

        private Cancellation(CancellationToken token)
        {
            IntPtr cancel = IntPtr.Zero;
            XgrException.Check(Native.xgr_cancel_create(&cancel));
            Handle = new CancelHandle(cancel);
            Token = token;
            _registration = token.Register(Request, Handle);  // which does not keep this object alive
        }

        /// <summary>Null for a token that is never cancelled.</summary>
        internal static Cancellation? Of(CancellationToken token)
        {
            if (!token.CanBeCanceled) return null;
            XgrLibrary.CheckVersion();
            return new Cancellation(token);
        }

        /// <summary>What a call that was stopped throws; the cancellation may be null.</summary>
        internal static OperationCanceledException Exception(Cancellation? cancellation, string message)
        {
            if (cancellation == null) return new OperationCanceledException(message);
            using (var use = new Use(cancellation.Handle))
            {
                bool requested = Native.xgr_cancel_is_requested(use.Pointer) != 0;
                return new OperationCanceledException(
                    message, requested ? cancellation.Token : CancellationToken.None);
            }
        }

        /// <summary>The token forgets it. What was given the handle keeps the request alive.</summary>
        public void Dispose()
        {
            _registration.Dispose();  // waits for a Request that runs
            Handle.Dispose();
            GC.SuppressFinalize(this);
        }

        /// <summary>Of an owner that nobody disposed of: its token may live on.</summary>
        ~Cancellation()
        {
            _registration.Dispose();
        }

        private static void Request(object? handle)
        {
            using (var use = new Use((CancelHandle)handle!)) Native.xgr_cancel_request(use.Pointer);
        }
    }
}
