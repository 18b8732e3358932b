#nullable enable

using System;
using System.Text;

namespace Xgr
{
    /// <summary>What the text of a grammar begins behind, or with: bytes, or tokens in a row.</summary>
    public sealed class StartSequence
    {
        /// <summary>Bytes that are found in the text of tokens, also across them; null: tokens.</summary>
        public byte[]? Bytes { get; }

        /// <summary>Token ids; control tokens, too. Null: bytes.</summary>
        public int[]? Tokens { get; }

        /// <summary>The text begins with the sequence; several tokens are then handed over as their text. Otherwise
        /// it begins behind it.</summary>
        public bool IsImplicit { get; }

        /// <summary>The UTF-8 of a text.</summary>
        public StartSequence(string text, bool isImplicit = false)
        {
            Bytes = Encoding.UTF8.GetBytes(text ?? throw new ArgumentNullException(nameof(text)));
            IsImplicit = isImplicit;
        }

        /// <summary>Bytes.</summary>
        public StartSequence(byte[] bytes, bool isImplicit = false)
        {
            Bytes = bytes ?? throw new ArgumentNullException(nameof(bytes));
            IsImplicit = isImplicit;
        }

        /// <summary>Tokens in a row.</summary>
        public StartSequence(int[] tokens, bool isImplicit = false)
        {
            Tokens = tokens ?? throw new ArgumentNullException(nameof(tokens));
            IsImplicit = isImplicit;
        }

        internal static unsafe xgr_start_sequence_t* Raw(StartSequence[]? starts, Call call, out UIntPtr count)
        {
            count = (UIntPtr)(uint)(starts?.Length ?? 0);
            if (starts == null) return null;
            var raw = (xgr_start_sequence_t*)call.Zeroed((long)starts.Length * sizeof(xgr_start_sequence_t));
            for (int i = 0; i < starts.Length; ++i)
            {
                if (starts[i] == null) throw new ArgumentNullException($"{nameof(starts)}[{i}]");
                raw[i].struct_size = (UIntPtr)(uint)sizeof(xgr_start_sequence_t);
                raw[i].bytes = call.Bytes(starts[i].Bytes, out raw[i].byte_count);
                raw[i].tokens = call.Tokens(starts[i].Tokens, out raw[i].token_count);
                raw[i].is_implicit = starts[i].IsImplicit ? 1 : 0;
            }
            return raw;
        }
    }
}
