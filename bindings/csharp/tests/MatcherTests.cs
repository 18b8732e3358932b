using System;
using System.Linq;
using System.Text;

namespace Xgr.Tests
{
    internal static class MatcherTests
    {
        internal static void Run()
        {
            Harness.Run("matcher: masks say what is accepted", Masks);
            Harness.Run("matcher: a lent mask is the filled one", Lend);
            Harness.Run("matcher: bytes, rollback, reset", History);
            Harness.Run("matcher: a clone goes its own way", Clones);
            Harness.Run("matcher: options", Options);
            Harness.Run("matcher: ids outside the vocabulary", ForeignIds);
            Harness.Run("matcher: without any stop token", NoStopToken);
            Harness.Run("matcher: captures and temperature", Captures);
            Harness.Run("matcher: statistics", Stats);
            Harness.Run("matcher: errors", Errors);
            Harness.Run("matcher: no allocation in a fill or accept", NoAllocation);
            Harness.Run("bitmask: words, reset, allows", Bits);
        }

        private static void Masks()
        {
            using (Matcher matcher = Bytes.Matcher("a[bc]?"))
            {
                var mask = new uint[matcher.MaskWords];
                Harness.Equal(9, mask.Length);
                Harness.Equal(MaskKind.Some, matcher.FillBitmask(mask));
                for (int token = 0; token < 257; ++token)
                {
                    Harness.Equal(token == 'a', Bitmask.Allows(mask, token));
                    Harness.Equal(token == 'a', matcher.IsTokenAllowed(token));
                }
                Harness.Equal(false, matcher.AcceptToken('b'));
                Harness.Equal(false, matcher.IsAccepting);
                Harness.Equal(true, matcher.AcceptToken('a'));
                Harness.Equal(true, matcher.IsAccepting);
                matcher.FillBitmask(mask.AsSpan());
                Harness.Same(
                    new[] { 'b', 'c', Bytes.Stop }, Enumerable.Range(0, 257).Where(t => Bitmask.Allows(mask, t)));
                Harness.Equal(true, matcher.AcceptToken(Bytes.Stop));
                Harness.Equal(true, matcher.IsTerminated);
                Harness.Equal(MaskKind.Terminated, matcher.FillBitmask(mask));
                Harness.Same(Enumerable.Range(0, 257), // applying its row in a batch does no harm
                             Enumerable.Range(0, mask.Length * 32).Where(t => Bitmask.Allows(mask, t)));
                Harness.Equal(false, matcher.AcceptToken('b'));
            }
        }

        private static void Lend()
        {
            using (Matcher matcher = Bytes.Matcher("[a-f]"))
            {
                var filled = new uint[matcher.MaskWords];
                matcher.FillBitmask(filled);
                MaskKind kind = matcher.LendBitmask(filled, (mask, other) =>
                    Harness.Same(other, mask.ToArray()));
                Harness.Equal(MaskKind.Some, kind);
                matcher.LendBitmask(matcher, (mask, self) =>
                    Harness.Throws<InvalidOperationException>(() => self.AcceptToken('a')));
                Harness.Throws<DivideByZeroException>(() => matcher.LendBitmask(0, (mask, state) =>
                {
                    throw new DivideByZeroException();
                }));
                matcher.AcceptToken('a');
                matcher.AcceptToken(Bytes.Stop);
                bool read = false;
                Harness.Equal(MaskKind.Terminated, matcher.LendBitmask(0, (mask, state) => read = true));
                Harness.Equal(false, read);
            }
        }

        private static void History()
        {
            using (Matcher matcher = Bytes.Matcher("(abc|xyz)+"))
            {
                Harness.Equal(true, matcher.AcceptBytes(Encoding.UTF8.GetBytes("abcx")));
                Harness.Equal(false, matcher.AcceptBytes(Encoding.UTF8.GetBytes("yb")));
                Harness.Equal(true, matcher.AcceptToken('y'));
                Harness.Equal(true, matcher.AcceptBytes(new byte[0]));
                Harness.Equal(true, matcher.AcceptBytes(default(ReadOnlySpan<byte>)));
                Harness.Equal(4, matcher.HistorySize);
                matcher.Rollback(3);
                Harness.Equal(1, matcher.HistorySize);
                Harness.Equal(true, matcher.IsTokenAllowed('y'));
                matcher.Rollback(1);
                Harness.Equal(true, matcher.IsTokenAllowed('a'));
                matcher.AcceptToken('x');
                matcher.Reset();
                Harness.Equal(0, matcher.HistorySize);
                Harness.Equal(true, matcher.IsTokenAllowed('a'));
            }
        }

        private static void Clones()
        {
            Matcher matcher = Bytes.Matcher("ab|ac");
            matcher.AcceptToken('a');
            using (Matcher clone = matcher.Clone())
            {
                Harness.Equal(true, clone.AcceptToken('b'));
                Harness.Equal(1, matcher.HistorySize);
                matcher.Dispose();
                clone.Rollback(2);
                Harness.Equal(true, clone.AcceptBytes(Encoding.UTF8.GetBytes("ac")));
            }
        }

        private static void Options()
        {
            using (Matcher matcher = Bytes.Matcher("a", new MatcherOptions { StopTokens = new[] { 7, 'z' } }))
            {
                Harness.Same(new[] { 7, 'z' }, matcher.StopTokens);
                matcher.AcceptToken('a');
                Harness.Equal(true, matcher.AcceptToken('z'));
            }
            using (Matcher matcher = Bytes.Matcher("a", new MatcherOptions { Prefix = new byte[] { (byte)'x' } }))
            {
                Harness.Equal(false, matcher.AcceptToken('a'));
                Harness.Equal(true, matcher.AcceptToken('x') && matcher.AcceptToken('a'));
            }
            var ends = new MatcherOptions { TerminateWithoutStopToken = true, DefaultTemperature = 0.5f };
            using (Matcher matcher = Bytes.Matcher("a", ends))
            {
                Harness.Equal((float?)0.5f, matcher.Temperature);
                matcher.AcceptToken('a');
                Harness.Equal(true, matcher.IsTerminated);
            }
            using (Compiler compiler = Bytes.Compiler(new CompilerOptions { Threads = 2 }))
            using (Grammar grammar = compiler.CompileJson())
            using (var matcher = new Matcher(grammar, new MatcherOptions { Prefetch = true }))
            {
                matcher.AcceptToken('[');
                Harness.Equal(1ul, matcher.Stats().Prefetches);
            }
            Harness.Fails(Status.InvalidArgument,
                          () => Bytes.Matcher("a", new MatcherOptions { DefaultTemperature = -1 }));
        }

        private static void ForeignIds()
        {
            using (Matcher plain = Bytes.Matcher("a+"))
            using (Matcher matcher = Bytes.Matcher("a+", new MatcherOptions { CheckTokenIds = true }))
            {
                Harness.Equal(257, matcher.VocabSize);
                foreach (int token in new[] { -1, 257, int.MaxValue })
                {
                    Harness.Equal(false, plain.AcceptToken(token));
                    XgrException error = Harness.Fails(Status.InvalidArgument, () => matcher.AcceptToken(token));
                    Harness.Equal($"token id {token} is outside the vocabulary; expected 0 or more, below 257",
                                  error.Message);
                    Harness.Fails(Status.InvalidArgument, () => matcher.IsTokenAllowed(token));
                }
                Harness.Equal(false, matcher.AcceptToken('b'));
                Harness.Equal(true, matcher.AcceptToken('a'));
            }
        }

        private static void NoStopToken()
        {
            var texts = new[] { new[] { (byte)'a' }, Encoding.UTF8.GetBytes("</s>") };
            using (var found = new Tokenizer(texts)) Harness.Same(new[] { 1 }, found.StopTokens);
            using (var tokenizer = new Tokenizer(texts, new TokenizerOptions { NoStopDetection = true }))
            using (var compiler = new Compiler(tokenizer))
            using (Grammar grammar = compiler.CompileRegex("a{3,9}"))
            {
                Harness.Equal(0, tokenizer.StopTokens.Length);
                XgrException error = Harness.Fails(Status.InvalidArgument, () => new Matcher(grammar));
                Harness.Equal(true, error.Message.Contains("terminate_without_stop_token"));
                new Matcher(grammar, new MatcherOptions { TerminateWithoutStopToken = true }).Dispose();
            }
        }

        private static void Captures()
        {
            const string Source = "root ::= name \" \" age\nname[capture=\"name\"] ::= [a-z]+\n"
                + "age[capture=\"age\", temperature=0.25] ::= [0-9]+";
            using (Compiler compiler = Bytes.Compiler())
            using (Grammar grammar = compiler.CompileEbnf(Source))
            using (var matcher = new Matcher(grammar))
            {
                Harness.True(matcher.Temperature == null, "a temperature");
                matcher.AcceptBytes(Encoding.UTF8.GetBytes("ann 42"));
                Harness.Equal((float?)0.25f, matcher.Temperature);
                Captures captures = matcher.Captures();
                using (captures)
                {
                    string[] found = captures.Select(c => c.Name + "=" + Encoding.UTF8.GetString(c.Text)).ToArray();
                    Harness.Same(new[] { "name=ann", "age=42" }, found);
                    Harness.Throws<ArgumentOutOfRangeException>(() => captures[2].ToString());
                }
                using (Captures all = matcher.Captures(allEvents: true))
                {
                    Harness.Equal(5, all.Count);
                }
            }
        }

        private static void Stats()
        {
            using (Matcher matcher = Bytes.Matcher("[a-z]+"))
            {
                var mask = new uint[matcher.MaskWords];
                for (int i = 0; i < 3; ++i) matcher.FillBitmask(mask);
                MatcherStats stats = matcher.Stats();
                Harness.Equal(3ul, stats.Fills);
                Harness.True(stats.Hits >= 2 && stats.Hits <= stats.Fills, $"{stats.Hits} hits");
                Harness.True(matcher.MemorySize > 0, "no memory");
            }
        }

        private static void Errors()
        {
            using (Matcher matcher = Bytes.Matcher("a"))
            {
                Harness.Fails(Status.InvalidArgument, () => matcher.FillBitmask(new uint[8]));
                Harness.Fails(Status.InvalidArgument, () => matcher.FillBitmask(default(Span<uint>)));
                XgrException error = Harness.Fails(Status.InvalidArgument, () => matcher.Rollback(1));
                Harness.True(error.Message.Contains("there are 0"), error.Message);
                Harness.Throws<ArgumentOutOfRangeException>(() => matcher.Rollback(-1));
                Harness.Throws<ArgumentNullException>(() => matcher.LendBitmask<int>(0, null));
                Harness.Equal(false, matcher.AcceptToken(int.MinValue));
                Harness.Equal(true, matcher.AcceptToken('a'));
            }
            Harness.Throws<ArgumentNullException>(() => new Matcher(null));
        }

        /// <summary>Half a million calls would start a collection if any of them allocated.</summary>
        private static void NoAllocation()
        {
            using (Matcher matcher = Bytes.Matcher("[a-z]*"))
            {
                var mask = new uint[matcher.MaskWords];
                matcher.FillBitmask(mask);
                matcher.AcceptToken('a');
                matcher.Rollback(1);
                long before = GC.GetTotalMemory(true);
                int collections = GC.CollectionCount(0);
                for (int i = 0; i < 500000; ++i)
                {
                    matcher.FillBitmask(mask);
                    if (!matcher.AcceptToken('a') || !matcher.IsTokenAllowed('b')) throw new Exception("refused");
                    matcher.Rollback(1);
                }
                Harness.Equal(collections, GC.CollectionCount(0));
                Harness.True(GC.GetTotalMemory(false) - before < 65536, "memory grows");
            }
        }

        private static void Bits()
        {
            Harness.Equal(0, Bitmask.Words(-1));
            Harness.Equal(4, Bitmask.Words(97));
            var mask = new uint[2];
            Harness.Equal(false, Bitmask.Allows(mask, 40));
            Bitmask.Reset(mask);
            Harness.Same(new[] { uint.MaxValue, uint.MaxValue }, mask);
            Harness.Equal(true, Bitmask.Allows(mask, 40));
            Harness.Equal(false, Bitmask.Allows(mask, 64));
            Harness.Equal(false, Bitmask.Allows(mask, -1));
            Harness.Fails(Status.InvalidArgument, () => Bitmask.Reset(default(Span<uint>)));
        }
    }
}
