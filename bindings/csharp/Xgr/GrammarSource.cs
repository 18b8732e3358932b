#nullable enable

using System;
using System.Collections.Generic;

namespace Xgr
{
    /// <summary>A language that is not tied to a tokenizer: made from a text or from other sources.
    /// Immutable: any threads at once.</summary>
    public sealed unsafe class GrammarSource : IDisposable
    {
        private delegate Status Maker(Call call, IntPtr* source, IntPtr* error);

        internal GrammarSourceHandle Handle { get; }

        private GrammarSource(IntPtr owned)
        {
            Handle = new GrammarSourceHandle(owned);
        }

        /// <summary>A grammar in EBNF or GBNF.</summary>
        public static GrammarSource FromEbnf(string text, EbnfOptions? options = null)
        {
            return Make((call, source, error) =>
            {
                byte* bytes = call.Text(text, nameof(text), out UIntPtr size);
                return Native.xgr_grammar_source_from_ebnf(
                    bytes, size, EbnfOptions.Raw(options, call), source, error);
            });
        }

        /// <summary>A regular expression.</summary>
        public static GrammarSource FromRegex(string pattern, RegexOptions? options = null)
        {
            return Make((call, source, error) =>
            {
                byte* bytes = call.Text(pattern, nameof(pattern), out UIntPtr size);
                return Native.xgr_grammar_source_from_regex(
                    bytes, size, RegexOptions.Raw(options, call), source, error);
            });
        }

        /// <summary>A Lark text, whose start is the rule "start".</summary>
        public static GrammarSource FromLark(string text, LarkOptions? options = null)
        {
            return Make((call, source, error) =>
            {
                byte* bytes = call.Text(text, nameof(text), out UIntPtr size);
                return Native.xgr_grammar_source_from_lark(
                    bytes, size, LarkOptions.Raw(options, call), source, error);
            });
        }

        /// <summary>A JSON Schema; see Compiler.CompileJsonSchema.</summary>
        public static GrammarSource FromJsonSchema(string schema, JsonFormat? format = null,
                                                   JsonSchemaOptions? options = null)
        {
            return Make((call, source, error) =>
            {
                byte* bytes = call.Text(schema, nameof(schema), out UIntPtr size);
                return Native.xgr_grammar_source_from_json_schema(
                    bytes, size, JsonFormat.Raw(format, call), JsonSchemaOptions.Raw(options, call), source,
                    error);
            });
        }

        /// <summary>A structural tag, JSON: free text, and tags in it whose content has a grammar. Tokens that it
        /// names by their text are looked up when it is compiled.</summary>
        public static GrammarSource FromStructuralTag(string text, StructuralTagOptions? options = null)
        {
            return Make((call, source, error) =>
            {
                byte* bytes = call.Text(text, nameof(text), out UIntPtr size);
                return Native.xgr_grammar_source_from_structural_tag(
                    bytes, size, StructuralTagOptions.Raw(options, call), source, error);
            });
        }

        /// <summary>All JSON documents (RFC 8259).</summary>
        public static GrammarSource FromJson(JsonFormat? format = null)
        {
            return Make((call, source, error) =>
                Native.xgr_grammar_source_from_json(JsonFormat.Raw(format, call), source, error));
        }

        /// <summary>The texts of a list; any order, repetitions count once.</summary>
        public static GrammarSource FromChoices(params string[] texts)
        {
            return FromChoices((IEnumerable<string>)texts);
        }

        /// <summary>The texts of a list; any order, repetitions count once.</summary>
        public static GrammarSource FromChoices(IEnumerable<string> texts)
        {
            return Make((call, source, error) =>
            {
                byte* bytes = call.Texts(texts, nameof(texts), out UIntPtr size, out uint* sizes,
                                         out UIntPtr count);
                return Native.xgr_grammar_source_from_choices(bytes, size, sizes, count, source, error);
            });
        }

        /// <summary>The parts of a text: any run of neighbouring chunks, and the empty text.</summary>
        public static GrammarSource FromSubstring(IEnumerable<string> chunks)
        {
            return Make((call, source, error) =>
            {
                byte* bytes = call.Texts(chunks, nameof(chunks), out UIntPtr size, out uint* sizes,
                                         out UIntPtr count);
                return Native.xgr_grammar_source_from_substring(bytes, size, sizes, count, source, error);
            });
        }

        /// <summary>The texts that belong to at least one of several sources.</summary>
        public static GrammarSource Union(params GrammarSource[] sources)
        {
            return Make((call, source, error) => Native.xgr_grammar_source_union(
                Pointers(call, sources), (UIntPtr)(uint)sources.Length, source, error));
        }

        /// <summary>A text of the first source, then one of the second, and so on.</summary>
        public static GrammarSource Concat(params GrammarSource[] sources)
        {
            return Make((call, source, error) => Native.xgr_grammar_source_concat(
                Pointers(call, sources), (UIntPtr)(uint)sources.Length, source, error));
        }

        /// <summary>The texts that belong to both of two sources. Exact where at least one of them is regular:
        /// needs no rule that calls itself.</summary>
        public static GrammarSource Intersection(GrammarSource first, GrammarSource second)
        {
            if (first == null) throw new ArgumentNullException(nameof(first));
            if (second == null) throw new ArgumentNullException(nameof(second));
            return Make((call, source, error) => Native.xgr_grammar_source_intersection(
                call.Use(first.Handle), call.Use(second.Handle), source, error));
        }

        /// <summary>Some texts of this source, one behind the other; 0 and 1 make it optional, max -1 means no
        /// bound.</summary>
        public GrammarSource Repeat(int min, int max = -1)
        {
            return Make((call, source, error) =>
                Native.xgr_grammar_source_repeat(call.Use(Handle), min, max, source, error));
        }

        /// <summary>Throws XgrException if the source cannot be compiled, without compiling it.</summary>
        public void Check()
        {
            using (var use = new Use(Handle))
            {
                IntPtr error = IntPtr.Zero;
                Status status = Native.xgr_grammar_source_check(use.Pointer, &error);
                XgrException.Check(status, error);
            }
        }

        /// <summary>EBNF that compiles to the same language; simplify: with fewer and shorter rules, where that
        /// is possible.</summary>
        public string Print(bool simplify = false)
        {
            using (var call = new Call())
            {
                IntPtr source = call.Use(Handle);
                return call.Print((text, capacity, size, error) => Native.xgr_grammar_source_print(
                    source, simplify ? 1 : 0, text, capacity, size, error));
            }
        }

        /// <summary>Destroys it. What was made from it stays valid.</summary>
        public void Dispose()
        {
            Handle.Dispose();
        }

        private static GrammarSource Make(Maker make)
        {
            XgrLibrary.CheckVersion();
            using (var call = new Call())
            {
                IntPtr source = IntPtr.Zero, error = IntPtr.Zero;
                Status status = make(call, &source, &error);
                XgrException.Check(status, error);
                return new GrammarSource(source);
            }
        }

        private static IntPtr* Pointers(Call call, GrammarSource[] sources)
        {
            if (sources == null) throw new ArgumentNullException(nameof(sources));
            var pointers = (IntPtr*)call.Zeroed((long)sources.Length * sizeof(IntPtr));
            for (int i = 0; i < sources.Length; ++i)
            {
                if (sources[i] == null) throw new ArgumentNullException($"{nameof(sources)}[{i}]");
                pointers[i] = call.Use(sources[i].Handle);
            }
            return pointers;
        }
    }
}
