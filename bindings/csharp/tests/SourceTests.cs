using System;
using System.Linq;

namespace Xgr.Tests
{
    internal static class SourceTests
    {
        internal static void Run()
        {
            Harness.Run("source: from texts", FromTexts);
            Harness.Run("source: options of EBNF and regular expressions", Options);
            Harness.Run("source: Lark with named grammars", Lark);
            Harness.Run("source: union, concat, repeat, intersection", Combine);
            Harness.Run("source: parts outlive nothing", DestroyedParts);
            Harness.Run("source: print and check", PrintAndCheck);
            Harness.Run("source: errors", Errors);
        }

        private static bool Accepts(GrammarSource source, string text)
        {
            using (source)
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar grammar = compiler.CompileSource(source)) return Bytes.Accepts(grammar, text);
        }

        private static void FromTexts()
        {
            Harness.True(Accepts(GrammarSource.FromEbnf("root ::= [a-c]+"), "abc"), "EBNF");
            Harness.True(Accepts(GrammarSource.FromRegex("a|b"), "b"), "regex");
            Harness.True(Accepts(GrammarSource.FromJson(), "[1, 2]"), "JSON");
            Harness.True(Accepts(GrammarSource.FromJson(new JsonFormat { MaxWhitespace = 1 }), "[ 1]"), "format");
            Harness.True(Accepts(GrammarSource.FromJsonSchema("{\"const\":3}"), "3"), "schema");
            Harness.True(Accepts(GrammarSource.FromChoices("yes", "no", "\u00fc"), "\u00fc"), "choices");
            Harness.True(!Accepts(GrammarSource.FromChoices("yes", "no"), "ye"), "part of a choice");
            Harness.True(
                Accepts(GrammarSource.FromChoices(Enumerable.Range(0, 9).Select(i => $"n{i}")), "n7"), "many");
            string[] chunks = "one two three".Split(' ');
            Harness.True(Accepts(GrammarSource.FromSubstring(chunks), "onetwo"), "substring");
            Harness.True(!Accepts(GrammarSource.FromSubstring(chunks), "onethree"), "no substring");
        }

        private static void Options()
        {
            var gbnf = new EbnfOptions { Dialect = EbnfDialect.Gbnf, RootRule = "other" };
            Harness.True(Accepts(GrammarSource.FromEbnf("other ::= \"x\"", gbnf), "x"), "GBNF");
            var search = new RegexOptions { Search = true, Flags = RegexFlags.Caseless };
            Harness.True(Accepts(GrammarSource.FromRegex("needle", search), "hay NeeDle hay"), "search");
            var ecma = new RegexOptions { Dialect = RegexDialect.Ecma };
            Harness.True(Accepts(GrammarSource.FromRegex("\\u{61}", ecma), "a"), "ECMA-262");
            var dot = new RegexOptions { Flags = RegexFlags.DotStops | RegexFlags.Extended };
            Harness.True(!Accepts(GrammarSource.FromRegex("a . b", dot), "a\nb"), "a dot that stops");
            Harness.True(Accepts(GrammarSource.FromRegex("a . b", dot), "axb"), "extended");
        }

        private static void Lark()
        {
            using (GrammarSource number = GrammarSource.FromRegex("[0-9]+"))
            {
                var options = new LarkOptions
                {
                    Named = new[]
                    {
                        new NamedGrammar("number", number),
                        new NamedGrammar("word", "start: /[a-z]+/"),
                    },
                };
                GrammarSource source = GrammarSource.FromLark("start: @word \"=\" @number", options);
                Harness.True(Accepts(source, "abc=12"), "named grammars");
            }
            Harness.Throws<ArgumentNullException>(
                () => GrammarSource.FromLark("start: \"a\"", new LarkOptions { Named = new NamedGrammar[1] }));
        }

        private static void Combine()
        {
            using (GrammarSource a = GrammarSource.FromRegex("a+"), b = GrammarSource.FromChoices("b", "aa"))
            {
                Harness.True(Accepts(GrammarSource.Union(a, b), "b"), "union");
                Harness.True(Accepts(GrammarSource.Concat(b, a, b), "baab"), "concat");
                Harness.True(Accepts(GrammarSource.Intersection(a, b), "aa"), "intersection");
                Harness.True(!Accepts(GrammarSource.Intersection(a, b), "a"), "not in both");
                Harness.True(Accepts(b.Repeat(2, 3), "bbaa"), "repeat");
                Harness.True(!Accepts(b.Repeat(2, 3), "b"), "repeated too seldom");
                Harness.True(Accepts(b.Repeat(0), "bbbbbbbb"), "repeat without bound");
            }
        }

        private static void DestroyedParts()
        {
            GrammarSource first = GrammarSource.FromChoices("x"), second = GrammarSource.FromChoices("y");
            GrammarSource both = GrammarSource.Concat(first, second);
            first.Dispose();
            second.Dispose();
            Harness.True(Accepts(both, "xy"), "parts are gone");
            Harness.Throws<ObjectDisposedException>(() => GrammarSource.Union(first));
        }

        private static void PrintAndCheck()
        {
            using (GrammarSource source = GrammarSource.FromRegex("(ab|ac)d"))
            {
                source.Check();
                using (GrammarSource again = GrammarSource.FromEbnf(source.Print()))
                using (GrammarSource simple = GrammarSource.FromEbnf(source.Print(simplify: true)))
                {
                    Harness.True(Accepts(again, "acd") && Accepts(simple, "abd"), source.Print(true));
                }
            }
            using (GrammarSource a = GrammarSource.FromChoices("a"), b = GrammarSource.FromChoices("b"))
            using (GrammarSource nothing = GrammarSource.Intersection(a, b))
            {
                Harness.Fails(Status.InvalidSource, () => nothing.Check());
            }
        }

        private static void Errors()
        {
            Harness.Fails(Status.InvalidArgument, () => GrammarSource.Union());
            Harness.Fails(Status.InvalidArgument, () => GrammarSource.FromChoices());
            Harness.Fails(Status.InvalidSource, () => GrammarSource.FromRegex("(a"));
            Harness.Fails(Status.InvalidSource, () => GrammarSource.FromLark("start: missing"));
            Harness.Throws<ArgumentNullException>(() => GrammarSource.Concat((GrammarSource)null));
            Harness.Throws<ArgumentNullException>(() => GrammarSource.FromChoices("a", null));
            Harness.Throws<ArgumentNullException>(() => GrammarSource.Intersection(null, null));
            using (GrammarSource source = GrammarSource.FromChoices("a"))
            {
                Harness.Fails(Status.InvalidArgument, () => source.Repeat(3, 2));
            }
        }
    }
}
