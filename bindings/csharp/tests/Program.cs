using System;

namespace Xgr.Tests
{
    /// <summary>Runs everything: tests.exe FOLDER_OF_CASES. The last line is "N passed, M failed".</summary>
    internal static class Program
    {
        private static int Main(string[] arguments)
        {
            TokenizerTests.Run();
            CompilerTests.Run();
            SourceTests.Run();
            StructuralTagTests.Run();
            FamilyTests.Run();
            ReplyReaderTests.Run();
            MatcherTests.Run();
            StartTests.Run();
            TokenLimitTests.Run();
            BitmaskTests.Run();
            DraftTests.Run();
            BatchTests.Run();
            DefaultTests.Run();
            ErrorTests.Run();
            AsyncTests.Run();
            CancelTests.Run();
            LifetimeTests.Run();
            CaseTests.Run(arguments[0]);
            MistakeTests.Run(arguments[0]);
            Console.WriteLine($"{Harness.Passed} passed, {Harness.Failed} failed");
            return Harness.Failed == 0 ? 0 : 1;
        }
    }
}
