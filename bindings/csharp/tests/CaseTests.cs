using System;
using System.IO;
using System.Linq;
using System.Text;

namespace Xgr.Tests
{
    /// <summary>Runs tests/cases, one token a byte; mask, IsTokenAllowed and AcceptToken have to agree.
    /// </summary>
    internal static class CaseTests
    {
        internal static void Run(string folder)
        {
            string[] files = Directory.GetFiles(folder, "*.case", SearchOption.AllDirectories);
            Array.Sort(files, StringComparer.Ordinal);
            Harness.True(files.Length > 0, $"no cases in {folder}");
            using (Compiler compiler = Bytes.Compiler())
            {
                foreach (string file in files)
                {
                    foreach (Case c in Case.Read(file))
                    {
                        foreach (Expectation e in c.Expectations)
                            Harness.Count($"{file}:{e.Line}: {e.Verb}", Problem(compiler, c, e));
                    }
                }
            }
        }

        private static string Problem(Compiler compiler, Case c, Expectation e)
        {
            Grammar grammar;
            try
            {
                grammar = Compile(compiler, c);
            }
            catch (XgrException error)
            {
                if (e.Verb == "error") return ErrorProblem(e, error);
                return $"is refused: {Describe(error)}";
            }
            using (grammar)
            {
                if (e.Verb == "error") return "compiles";
                if (e.Verb != "accept" && e.Verb != "reject") return $"unknown verb {e.Verb}";
                using (var matcher = new Matcher(grammar)) return TextProblem(matcher, e);
            }
        }

        private static Grammar Compile(Compiler compiler, Case c)
        {
            switch (c.Kind)
            {
                case "ebnf": return compiler.CompileEbnf(c.Source);
                case "regex": return compiler.CompileRegex(c.Source);
                case "lark": return CompileLark(compiler, c);
                case "structural_tag": return compiler.CompileStructuralTag(c.Source);
                case "tokenizer_json":
                    Tokenizer.CreateFromJson(Encoding.UTF8.GetBytes(c.Source)).Dispose();
                    return null;
            }
            var format = new JsonFormat();
            var options = new JsonSchemaOptions
            {
                Remotes = c.Remotes.Select(remote => new RemoteSchema(remote.Key, remote.Value)).ToArray(),
            };
            foreach (string word in c.Options.Split(' ')) ReadOption(word, format, options);
            if (c.Kind == "json") return compiler.CompileJson(format);
            return compiler.CompileJsonSchema(c.Source, format, options);
        }

        private static Grammar CompileLark(Compiler compiler, Case c)
        {
            var options = new LarkOptions
            {
                Named = c.Remotes.Select(remote => new NamedGrammar(remote.Key, remote.Value)).ToArray(),
            };
            using (GrammarSource source = GrammarSource.FromLark(c.Source, options))
            {
                return compiler.CompileSource(source);
            }
        }

        private static void ReadOption(string word, JsonFormat format, JsonSchemaOptions options)
        {
            string[] parts = word.Split('=');
            switch (parts[0])
            {
                case "strict": options.Strict = true; break;
                case "any_order": options.AnyOrder = true; break;
                case "unique_names": options.UniqueNames = true; break;
                case "unknown_keywords": options.UnknownKeywords = UnknownKeywords.Refuse; break;
                case "draft": options.Draft = int.Parse(parts[1]); break;
                case "compact": format.Layout = JsonLayout.Line; break;
                case "escapes": format.Escapes = JsonEscapes.Minimal; break;
                case "max_whitespace": format.MaxWhitespace = int.Parse(parts[1]); break;
                case "max_digits": format.MaxDigits = int.Parse(parts[1]); break;
                case "formats":
                    options.Formats = parts[1] == "ignore" ? Formats.Ignore : Formats.RefuseUnknown;
                    break;
                case "indent":
                    format.Layout = JsonLayout.Indent;
                    format.Indent = int.Parse(parts[1]);
                    break;
                case "": break;
                default: throw new Exception($"unknown option {word}");
            }
        }

        private static string Describe(XgrException error)
        {
            return $"{error.Code} at {error.ByteOffset}, {error.Message} ({error.JsonPointer})";
        }

        private static string ErrorProblem(Expectation e, XgrException error)
        {
            bool expected = e.Status.Replace("_", "").ToLowerInvariant() == error.Code.ToString().ToLowerInvariant()
                && (e.At < 0 || e.At == error.ByteOffset)
                && (e.Pointer == null || e.Pointer == error.JsonPointer)
                && error.Message.Contains(e.Says);
            return expected ? null : $"compiles to {Describe(error)}";
        }

        private static string TextProblem(Matcher matcher, Expectation e)
        {
            bool stopsInside = e.Verb == "reject" && e.At >= 0;
            long taken = stopsInside ? e.At : e.Text.Length;
            var mask = new uint[matcher.MaskWords];
            for (int i = 0; i <= taken; ++i)
            {
                bool atEnd = i == e.Text.Length, wanted = i < taken || e.Verb == "accept";
                int token = atEnd ? Bytes.Stop : e.Text[i];
                bool terminated = matcher.FillBitmask(mask) == MaskKind.Terminated;
                bool inMask = !terminated && Bitmask.Allows(mask, token), allowed = matcher.IsTokenAllowed(token);
                bool accepted = matcher.AcceptToken(token);
                string place = atEnd ? "the end" : $"byte {i}";
                if (inMask != allowed || allowed != accepted) return $"mask and tokens disagree at {place}";
                if (accepted != wanted) return $"{place} is {(accepted ? "accepted" : "refused")}";
            }
            return null;
        }
    }
}
