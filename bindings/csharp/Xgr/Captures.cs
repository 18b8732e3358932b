#nullable enable

using System;
using System.Collections;
using System.Collections.Generic;

namespace Xgr
{
    /// <summary>The text of a rule that the grammar gives a name.</summary>
    public sealed class Capture
    {
        /// <summary>Name that the grammar gives.</summary>
        public string Name { get; }

        /// <summary>Bytes of the output; may begin or end inside a character.</summary>
        public byte[] Text { get; }

        internal unsafe Capture(xgr_capture_t raw)
        {
            Name = Call.Read(raw.name, raw.name_size) ?? "";
            Text = Call.ReadBytes(raw.text, raw.text_size) ?? new byte[0];
        }
    }

    /// <summary>The texts of those rules that the grammar gives a name, at one place of an output, in the
    /// order in which they were completed. Immutable: any threads at once.</summary>
    public sealed unsafe class Captures : IReadOnlyList<Capture>, IDisposable
    {
        private readonly CapturesHandle _handle;

        internal Captures(IntPtr owned)
        {
            _handle = new CapturesHandle(owned);
        }

        /// <summary>Number of captures.</summary>
        public int Count
        {
            get
            {
                using (var use = new Use(_handle))
                    return (int)Call.Size(Native.xgr_captures_size(use.Pointer));
            }
        }

        /// <summary>A capture; the first is 0.</summary>
        public Capture this[int index]
        {
            get
            {
                using (var use = new Use(_handle))
                {
                    xgr_capture_t capture = default(xgr_capture_t);
                    capture.struct_size = (UIntPtr)(uint)sizeof(xgr_capture_t);
                    Status status = Native.xgr_captures_get(
                        use.Pointer, Call.Size(index, nameof(index)), &capture);
                    if (status == Status.InvalidArgument) throw new ArgumentOutOfRangeException(nameof(index));
                    XgrException.Check(status);
                    return new Capture(capture);
                }
            }
        }

        /// <summary>The captures.</summary>
        public IEnumerator<Capture> GetEnumerator()
        {
            for (int i = 0, count = Count; i < count; ++i) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>Destroys it. Captures that were read stay valid.</summary>
        public void Dispose()
        {
            _handle.Dispose();
        }
    }
}
