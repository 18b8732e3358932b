using System;
using System.Linq;
using System.Runtime.InteropServices;

namespace Xgr.Tests
{
    /// <summary>Bitmasks, and what they do to logits.</summary>
    internal static class BitmaskTests
    {
        private const int Words = 3, Bits = 32 * Words;

        [StructLayout(LayoutKind.Sequential)]
        private struct Candidate
        {
            internal int Id;
            internal float Logit;
            internal float Probability;
        }

        internal static void Run()
        {
            Harness.Run("bitmask: bits", Counts);
            Harness.Run("bitmask: sets", Sets);
            Harness.Run("bitmask: logits of each format", Logits);
            Harness.Run("bitmask: rows of logits", Rows);
            Harness.Run("bitmask: wrong rows", WrongRows);
            Harness.Run("bitmask: candidates", Candidates);
        }

        internal static uint[] Mask(params int[] tokens)
        {
            var mask = new uint[Words];
            Bitmask.SetTokens(mask, tokens);
            return mask;
        }

        private static void Counts()
        {
            uint[] mask = Mask(0, 31, 40, 95);
            Harness.Equal(4, Bitmask.Count(mask));
            Harness.Equal(0, Bitmask.Count(default(ReadOnlySpan<uint>)));
            Harness.Same(new[] { 0, 31, 40, 95 }, Bitmask.Tokens(mask));
            var some = new int[2];
            Harness.Equal(4, Bitmask.Tokens(mask, some));
            Harness.Same(new[] { 0, 31 }, some);
            Harness.Equal(4, Bitmask.Tokens(mask, default(Span<int>)));
            Bitmask.SetTokens(mask, new[] { 0, 40 }, false);
            Bitmask.SetTokens(mask, default(ReadOnlySpan<int>));
            var tokens = new[] { 95, 3, -1, 31, 96, 95 };
            Harness.Equal(3, Bitmask.FilterTokens(mask, tokens));
            Harness.Same(new[] { 95, 31, 95 }, tokens.Take(3));
            foreach (int token in new[] { -1, Bits })
            {
                XgrException error = Harness.Fails(
                    Status.InvalidArgument, () => Bitmask.SetTokens(mask, new[] { 5, token }));
                Harness.Equal($"token id {token} has no bit in the mask; expected 0 or more, below {Bits}",
                              error.Message);
            }
            Harness.Same(new[] { 31, 95 }, Bitmask.Tokens(mask));
            Harness.Fails(Status.InvalidArgument, () => Bitmask.Tokens(default(ReadOnlySpan<uint>), some));
        }

        private static void Sets()
        {
            uint[] mask = Mask(1, 2, 3);
            Bitmask.And(mask, Mask(2, 70));
            Harness.Same(new[] { 2 }, Bitmask.Tokens(mask));
            Bitmask.Or(mask, Mask(2, 70));
            Harness.Same(new[] { 2, 70 }, Bitmask.Tokens(mask));
            Bitmask.AndNot(mask, Mask(70, 5));
            Harness.Same(new[] { 2 }, Bitmask.Tokens(mask));
            foreach (Action action in new Action[] {
                         () => Bitmask.And(mask, new uint[2]), () => Bitmask.Or(mask, new uint[2]),
                         () => Bitmask.AndNot(mask, new uint[2]) })
            {
                Harness.Equal("the mask has 3 words, the other one 2; expected as many",
                              Harness.Fails(Status.InvalidArgument, action).Message);
            }
        }

        private static void Logits()
        {
            float[] logits = Enumerable.Range(0, Bits).Select(i => (float)i).ToArray();
            logits[1] = float.NaN;
            logits[2] = float.PositiveInfinity;
            Bitmask.ApplyF32(logits, Mask(1, 2, 95));
            Harness.True(float.IsNaN(logits[1]) && float.IsPositiveInfinity(logits[2]), "a value is lost");
            Harness.Equal(95f, logits[95]);
            Harness.Equal(Bits - 3, logits.Count(float.IsNegativeInfinity));
            ushort[] half = Enumerable.Repeat((ushort)0x3C00, Bits + 3).ToArray();
            Bitmask.ApplyF16(half, Mask(7));
            Harness.Equal((ushort)0x3C00, half[7]);
            Harness.Equal(Bits + 2, half.Count(bits => bits == 0xFC00));
            ushort[] brain = Enumerable.Repeat((ushort)0x3F80, 40).ToArray();
            Bitmask.ApplyBf16(brain, Mask(7, 50));
            Harness.Equal((ushort)0x3F80, brain[7]);
            Harness.Equal(39, brain.Count(bits => bits == 0xFF80));
        }

        /// <summary>The tokens of each row of logits that are 0 still.</summary>
        private static string Kept(float[] logits, int stride)
        {
            return string.Join("|", Enumerable.Range(0, logits.Length / stride).Select(row =>
                string.Join(",", Enumerable.Range(0, stride).Where(i => logits[row * stride + i] == 0))));
        }

        private static void Rows()
        {
            uint[] masks = Mask(1).Concat(Mask(2)).Concat(Mask(3)).ToArray();
            var logits = new float[3 * 4];
            Bitmask.ApplyF32(logits, masks, new ApplyOptions { RowCount = 3 });
            Harness.Equal("1|2|3", Kept(logits, 4));
            logits = new float[3 * 5];
            Bitmask.ApplyF32(logits, masks, new ApplyOptions { RowCount = 3, Columns = 4, Stride = 5 });
            Harness.Equal("1,4|2,4|3,4", Kept(logits, 5));
            logits = new float[3 * 4];
            Bitmask.ApplyF32(logits, masks, new ApplyOptions {
                Columns = 4, MaskWords = Words, LogitRows = new[] { 2, 0 }, MaskRows = new[] { 1, 1 } });
            Harness.Equal("2|0,1,2,3|2", Kept(logits, 4));
        }

        private static void WrongRows()
        {
            var masks = new uint[2 * Words];
            var logits = new float[8];
            Refused("LogitRows has 1 rows; expected 2", () => Bitmask.ApplyF32(
                logits, masks, new ApplyOptions { RowCount = 2, Columns = 4, LogitRows = new[] { 0 } }));
            Refused("MaskRows has 1 rows; expected 2", () => Bitmask.ApplyF32(
                logits, masks, new ApplyOptions { RowCount = 2, MaskWords = 3, MaskRows = new[] { 0 } }));
            Refused("LogitRows without Columns", () => Bitmask.ApplyF32(
                logits, masks, new ApplyOptions { LogitRows = new[] { 0 } }));
            Refused("MaskRows without MaskWords", () => Bitmask.ApplyF32(
                logits, masks, new ApplyOptions { MaskRows = new[] { 0 } }));
            Refused("Stride is 3; expected at least Columns, 4", () => Bitmask.ApplyF32(
                logits, masks, new ApplyOptions { RowCount = 2, Columns = 4, Stride = 3 }));
            Refused("the logits have 8 elements; row 2 of 4 is not within them", () => Bitmask.ApplyF32(
                logits, masks, new ApplyOptions { Columns = 4, LogitRows = new[] { 0, 2 } }));
            Refused("the logits have 8 elements; row -1 of 4 is not within them", () => Bitmask.ApplyF32(
                logits, masks, new ApplyOptions { Columns = 4, LogitRows = new[] { -1, 1 } }));
            Refused("the masks have 6 elements; row 2 of 3 is not within them", () => Bitmask.ApplyF32(
                logits, masks, new ApplyOptions { RowCount = 2, MaskWords = 3, MaskRows = new[] { 0, 2 } }));
            Refused("LogitRows[0] and LogitRows[1] are 1; expected no row twice", () => Bitmask.ApplyF32(
                logits, masks, new ApplyOptions { Columns = 4, LogitRows = new[] { 1, 1 } }));
            Harness.True(logits.All(logit => logit == 0), "a refused call changes nothing");
            Harness.Throws<ArgumentOutOfRangeException>(
                () => Bitmask.ApplyF32(logits, masks, new ApplyOptions { Columns = -1 }));
            Harness.Fails(Status.InvalidArgument, () => Bitmask.ApplyF32(default(Span<float>), masks));
        }

        private static void Refused(string message, Action action)
        {
            XgrException error = Harness.Fails(Status.InvalidArgument, action);
            Harness.True(error.Message.Contains(message), error.Message);
        }

        private static void Candidates()
        {
            Candidate[] candidates = new[] { 7, 8, -1, 96 }
                .Select(id => new Candidate { Id = id, Logit = 1, Probability = 0.5f }).ToArray();
            Bitmask.ApplyCandidates<Candidate>(Mask(8), candidates, 0, 4);
            Harness.Same(new[] { true, false, true, true }, candidates.Select(c => float.IsNegativeInfinity(c.Logit)));
            Harness.Same(new[] { 7, 8, -1, 96 }, candidates.Select(c => c.Id));
            Harness.True(candidates.All(c => c.Probability == 0.5f), "something else is written");
            Bitmask.ApplyCandidates(Mask(8), default(Span<Candidate>), 0, 4);
            Refused("a candidate has 12 bytes, the id at 9 and the logit at 4",
                    () => Bitmask.ApplyCandidates<Candidate>(Mask(8), candidates, 9, 4));
            Refused("the id at 0 and the logit at 2",
                    () => Bitmask.ApplyCandidates<Candidate>(Mask(8), candidates, 0, 2));
            Harness.Throws<ArgumentOutOfRangeException>(
                () => Bitmask.ApplyCandidates<Candidate>(Mask(8), candidates, -1, 4));
        }
    }
}
