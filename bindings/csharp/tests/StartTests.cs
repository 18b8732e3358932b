using System;
using System.Linq;
using System.Text;

namespace Xgr.Tests
{
    internal static class StartTests
    {
        internal static void Run()
        {
            Harness.Run("start: thinking ends", ThinkingEnds);
            Harness.Run("start: everything is allowed before", Everything);
            Harness.Run("start: tokens start the text", Tokens);
            Harness.Run("start: a budget forces the end", Budget);
            Harness.Run("start: what is no start is refused", Errors);
        }

        private static int[] Allowed(Matcher matcher)
        {
            var mask = new uint[matcher.MaskWords];
            matcher.FillBitmask(mask);
            return Enumerable.Range(0, matcher.VocabSize).Where(t => Bitmask.Allows(mask, t)).ToArray();
        }

        private static bool Accept(Matcher matcher, string text)
        {
            return matcher.AcceptBytes(Encoding.UTF8.GetBytes(text));
        }

        private static void ThinkingEnds()
        {
            var options = new MatcherOptions
            {
                Starts = new[] { new StartSequence("</t>"), new StartSequence(Encoding.UTF8.GetBytes("tru")) },
                ForbiddenTokens = new[] { (int)'x', (int)'y' },
            };
            using (Matcher matcher = Bytes.Matcher("\\{[a-z]", options))
            {
                Harness.True(matcher.IsWaiting && !matcher.IsAccepting, "it waits");
                Harness.Same(Enumerable.Range(0, 256).Where(t => t != 'x' && t != 'y'), Allowed(matcher));
                Harness.True(Accept(matcher, "ab</t") && !matcher.AcceptToken('x'), "a part of the end");
                Harness.True(matcher.IsWaiting && matcher.AcceptToken('>') && !matcher.IsWaiting, "the end");
                Harness.Same(new[] { (int)'{' }, Allowed(matcher));
                Harness.True(Accept(matcher, "{x") && matcher.AcceptToken(Bytes.Stop), "the text");
                matcher.Rollback(3);
                using (Matcher clone = matcher.Clone()) Harness.True(clone.IsWaiting, "a clone waits");
                Harness.True(matcher.IsWaiting && Accept(matcher, ">{") && !matcher.IsWaiting, "rollback");
                matcher.Reset();
                Harness.True(matcher.IsWaiting && Allowed(matcher).Length == 254, "reset");
            }
        }

        private static void Everything()
        {
            var options = new MatcherOptions { Starts = new[] { new StartSequence("</t>") }, MayEndWaiting = true };
            using (Matcher matcher = Bytes.Matcher("yes|no", options))
            {
                var mask = new uint[matcher.MaskWords];
                Harness.Equal(MaskKind.All, matcher.FillBitmask(mask));
                Harness.True(matcher.IsAccepting && Accept(matcher, "hm</t>"), "it may end, and does not");
                Harness.Equal(MaskKind.Some, matcher.FillBitmask(mask));
                matcher.Reset();
                Harness.True(matcher.AcceptToken(Bytes.Stop) && matcher.IsTerminated && matcher.IsWaiting, "it ends");
            }
        }

        private static void Tokens()
        {
            var options = new MatcherOptions
            {
                Starts = new[]
                {
                    new StartSequence(new[] { (int)'{' }, isImplicit: true),
                    new StartSequence(new[] { (int)'q', (int)'r' }),
                },
            };
            using (Matcher matcher = Bytes.Matcher("\\{[ab]", options))
            {
                Harness.True(Accept(matcher, "qr{") && matcher.IsWaiting, "bytes are no tokens");
                Harness.True(matcher.AcceptToken('{') && !matcher.IsWaiting, "the text begins with it");
                Harness.Same(new[] { (int)'a', (int)'b' }, Allowed(matcher));
                matcher.Rollback(1);
                Harness.Equal(4, matcher.AcceptTokens(new[] { (int)'q', (int)'r', (int)'{', (int)'a' }));
                Harness.True(matcher.IsAccepting, "the text begins behind it");
            }
        }

        private static void Budget()
        {
            var options = new MatcherOptions
            {
                Starts = new[] { new StartSequence("never"), new StartSequence("{}") },
                MaxWaitingTokens = 2,
                ForcedStart = 1,
            };
            using (Matcher matcher = Bytes.Matcher("ab", options))
            {
                Harness.True(matcher.AcceptToken('q') && Accept(matcher, "bytes do not count"), "free");
                Harness.True(matcher.AcceptToken('q'), "the last free token");
                Harness.Same(new[] { (int)'{' }, Allowed(matcher));
                Harness.Equal("{}ab", Encoding.UTF8.GetString(matcher.ForcedBytes()));
                Harness.True(Accept(matcher, "{}ab") && matcher.IsAccepting, "the end is forced");
            }
            options.MaxWaitingTokens = 0;
            using (Matcher matcher = Bytes.Matcher("ab", options)) Harness.Same(new[] { (int)'{' }, Allowed(matcher));
        }

        private static void Errors()
        {
            Action<Status, MatcherOptions> fails = (code, options) =>
                Harness.Fails(code, () => Bytes.Matcher("a", options).Dispose());
            StartSequence[] starts = { new StartSequence("a") };
            fails(Status.InvalidArgument, new MatcherOptions { MayEndWaiting = true });
            fails(Status.InvalidArgument, new MatcherOptions { MaxWaitingTokens = 3 });
            fails(Status.InvalidArgument, new MatcherOptions { Starts = new[] { new StartSequence("") } });
            fails(Status.InvalidArgument, new MatcherOptions { Starts = new[] { new StartSequence(new int[0]) } });
            fails(Status.InvalidArgument,
                  new MatcherOptions { Starts = new[] { new StartSequence(new[] { Bytes.Stop }) } });
            fails(Status.InvalidArgument, new MatcherOptions { Starts = new[] { new StartSequence("b", true) } });
            fails(Status.InvalidArgument,
                  new MatcherOptions { Starts = starts, MaxWaitingTokens = 1, ForcedStart = 1 });
            fails(Status.InvalidArgument, new MatcherOptions { Starts = starts, Prefix = new byte[] { 1 } });
            Harness.Throws<ArgumentOutOfRangeException>(
                () => Bytes.Matcher("a", new MatcherOptions { Starts = starts, MaxWaitingTokens = -1 }));
            Harness.Throws<ArgumentOutOfRangeException>(
                () => Bytes.Matcher("a", new MatcherOptions { Starts = starts, ForcedStart = -1 }));
            Harness.Throws<ArgumentNullException>(
                () => Bytes.Matcher("a", new MatcherOptions { Starts = new StartSequence[1] }));
            Harness.Throws<ArgumentNullException>(() => new StartSequence((string)null));
        }
    }
}
