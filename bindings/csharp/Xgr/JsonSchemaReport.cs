#nullable enable

using System;
using System.Collections;
using System.Collections.Generic;

namespace Xgr
{
    /// <summary>What becomes of one keyword of a JSON Schema.</summary>
    public sealed class JsonSchemaEntry
    {
        /// <summary>Name of the keyword.</summary>
        public string Keyword { get; }

        /// <summary>Place of the keyword as a JSON Pointer; in a schema that a reference led to, its URI, "#"
        /// and the pointer there.</summary>
        public string Pointer { get; }

        /// <summary>Why the keyword is not enforced; "" when it is.</summary>
        public string Reason { get; }

        /// <summary>What becomes of it.</summary>
        public KeywordOutcome Outcome { get; }

        internal unsafe JsonSchemaEntry(xgr_json_schema_entry_t raw)
        {
            Keyword = Call.Read(raw.keyword, raw.keyword_size) ?? "";
            Pointer = Call.Read(raw.pointer, raw.pointer_size) ?? "";
            Reason = Call.Read(raw.reason, raw.reason_size) ?? "";
            Outcome = raw.outcome;
        }
    }

    /// <summary>What becomes of the keywords of a JSON Schema, in the order of the document. Immutable: any
    /// threads at once.</summary>
    public sealed unsafe class JsonSchemaReport : IReadOnlyList<JsonSchemaEntry>, IDisposable
    {
        private readonly JsonSchemaReportHandle _handle;

        private JsonSchemaReport(IntPtr owned)
        {
            _handle = new JsonSchemaReportHandle(owned);
        }

        /// <summary>Finds out what becomes of each keyword of a schema, without compiling it. What cannot be
        /// enforced is refused; with the option Lenient it is approximated.</summary>
        public static JsonSchemaReport Check(string schema, JsonSchemaOptions? options = null)
        {
            XgrLibrary.CheckVersion();
            using (var call = new Call())
            {
                byte* text = call.Text(schema, nameof(schema), out UIntPtr size);
                IntPtr report = IntPtr.Zero, error = IntPtr.Zero;
                Status status = Native.xgr_json_schema_check(
                    text, size, JsonSchemaOptions.Raw(options, call), &report, &error);
                XgrException.Check(status, error);
                return new JsonSchemaReport(report);
            }
        }

        /// <summary>Number of entries.</summary>
        public int Count
        {
            get
            {
                using (var use = new Use(_handle))
                    return (int)Call.Size(Native.xgr_json_schema_report_size(use.Pointer));
            }
        }

        /// <summary>An entry; the first is 0.</summary>
        public JsonSchemaEntry this[int index]
        {
            get
            {
                using (var use = new Use(_handle))
                {
                    xgr_json_schema_entry_t entry = default(xgr_json_schema_entry_t);
                    entry.struct_size = (UIntPtr)(uint)sizeof(xgr_json_schema_entry_t);
                    Status status = Native.xgr_json_schema_report_entry(
                        use.Pointer, Call.Size(index, nameof(index)), &entry);
                    if (status == Status.InvalidArgument) throw new ArgumentOutOfRangeException(nameof(index));
                    XgrException.Check(status);
                    return new JsonSchemaEntry(entry);
                }
            }
        }

        /// <summary>The entries.</summary>
        public IEnumerator<JsonSchemaEntry> GetEnumerator()
        {
            for (int i = 0, count = Count; i < count; ++i) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>Destroys it. Entries that were read stay valid.</summary>
        public void Dispose()
        {
            _handle.Dispose();
        }
    }
}
