using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;

namespace Xgr.Tests
{
    /// <summary>Runs tests and counts: a test is a method that throws when something is wrong.</summary>
    internal static class Harness
    {
        internal static int Passed { get; private set; }
        internal static int Failed { get; private set; }

        internal static void Run(string name, Action test)
        {
            try
            {
                test();
                ++Passed;
            }
            catch (Exception exception)
            {
                ++Failed;
                Console.WriteLine($"{name}: {exception}");
            }
        }

        /// <summary>Counts one expectation of a file: what is wrong with it, or null.</summary>
        internal static void Count(string place, string problem)
        {
            if (problem == null) ++Passed;
            else ++Failed;
            if (problem != null) Console.WriteLine($"{place}: {problem}");
        }

        internal static void Equal<T>(T expected, T found)
        {
            if (EqualityComparer<T>.Default.Equals(expected, found)) return;
            throw new Exception($"expected {expected}, found {found}");
        }

        internal static void Same<T>(IEnumerable<T> expected, IEnumerable<T> found)
        {
            if (expected.SequenceEqual(found)) return;
            throw new Exception($"expected {string.Join(" ", expected)}, found {string.Join(" ", found)}");
        }

        internal static void True(bool condition, string what)
        {
            if (!condition) throw new Exception(what);
        }

        internal static T Throws<T>(Action action) where T : Exception
        {
            try
            {
                action();
            }
            catch (T exception)
            {
                return exception;
            }
            throw new Exception($"expected {typeof(T).Name}");
        }

        /// <summary>The XgrException of an action, whose code is checked.</summary>
        internal static XgrException Fails(Status code, Action action)
        {
            XgrException exception = Throws<XgrException>(action);
            Equal(code, exception.Code);
            True(exception.Message.Length > 10, $"message: {exception.Message}");
            return exception;
        }

        /// <summary>Memory of the process in KiB.</summary>
        internal static long ResidentKib()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            using (Process self = Process.GetCurrentProcess())
            {
                self.Refresh();
                return self.WorkingSet64 / 1024;
            }
        }
    }

    /// <summary>The vocabulary of the tests: the 256 single bytes and a stop token.</summary>
    internal static class Bytes
    {
        internal const int Stop = 256;

        internal static Tokenizer Tokenizer()
        {
            var tokens = Enumerable.Range(0, 257).Select(id => id < Stop ? new[] { (byte)id } : new byte[0]);
            return new Tokenizer(tokens.ToList(), new TokenizerOptions { StopTokens = new[] { Stop } });
        }

        internal static Compiler Compiler(CompilerOptions options = null)
        {
            using (Tokenizer tokenizer = Tokenizer()) return new Compiler(tokenizer, options);
        }

        internal static Matcher Matcher(string regex, MatcherOptions options = null)
        {
            using (Compiler compiler = Compiler())
            using (Grammar grammar = compiler.CompileRegex(regex)) return new Matcher(grammar, options);
        }

        /// <summary>Whether a grammar accepts a text as a whole output.</summary>
        internal static bool Accepts(Grammar grammar, string text)
        {
            using (var matcher = new Matcher(grammar))
            {
                return Encoding.UTF8.GetBytes(text).All(b => matcher.AcceptToken(b))
                    && matcher.AcceptToken(Stop);
            }
        }
    }
}
