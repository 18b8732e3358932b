using System;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Xgr
{
    /// <summary>The raw layer: structs are laid out as in C, the library has every function, and the classes
    /// have every member of the structs.</summary>
    internal static class RawTests
    {
        private const BindingFlags Declared =
            BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.DeclaredOnly;

        private static int s_passed, s_failed;

        private static int Main()
        {
            s_passed = Layout.Compare((name, here, there) =>
            {
                --s_passed;
                Count($"{name}: {here} in C#, {there} in C");
            });
            foreach (MethodInfo function in typeof(Native).GetMethods(Declared)) Count(FunctionProblem(function));
            foreach (Type raw in typeof(Native).Assembly.GetTypes().Where(type => type.Name.StartsWith("xgr_")))
            {
                foreach (FieldInfo member in raw.GetFields(Declared)) Count(MemberProblem(raw, member.Name));
            }
            Console.WriteLine($"{s_passed} passed, {s_failed} failed");
            return s_failed == 0 ? 0 : 1;
        }

        private static void Count(string problem)
        {
            if (problem == null) ++s_passed;
            else ++s_failed;
            if (problem != null) Console.WriteLine(problem);
        }

        private static string FunctionProblem(MethodInfo function)
        {
            try
            {
                Marshal.Prelink(function);
                return null;
            }
            catch (EntryPointNotFoundException)
            {
                return $"{function.Name}: the library does not have it";
            }
        }

        /// <summary>Sizes and counts are those of arrays and texts; has_ says that another member counts. A
        /// request to stop is an argument, a CancellationToken; a TimeSpan has no unit in its name; memory that the
        /// garbage collector may move is not borrowed.</summary>
        private static string MemberProblem(Type raw, string member)
        {
            bool inside = member == "struct_size" || member == "reserved" || member.StartsWith("has_")
                || member == "cancel" || member == "borrow";
            bool length = (member.EndsWith("_size") || member.EndsWith("_count"))
                && raw.GetFields(Declared).Any(field => field.FieldType.IsPointer);
            if (inside || length) return null;
            string type = Pascal(raw.Name.Substring(4, raw.Name.Length - 6)), name = Pascal(member.Replace("timeout_milliseconds", "timeout"));
            Type made = typeof(Native).Assembly.GetType($"Xgr.{type}");
            return made?.GetProperty(name) == null ? $"{type}.{name}: missing, for {raw.Name}.{member}" : null;
        }

        private static string Pascal(string name)
        {
            return string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
        }
    }
}
