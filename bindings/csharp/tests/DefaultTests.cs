using System;
using System.Linq;
using System.Reflection;

namespace Xgr.Tests
{
    /// <summary>Default options are those of the library: nothing but the size of the struct.</summary>
    internal static unsafe class DefaultTests
    {
        internal static void Run()
        {
            Harness.Run("options: defaults are those of the library", Defaults);
        }

        private static void Defaults()
        {
            Assembly assembly = typeof(Matcher).Assembly;
            Type call = assembly.GetType("Xgr.Call");
            const BindingFlags Inside = BindingFlags.NonPublic | BindingFlags.Public;
            int checkedTypes = 0;
            foreach (Type type in assembly.GetTypes().Where(t => t.GetConstructor(Type.EmptyTypes) != null))
            {
                MethodInfo raw = type.GetMethod("Raw", Inside | BindingFlags.Static, null, new[] { type, call }, null);
                if (raw == null) continue;
                object options = Activator.CreateInstance(type);
                using (var memory = (IDisposable)Activator.CreateInstance(call, true))
                {
                    byte* bytes = (byte*)Pointer.Unbox(raw.Invoke(null, new[] { options, memory }));
                    int size = (int)*(UIntPtr*)bytes;
                    Harness.True(size > sizeof(UIntPtr), $"{type.Name} has a struct_size");
                    for (int i = sizeof(UIntPtr); i < size; ++i)
                    {
                        Harness.True(bytes[i] == 0, $"{type.Name}: byte {i} is {bytes[i]}");
                    }
                }
                ++checkedTypes;
            }
            Harness.Equal(15, checkedTypes);
        }
    }
}
