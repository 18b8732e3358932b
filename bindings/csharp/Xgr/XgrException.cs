#nullable enable

using System;

namespace Xgr
{
    /// <summary>A call failed. The message says what was wrong, where, and what would be accepted.
    /// </summary>
    /// <remarks>A call that was cancelled is an OperationCanceledException instead, using an object after Dispose is an ObjectDisposedException instead, and null where it is
    /// not allowed an ArgumentNullException.</remarks>
    public sealed class XgrException : Exception
    {
        /// <summary>Why the call failed.</summary>
        public Status Code { get; }

        /// <summary>Place in the source in bytes of its UTF-8, or null.</summary>
        public long? ByteOffset { get; }

        /// <summary>Line of the place, the first is 1, or null.</summary>
        public int? Line { get; }

        /// <summary>Column of the place in code points, the first is 1, or null.</summary>
        public int? Column { get; }

        /// <summary>Place inside a JSON source (RFC 6901), or null.</summary>
        public string? JsonPointer { get; }

        internal XgrException(Status code, string message) : base(message)
        {
            Code = code;
        }

        private unsafe XgrException(Status code, IntPtr error) : base(MessageOf(error))
        {
            Code = code;
            long offset = Native.xgr_error_byte_offset(error);
            int line = Native.xgr_error_line(error), column = Native.xgr_error_column(error);
            ByteOffset = offset < 0 ? (long?)null : offset;
            Line = line == 0 ? (int?)null : line;
            Column = column == 0 ? (int?)null : column;
            UIntPtr size;
            byte* pointer = Native.xgr_error_json_pointer(error, &size);
            JsonPointer = Call.Read(pointer, size);
        }

        /// <summary>A short English sentence for a status.</summary>
        public static unsafe string StatusMessage(Status status)
        {
            return Call.ReadName(Native.xgr_status_message(status));
        }

        /// <summary>Throws what a function that reports a status only means.</summary>
        internal static void Check(Status status, Cancellation? cancellation = null)
        {
            if (status == Status.Cancelled) throw Cancellation.Exception(cancellation, StatusMessage(status));
            if (status != Status.Ok) throw new XgrException(status, StatusMessage(status));
        }

        /// <summary>Throws and destroys an error.</summary>
        internal static void Check(Status status, IntPtr error, Cancellation? cancellation = null)
        {
            if (status == Status.Ok) return;
            if (error == IntPtr.Zero) Check(status, cancellation);
            using (var owned = new ErrorHandle(error))
            {
                if (status == Status.Cancelled) Check(status, cancellation);
                throw new XgrException(Native.xgr_error_status(owned.DangerousGetHandle()), error);
            }
        }

        private static unsafe string MessageOf(IntPtr error)
        {
            UIntPtr size;
            byte* message = Native.xgr_error_message(error, &size);
            return Call.Read(message, size) ?? "";
        }
    }
}
