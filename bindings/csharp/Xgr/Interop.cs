#nullable enable

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Xgr
{
    /// <summary>Keeps a handle from being destroyed while a call uses it.</summary>
    internal struct Use : IDisposable
    {
        private readonly SafeHandle _handle;

        /// <summary>Throws ObjectDisposedException when the object was disposed of.</summary>
        internal Use(SafeHandle handle)
        {
            bool added = false;
            handle.DangerousAddRef(ref added);
            _handle = handle;
        }

        internal IntPtr Pointer => _handle.DangerousGetHandle();

        public void Dispose()
        {
            _handle.DangerousRelease();
        }
    }

    /// <summary>Writes a text into memory that it is given: see xgr_grammar_print_ebnf.</summary>
    internal unsafe delegate Status Printer(byte* text, UIntPtr capacity, UIntPtr* size, IntPtr* error);

    /// <summary>The arguments of one call: handles that stay alive and memory that stays in place
    /// until it is disposed of.</summary>
    internal sealed unsafe class Call : IDisposable
    {
        private static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);
        private readonly List<IntPtr> _memory = new List<IntPtr>();
        private readonly List<SafeHandle> _handles = new List<SafeHandle>();

        /// <summary>The pointer behind a handle.</summary>
        internal IntPtr Use(SafeHandle handle)
        {
            bool added = false;
            handle.DangerousAddRef(ref added);
            _handles.Add(handle);
            return handle.DangerousGetHandle();
        }

        /// <summary>Memory of that many bytes, all 0.</summary>
        internal void* Zeroed(long size)
        {
            IntPtr memory = Marshal.AllocHGlobal(new IntPtr(Math.Max(size, 1)));
            _memory.Add(memory);
            byte* bytes = (byte*)memory;
            for (long i = 0; i < size; ++i) bytes[i] = 0;
            return bytes;
        }

        /// <summary>A copy of bytes; null of null.</summary>
        internal byte* Bytes(byte[]? bytes, out UIntPtr size)
        {
            size = UIntPtr.Zero;
            if (bytes == null) return null;
            size = (UIntPtr)(uint)bytes.Length;
            IntPtr memory = Marshal.AllocHGlobal(Math.Max(bytes.Length, 1));
            _memory.Add(memory);
            Marshal.Copy(bytes, 0, memory, bytes.Length);
            return (byte*)memory;
        }

        /// <summary>The UTF-8 of a text; null of null.</summary>
        internal byte* OptionalText(string? text, out UIntPtr size)
        {
            return Bytes(text == null ? null : Strict.GetBytes(text), out size);
        }

        /// <summary>The UTF-8 of a text.</summary>
        internal byte* Text(string text, string name, out UIntPtr size)
        {
            if (text == null) throw new ArgumentNullException(name);
            return OptionalText(text, out size);
        }

        /// <summary>The UTF-8 of several texts end to end, and the length of each.</summary>
        internal byte* Texts(IEnumerable<string> texts, string name, out UIntPtr size, out uint* sizes,
                             out UIntPtr count)
        {
            if (texts == null) throw new ArgumentNullException(name);
            var all = new List<byte>();
            var lengths = new List<uint>();
            foreach (string text in texts)
            {
                if (text == null) throw new ArgumentNullException($"{name}[{lengths.Count}]");
                byte[] bytes = Strict.GetBytes(text);
                all.AddRange(bytes);
                lengths.Add((uint)bytes.Length);
            }
            sizes = (uint*)Zeroed(lengths.Count * sizeof(uint));
            for (int i = 0; i < lengths.Count; ++i) sizes[i] = lengths[i];
            count = (UIntPtr)(uint)lengths.Count;
            return Bytes(all.ToArray(), out size);
        }

        /// <summary>A copy of token ids; null of null.</summary>
        internal int* Tokens(int[]? tokens, out UIntPtr count)
        {
            count = UIntPtr.Zero;
            if (tokens == null) return null;
            count = (UIntPtr)(uint)tokens.Length;
            int* copy = (int*)Zeroed((long)tokens.Length * sizeof(int));
            for (int i = 0; i < tokens.Length; ++i) copy[i] = tokens[i];
            return copy;
        }

        /// <summary>A size that the caller chose.</summary>
        internal static UIntPtr Size(long value, string name)
        {
            if (value < 0) throw new ArgumentOutOfRangeException(name, value, "expected 0 or more");
            return (UIntPtr)(ulong)value;
        }

        /// <summary>A size that the library told.</summary>
        internal static long Size(UIntPtr value) => (long)(ulong)value;

        /// <summary>The text that a getter lent.</summary>
        internal static string? Read(byte* text, UIntPtr size)
        {
            return text == null ? null : Encoding.UTF8.GetString(text, checked((int)(ulong)size));
        }

        /// <summary>A copy of the bytes that a getter lent.</summary>
        internal static byte[]? ReadBytes(byte* bytes, UIntPtr size)
        {
            if (bytes == null) return null;
            var copy = new byte[checked((int)(ulong)size)];
            Marshal.Copy((IntPtr)bytes, copy, 0, copy.Length);
            return copy;
        }

        /// <summary>A copy of the token ids that a getter lent.</summary>
        internal static int[] ReadTokens(int* tokens, UIntPtr count)
        {
            var copy = new int[checked((int)(ulong)count)];
            for (int i = 0; i < copy.Length; ++i) copy[i] = tokens[i];
            return copy;
        }

        /// <summary>A NUL-terminated text that a getter lent.</summary>
        internal static string ReadName(byte* text)
        {
            int size = 0;
            while (text[size] != 0) ++size;
            return Encoding.UTF8.GetString(text, size);
        }

        /// <summary>The whole text that a function prints into memory of its caller.</summary>
        internal string Print(Printer print)
        {
            byte* text = null;
            UIntPtr capacity = UIntPtr.Zero, size;
            while (true)
            {
                IntPtr error = IntPtr.Zero;
                XgrException.Check(print(text, capacity, &size, &error), error);
                if (Size(capacity) > Size(size)) return Read(text, size) ?? "";
                capacity = (UIntPtr)((ulong)size + 1);
                text = (byte*)Zeroed(Size(capacity));
            }
        }

        public void Dispose()
        {
            foreach (SafeHandle handle in _handles) handle.DangerousRelease();
            foreach (IntPtr memory in _memory) Marshal.FreeHGlobal(memory);
            _handles.Clear();
            _memory.Clear();
        }
    }
}
