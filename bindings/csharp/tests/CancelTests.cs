using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Xgr.Tests
{
    /// <summary>Tokens that stop calls, timeouts, jobs, and the compile cache.</summary>
    internal static class CancelTests
    {
        private static readonly CompileOptions AtOnce =
            new CompileOptions { Timeout = TimeSpan.FromTicks(1) };

        private static string _slow;

        internal static void Run()
        {
            Harness.Run("cancel: before a compile", Before);
            Harness.Run("cancel: during a compile", During);
            Harness.Run("cancel: one token does not stop the others", NotTheOthers);
            Harness.Run("cancel: a token that lives on keeps nothing", Forgotten);
            Harness.Run("timeout: of a compile and of a job", TimeoutEnds);
            Harness.Run("cache: simultaneous requests compile once", Once);
            Harness.Run("cache: options and statistics", Cache);
            Harness.Run("job: its result again and again", ResultTwice);
            Harness.Run("job: cancelled, and by its token", JobStops);
            Harness.Run("job: Dispose ends who waits for it", DisposeWhileRunning);
            Harness.Run("job: deferred texts are read by it", Deferred);
            Harness.Run("compile: Lark", Lark);
            Harness.Run("compile: limits", Limits);
            Harness.Run("cancel: a warm-up", WarmUpStops);
            Harness.Run("cancel: a matcher", MatcherStops);
            Harness.Run("cancel: a matcher, from within", MatcherStopsWithin);
        }

        /// <summary>Takes about a second to compile, so that what ends it early shows.</summary>
        private static string Slow()
        {
            if (_slow != null) return _slow;
            const int Rules = 60000;
            var text = new StringBuilder("root ::= r0\n");
            for (int i = 0; i < Rules; ++i)
                text.Append($"r{i} ::= \"a{i}\" r{(i + 1) % Rules} | \"x\" | [a-z{i % 10}]\n");
            return _slow = text.ToString();
        }

        private static GrammarSource SlowSource()
        {
            return GrammarSource.FromEbnf(Slow(), new EbnfOptions { Deferred = true });
        }

        /// <summary>It takes milliseconds, unless the machine is busy.</summary>
        private static void Soon(Stopwatch time)
        {
            Harness.True(time.ElapsedMilliseconds < 2000, $"only after {time.ElapsedMilliseconds} ms");
        }

        private static void Stopped(CancellationToken token, Action action)
        {
            var exception = Harness.Throws<OperationCanceledException>(action);
            Harness.Equal(token, exception.CancellationToken);
        }

        private static void Before()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (GrammarSource source = GrammarSource.FromChoices("a"))
            using (var cancellation = new CancellationTokenSource())
            {
                CancellationToken token = cancellation.Token;
                compiler.CompileRegex("a", null, token).Dispose();
                cancellation.Cancel();
                Stopped(token, () => compiler.CompileJsonSchema("{}", null, null, null, token));
                Stopped(token, () => compiler.CompileJson(null, null, token));
                Stopped(token, () => compiler.CompileEbnf("root ::= \"a\"", null, null, token));
                Stopped(token, () => compiler.CompileRegex("a", null, token));
                Stopped(token, () => compiler.CompileLark("start: \"a\"", null, null, token));
                Stopped(token, () => compiler.CompileSource(source, null, token));
                Harness.True(compiler.CompileLarkAsync("start: \"a\"", null, null, token).IsCanceled, "a task");
            }
        }

        private static void During()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (var cancellation = new CancellationTokenSource())
            {
                var time = new Stopwatch();
                var thread = new Thread(() =>
                {
                    Thread.Sleep(30);
                    time.Start();
                    cancellation.Cancel();
                });
                string slow = Slow();
                thread.Start();
                Stopped(cancellation.Token, () => compiler.CompileEbnf(slow, null, null, cancellation.Token));
                Soon(time);
                thread.Join();
            }
        }

        private static void NotTheOthers()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (var cancellation = new CancellationTokenSource())
            {
                Task<Grammar> stopped = compiler.CompileEbnfAsync(Slow(), null, null, cancellation.Token);
                Task<Grammar> other = compiler.CompileEbnfAsync(Slow());
                Thread.Sleep(30);
                Stopwatch time = Stopwatch.StartNew();
                cancellation.Cancel();
                Stopped(cancellation.Token, () => stopped.GetAwaiter().GetResult());
                Soon(time);
                other.Result.Dispose();
                Harness.Equal(1UL, compiler.CacheStats().Misses);
            }
        }

        /// <summary>Matchers, jobs and compiles that watched a token leave nothing with it.</summary>
        private static void Forgotten()
        {
            const int Rounds = 20000;
            using (Compiler compiler = Bytes.Compiler())
            using (GrammarSource source = GrammarSource.FromChoices("a"))
            using (var cancellation = new CancellationTokenSource())
            {
                Watch(compiler, source, cancellation.Token, Rounds);
                long before = Harness.ResidentKib();
                Watch(compiler, source, cancellation.Token, Rounds);
                long grown = Harness.ResidentKib() - before;
                Harness.True(grown < 8192, $"memory grows by {grown} KiB");
            }
        }

        private static void Watch(Compiler compiler, GrammarSource source, CancellationToken token, int rounds)
        {
            for (int i = 0; i < rounds; ++i)
            {
                Grammar grammar = compiler.CompileRegex("a", null, token);
                CompileJob job = compiler.StartJob(source, null, token);
                if (i % 2 == 0) job.Dispose();
                var matcher = new Matcher(grammar, null, token);
                if (i % 2 == 0) matcher.Dispose();
            }
        }

        private static void TimeoutEnds()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (GrammarSource source = SlowSource())
            {
                Stopwatch time = Stopwatch.StartNew();
                XgrException error = Harness.Fails(
                    Status.LimitExceeded, () => compiler.CompileSource(source, AtOnce));
                Soon(time);
                Harness.True(error.Message.Contains("timeout_milliseconds = 1"), error.Message);
                using (CompileJob job = compiler.StartJob(source, AtOnce))
                {
                    Harness.Equal(true, job.Wait());
                    Harness.Fails(Status.LimitExceeded, () => job.Result());
                }
                Harness.Fails(Status.LimitExceeded,
                              () => compiler.CompileSourceAsync(source, AtOnce).GetAwaiter().GetResult());
                compiler.CompileRegex("a", new CompileOptions { Timeout = TimeSpan.FromHours(1) }).Dispose();
                Harness.Throws<ArgumentOutOfRangeException>(() => compiler.CompileRegex(
                    "a", new CompileOptions { Timeout = TimeSpan.FromTicks(-1) }));
            }
        }

        private static void Once()
        {
            using (Compiler compiler = Bytes.Compiler())
            {
                Task<Grammar>[] tasks = Enumerable.Range(0, 8).Select(i => i % 2 == 0
                    ? compiler.CompileJsonSchemaAsync("{\"enum\":[\"a\",1]}")
                    : Task.Run(() => compiler.CompileJsonSchema("{\"enum\":[\"a\",1]}"))).ToArray();
                foreach (Task<Grammar> task in tasks)
                {
                    using (Grammar grammar = task.Result) Harness.True(Bytes.Accepts(grammar, "1"), "1");
                }
                CacheStats stats = compiler.CacheStats();
                Harness.Equal(1UL, stats.Misses);
                Harness.Equal(7UL, stats.Hits + stats.Shared);
                Harness.Equal(1UL, stats.Entries);
                Harness.True(stats.MemorySize > 0 && stats.CompileNanoseconds > 0, "it costs something");
                Harness.Equal(256UL << 20, stats.MemoryLimit);
                Task<Grammar> known = compiler.CompileJsonSchemaAsync("{\"enum\":[\"a\",1]}");
                Harness.True(known.IsCompleted, "what is in the cache is there at once");
                known.Result.Dispose();
            }
        }

        private static void Cache()
        {
            var options = new CompilerOptions { CacheLimit = 1 << 20, CanonicalSchemas = true };
            using (Compiler compiler = Bytes.Compiler(options))
            {
                compiler.CompileJsonSchema("{\"const\":\"a\"}").Dispose();
                compiler.CompileJsonSchema("{ \"const\": \"\\u0061\" }").Dispose();
                Harness.Equal(1UL, compiler.CacheStats().Hits);
                var past = new CompileOptions { BypassCache = true };
                compiler.CompileJsonSchema("{\"const\":\"a\"}", null, null, past).Dispose();
                Harness.Equal(2UL, compiler.CacheStats().Misses);
                Harness.Equal(1UL, compiler.CacheStats().Entries);
                compiler.ClearCache();
                Harness.Equal(0UL, compiler.CacheStats().Entries);
                for (int i = 0; i < 500; ++i) compiler.CompileJsonSchema($"{{\"const\":{i}}}").Dispose();
                CacheStats stats = compiler.CacheStats();
                Harness.True(stats.Evictions > 0 && stats.MemorySize <= stats.MemoryLimit, "the limit is held");
                Harness.Equal(1UL << 20, stats.MemoryLimit);
            }
            using (Compiler compiler = Bytes.Compiler(new CompilerOptions { NoCache = true }))
            {
                for (int i = 0; i < 2; ++i) compiler.CompileRegex("a").Dispose();
                Harness.Equal(0UL, compiler.CacheStats().Entries);
            }
        }

        private static void Limits()
        {
            var few = new CompilerOptions { MaxCompileWork = 1000 };
            var little = new CompilerOptions { MaxCompileMemory = 1000 };
            using (Compiler work = Bytes.Compiler(few))
            using (Compiler memory = Bytes.Compiler(little))
            {
                XgrException error = Harness.Fails(Status.LimitExceeded, () => work.CompileEbnf(Slow()));
                Harness.True(error.Message.Contains("max_compile_work"), error.Message);
                error = Harness.Fails(Status.LimitExceeded, () => memory.CompileEbnf(Slow()));
                Harness.True(error.Message.Contains("max_compile_memory"), error.Message);
            }
        }

        private static void WarmUpStops()
        {
            IEnumerable<string> words = Enumerable.Range(0, 100000).Select(i => $"{i * 7919L}");
            using (Compiler compiler = Bytes.Compiler())
            using (GrammarSource source = GrammarSource.FromChoices(words))
            using (Grammar grammar = compiler.CompileSource(source))
            using (var cancellation = new CancellationTokenSource())
            {
                cancellation.CancelAfter(20);
                Stopwatch time = Stopwatch.StartNew();
                Stopped(cancellation.Token, () => grammar.WarmUp(WarmUp.Full, cancellation.Token));
                Soon(time);
            }
        }

        private static void MatcherStops()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar grammar = compiler.CompileLark("start: word\nword[capture=\"w\"]: /[a-z]{9}/\n"))
            using (var cancellation = new CancellationTokenSource())
            using (var matcher = new Matcher(grammar, null, cancellation.Token))
            {
                CancellationToken token = cancellation.Token;
                Harness.True(matcher.AcceptToken('a') && matcher.AcceptToken('b'), "ab");
                using (Matcher clone = matcher.Clone())
                {
                    cancellation.Cancel();
                    using (Matcher late = clone.Clone())
                    {
                        foreach (Matcher stopped in new[] { matcher, clone, late })
                        {
                            foreach (Action step in StepsOf(stopped)) Stopped(token, step);
                            Harness.Equal(2, stopped.HistorySize);
                        }
                    }
                }
                matcher.SetCancellation(CancellationToken.None);
                foreach (Action step in StepsOf(matcher)) step();
                Harness.Equal(4, matcher.HistorySize);
                matcher.SetCancellation(token);
                Stopped(token, () => matcher.AcceptToken('a'));
                matcher.Dispose();
                Harness.Throws<ObjectDisposedException>(() => matcher.SetCancellation(token));
            }
        }

        private static void MatcherStopsWithin()
        {
            byte[] text = Enumerable.Repeat((byte)'a', 50000000).ToArray();  // some seconds
            using (Matcher matcher = Bytes.Matcher("a[a-z]*"))
            using (var cancellation = new CancellationTokenSource())
            {
                matcher.SetCancellation(cancellation.Token);
                cancellation.CancelAfter(20);
                Stopwatch time = Stopwatch.StartNew();
                Stopped(cancellation.Token, () => matcher.AcceptBytes(text));
                Soon(time);
                matcher.SetCancellation(CancellationToken.None);
                Harness.True(matcher.HistorySize == 0 && matcher.AcceptToken('a'), "it is as it was");
            }
        }

        /// <summary>Everything that the token of a matcher stops.</summary>
        private static Action[] StepsOf(Matcher matcher)
        {
            return new Action[]
            {
                () => matcher.FillBitmask(new uint[matcher.MaskWords]),
                () => matcher.LendBitmask(0, (mask, state) => { }),
                () => matcher.IsTokenAllowed('a'),
                () => matcher.AcceptToken('a'),
                () => matcher.AcceptBytes(new[] { (byte)'a' }),
                () => matcher.Captures().Dispose(),
            };
        }

        private static void ResultTwice()
        {
            Compiler compiler = Bytes.Compiler();
            GrammarSource source = GrammarSource.FromChoices("yes", "no");
            using (CompileJob job = compiler.StartJob(source))
            {
                compiler.Dispose();
                source.Dispose();
                Harness.True(job.Wait() && job.IsDone && job.Wait(0), "done");
                for (int i = 0; i < 2; ++i)
                {
                    using (Grammar grammar = job.Result()) Harness.True(Bytes.Accepts(grammar, "yes"), "yes");
                }
                job.Cancel();  // too late
                job.Result().Dispose();
                job.Dispose();
                Harness.Throws<ObjectDisposedException>(() => job.Result());
                Harness.Throws<ObjectDisposedException>(() => job.Wait());
            }
        }

        private static void JobStops()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (GrammarSource source = SlowSource())
            using (var cancellation = new CancellationTokenSource())
            {
                using (CompileJob job = compiler.StartJob(source))
                {
                    Harness.True(!job.IsDone && !job.Wait(1), "it runs");
                    Harness.Fails(Status.InvalidState, () => job.Result());
                    job.Cancel();
                    Harness.Equal(true, job.IsDone);
                    Stopped(CancellationToken.None, () => job.Result());
                }
                using (CompileJob job = compiler.StartJob(source, null, cancellation.Token))
                {
                    Stopwatch time = Stopwatch.StartNew();
                    cancellation.Cancel();
                    Harness.Equal(true, job.Wait());
                    Soon(time);
                    Stopped(cancellation.Token, () => job.Result());
                }
            }
        }

        private static void DisposeWhileRunning()
        {
            using (Compiler compiler = Bytes.Compiler())
            using (GrammarSource source = SlowSource())
            {
                CompileJob job = compiler.StartJob(source);
                bool done = false;
                var thread = new Thread(() => done = job.Wait());
                thread.Start();
                Thread.Sleep(30);
                Stopwatch time = Stopwatch.StartNew();
                job.Dispose();
                thread.Join();
                Soon(time);
                Harness.Equal(true, done);
                job.Dispose();
            }
        }

        private static void Deferred()
        {
            GrammarSource[] wrong =
            {
                GrammarSource.FromEbnf("root ::= (", new EbnfOptions { Deferred = true }),
                GrammarSource.FromRegex("(", new RegexOptions { Deferred = true }),
                GrammarSource.FromLark("start: (", new LarkOptions { Deferred = true }),
                GrammarSource.FromJsonSchema("{", null, new JsonSchemaOptions { Deferred = true }),
            };
            using (Compiler compiler = Bytes.Compiler())
            {
                foreach (GrammarSource source in wrong)
                {
                    using (source)
                    using (CompileJob job = compiler.StartJob(source))
                    {
                        job.Wait();
                        Harness.Fails(Status.InvalidSource, () => job.Result());
                    }
                }
            }
        }

        private static void Lark()
        {
            var options = new LarkOptions { Named = new[] { new NamedGrammar("digit", "start: /[0-9]/") } };
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar grammar = compiler.CompileLark("start: \"a\" @digit+", options))
            using (Grammar same = compiler.CompileLarkAsync("start: \"a\" @digit+", options).Result)
            {
                Harness.True(Bytes.Accepts(grammar, "a12") && Bytes.Accepts(same, "a1"), "a12");
                Harness.True(!Bytes.Accepts(grammar, "b"), "b");
                Harness.Equal(1UL, compiler.CacheStats().Hits);
            }
        }
    }
}
