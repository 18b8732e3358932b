using System;
using System.Diagnostics;
using System.Linq;

namespace Xgr.Tests
{
    /// <summary>What bindings/overhead.c measures, called from C#.</summary>
    internal static class Overhead
    {
        private const int Calls = 10000, Runs = 500;

        private static void Main()
        {
            byte[] bytes = Enumerable.Range(0x20, 95).Select(b => (byte)b).ToArray();
            uint[] sizes = Enumerable.Range(0, 97).Select(i => i < 95 ? 1u : 0u).ToArray();
            using (var tokenizer = new Tokenizer(bytes, sizes, new TokenizerOptions { StopTokens = new[] { 96 } }))
            using (var compiler = new Compiler(tokenizer))
            using (Grammar grammar = compiler.CompileRegex("[a-z]*"))
            using (var matcher = new Matcher(grammar))
            {
                var mask = new uint[matcher.MaskWords];
                Measure("fill", () =>
                {
                    for (int i = 0; i < Calls; ++i) matcher.FillBitmask(mask);
                });
                Measure("accept+rollback", () =>
                {
                    for (int i = 0; i < Calls; ++i)
                    {
                        matcher.AcceptToken('a' - 0x20);
                        matcher.Rollback(1);
                    }
                });
                int words = 0;
                Measure("mask_words", () =>
                {
                    for (int i = 0; i < Calls; ++i) words += matcher.MaskWords;
                });
            }
        }

        private static void Measure(string name, Action calls)
        {
            double best = double.MaxValue;
            for (int run = 0; run < Runs; ++run)
            {
                Stopwatch time = Stopwatch.StartNew();
                calls();
                best = Math.Min(best, time.Elapsed.TotalMilliseconds * 1e6 / Calls);
            }
            Console.WriteLine("{0} {1:F1}", name, best);
        }
    }
}
