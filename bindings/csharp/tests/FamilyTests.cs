using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Xgr.Tests
{
    internal static class FamilyTests
    {
        private const string Parameters =
            "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"string\"}},\"required\":[\"x\"]}";

        private static readonly string Request =
            "{\"model\":\"m\",\"reasoning\":\"off\",\"tools\":["
            + string.Join(",", new[] { "first", "second" }.Select(Function)) + "]}";

        internal static void Run()
        {
            Harness.Run("family: names and files", Names);
            Harness.Run("family: a reply", Reply);
            Harness.Run("family: names, aliases and texts are the same", Forms);
            Harness.Run("family: a tokenizer tells which markers are tokens", Markers);
            Harness.Run("family: errors", Errors);
        }

        private static string Function(string name)
        {
            return $"{{\"type\":\"function\",\"function\":{{\"name\":\"{name}\",\"parameters\":{Parameters}}}}}";
        }

        private static string CallOf(string name)
        {
            return $"<tool_call>\n<function={name}>\n<parameter=x>\na\n</parameter>\n</function>\n</tool_call>";
        }

        private static void Names()
        {
            string[] names = Family.Names;
            Harness.True(names.Length >= 50 && names.Contains("qwen_3_coder"), string.Join(" ", names));
            Harness.Same(names.OrderBy(name => name, StringComparer.Ordinal).Distinct(), names);
            foreach (string name in names)
                Harness.True(Family.Text(name).Contains($"\"family\": \"{name}\""), name);
            XgrException error = Harness.Fails(Status.InvalidArgument, () => Family.Text("no_such_family"));
            Harness.True(error.Message.Contains("qwen_3_coder"), error.Message);
            Harness.Throws<ArgumentNullException>(() => Family.Text(null));
        }

        private static void Reply()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar grammar = compiler.CompileStructuralTag(Family.StructuralTag("qwen_3_coder", Request)))
            {
                Harness.True(
                    Bytes.Accepts(grammar, $"Let me see.\n{CallOf("first")}\n{CallOf("second")}"), "two calls");
                Harness.True(Bytes.Accepts(grammar, "No need to call anything."), "no call");
                Harness.True(!Bytes.Accepts(grammar, CallOf("third")), "an unknown tool");
            }
        }

        private static void Forms()
        {
            string expected = Family.StructuralTag("qwen_3_coder", Request);
            Harness.Equal(expected, Family.StructuralTag("qwen3_5", Request));
            Harness.Equal(expected, Family.StructuralTag(Family.Text("qwen_3_coder"), Request));
            const string Template =
                "{\"fields\":{\"tool_calls\":{\"open\":\"<call>\",\"close\":\"</call>\",\"repeats\":true,"
                + "\"content\":\"json\",\"transform\":{\"type\":\"function\",\"function\":{\"name\":"
                + "\"{content.name}\",\"arguments\":\"{content.arguments}\"}}}}}";
            Harness.True(Family.StructuralTag(Template, Request).Contains("<call>"), "a response template");
        }

        private static void Markers()
        {
            const string Token = "{\"type\":\"token\",\"token\":\"<tool_call>\"}";
            var tokens = new List<byte[]>();
            foreach (string token in new[] { "a", "<tool_call>", "<|im_end|>" })
                tokens.Add(Encoding.UTF8.GetBytes(token));
            var options = new TokenizerOptions
            {
                TokenKinds = new[] { TokenKind.Normal, TokenKind.Control, TokenKind.Stop },
            };
            using (var tokenizer = new Tokenizer(tokens, options))
            {
                Harness.True(Family.StructuralTag("hermes", Request, tokenizer).Contains(Token), "a token");
                Harness.True(!Family.StructuralTag("hermes", Request).Contains(Token), "text");
                tokenizer.Dispose();
                Harness.Throws<ObjectDisposedException>(() => Family.StructuralTag("hermes", Request, tokenizer));
            }
        }

        private static void Errors()
        {
            Harness.Fails(Status.InvalidArgument, () => Family.StructuralTag("no_such_family", "{}"));
            Harness.Fails(Status.InvalidSource, () => Family.StructuralTag("{\"family\": \"f\"}", "{}"));
            Harness.Equal("/tools/0", Harness.Fails(
                Status.InvalidSource, () => Family.StructuralTag("hermes", "{\"tools\": [7]}")).JsonPointer);
            Harness.Fails(
                Status.Unsupported, () => Family.StructuralTag("{\"fields\": {\"images\": {}}}", "{}"));
            Harness.Throws<ArgumentNullException>(() => Family.StructuralTag(null, "{}"));
            Harness.Throws<ArgumentNullException>(() => Family.StructuralTag("hermes", null));
        }
    }
}
