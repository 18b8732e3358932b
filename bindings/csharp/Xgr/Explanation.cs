#nullable enable

using System;
using System.Runtime.InteropServices;

namespace Xgr
{
    /// <summary>What may come next at a place of an output, and why an input is refused there.</summary>
    public sealed class Explanation
    {
        /// <summary>Text for people, some lines of it; its wording may change.</summary>
        public string Text { get; }

        /// <summary>The same as a JSON object; docs/explain.md lists its members.</summary>
        public string Json { get; }

        internal unsafe Explanation(IntPtr owned)
        {
            using (var handle = new ExplanationHandle(owned))
            {
                UIntPtr size;
                byte* text = Native.xgr_explanation_text(handle.DangerousGetHandle(), &size);
                Text = Call.Read(text, size) ?? "";
                byte* json = Native.xgr_explanation_json(handle.DangerousGetHandle(), &size);
                Json = Call.Read(json, size) ?? "";
            }
        }

        /// <summary>The text.</summary>
        public override string ToString() => Text;
    }

    // What may come next, and why something may not.
    public sealed unsafe partial class Matcher
    {
        /// <summary>Explains what may come next, and why bytes may not: at which of them the output cannot go on,
        /// what would be accepted there instead, and which part of the source is to blame. output is all bytes so
        /// far, which a matcher does not keep; without them the source is left aside. Takes milliseconds to
        /// seconds, as the source is compiled anew for trials.</summary>
        public Explanation ExplainBytes(ReadOnlySpan<byte> output, ReadOnlySpan<byte> bytes)
        {
            IntPtr made = IntPtr.Zero, error = IntPtr.Zero;
            Status status;
            fixed (byte* before = &MemoryMarshal.GetReference(output))
            fixed (byte* first = &MemoryMarshal.GetReference(bytes))
            {
                status = Native.xgr_matcher_explain_bytes(
                    EnterRead(), before, (UIntPtr)(uint)output.Length, first, (UIntPtr)(uint)bytes.Length,
                    &made, &error);
            }
            ExitRead();
            XgrException.Check(status, error, _cancellation);
            return new Explanation(made);
        }

        /// <summary>Explains why a token may not come next; of a stop token, what the output still lacks.</summary>
        public Explanation ExplainToken(ReadOnlySpan<byte> output, int token)
        {
            IntPtr made = IntPtr.Zero, error = IntPtr.Zero;
            Status status;
            fixed (byte* before = &MemoryMarshal.GetReference(output))
            {
                status = Native.xgr_matcher_explain_token(
                    EnterRead(), before, (UIntPtr)(uint)output.Length, token, &made, &error);
            }
            ExitRead();
            XgrException.Check(status, error, _cancellation);
            return new Explanation(made);
        }
    }
}
