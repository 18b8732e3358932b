using System;
using System.Linq;
using System.Text;

namespace Xgr.Tests
{
    internal static class CompilerTests
    {
        private const string Schema =
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"null\"}},"
            + "\"required\":[\"a\",\"b\"]}";

        internal static void Run()
        {
            Harness.Run("compiler: a schema and its layouts", Layouts);
            Harness.Run("compiler: escapes and white space", Details);
            Harness.Run("compiler: options of a schema", SchemaOptions);
            Harness.Run("compiler: remote schemas", Remotes);
            Harness.Run("compiler: JSON, EBNF, regex", Others);
            Harness.Run("compiler: limits", Limits);
            Harness.Run("compiler: statistics, memory and warm-up", Stats);
            Harness.Run("grammar: prints what compiles to the same", Prints);
            Harness.Run("grammar: its tokenizer outlives it", OwnTokenizer);
            Harness.Run("report: what becomes of keywords", Report);
            Harness.Run("diagnostics: what compiling notices", Notices);
            Harness.Run("explanations: why an output cannot go on", Explains);
        }

        private static void Layouts()
        {
            using (Compiler compiler = Bytes.Compiler())
            {
                using (Grammar grammar = compiler.CompileJsonSchema(Schema))
                    Harness.True(Bytes.Accepts(grammar, "{ \"a\":\n1,\"b\" : null}"), "free layout");
                var line = new JsonFormat { Layout = JsonLayout.Line };
                using (Grammar grammar = compiler.CompileJsonSchema(Schema, line))
                {
                    Harness.True(Bytes.Accepts(grammar, "{\"a\": 1, \"b\": null}"), "one line");
                    Harness.True(!Bytes.Accepts(grammar, "{\"a\":1,\"b\":null}"), "one line, compact");
                }
                var compact = new JsonFormat
                {
                    Layout = JsonLayout.Line, ItemSeparator = ",", KeySeparator = ":",
                };
                using (Grammar grammar = compiler.CompileJsonSchema(Schema, compact))
                    Harness.True(Bytes.Accepts(grammar, "{\"a\":1,\"b\":null}"), "separators");
                var indented = new JsonFormat { Layout = JsonLayout.Indent, Indent = 2 };
                using (Grammar grammar = compiler.CompileJsonSchema(Schema, indented))
                    Harness.True(Bytes.Accepts(grammar, "{\n  \"a\": 1,\n  \"b\": null\n}"), "indentation");
            }
        }

        private static void Details()
        {
            using (Compiler compiler = Bytes.Compiler())
            {
                var minimal = new JsonFormat { Escapes = JsonEscapes.Minimal };
                using (Grammar grammar = compiler.CompileJson(minimal))
                {
                    Harness.True(Bytes.Accepts(grammar, "\"/\\n\""), "minimal escapes");
                    Harness.True(!Bytes.Accepts(grammar, "\"\\/\""), "an escape that is not needed");
                }
                var bounded = new JsonFormat { MaxWhitespace = 1 };
                using (Grammar grammar = compiler.CompileJson(bounded))
                {
                    Harness.True(Bytes.Accepts(grammar, "[ 1]"), "one space");
                    Harness.True(!Bytes.Accepts(grammar, "[  1]"), "two spaces");
                }
                var wrong = new JsonFormat { Layout = JsonLayout.Line, Indent = 2 };
                Harness.Fails(Status.InvalidArgument, () => compiler.CompileJson(wrong));
            }
        }

        private static void SchemaOptions()
        {
            using (Compiler compiler = Bytes.Compiler())
            {
                Func<string, JsonSchemaOptions, string, bool> accepts = (schema, options, text) =>
                {
                    using (Grammar grammar = compiler.CompileJsonSchema(schema, null, options))
                        return Bytes.Accepts(grammar, text);
                };
                string more = "{\"a\":1,\"b\":null,\"c\":2}", swapped = "{\"b\":null,\"a\":1}";
                Harness.Equal(true, accepts(Schema, null, more));
                Harness.Equal(false, accepts(Schema, new JsonSchemaOptions { Strict = true }, more));
                Harness.Equal(false, accepts(Schema, null, swapped));
                Harness.Equal(true, accepts(Schema, new JsonSchemaOptions { AnyOrder = true }, swapped));
                string twice = "{\"a\":1,\"b\":null,\"c\":2,\"c\":3}";
                Harness.Equal(true, accepts(Schema, null, twice));
                Harness.Equal(false, accepts(Schema, new JsonSchemaOptions { UniqueNames = true }, twice));
                const string Date = "{\"type\":\"string\",\"format\":\"date\"}";
                Harness.Equal(false, accepts(Date, null, "\"x\""));
                Harness.Equal(
                    true, accepts(Date, new JsonSchemaOptions { Formats = Formats.Ignore }, "\"x\""));
                var odd = new JsonSchemaOptions { Draft = 5 };
                Harness.Fails(Status.InvalidArgument, () => accepts(Schema, odd, more));
            }
        }

        private static void Remotes()
        {
            var options = new JsonSchemaOptions
            {
                Remotes = new[]
                {
                    new RemoteSchema("http://example.org/a", "{\"$ref\":\"http://example.org/b\"}"),
                    new RemoteSchema("http://example.org/b", "{\"const\":\"\u00fc\"}"),
                },
            };
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar grammar = compiler.CompileJsonSchema(
                "{\"$ref\":\"http://example.org/a\"}", null, options))
            {
                Harness.True(Bytes.Accepts(grammar, "\"\u00fc\""), "the remote's constant");
                Harness.Throws<ArgumentNullException>(() => compiler.CompileJsonSchema(
                    "{}", null, new JsonSchemaOptions { Remotes = new RemoteSchema[1] }));
            }
        }

        private static void Others()
        {
            using (Compiler compiler = Bytes.Compiler())
            {
                using (Grammar grammar = compiler.CompileJson())
                    Harness.True(Bytes.Accepts(grammar, "[{\"a\": [1e5]}]"), "JSON");
                using (Grammar grammar = compiler.CompileEbnf("root ::= \"a\" other\nother ::= \"b\""))
                    Harness.True(Bytes.Accepts(grammar, "ab"), "EBNF");
                using (Grammar grammar = compiler.CompileEbnf("root ::= \"a\"\nother ::= \"b\"", "other"))
                    Harness.True(Bytes.Accepts(grammar, "b"), "EBNF with a root rule");
                using (Grammar grammar = compiler.CompileRegex("[\u00e0-\u00e9]{2}"))
                    Harness.True(Bytes.Accepts(grammar, "\u00e0\u00e9"), "regex");
                Harness.Throws<ArgumentNullException>(() => compiler.CompileRegex(null));
                Harness.Throws<ArgumentNullException>(() => compiler.CompileSource(null));
                Harness.Throws<ArgumentException>(() => compiler.CompileRegex("\ud800"));
            }
        }

        private static void Limits()
        {
            using (Compiler compiler = Bytes.Compiler(new CompilerOptions { MaxSourceSize = 10 }))
            {
                Harness.Fails(Status.LimitExceeded, () => compiler.CompileRegex("aaaaaaaaaaa"));
            }
            using (Compiler compiler = Bytes.Compiler(new CompilerOptions { MaxNesting = 3 }))
            {
                Harness.Fails(Status.LimitExceeded, () => compiler.CompileEbnf("root ::= ((((((\"a\"))))))"));
            }
            Harness.Throws<ArgumentOutOfRangeException>(
                () => Bytes.Compiler(new CompilerOptions { MaxStates = -1 }));
            Harness.Fails(
                Status.InvalidArgument, () => Bytes.Compiler(new CompilerOptions { Threads = -1 }));
        }

        private static void Stats()
        {
            var options = new CompilerOptions
            {
                MemoryBudget = 64 << 20, Threads = 2, WarmUp = WarmUp.None, MaxExpressions = 10000,
                MaxStates = 10000, MaxWorkPerCall = 1 << 30,
            };
            using (Compiler compiler = Bytes.Compiler(options))
            using (Grammar grammar = compiler.CompileJsonSchema(Schema))
            {
                grammar.WarmUp(WarmUp.Full);
                CompiledStats stats = grammar.Stats(), all = compiler.Stats();
                Harness.True(stats.States > 0 && stats.PartsBuilt > 0, "nothing was computed");
                Harness.True(stats.MaskParts > 0 && stats.NodesVisited > 0, "no mask parts");
                Harness.Equal(64ul << 20, all.MemoryBudget);
                Harness.Equal(0ul, all.Evictions);
                Harness.True(all.MemorySize > 0 && all.WalkNanoseconds > 0, "no memory, no time");
                Harness.True(grammar.MemorySize > 0 && compiler.MemorySize > 0, "no memory");
                Harness.Fails(Status.InvalidArgument, () => grammar.WarmUp((WarmUp)7));
            }
        }

        private static void Prints()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar grammar = compiler.CompileRegex("[a-c]{2}\u20ac"))
            using (Grammar again = compiler.CompileEbnf(grammar.PrintEbnf()))
            {
                Harness.True(Bytes.Accepts(again, "ab\u20ac"), grammar.PrintEbnf());
                Harness.True(!Bytes.Accepts(again, "ad\u20ac"), grammar.PrintEbnf());
            }
        }

        private static void OwnTokenizer()
        {
            using (Compiler compiler = Bytes.Compiler())
            {
                Grammar grammar = compiler.CompileRegex("a");
                using (Tokenizer tokenizer = grammar.Tokenizer())
                {
                    grammar.Dispose();
                    Harness.Equal(257, tokenizer.TokenCount);
                }
            }
        }

        private static void Report()
        {
            const string Schema = "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/x\"},"
                + "\"$defs\":{\"x\":{\"type\":\"string\",\"minLength\":2,\"format\":\"no-such\"}}}";
            using (JsonSchemaReport report = JsonSchemaReport.Check(Schema))
            {
                JsonSchemaEntry first = report[0];
                Harness.Equal("type", first.Keyword);
                Harness.Equal("/type", first.Pointer);
                Harness.Equal(KeywordOutcome.Enforced, first.Outcome);
                Harness.Equal("", first.Reason);
                JsonSchemaEntry unknown = report.Single(entry => entry.Keyword == "format");
                Harness.Equal(KeywordOutcome.Ignored, unknown.Outcome);
                Harness.Equal(report.Count, report.Count());
                Harness.Throws<ArgumentOutOfRangeException>(() => report[report.Count].ToString());
                Harness.Throws<ArgumentOutOfRangeException>(() => report[-1].ToString());
            }
            Harness.Fails(Status.InvalidSource, () => JsonSchemaReport.Check("[]"));
        }

        private static void Explains()
        {
            const string Schema = "{\"properties\":{\"age\":{\"type\":\"integer\",\"minimum\":0}}}";
            byte[] output = Encoding.UTF8.GetBytes("{\"age\": ");
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar grammar = compiler.CompileJsonSchema(Schema))
            using (var matcher = new Matcher(grammar))
            {
                Harness.True(matcher.AcceptBytes(output), "output");
                Explanation found = matcher.ExplainBytes(output, Encoding.UTF8.GetBytes("-1"));
                Harness.True(found.Text.Contains("\"minimum\": 0 at /properties/age/minimum"), found.Text);
                Harness.True(found.Json.Contains("\"pointer\": \"/properties/age/minimum\""), found.Json);
                Harness.Equal(found.Text, found.ToString());
                found = matcher.ExplainToken(output, 't');
                Harness.True(found.Json.Contains("/properties/age/type"), found.Json);
                Harness.Fails(Status.InvalidArgument, () => matcher.ExplainBytes(new byte[] { 93 }, output));
            }
        }

        private static void Notices()
        {
            const string Schema = "{\"type\":\"string\",\"maxLenght\":2}";
            using (Compiler compiler = Bytes.Compiler())
            {
                Diagnostics found;
                using (Grammar grammar = compiler.CompileJsonSchema(Schema)) found = grammar.Diagnostics();
                using (found)
                {
                    Diagnostic only = found.Single();
                    Harness.Equal(DiagnosticCode.IgnoredKeyword, only.Code);
                    Harness.Equal("maxLenght", only.Subject);
                    Harness.Equal("/maxLenght", only.Pointer);
                    Harness.Equal(-1L, only.ByteOffset);
                    Harness.True(only.Message.EndsWith("did you mean \"maxLength\"?"), only.Message);
                    Harness.Throws<ArgumentOutOfRangeException>(() => found[1].ToString());
                }
                using (Grammar grammar = compiler.CompileRegex("a"))
                using (Diagnostics none = grammar.Diagnostics())
                    Harness.Equal(0, none.Count);
                var strict = new JsonSchemaOptions { UnknownKeywords = UnknownKeywords.Refuse };
                Harness.Fails(Status.InvalidSource, () => compiler.CompileJsonSchema(Schema, null, strict));
            }
        }
    }
}
