using System;
using System.Linq;
using System.Text;
using System.Threading;

namespace Xgr.Tests
{
    /// <summary>Many matchers in one call, what becomes of each, misuse; and threads that share one matcher.</summary>
    internal static class BatchTests
    {
        private const int Words = 9;

        internal static void Run()
        {
            foreach (int threads in new[] { 0, 1, 3 })
            {
                Harness.Run($"batch: fill, {threads} threads", () => Fill(threads));
                Harness.Run($"batch: steps, {threads} threads", () => Steps(threads));
                Harness.Run($"batch: logits, {threads} threads", () => Logits(threads));
            }
            Harness.Run("batch: one failure does not lose the others", Failures);
            Harness.Run("batch: cancelled", Cancelled);
            Harness.Run("batch: misuse", Misuse);
            Harness.Run("batch: lifetime", Lifetime);
            Harness.Run("batch: no allocation", NoAllocation);
            Harness.Run("threads: several ask one matcher", Readers);
            Harness.Run("threads: who changes a matcher is alone", Writers);
        }

        private static Batch Make(int threads)
        {
            var batch = new Batch(new BatchOptions { Threads = threads, NoThreads = threads == 0 });
            Harness.Equal(threads, batch.Threads);
            return batch;
        }

        private static uint[] Alone(Matcher matcher)
        {
            var mask = new uint[Words];
            matcher.FillBitmask(mask);
            return mask;
        }

        private static void Fill(int threads)
        {
            Matcher[] matchers = { Bytes.Matcher("a+"), Bytes.Matcher("[a-z]*"), Bytes.Matcher("x") };
            matchers[2].AcceptTokens(new[] { 'x', Bytes.Stop });
            using (Batch batch = Make(threads))
            {
                uint[] masks = Enumerable.Repeat(7u, 5 * (Words + 1)).ToArray();
                var kinds = new MaskKind[3];
                int[] rows = { 4, 0, 2 };
                Harness.Equal(true, batch.FillBitmask(matchers, masks, Words + 1, rows, kinds));
                Harness.Same(new[] { MaskKind.Some, MaskKind.Some, MaskKind.Terminated }, kinds);
                for (int i = 0; i < 3; ++i)
                    Harness.Same(Alone(matchers[i]), masks.Skip(rows[i] * (Words + 1)).Take(Words));
                for (int row = 0; row < 5; ++row) Harness.Equal(7u, masks[row * (Words + 1) + Words]);
                Harness.Equal(7u, masks[Words + 1]);
                Harness.Equal(true, batch.FillBitmask(matchers, masks, Words));
                Harness.Same(matchers.SelectMany(Alone), masks.Take(3 * Words));
                Harness.Equal(true, batch.FillBitmask(default(ReadOnlySpan<Matcher>), masks, Words));
            }
            foreach (Matcher matcher in matchers) matcher.Dispose();
        }

        private static void Steps(int threads)
        {
            Matcher[] matchers = Enumerable.Range(0, 100).Select(i => Bytes.Matcher(i % 2 == 0 ? "a+" : "[ab]+")).ToArray();
            var accepted = new bool[100];
            int[] tokens = Enumerable.Repeat((int)'b', 100).ToArray();
            using (Batch batch = Make(threads))
            {
                Harness.Equal(true, batch.AcceptToken(matchers, tokens, accepted));
                Harness.Same(Enumerable.Range(0, 100).Select(i => i % 2 == 1), accepted);
                byte[] bytes = Encoding.UTF8.GetBytes("aab");
                int[] sizes = new int[100];
                sizes[4] = 1;
                sizes[5] = 2;
                Harness.Equal(true, batch.AcceptBytes(matchers, bytes, sizes, accepted));
                Harness.True(accepted.All(one => one), "refused");
                Harness.Equal(1, matchers[4].HistorySize);
                Harness.Equal(2, matchers[5].HistorySize);
                int[] counts = Enumerable.Repeat(1, 100).ToArray();
                var statuses = new Status[100];
                Harness.Equal(true, batch.Rollback(matchers, counts, statuses));
                Harness.True(statuses.All(status => status == Status.Ok), "a status");
                Harness.Equal(0, matchers[4].HistorySize);
                Harness.Equal(1, matchers[5].HistorySize);
            }
            foreach (Matcher matcher in matchers) matcher.Dispose();
        }

        private static void Logits(int threads)
        {
            using (Batch batch = Make(threads))
            {
                uint[] masks = Enumerable.Range(0, 17 * 3).Select(i => (uint)i * 2654435761u).ToArray();
                float[] single = new float[17 * 96], alone = new float[17 * 96];
                batch.ApplyF32(single, masks, new ApplyOptions { RowCount = 17 });
                Bitmask.ApplyF32(alone, masks, new ApplyOptions { RowCount = 17 });
                Harness.Same(alone, single);
                Harness.True(single.Contains(0) && single.Any(float.IsNegativeInfinity), "nothing was applied");
                ushort[] half = new ushort[17 * 96], brain = new ushort[17 * 96];
                batch.ApplyF16(half, masks, new ApplyOptions { RowCount = 17 });
                batch.ApplyBf16(brain, masks, new ApplyOptions { RowCount = 17 });
                Harness.Same(alone.Select(logit => (ushort)(logit == 0 ? 0 : 0xFC00)), half);
                Harness.Same(alone.Select(logit => (ushort)(logit == 0 ? 0 : 0xFF80)), brain);
                Harness.Fails(Status.InvalidArgument, () => batch.ApplyF32(
                    single, masks, new ApplyOptions { Columns = 96, LogitRows = new[] { 1, 1 } }));
                Harness.Equal(threads, batch.Threads);  // it is free again
            }
        }

        private static void Failures()
        {
            var options = new MatcherOptions { CheckTokenIds = true };
            Matcher[] matchers = { Bytes.Matcher("a+", options), Bytes.Matcher("a+", options),
                                   Bytes.Matcher("a+", options) };
            int[] tokens = { 'a', 999, 'b' };
            var accepted = new bool[3];
            var statuses = new Status[3];
            using (Batch batch = Make(1))
            {
                Harness.Equal(false, batch.AcceptToken(matchers, tokens, accepted, statuses));
                Harness.Same(new[] { true, false, false }, accepted);
                Harness.Same(new[] { Status.Ok, Status.InvalidArgument, Status.Ok }, statuses);
                Refused("matchers[1]: token id 999 is outside the vocabulary; expected 0 or more, below 257",
                        () => batch.AcceptToken(matchers, tokens, accepted));
                Harness.Equal(2, matchers[0].HistorySize);
                Refused("matchers[1]: cannot undo 1 steps: there are 0",
                        () => batch.Rollback(matchers, new[] { 2, 1, 0 }));
                Harness.Equal(0, matchers[0].HistorySize);
            }
            foreach (Matcher matcher in matchers) matcher.Dispose();
        }

        private static void Cancelled()
        {
            Matcher[] matchers = { Bytes.Matcher("a+"), Bytes.Matcher("a+") };
            var masks = new uint[2 * Words];
            var statuses = new Status[2];
            using (Batch batch = Make(1))
            using (var one = new CancellationTokenSource())
            using (var all = new CancellationTokenSource())
            {
                matchers[1].SetCancellation(one.Token);
                one.Cancel();
                Harness.Equal(false, batch.FillBitmask(matchers, masks, Words, default(ReadOnlySpan<int>),
                                                       default(Span<MaskKind>), statuses));
                Harness.Same(new[] { Status.Ok, Status.Cancelled }, statuses);
                Harness.Same(Alone(matchers[0]), masks.Take(Words));
                Harness.Equal(one.Token, Harness.Throws<OperationCanceledException>(
                    () => batch.FillBitmask(matchers, masks, Words)).CancellationToken);
                matchers[1].SetCancellation(CancellationToken.None);
                batch.SetCancellation(all.Token);
                Harness.Equal(true, batch.FillBitmask(matchers, masks, Words));
                all.Cancel();
                Harness.Equal(all.Token, Harness.Throws<OperationCanceledException>(
                    () => batch.AcceptToken(matchers, new int[] { 'a', 'a' }, new bool[2])).CancellationToken);
                Harness.Equal(0, matchers[0].HistorySize + matchers[1].HistorySize);
                batch.SetCancellation(CancellationToken.None);
                Harness.Equal(true, batch.FillBitmask(matchers, masks, Words));
            }
            foreach (Matcher matcher in matchers) matcher.Dispose();
        }

        private static void Refused(string message, Action action)
        {
            XgrException error = Harness.Fails(Status.InvalidArgument, action);
            Harness.True(error.Message.Contains(message), error.Message);
        }

        private static void Misuse()
        {
            Matcher a = Bytes.Matcher("a+"), b = Bytes.Matcher("a+");
            Matcher[] both = { a, b };
            var masks = new uint[2 * Words];
            using (Batch batch = Make(1))
            {
                Refused("matchers[0] and matchers[2] are the same; expected each of them once",
                        () => batch.FillBitmask(new[] { a, b, a }, new uint[3 * Words], Words));
                Refused("the rows have 8 words; expected at least 9, for matchers[0]",
                        () => batch.FillBitmask(both, masks, 8));
                Refused("the masks have 17 words; row 1 of 9 is not within them",
                        () => batch.FillBitmask(both, new uint[17], Words));
                Refused("row 2 of 9 is not within them", () => batch.FillBitmask(both, masks, Words, new[] { 0, 2 }));
                Refused("row -1 of 9 is not within them", () => batch.FillBitmask(both, masks, Words, new[] { -1, 0 }));
                Refused("rows[0] and rows[1] are 1; expected no row twice",
                        () => batch.FillBitmask(both, masks, Words, new[] { 1, 1 }));
                Refused("rows has 1, for 2 matchers", () => batch.FillBitmask(both, masks, Words, new[] { 1 }));
                Refused("kinds has 1, for 2 matchers", () => batch.FillBitmask(
                    both, masks, Words, default(ReadOnlySpan<int>), new MaskKind[1]));
                Refused("tokens has 1, for 2 matchers", () => batch.AcceptToken(both, new[] { 1 }, new bool[2]));
                Refused("accepted has 1, for 2 matchers", () => batch.AcceptToken(both, new[] { 1, 1 }, new bool[1]));
                Refused("sizes has 3, for 2 matchers",
                        () => batch.AcceptBytes(both, new byte[3], new[] { 1, 1, 1 }, new bool[2]));
                Refused("bytes has 3, sizes add up to 2; expected the same",
                        () => batch.AcceptBytes(both, new byte[3], new[] { 1, 1 }, new bool[2]));
                Refused("stepCounts has 1, for 2 matchers", () => batch.Rollback(both, new[] { 0 }));
                Refused("statuses has 1, for 2 matchers", () => batch.Rollback(both, new[] { 0, 0 }, new Status[1]));
                Harness.Throws<ArgumentOutOfRangeException>(() => batch.Rollback(both, new[] { 0, -1 }));
                Harness.Throws<ArgumentOutOfRangeException>(() => batch.FillBitmask(both, masks, -1));
                Harness.Throws<ArgumentNullException>(() => batch.FillBitmask(new[] { a, null }, masks, Words));
                b.LendBitmask(0, (mask, state) => Harness.Throws<InvalidOperationException>(
                    () => batch.FillBitmask(both, masks, Words)));
                Harness.Equal(true, batch.FillBitmask(both, masks, Words));  // both are free again
                b.Dispose();
                Harness.Throws<ObjectDisposedException>(() => batch.FillBitmask(both, masks, Words));
                Harness.Equal(true, a.AcceptToken('a'));
            }
            a.Dispose();
            Harness.Fails(Status.InvalidArgument, () => new Batch(new BatchOptions { Threads = 257 }));
            Harness.Fails(Status.InvalidArgument, () => new Batch(new BatchOptions { Threads = -1 }));
            Harness.Fails(Status.InvalidArgument, () => new Batch(new BatchOptions { Threads = 1, NoThreads = true }));
        }

        private static void Lifetime()
        {
            using (var source = new CancellationTokenSource())
            using (Matcher matcher = Bytes.Matcher("a+"))
            {
                for (int i = 0; i < 50; ++i)
                {
                    Batch batch = Make(2);
                    batch.SetCancellation(source.Token);
                    batch.FillBitmask(new[] { matcher }, new uint[Words], Words);
                    if (i % 2 == 0) continue;  // the finalizer's
                    batch.Dispose();
                    batch.Dispose();
                    Harness.Throws<ObjectDisposedException>(() => batch.Threads.ToString());
                    Harness.Throws<ObjectDisposedException>(() => batch.SetCancellation(source.Token));
                }
            }
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using (var batch = new Batch()) Harness.True(batch.Threads >= 1, "no threads");
        }

        private static void NoAllocation()
        {
            Matcher[] matchers = { Bytes.Matcher("[a-z]*"), Bytes.Matcher("[a-z]*") };
            var masks = new uint[2 * Words];
            var accepted = new bool[2];
            var statuses = new Status[2];
            int[] tokens = { 'a', 'b' }, steps = { 1, 1 };
            using (Batch batch = Make(0))
            {
                batch.FillBitmask(matchers, masks, Words);
                int collections = GC.CollectionCount(0);
                for (int i = 0; i < 60000; ++i)
                {
                    if (!batch.FillBitmask(matchers, masks, Words)
                        || !batch.AcceptToken(matchers, tokens, accepted, statuses)
                        || !batch.Rollback(matchers, steps)) throw new Exception("refused");
                }
                Harness.Equal(collections, GC.CollectionCount(0));
            }
            foreach (Matcher matcher in matchers) matcher.Dispose();
        }

        private static void Readers()
        {
            using (Matcher matcher = Bytes.Matcher("[a-z]+(,[a-z]+)*"))
            {
                matcher.AcceptBytes(Encoding.UTF8.GetBytes("abc,de"));
                uint[] expected = Alone(matcher);
                Exception failure = null;
                using (var start = new Barrier(4))
                {
                    Thread[] threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
                    {
                        try
                        {
                            start.SignalAndWait();
                            var mask = new uint[Words];
                            for (int round = 0; round < 500; ++round) Ask(matcher, mask, expected);
                        }
                        catch (Exception exception)
                        {
                            failure = exception;
                        }
                    })).ToArray();
                    foreach (Thread thread in threads) thread.Start();
                    foreach (Thread thread in threads) thread.Join();
                }
                if (failure != null) throw failure;
                Harness.Equal(true, matcher.AcceptToken('x'));
            }
        }

        private static void Ask(Matcher matcher, uint[] mask, uint[] expected)
        {
            Array.Clear(mask, 0, mask.Length);
            Harness.Equal(MaskKind.Some, matcher.FillBitmask(mask));
            Harness.Same(expected, mask);
            Harness.Equal(2, matcher.ValidateTokens(new int[] { ',', 'a', ';' }));
            Harness.Equal(true, matcher.IsTokenAllowed(','));
            Harness.Equal(0, matcher.ForcedBytes().Length);
            Harness.Equal(1, matcher.HistorySize);
            using (Matcher clone = matcher.Clone()) Harness.Equal(true, clone.AcceptToken(','));
        }

        /// <summary>Some ask while one changes: each call does its work or is an InvalidOperationException; whoever
        /// comes last destroys the matcher.</summary>
        private static void Writers()
        {
            Matcher matcher = Bytes.Matcher("[a-z]*");
            int asked = 0, changed = 0;
            Exception failure = null;
            Thread[] threads = Enumerable.Range(0, 3).Select(i => new Thread(() =>
            {
                var mask = new uint[Words];
                try
                {
                    for (int round = 0; ; ++round)
                    {
                        if (round % 8 == 0) Thread.Sleep(1);  // or the other thread would not get in
                        try
                        {
                            matcher.FillBitmask(mask);
                            Interlocked.Increment(ref asked);
                        }
                        catch (ObjectDisposedException)
                        {
                            return;
                        }
                        catch (InvalidOperationException)
                        {
                            Thread.Yield();
                        }
                    }
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            })).ToArray();
            foreach (Thread thread in threads) thread.Start();
            while (changed < 100 || Volatile.Read(ref asked) == 0)
            {
                try
                {
                    if (matcher.AcceptToken('a')) ++changed;
                }
                catch (InvalidOperationException)
                {
                    Thread.Yield();
                }
            }
            matcher.Dispose();
            foreach (Thread thread in threads) thread.Join();
            if (failure != null) throw failure;
            Harness.Throws<ObjectDisposedException>(() => matcher.HistorySize.ToString());
        }
    }
}
