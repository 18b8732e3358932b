using System;

namespace Xgr.Tests
{
    internal static class StructuralTagTests
    {
        private const string Tag =
            "{\"type\":\"structural_tag\",\"format\":{\"type\":\"triggered_tags\",\"triggers\":[\"<f\"],\"tags\":"
            + "[{\"begin\":\"<f>\",\"content\":{\"type\":\"json_schema\",\"json_schema\":{\"type\":\"object\","
            + "\"properties\":{\"x\":{\"type\":\"integer\"}},\"required\":[\"x\"]}},\"end\":\"</f>\"}]}}";

        internal static void Run()
        {
            Harness.Run("structural tag: sources, compilers, tasks", Ways);
            Harness.Run("structural tag: a trigger forces a call", Trigger);
            Harness.Run("structural tag: options", Options);
            Harness.Run("structural tag: errors", Errors);
            Harness.Run("structural tag: tokens are looked up when it is compiled", Tokens);
        }

        private static void Ways()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (GrammarSource source = GrammarSource.FromStructuralTag(Tag))
            {
                foreach (Grammar made in new[]
                         {
                             compiler.CompileStructuralTag(Tag), compiler.CompileSource(source),
                             compiler.CompileStructuralTagAsync(Tag).Result,
                         })
                {
                    using (made)
                    {
                        Harness.True(Bytes.Accepts(made, "text <f>{\"x\": 1}</f> <f>{\"x\":2}</f>"), "two calls");
                        Harness.True(Bytes.Accepts(made, "only text, a < b"), "text");
                        Harness.True(!Bytes.Accepts(made, "<f>{\"x\": 1}"), "a call without its end");
                        Harness.True(!Bytes.Accepts(made, "<fg>"), "a trigger without its call");
                    }
                }
            }
        }

        private static void Trigger()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar grammar = compiler.CompileStructuralTag(Tag))
            using (var matcher = new Matcher(grammar))
            {
                foreach (char c in "Well: <") Harness.True(matcher.AcceptToken(c), $"text {c}");
                Harness.True(matcher.IsTokenAllowed('=') && matcher.IsAccepting, "no trigger yet");
                Harness.True(matcher.AcceptToken('f') && !matcher.IsAccepting, "the trigger");
                Harness.True(matcher.IsTokenAllowed('>') && !matcher.IsTokenAllowed('='), "a call has to come");
            }
        }

        private static bool Accepts(string tag, StructuralTagOptions options, string text)
        {
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar grammar = compiler.CompileStructuralTag(tag, options)) return Bytes.Accepts(grammar, text);
        }

        private static string Schema(string schema)
        {
            return "{\"format\":{\"type\":\"json_schema\",\"json_schema\":" + schema + "}}";
        }

        private static void Options()
        {
            string more = "<f>{\"x\": 1, \"y\": 2}</f>";
            Harness.True(!Accepts(Tag, null, more), "closed");
            Harness.True(Accepts(Tag, new StructuralTagOptions { OpenSchemas = true }, more), "open");
            string date = Schema("{\"type\":\"string\",\"format\":\"date\"}");
            Harness.True(!Accepts(date, new StructuralTagOptions(), "\"x\""), "a format");
            Harness.True(Accepts(date, new StructuralTagOptions { Formats = Formats.Ignore }, "\"x\""), "no format");
            string refused = Schema("{\"type\":\"array\",\"not\":{\"uniqueItems\":true}}");
            Harness.Fails(Status.Unsupported, () => Accepts(refused, null, "[1, 1]"));
            Harness.True(Accepts(refused, new StructuralTagOptions { Lenient = true }, "[1, 1]"), "lenient");
        }

        private static void Errors()
        {
            const string Bad = "{\"format\":{\"type\":\"sequence\",\"elements\":[{\"type\":\"const_string\",\"value\":"
                               + "\"a\"},{\"type\":\"x\"}]}}", Place = "/format/elements/1/type";
            using (Compiler compiler = Bytes.Compiler())
            {
                Harness.Equal(
                    Place, Harness.Fails(Status.InvalidSource, () => compiler.CompileStructuralTag(Bad)).JsonPointer);
                AggregateException failed = Harness.Throws<AggregateException>(
                    () => compiler.CompileStructuralTagAsync(Bad).Wait());
                Harness.Equal(Place, ((XgrException)failed.InnerException).JsonPointer);
                Harness.Throws<ArgumentNullException>(() => compiler.CompileStructuralTag(null));
            }
            Harness.Equal(
                Place, Harness.Fails(Status.InvalidSource, () => GrammarSource.FromStructuralTag(Bad)).JsonPointer);
            var deferred = new StructuralTagOptions { Deferred = true };
            using (GrammarSource source = GrammarSource.FromStructuralTag(Bad, deferred))
                Harness.Fails(Status.InvalidSource, () => source.Check());
            Harness.Throws<ArgumentNullException>(() => GrammarSource.FromStructuralTag(null));
        }

        private static void Tokens()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (GrammarSource known = GrammarSource.FromStructuralTag(
                       "{\"format\":{\"type\":\"token\",\"token\":\"a\"}}"))
            using (GrammarSource unknown = GrammarSource.FromStructuralTag(
                       "{\"format\":{\"type\":\"token\",\"token\":\"<nobody>\"}}"))
            using (Grammar grammar = compiler.CompileSource(known))
            {
                Harness.True(Bytes.Accepts(grammar, "a") && !Bytes.Accepts(grammar, "b"), "a token");
                XgrException error = Harness.Fails(Status.InvalidSource, () => compiler.CompileSource(unknown));
                Harness.True(error.Message.Contains("<nobody>"), error.Message);
            }
        }
    }
}
