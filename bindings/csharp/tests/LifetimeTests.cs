using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Xgr.Tests
{
    /// <summary>Leaks and misuse. XGR_LEAK_ROUNDS is how many objects are created and destroyed.</summary>
    internal static class LifetimeTests
    {
        private const int SlotCount = 64;
        private const long AllowedGrowthKib = 16 * 1024;

        internal static void Run()
        {
            Harness.Run("lifetime: create and destroy in random order", RandomOrder);
            Harness.Run("lifetime: finalizers destroy what was forgotten", Forgotten);
            Harness.Run("lifetime: Dispose on another thread during calls", DisposeDuringCalls);
            Harness.Run("lifetime: two threads in one matcher", TwoThreads);
        }

        private static int Rounds
        {
            get
            {
                string text = Environment.GetEnvironmentVariable("XGR_LEAK_ROUNDS");
                return string.IsNullOrEmpty(text) ? 20000 : int.Parse(text);
            }
        }

        private static void RandomOrder()
        {
            int rounds = Rounds;
            var random = new Random(7);
            var slots = new IDisposable[SlotCount];
            Churn(slots, random, rounds / 2);
            long before = Harness.ResidentKib();
            Churn(slots, random, rounds - rounds / 2);
            long grown = Harness.ResidentKib() - before;
            Console.WriteLine($"{rounds} objects: {before} KiB after half of them, {grown} KiB more at the end");
            foreach (IDisposable slot in slots) slot?.Dispose();
            Harness.True(grown < AllowedGrowthKib, $"memory grows by {grown} KiB");
        }

        /// <summary>Puts new objects into random slots; of four that were there one is left to the finalizer.
        /// </summary>
        private static void Churn(IDisposable[] slots, Random random, int rounds)
        {
            for (int i = 0; i < rounds; ++i)
            {
                int slot = random.Next(SlotCount);
                if (i % 4 != 0) slots[slot]?.Dispose();
                slots[slot] = Create(random, slots);
            }
        }

        /// <summary>An object of a random type, made from one that lives where there is one.</summary>
        private static IDisposable Create(Random random, IDisposable[] slots)
        {
            IDisposable other = slots[random.Next(SlotCount)];
            try
            {
                if (other is Tokenizer tokenizer) return new Compiler(tokenizer);
                if (other is Compiler compiler) return compiler.CompileRegex("[a-z]+|b");
                if (other is Grammar grammar) return random.Next(4) == 0 ? FromGrammar(grammar, random) : Step(grammar);
                if (other is Matcher matcher) return random.Next(2) == 0 ? matcher.Clone() : Captured(matcher);
                if (other is GrammarSource source) return source.Repeat(0, 2);
                if (other is Captures) return JsonSchemaReport.Check("{\"type\":\"null\"}");
                return Root(random);
            }
            catch (ObjectDisposedException)
            {
                return Root(random);
            }
        }

        private static IDisposable FromGrammar(Grammar grammar, Random random)
        {
            if (random.Next(2) == 0) return grammar.Diagnostics();
            return grammar.Tokenizer();
        }

        private static IDisposable Step(Grammar grammar)
        {
            var matcher = new Matcher(grammar);
            matcher.AcceptToken('b');
            return matcher;
        }

        private static IDisposable Captured(Matcher matcher) => matcher.Captures();

        private static IDisposable Root(Random random)
        {
            switch (random.Next(3))
            {
                case 0: return Bytes.Tokenizer();
                case 1: return GrammarSource.FromChoices("a", "b");
                default: return Fed();
            }
        }

        private static IDisposable Fed()
        {
            var reader = new ReplyReader("hermes");
            reader.Feed("a<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>");
            reader.NextEvent();
            return reader;
        }

        private static void Forgotten()
        {
            WeakReference[] forgotten = Forget();
            for (int i = 0; i < 3; ++i)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            int alive = 0;
            foreach (WeakReference reference in forgotten) alive += reference.IsAlive ? 1 : 0;
            Harness.True(alive < 5, $"{alive} of {forgotten.Length} are still there");
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static WeakReference[] Forget()
        {
            var references = new WeakReference[100];
            for (int i = 0; i < references.Length; ++i) references[i] = new WeakReference(Bytes.Matcher("a"));
            return references;
        }

        private static void DisposeDuringCalls()
        {
            for (int round = 0; round < 50; ++round)
            {
                Matcher matcher = Bytes.Matcher("[a-z]*");
                Compiler compiler = Bytes.Compiler();
                int failures = 0;
                var started = new ManualResetEventSlim();
                var thread = new Thread(() => failures = CallUntilDisposed(matcher, compiler, started));
                thread.Start();
                started.Wait();
                Thread.Yield();
                if (round % 2 == 0) matcher.Dispose();
                else compiler.Dispose();
                thread.Join();
                Harness.Equal(1, failures);
                matcher.Dispose();
                compiler.Dispose();
            }
        }

        private static int CallUntilDisposed(Matcher matcher, Compiler compiler, ManualResetEventSlim started)
        {
            var mask = new uint[9];
            started.Set();
            try
            {
                while (true)
                {
                    matcher.FillBitmask(mask);
                    compiler.CompileRegex("a").Dispose();
                }
            }
            catch (ObjectDisposedException)
            {
                return 1;
            }
        }

        private static void TwoThreads()
        {
            using (Matcher matcher = Bytes.Matcher("[a-z]*"))
            {
                var inside = new ManualResetEventSlim();
                var done = new ManualResetEventSlim();
                var thread = new Thread(() => matcher.LendBitmask(0, (mask, state) =>
                {
                    inside.Set();
                    done.Wait();
                }));
                thread.Start();
                inside.Wait();
                Harness.Throws<InvalidOperationException>(() => matcher.AcceptToken('a'));
                matcher.Dispose();
                Harness.Throws<ObjectDisposedException>(() => matcher.AcceptToken('a'));
                done.Set();
                thread.Join();
                Harness.Throws<ObjectDisposedException>(() => matcher.AcceptToken('a'));
            }
        }
    }
}
