#nullable enable

using System;

namespace Xgr
{
    /// <summary>How a grammar in EBNF is read. What is not set has its default.</summary>
    public sealed class EbnfOptions
    {
        /// <summary>Name of the rule to match; null: "root".</summary>
        public string? RootRule { get; set; }

        /// <summary>Notation.</summary>
        public EbnfDialect Dialect { get; set; }

        /// <summary>The text is read when the source is first compiled, checked or printed; what is wrong with it
        /// shows there. For sources only.</summary>
        public bool Deferred { get; set; }

        internal static unsafe xgr_ebnf_options_t* Raw(EbnfOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_ebnf_options_t*)call.Zeroed(sizeof(xgr_ebnf_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_ebnf_options_t);
            raw->deferred = options.Deferred ? 1 : 0;
            raw->root_rule = call.OptionalText(options.RootRule, out raw->root_rule_size);
            raw->dialect = options.Dialect;
            return raw;
        }
    }

    /// <summary>How a regular expression is read. What is not set has its default.</summary>
    public sealed class RegexOptions
    {
        /// <summary>Texts that contain a match; otherwise the whole text is one.</summary>
        public bool Search { get; set; }

        /// <summary>Whose regular expressions the pattern is one of.</summary>
        public RegexDialect Dialect { get; set; }

        /// <summary>How the pattern is read.</summary>
        public RegexFlags Flags { get; set; }

        /// <summary>The text is read when the source is first compiled, checked or printed; what is wrong with it
        /// shows there. For sources only.</summary>
        public bool Deferred { get; set; }

        internal static unsafe xgr_regex_options_t* Raw(RegexOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_regex_options_t*)call.Zeroed(sizeof(xgr_regex_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_regex_options_t);
            raw->deferred = options.Deferred ? 1 : 0;
            raw->search = options.Search ? 1 : 0;
            raw->dialect = options.Dialect;
            raw->flags = options.Flags;
            return raw;
        }
    }

    /// <summary>A grammar that a Lark text may name: @name. Either a text or a source.</summary>
    public sealed class NamedGrammar
    {
        /// <summary>Name, without @.</summary>
        public string Name { get; }

        /// <summary>Lark text; it may name others of the list. Null when there is a source.</summary>
        public string? Text { get; }

        /// <summary>Source, when there is no text.</summary>
        public GrammarSource? Source { get; }

        /// <summary>A Lark text by a name.</summary>
        public NamedGrammar(string name, string text)
        {
            Name = name ?? throw new ArgumentNullException(nameof(name));
            Text = text ?? throw new ArgumentNullException(nameof(text));
        }

        /// <summary>A source by a name.</summary>
        public NamedGrammar(string name, GrammarSource source)
        {
            Name = name ?? throw new ArgumentNullException(nameof(name));
            Source = source ?? throw new ArgumentNullException(nameof(source));
        }

        internal unsafe xgr_named_grammar_t Raw(Call call)
        {
            var raw = default(xgr_named_grammar_t);
            raw.struct_size = (UIntPtr)(uint)sizeof(xgr_named_grammar_t);
            raw.name = call.OptionalText(Name, out raw.name_size);
            raw.text = call.OptionalText(Text, out raw.text_size);
            raw.source = Source == null ? IntPtr.Zero : call.Use(Source.Handle);
            return raw;
        }
    }

    /// <summary>How a Lark text is read. What is not set has its default.</summary>
    public sealed class LarkOptions
    {
        /// <summary>Grammars that the text may name.</summary>
        public NamedGrammar[]? Named { get; set; }

        /// <summary>The text is read when the source is first compiled, checked or printed; what is wrong with it
        /// shows there. For sources only.</summary>
        public bool Deferred { get; set; }

        internal static unsafe xgr_lark_options_t* Raw(LarkOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_lark_options_t*)call.Zeroed(sizeof(xgr_lark_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_lark_options_t);
            raw->deferred = options.Deferred ? 1 : 0;
            if (options.Named == null) return raw;
            int count = options.Named.Length;
            raw->named = (xgr_named_grammar_t*)call.Zeroed((long)count * sizeof(xgr_named_grammar_t));
            raw->named_count = (UIntPtr)(uint)count;
            for (int i = 0; i < count; ++i)
            {
                NamedGrammar named = options.Named[i];
                if (named == null) throw new ArgumentNullException($"{nameof(Named)}[{i}]");
                raw->named[i] = named.Raw(call);
            }
            return raw;
        }
    }

    /// <summary>How a structural tag is read. What is not set has its default.</summary>
    public sealed class StructuralTagOptions
    {
        /// <summary>Objects and arrays of the schemas inside are open as the standard says. Otherwise they have only
        /// the members and items that a schema describes, unless it opens them itself.</summary>
        public bool OpenSchemas { get; set; }

        /// <summary>What `format` means in the schemas inside.</summary>
        public Formats Formats { get; set; }

        /// <summary>Keywords of the schemas inside that cannot be enforced are left out. Otherwise they are refused.
        /// </summary>
        public bool Lenient { get; set; }

        /// <summary>The text is read when the source is first compiled, checked or printed; what is wrong with it
        /// shows there. For sources only.</summary>
        public bool Deferred { get; set; }

        /// <summary>A copy that defers; null means defaults.</summary>
        internal static StructuralTagOptions Deferring(StructuralTagOptions? options)
        {
            var copy = (StructuralTagOptions)(options ?? new StructuralTagOptions()).MemberwiseClone();
            copy.Deferred = true;
            return copy;
        }

        internal static unsafe xgr_structural_tag_options_t* Raw(StructuralTagOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_structural_tag_options_t*)call.Zeroed(sizeof(xgr_structural_tag_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_structural_tag_options_t);
            raw->open_schemas = options.OpenSchemas ? 1 : 0;
            raw->formats = options.Formats;
            raw->lenient = options.Lenient ? 1 : 0;
            raw->deferred = options.Deferred ? 1 : 0;
            return raw;
        }
    }
}
