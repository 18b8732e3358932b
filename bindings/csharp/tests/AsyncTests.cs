using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Xgr.Tests
{
    internal static class AsyncTests
    {
        internal static void Run()
        {
            Harness.Run("async: every compile method", All);
            Harness.Run("async: errors come with the task", Errors);
            Harness.Run("async: cancelling returns at once", Cancel);
            Harness.Run("threads: many compile and match at once", Many);
        }

        private static void All()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (GrammarSource source = GrammarSource.FromChoices("a"))
            {
                Task<Grammar>[] tasks =
                {
                    compiler.CompileJsonSchemaAsync("{\"const\":\"a\"}"), compiler.CompileJsonAsync(),
                    compiler.CompileEbnfAsync("root ::= \"a\""), compiler.CompileRegexAsync("a"),
                    compiler.CompileSourceAsync(source), compiler.CompileLarkAsync("start: \"a\""),
                };
                string[] texts = { "\"a\"", "\"a\"", "a", "a", "a", "a" };
                compiler.Dispose();
                source.Dispose();
                for (int i = 0; i < tasks.Length; ++i)
                {
                    using (Grammar grammar = tasks[i].Result) Harness.True(Bytes.Accepts(grammar, texts[i]), texts[i]);
                }
            }
        }

        private static void Errors()
        {
            using (Compiler compiler = Bytes.Compiler())
            {
                Task<Grammar> task = compiler.CompileRegexAsync("(a");
                XgrException error = Harness.Fails(
                    Status.InvalidSource, () => task.GetAwaiter().GetResult().ToString());
                Harness.True(error.ByteOffset != null, "no place");
                Harness.Throws<ArgumentNullException>(() => compiler.CompileRegexAsync(null));
                task = compiler.CompileJsonAsync(new JsonFormat { Indent = -1 });
                Harness.Fails(Status.InvalidArgument, () => task.GetAwaiter().GetResult().ToString());
            }
        }

        private static void Cancel()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (var cancellation = new CancellationTokenSource())
            {
                string slow = string.Join("|", Enumerable.Range(0, 20000).Select(i => $"{i * 7919 % 100003}x{i}"));
                Task<Grammar> task = compiler.CompileRegexAsync(slow, null, cancellation.Token);
                Stopwatch time = Stopwatch.StartNew();
                cancellation.Cancel();
                Harness.Throws<OperationCanceledException>(() => task.GetAwaiter().GetResult().ToString());
                Harness.True(time.ElapsedMilliseconds < 1000, $"{time.ElapsedMilliseconds} ms");
                Task<Grammar> late = compiler.CompileJsonAsync(null, null, cancellation.Token);
                Harness.Equal(true, late.IsCanceled);
                using (Grammar grammar = compiler.CompileRegexAsync("b").Result)
                    Harness.True(Bytes.Accepts(grammar, "b"), "the compiler goes on");
            }
        }

        private static void Many()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar shared = compiler.CompileJson())
            {
                Parallel.For(0, 200, i =>
                {
                    using (Grammar grammar = compiler.CompileRegex($"{i % 10}|x{{{i}}}"))
                    {
                        Harness.True(Bytes.Accepts(grammar, new string('x', i)), $"x, {i} times");
                    }
                    Harness.True(Bytes.Accepts(shared, $"[{i}]"), $"[{i}]");
                });
            }
        }
    }
}
