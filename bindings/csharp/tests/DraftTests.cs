using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;

namespace Xgr.Tests
{
    /// <summary>Several tokens at once, drafts, forced text, filters: what looks ahead leaves the matcher as it was.
    /// </summary>
    internal static class DraftTests
    {
        private const int Words = 9, All = 257;

        internal static void Run()
        {
            Harness.Run("draft: several tokens", SeveralTokens);
            Harness.Run("draft: chain", Chain);
            Harness.Run("draft: tree", Tree);
            Harness.Run("draft: links that are no tree", NoTree);
            Harness.Run("draft: wrong sizes", WrongSizes);
            Harness.Run("draft: cancelled", Cancelled);
            Harness.Run("forced: bytes", ForcedBytes);
            Harness.Run("forced: tokens", ForcedTokens);
            Harness.Run("forced: a tokenizer that fails or lies", WrongTokenizers);
            Harness.Run("filter: laid, undone, cloned", Filter);
            Harness.Run("draft: no allocation", NoAllocation);
        }

        /// <summary>The mask after some tokens, by accepting them one by one.</summary>
        private static uint[] MaskAfter(Matcher matcher, params int[] tokens)
        {
            var mask = new uint[Words];
            using (Matcher clone = matcher.Clone())
            {
                foreach (int token in tokens) Harness.Equal(true, clone.AcceptToken(token));
                clone.FillBitmask(mask);
            }
            return mask;
        }

        private static uint[] Row(uint[] masks, int row, int words = Words)
        {
            return masks.Skip(row * words).Take(Words).ToArray();
        }

        private static uint[] Everything()
        {
            var mask = new uint[Words];
            Bitmask.SetTokens(mask, Enumerable.Range(0, All).ToArray());
            return mask;
        }

        private static void SeveralTokens()
        {
            using (Matcher matcher = Bytes.Matcher("ab*c", new MatcherOptions { CheckTokenIds = true }))
            {
                int[] tokens = { 'a', 'b', 'c', Bytes.Stop };
                Harness.Equal(4, matcher.ValidateTokens(tokens));
                Harness.Equal(2, matcher.ValidateTokens(new int[] { 'a', 'b', 'a', 'c' }));
                Harness.Equal(0, matcher.ValidateTokens(default(ReadOnlySpan<int>)));
                Harness.Equal(0, matcher.HistorySize);
                Harness.Equal(2, matcher.AcceptTokens(new int[] { 'a', 'b', 'a', 'c' }));
                Harness.Equal(0, matcher.AcceptTokens(new int[0]));
                Harness.Equal(2, matcher.HistorySize);
                Harness.Equal(0, matcher.AcceptTokens(new[] { 'a', 999 }));
                foreach (Action action in new Action[] { () => matcher.AcceptTokens(new[] { 'b', 999, -1 }),
                                                         () => matcher.ValidateTokens(new[] { 'b', 999, -1 }) })
                {
                    Harness.Equal("token id 999 is outside the vocabulary; expected 0 or more, below 257",
                                  Harness.Fails(Status.InvalidArgument, action).Message);
                }
                Harness.Equal(2, matcher.HistorySize);
            }
        }

        private static void Chain()
        {
            using (Matcher matcher = Bytes.Matcher("ab*c"))
            {
                int[] tokens = { 'a', 'b', 'c', Bytes.Stop };
                var masks = new uint[5 * (Words + 1)];
                for (int i = 0; i < masks.Length; ++i) masks[i] = 7;
                var kinds = new MaskKind[6];
                Harness.Equal(4, matcher.FillDraft(tokens, masks, Words + 1, kinds));
                Harness.Equal(0, matcher.HistorySize);
                for (int i = 0; i < 4; ++i)
                {
                    Harness.Equal(MaskKind.Some, kinds[i]);
                    Harness.Same(MaskAfter(matcher, tokens.Take(i).ToArray()), Row(masks, i, Words + 1));
                    Harness.Equal(7u, masks[i * (Words + 1) + Words]);
                }
                Harness.Equal(MaskKind.Terminated, kinds[4]);
                Harness.Same(Everything(), Row(masks, 4, Words + 1));
                Harness.Equal(1, matcher.FillDraft(new int[] { 'a', 'a', 'b' }, masks, Words));
                Harness.Same(MaskAfter(matcher, 'a'), Row(masks, 1));
                Harness.Same(Everything(), Row(masks, 2));
                Harness.Equal(0, matcher.FillDraft(default(ReadOnlySpan<int>), masks, Words));
            }
        }

        private static void Tree()
        {
            using (Matcher matcher = Bytes.Matcher("ab*c|x"))
            {
                //  0 - 1 a - 2 b, 3 c;  0 - 4 x;  0 - 5 b (refused) - 6 c
                int[] tokens = { -9, 'a', 'b', 'c', 'x', 'b', 'c' }, parents = { -1, 0, 1, 1, 0, 0, 5 };
                int[] first = { 1, 2, -1, -1, -1, 6, -1 }, next = { -1, 4, 3, -1, 5, -1, -1 };
                var ways = new Dictionary<int, int[]> {
                    { 0, new int[0] }, { 1, new int[] { 'a' } }, { 2, new int[] { 'a', 'b' } },
                    { 3, new int[] { 'a', 'c' } }, { 4, new int[] { 'x' } } };
                for (int round = 0; round < 2; ++round)
                {
                    var tree = new DraftTree { Tokens = tokens };
                    if (round == 0) tree.Parents = parents;
                    if (round == 1) tree.FirstChildren = first;
                    if (round == 1) tree.NextSiblings = next;
                    var masks = new uint[7 * Words];
                    var kinds = new MaskKind[7];
                    var valid = new int[7];
                    matcher.FillDraftTree(tree, masks, Words, kinds, valid);
                    Harness.Same(new[] { 1, 1, 1, 1, 1, 0, 0 }, valid);
                    for (int node = 0; node < 7; ++node)
                    {
                        Harness.Equal(valid[node] == 0 ? MaskKind.Terminated : MaskKind.Some, kinds[node]);
                        Harness.Same(valid[node] == 0 ? Everything() : MaskAfter(matcher, ways[node]),
                                     Row(masks, node));
                    }
                    matcher.FillDraftTree(tree, masks, Words, default(Span<MaskKind>), valid);
                    matcher.FillDraftTree(tree, masks, Words);
                    Harness.Equal(0, matcher.HistorySize);
                }
            }
        }

        private static void NoTree()
        {
            int[][] parents = { new[] { -1, 2, 1 }, new[] { -1, 3, 0 }, new[] { -1, -1, 0 }, new[] { 0, 0, 0 } };
            int[][] first = { new[] { 1, -1, -1 }, new[] { 1, -1, -1 }, new[] { 1, 0, -1 }, new[] { 1, 3, -1 } };
            int[][] next = { new[] { -1, 1, -1 }, new[] { -1, -1, -1 }, new[] { -1, 2, -1 }, new[] { -1, 2, -1 } };
            int[] tokens = { 'a', 'a', 'a' };
            using (Matcher matcher = Bytes.Matcher("a*"))
            {
                var masks = new uint[3 * Words];
                for (int i = 0; i < 4; ++i)
                {
                    int at = i;
                    Refused("the links are no tree of 3 nodes", () => matcher.FillDraftTree(
                        new DraftTree { Tokens = tokens, Parents = parents[at] }, masks, Words));
                    Refused("the links are no tree of 3 nodes", () => matcher.FillDraftTree(
                        new DraftTree { Tokens = tokens, FirstChildren = first[at], NextSiblings = next[at] },
                        masks, Words));
                }
                Refused("the links are no tree of 3 nodes", () => matcher.FillDraftTree(
                    new DraftTree { Tokens = tokens, FirstChildren = first[0] }, masks, Words));
                Refused("the links are no tree of 3 nodes", () => matcher.FillDraftTree(
                    new DraftTree { Tokens = tokens }, masks, Words));
                Refused("the links are no tree of 0 nodes",
                        () => matcher.FillDraftTree(default(DraftTree), masks, Words));
                Harness.Equal(0, matcher.HistorySize);
            }
        }

        private static void Refused(string message, Action action)
        {
            XgrException error = Harness.Fails(Status.InvalidArgument, action);
            Harness.True(error.Message.Contains(message), error.Message);
        }

        private static void WrongSizes()
        {
            using (Matcher matcher = Bytes.Matcher("a*"))
            {
                var masks = new uint[3 * Words];
                int[] two = { 'a', 'a' }, three = { 'a', 'a', 'a' };
                Refused("the masks have 27 words; expected at least 36, 4 rows of 9",
                        () => matcher.FillDraft(three, masks, Words));
                Refused("the rows have 8 words; expected at least 9", () => matcher.FillDraft(two, masks, 8));
                Refused("kinds has room for 2 rows; expected at least 3",
                        () => matcher.FillDraft(two, masks, Words, new MaskKind[2]));
                Harness.Throws<ArgumentOutOfRangeException>(() => matcher.FillDraft(two, masks, -1));
                Refused("Parents has 1 nodes, Tokens 2; expected as many", () => matcher.FillDraftTree(
                    new DraftTree { Tokens = two, Parents = new[] { -1 } }, masks, Words));
                Refused("valid has room for 1 rows; expected at least 2", () => matcher.FillDraftTree(
                    new DraftTree { Tokens = two, Parents = new[] { -1, 0 } }, masks, Words,
                    default(Span<MaskKind>), new int[1]));
                Refused("the masks have 9 words; expected at least 18", () => matcher.FillDraftTree(
                    new DraftTree { Tokens = two, Parents = new[] { -1, 0 } }, new uint[Words], Words));
                Harness.Equal(0, matcher.HistorySize);
            }
        }

        private static void Cancelled()
        {
            using (Matcher matcher = Bytes.Matcher("a*"))
            using (var source = new CancellationTokenSource())
            {
                matcher.SetCancellation(source.Token);
                source.Cancel();
                var masks = new uint[2 * Words];
                int[] tokens = { 'a' };
                foreach (Action action in new Action[] {
                             () => matcher.FillDraft(tokens, masks, Words), () => matcher.AcceptTokens(tokens),
                             () => matcher.ValidateTokens(tokens), () => matcher.FillDraftTree(
                                 new DraftTree { Tokens = tokens, Parents = new[] { -1 } }, masks, Words) })
                {
                    Harness.Equal(source.Token, Harness.Throws<OperationCanceledException>(action).CancellationToken);
                }
                Harness.Equal(0, matcher.HistorySize);
            }
        }

        private static void ForcedBytes()
        {
            using (Matcher matcher = Bytes.Matcher("abc\u00e9(\u00e9|\u00e8)d+"))
            {
                byte[] whole = Encoding.UTF8.GetBytes("abc\u00e9");
                Harness.Same(whole.Concat(new byte[] { 0xC3 }), matcher.ForcedBytes());
                Harness.Same(whole, matcher.ForcedBytes(wholeCharacters: true));
                var bytes = new byte[4];
                Harness.Equal(3, matcher.ForcedBytes(bytes, wholeCharacters: true));
                Harness.Equal(4, matcher.ForcedBytes(bytes));
                Harness.Equal(0, matcher.ForcedBytes(default(Span<byte>)));
                matcher.AcceptBytes(Encoding.UTF8.GetBytes("abc\u00e9\u00e8d"));
                Harness.Equal(0, matcher.ForcedBytes().Length);
            }
            string text = string.Concat(Enumerable.Repeat("\u20ac", 1000));
            using (Matcher matcher = Bytes.Matcher(text + "[ab]"))
            {
                Harness.Equal(text, Encoding.UTF8.GetString(matcher.ForcedBytes(wholeCharacters: true)));
            }
        }

        /// <summary>Words in which the longest token is not what the tokenizer would write.</summary>
        private static Matcher Spelled()
        {
            string[] texts = { "a", "b", "c", "d", "ab", "bc", "cd", "y", "</s>" };
            using (var tokenizer = new Tokenizer(texts.Select(Encoding.UTF8.GetBytes).ToArray()))
            using (var compiler = new Compiler(tokenizer))
            using (Grammar grammar = compiler.CompileRegex("abcda(b|y)")) return new Matcher(grammar);
        }

        private static void ForcedTokens()
        {
            using (Matcher matcher = Spelled())
            {
                string asked = null;
                Func<byte[], int[]> tokenize = bytes =>
                {
                    asked += Encoding.UTF8.GetString(bytes) + ";";
                    return new[] { 0, 5, 3, 0 };
                };
                Harness.Same(new[] { 4, 6 }, matcher.ForcedTokens());  // the model may choose "ab" next
                Harness.Same(new[] { 0, 5, 3 }, matcher.ForcedTokens(tokenize));
                Harness.Equal("abcda;", asked);
                var forced = new int[2];
                Harness.Equal(2, matcher.ForcedTokens(new[] { 0, 5, 3 }, forced));
                Harness.Same(new[] { 0, 5 }, forced);
                Harness.Equal(1, matcher.ForcedTokens(new Span<int>(forced, 0, 1)));
                Harness.Equal(0, matcher.ForcedTokens(default(Span<int>)));
                Harness.Equal(0, matcher.ForcedTokens(default(ReadOnlySpan<int>), forced));
                Harness.Equal(0, matcher.HistorySize);
                Harness.Equal(3, matcher.AcceptTokens(matcher.ForcedTokens(tokenize)));
                matcher.AcceptBytes(Encoding.UTF8.GetBytes("ay"));
                Harness.Equal(0, matcher.ForcedTokens(tokenize).Length);
                Harness.Equal("abcda;abcda;", asked);
            }
        }

        private static void WrongTokenizers()
        {
            using (Matcher matcher = Spelled())
            {
                int zero = 0;
                Harness.Throws<DivideByZeroException>(() => matcher.ForcedTokens(bytes => new int[1 / zero]));
                Harness.Throws<ArgumentException>(() => matcher.ForcedTokens(bytes => null));
                foreach (int[] wrong in new[] { new[] { 0, 0 }, new[] { 7 }, new[] { 99 }, new[] { -1 } })
                {
                    Refused($"the {wrong.Length} tokens do not spell", () => matcher.ForcedTokens(bytes => wrong));
                }
                Harness.Equal(0, matcher.ForcedTokens(bytes => new int[0]).Length);
                Harness.Equal(true, matcher.AcceptBytes(Encoding.UTF8.GetBytes("ab")));
            }
        }

        private static void Filter()
        {
            using (Matcher matcher = Bytes.Matcher("[a-z]*"))
            {
                var mask = new uint[Words];
                matcher.AcceptToken('x');
                Bitmask.SetTokens(mask, new int[] { 'a', '!' });
                matcher.SetFilter(mask);
                Harness.Equal(MaskKind.Some, matcher.FillBitmask(mask));
                Harness.Same(new int[] { 'a' }, Bitmask.Tokens(mask));
                Harness.Equal(false, matcher.AcceptToken('b'));
                Harness.Equal(true, matcher.AcceptBytes(new[] { (byte)'b' }));
                using (Matcher clone = matcher.Clone())
                {
                    matcher.SetFilter(new uint[Words]);
                    Harness.Equal(MaskKind.None, matcher.FillBitmask(mask));
                    Harness.Equal(0, Bitmask.Count(mask));
                    Harness.Equal(true, clone.IsTokenAllowed('a'));
                    Harness.Equal(false, clone.IsTokenAllowed('b'));
                }
                matcher.SetFilter(default(ReadOnlySpan<uint>));
                Harness.Equal(true, matcher.AcceptToken('b'));
                matcher.Rollback(2);  // to the place where the first filter was laid
                Harness.Equal(false, matcher.IsTokenAllowed('b'));
                matcher.Rollback(1);
                Harness.Equal(true, matcher.IsTokenAllowed('b'));
                Refused("the filter has 8 words; expected 9", () => matcher.SetFilter(new uint[8]));
                Refused("the filter has 10 words; expected 9", () => matcher.SetFilter(new uint[10]));
            }
        }

        private static void NoAllocation()
        {
            using (Matcher matcher = Bytes.Matcher("[a-z]*"))
            {
                int[] tokens = { 'a', 'b' }, forced = new int[4];
                var masks = new uint[3 * Words];
                var kinds = new MaskKind[3];
                int collections = GC.CollectionCount(0);
                for (int i = 0; i < 60000; ++i)
                {
                    matcher.FillDraft(tokens, masks, Words, kinds);
                    if (matcher.ValidateTokens(tokens) != 2 || matcher.AcceptTokens(tokens) != 2)
                        throw new Exception("refused");
                    matcher.Rollback(2);
                    if (i % 16 == 0) matcher.ForcedTokens(forced);
                }
                Harness.Equal(collections, GC.CollectionCount(0));
            }
        }
    }
}
