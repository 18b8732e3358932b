#nullable enable

using System;

namespace Xgr
{
    /// <summary>How JSON documents are laid out. What is not set has its default.</summary>
    public sealed class JsonFormat
    {
        /// <summary>Text between items and between members; null: ", " on one line, "," with indentation.
        /// Must be null with JsonLayout.Free.</summary>
        public string? ItemSeparator { get; set; }

        /// <summary>Text between key and value; null: ": ". Must be null with JsonLayout.Free.</summary>
        public string? KeySeparator { get; set; }

        /// <summary>Where white space stands.</summary>
        public JsonLayout Layout { get; set; }

        /// <summary>With JsonLayout.Indent: spaces a level.</summary>
        public int Indent { get; set; }

        /// <summary>With JsonLayout.Free: most white-space characters in one place; 0: no bound.</summary>
        public int MaxWhitespace { get; set; }

        /// <summary>Most digits in a row of numbers that the schema does not list; no limit for numbers with a
        /// bound of as many digits. 0: no bound.</summary>
        public int MaxDigits { get; set; }

        /// <summary>Which escapes strings and names have.</summary>
        public JsonEscapes Escapes { get; set; }

        internal static unsafe xgr_json_format_t* Raw(JsonFormat? format, Call call)
        {
            if (format == null) return null;
            var raw = (xgr_json_format_t*)call.Zeroed(sizeof(xgr_json_format_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_json_format_t);
            raw->item_separator = call.OptionalText(format.ItemSeparator, out raw->item_separator_size);
            raw->key_separator = call.OptionalText(format.KeySeparator, out raw->key_separator_size);
            raw->layout = format.Layout;
            raw->indent = format.Indent;
            raw->max_whitespace = format.MaxWhitespace;
            raw->max_digits = format.MaxDigits;
            raw->escapes = format.Escapes;
            return raw;
        }
    }

    /// <summary>A schema that references in another schema may lead to.</summary>
    public sealed class RemoteSchema
    {
        /// <summary>URI that references name it by; a fragment is ignored.</summary>
        public string Uri { get; }

        /// <summary>The schema, JSON; read when a reference leads to it.</summary>
        public string Text { get; }

        /// <summary>A schema by its URI.</summary>
        public RemoteSchema(string uri, string text)
        {
            Uri = uri ?? throw new ArgumentNullException(nameof(uri));
            Text = text ?? throw new ArgumentNullException(nameof(text));
        }

        internal static unsafe xgr_remote_schema_t* Raw(RemoteSchema[]? remotes, Call call, out UIntPtr count)
        {
            count = (UIntPtr)(uint)(remotes?.Length ?? 0);
            if (remotes == null) return null;
            var raw = (xgr_remote_schema_t*)call.Zeroed((long)remotes.Length * sizeof(xgr_remote_schema_t));
            for (int i = 0; i < remotes.Length; ++i)
            {
                if (remotes[i] == null) throw new ArgumentNullException($"{nameof(remotes)}[{i}]");
                raw[i].struct_size = (UIntPtr)(uint)sizeof(xgr_remote_schema_t);
                raw[i].uri = call.OptionalText(remotes[i].Uri, out raw[i].uri_size);
                raw[i].text = call.OptionalText(remotes[i].Text, out raw[i].text_size);
            }
            return raw;
        }
    }

    /// <summary>How a JSON Schema is read. What is not set has its default.</summary>
    public sealed class JsonSchemaOptions
    {
        /// <summary>Schemas outside the document that references may lead to. Nothing is ever fetched; the
        /// standard meta-schemas are known without being listed.</summary>
        public RemoteSchema[]? Remotes { get; set; }

        /// <summary>Objects and arrays have only the members and items that the schema describes, unless it
        /// opens them itself.</summary>
        public bool Strict { get; set; }

        /// <summary>What `format` means.</summary>
        public Formats Formats { get; set; }

        /// <summary>Draft of schemas without $schema: 4, 6, 7, 2019 or 2020; 0: 2020, and keywords of other
        /// drafts count as well.</summary>
        public int Draft { get; set; }

        /// <summary>The properties of an object come in any order, each declared one at most once.</summary>
        public bool AnyOrder { get; set; }

        /// <summary>Keywords that cannot be enforced are left out; JsonSchemaReport.Check lists them. Otherwise
        /// they are refused.</summary>
        public bool Lenient { get; set; }

        /// <summary>Undeclared names of an object differ from each other, too, also in objects that the
        /// schema does not describe.</summary>
        public bool UniqueNames { get; set; }

        /// <summary>Whether names that no draft defines, keywords of other drafts and a $schema that names no
        /// known draft are refused.</summary>
        public UnknownKeywords UnknownKeywords { get; set; }

        /// <summary>The text is read when the source is first compiled, checked or printed; what is wrong with it
        /// shows there. For sources only.</summary>
        public bool Deferred { get; set; }

        /// <summary>A copy that defers; null means defaults.</summary>
        internal static JsonSchemaOptions Deferring(JsonSchemaOptions? options)
        {
            var copy = (JsonSchemaOptions)(options ?? new JsonSchemaOptions()).MemberwiseClone();
            copy.Deferred = true;
            return copy;
        }

        internal static unsafe xgr_json_schema_options_t* Raw(JsonSchemaOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_json_schema_options_t*)call.Zeroed(sizeof(xgr_json_schema_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_json_schema_options_t);
            raw->deferred = options.Deferred ? 1 : 0;
            raw->remotes = RemoteSchema.Raw(options.Remotes, call, out raw->remote_count);
            raw->strict = options.Strict ? 1 : 0;
            raw->formats = options.Formats;
            raw->draft = options.Draft;
            raw->any_order = options.AnyOrder ? 1 : 0;
            raw->lenient = options.Lenient ? 1 : 0;
            raw->unique_names = options.UniqueNames ? 1 : 0;
            raw->unknown_keywords = options.UnknownKeywords;
            return raw;
        }
    }
}
