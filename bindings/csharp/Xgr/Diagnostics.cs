#nullable enable

using System;
using System.Collections;
using System.Collections.Generic;

namespace Xgr
{
    /// <summary>What the author of a source may want to know although it compiles.</summary>
    public sealed class Diagnostic
    {
        /// <summary>What it is about.</summary>
        public DiagnosticCode Code { get; }

        /// <summary>One line: what does not do what it seems to, and what to write instead.</summary>
        public string Message { get; }

        /// <summary>Keyword or special token that it is about.</summary>
        public string Subject { get; }

        /// <summary>Place in a JSON source as a JSON Pointer, in a schema that a reference led to after its
        /// URI and "#"; null when there is none.</summary>
        public string? Pointer { get; }

        /// <summary>Place in the source text, in bytes; -1 when unknown.</summary>
        public long ByteOffset { get; }

        /// <summary>Line of the place, the first is 1; 0 when unknown.</summary>
        public int Line { get; }

        /// <summary>Column of the place in code points, the first is 1; 0 when unknown.</summary>
        public int Column { get; }

        internal unsafe Diagnostic(xgr_diagnostic_t raw)
        {
            Code = raw.code;
            Message = Call.Read(raw.message, raw.message_size) ?? "";
            Subject = Call.Read(raw.subject, raw.subject_size) ?? "";
            Pointer = Call.Read(raw.pointer, raw.pointer_size);
            ByteOffset = raw.byte_offset;
            Line = raw.line;
            Column = raw.column;
        }
    }

    /// <summary>The diagnostics of a grammar, in the order of its source. They are no errors. Immutable: any
    /// threads at once.</summary>
    public sealed unsafe class Diagnostics : IReadOnlyList<Diagnostic>, IDisposable
    {
        private readonly DiagnosticsHandle _handle;

        internal Diagnostics(IntPtr owned)
        {
            _handle = new DiagnosticsHandle(owned);
        }

        /// <summary>Number of diagnostics.</summary>
        public int Count
        {
            get
            {
                using (var use = new Use(_handle))
                    return (int)Call.Size(Native.xgr_diagnostics_size(use.Pointer));
            }
        }

        /// <summary>A diagnostic; the first is 0.</summary>
        public Diagnostic this[int index]
        {
            get
            {
                using (var use = new Use(_handle))
                {
                    xgr_diagnostic_t diagnostic = default(xgr_diagnostic_t);
                    diagnostic.struct_size = (UIntPtr)(uint)sizeof(xgr_diagnostic_t);
                    Status status = Native.xgr_diagnostics_get(
                        use.Pointer, Call.Size(index, nameof(index)), &diagnostic);
                    if (status == Status.InvalidArgument) throw new ArgumentOutOfRangeException(nameof(index));
                    XgrException.Check(status);
                    return new Diagnostic(diagnostic);
                }
            }
        }

        /// <summary>The diagnostics.</summary>
        public IEnumerator<Diagnostic> GetEnumerator()
        {
            for (int i = 0, count = Count; i < count; ++i) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>Destroys it. Diagnostics that were read stay valid.</summary>
        public void Dispose()
        {
            _handle.Dispose();
        }
    }
}
