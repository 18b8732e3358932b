using System;
using System.IO;

namespace Xgr.Tests
{
    /// <summary>What a mistake at the API is told: tests/cases/mistakes/api.txt.</summary>
    internal static class MistakeTests
    {
        private const string Deep = "{\"items\": {\"items\": {\"items\": {}}}}";

        internal static void Run(string folder)
        {
            foreach (string line in File.ReadAllLines(Path.Combine(folder, "mistakes", "api.txt")))
            {
                if (line.StartsWith("#", StringComparison.Ordinal)) continue;
                string[] parts = line.Split(new[] { ": " }, 2, StringSplitOptions.None);
                string[] name = parts[0].Split('.');
                if (name.Length > 1 && name[1] != "csharp") continue;
                Harness.Run($"mistake: {name[0]}", () =>
                {
                    XgrException error = Harness.Throws<XgrException>(() => Make(name[0]));
                    Harness.True(error.ToString().Contains(parts[1]), error.Message);
                });
            }
        }

        private static void Make(string name)
        {
            using (Compiler compiler = Bytes.Compiler())
            using (Matcher matcher = Bytes.Matcher("[a-z]+"))
            {
                switch (name)
                {
                    case "mask_too_small": matcher.FillBitmask(new uint[1]); break;
                    case "rollback_too_far": matcher.Rollback(3); break;
                    case "stop_token_out_of_range":
                        Bytes.Matcher("a", new MatcherOptions { StopTokens = new[] { 999 } }).Dispose();
                        break;
                    case "unknown_draft":
                        var options = new JsonSchemaOptions { Draft = 5 };
                        compiler.CompileJsonSchema("{}", null, options).Dispose();
                        break;
                    case "source_too_long": Small(new CompilerOptions { MaxSourceSize = 8 }); break;
                    case "nested_too_deep": Small(new CompilerOptions { MaxNesting = 2 }); break;
                    case "no_choices": GrammarSource.FromChoices().Dispose(); break;
                    default: throw new Exception($"nobody makes the mistake {name}");
                }
            }
        }

        private static void Small(CompilerOptions options)
        {
            using (Compiler compiler = Bytes.Compiler(options)) compiler.CompileJsonSchema(Deep).Dispose();
        }
    }
}
