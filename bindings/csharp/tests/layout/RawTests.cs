using System;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Xgr
{
    /// <summary>The raw layer: structs are laid out as in C, and the library has every function.</summary>
    internal static class RawTests
    {
        private static int Main()
        {
            int failed = 0, passed = 0;
            passed += Layout.Compare((name, here, there) =>
            {
                ++failed;
                Console.WriteLine($"{name}: {here} in C#, {there} in C");
            });
            foreach (MethodInfo function in typeof(Native).GetMethods(
                BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                ++passed;
                try
                {
                    Marshal.Prelink(function);
                }
                catch (EntryPointNotFoundException)
                {
                    ++failed;
                    Console.WriteLine($"{function.Name}: the library does not have it");
                }
            }
            Console.WriteLine($"{passed - failed} passed, {failed} failed");
            return failed == 0 ? 0 : 1;
        }
    }
}
