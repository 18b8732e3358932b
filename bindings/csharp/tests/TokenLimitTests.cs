using System.Linq;
using System.Text;

namespace Xgr.Tests
{
    internal static class TokenLimitTests
    {
        internal static void Run()
        {
            Harness.Run("token limit: closing takes the shortest way", Closing);
            Harness.Run("token limit: it is kept", Limit);
        }

        private static int[] Allowed(Matcher matcher)
        {
            var mask = new uint[matcher.MaskWords];
            matcher.FillBitmask(mask);
            return Enumerable.Range(0, matcher.VocabSize).Where(t => Bitmask.Allows(mask, t)).ToArray();
        }

        private static bool Take(Matcher matcher, string text)
        {
            return Encoding.UTF8.GetBytes(text).All(token => matcher.AcceptToken(token));
        }

        private static void Closing()
        {
            using (Matcher matcher = Bytes.Matcher("[0-9]{3,}x"))
            {
                bool exact;
                Harness.True(matcher.MinTokensToFinish(out exact) == 4 && exact, "from the start");
                Harness.True(Take(matcher, "1234"), "digits");
                matcher.SetClosing(true);
                Harness.Same(new[] { (int)'x' }, Allowed(matcher));
                Harness.True(!matcher.AcceptToken('5') && matcher.AcceptToken('x'), "the end only");
                Harness.Same(new[] { Bytes.Stop }, Allowed(matcher));
                matcher.Rollback(1);
                matcher.SetClosing(false);
                Harness.True(matcher.AcceptToken('5'), "switched off");
            }
        }

        private static void Limit()
        {
            using (Matcher matcher = Bytes.Matcher("[0-9]{3,}x"))
            {
                matcher.SetTokenLimit(5);
                Harness.True(Take(matcher, "1234"), "within the limit");
                Harness.Same(new[] { (int)'x' }, Allowed(matcher));
                matcher.SetTokenLimit(-1);
                Harness.True(matcher.AcceptToken('5'), "without a limit");
            }
        }
    }
}
