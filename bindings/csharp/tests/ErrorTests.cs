using System;

namespace Xgr.Tests
{
    internal static class ErrorTests
    {
        internal static void Run()
        {
            Harness.Run("error: place in a text", Place);
            Harness.Run("error: place in a schema", JsonPlace);
            Harness.Run("error: without a place", NoPlace);
            Harness.Run("error: use after Dispose", Closed);
        }

        private static void Place()
        {
            using (Compiler compiler = Bytes.Compiler())
            {
                XgrException error = Harness.Fails(
                    Status.InvalidSource, () => compiler.CompileEbnf("root ::= \"\u00fc\"\n  other"));
                Harness.Equal((int?)2, error.Line);
                Harness.Equal((int?)3, error.Column);
                Harness.Equal((long?)16, error.ByteOffset);
                Harness.True(error.JsonPointer == null, "a pointer outside of JSON");
                Harness.True(error.Message.Contains("other"), error.Message);
            }
        }

        private static void JsonPlace()
        {
            using (Compiler compiler = Bytes.Compiler())
            {
                XgrException error = Harness.Fails(
                    Status.InvalidSource,
                    () => compiler.CompileJsonSchema("{\"items\":{\"minLength\":\"x\"}}"));
                Harness.Equal("/items/minLength", error.JsonPointer);
            }
        }

        private static void NoPlace()
        {
            XgrException error = Harness.Fails(Status.InvalidArgument, () => GrammarSource.Union());
            Harness.True(error.ByteOffset == null && error.Line == null && error.Column == null, "a place");
        }

        private static void Closed()
        {
            Tokenizer tokenizer = Bytes.Tokenizer();
            var compiler = new Compiler(tokenizer);
            Grammar grammar = compiler.CompileEbnf("root[capture=\"r\"] ::= \"a\"");
            var matcher = new Matcher(grammar);
            Captures captures = matcher.Captures();
            GrammarSource source = GrammarSource.FromChoices("a");
            JsonSchemaReport report = JsonSchemaReport.Check("{\"type\":\"null\"}");
            Diagnostics diagnostics = grammar.Diagnostics();
            foreach (var owner in new IDisposable[]
                { tokenizer, compiler, grammar, matcher, captures, source, report, diagnostics })
            {
                owner.Dispose();
                owner.Dispose();
            }
            Action[] uses =
            {
                () => tokenizer.TokenBytes(0), () => tokenizer.VocabSize.ToString(), () => new Compiler(tokenizer),
                () => compiler.CompileJson(), () => compiler.Stats(), () => compiler.CompileJsonAsync(),
                () => grammar.PrintEbnf(), () => new Matcher(grammar), () => grammar.Tokenizer(),
                () => matcher.AcceptToken(0), () => matcher.FillBitmask(new uint[9]), () => matcher.Clone(),
                () => matcher.HistorySize.ToString(), () => matcher.Rollback(0), () => matcher.Stats(),
                () => matcher.LendBitmask(0, (mask, state) => { }), () => captures.Count.ToString(),
                () => captures[0].ToString(), () => source.Print(), () => source.Repeat(1),
                () => report[0].ToString(), () => report.Count.ToString(), () => grammar.Diagnostics(),
                () => diagnostics[0].ToString(), () => diagnostics.Count.ToString(),
            };
            foreach (Action use in uses) Harness.Throws<ObjectDisposedException>(use);
        }
    }
}
