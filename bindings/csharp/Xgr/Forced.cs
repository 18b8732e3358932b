#nullable enable

using System;
using System.Runtime.InteropServices;

namespace Xgr
{
    // What an output has to go on with, so that no model need be asked (jump-forward).
    public sealed unsafe partial class Matcher
    {
        /// <summary>Writes the bytes that every continuation of the output begins with, as many as there is room
        /// for; how many were written. They end where there is a choice or the output may end, and with
        /// wholeCharacters at the end of a UTF-8 character.</summary>
        public int ForcedBytes(Span<byte> bytes, bool wholeCharacters = false)
        {
            UIntPtr size;
            Status status;
            fixed (byte* first = &MemoryMarshal.GetReference(bytes))
            {
                status = Native.xgr_matcher_forced_bytes(
                    EnterRead(), wholeCharacters ? 1 : 0, first, (UIntPtr)(uint)bytes.Length, &size);
            }
            ExitRead();
            if (status != Status.Ok) XgrException.Check(status, _cancellation);
            return (int)(uint)size;
        }

        /// <summary>The bytes that every continuation of the output begins with.</summary>
        public byte[] ForcedBytes(bool wholeCharacters = false)
        {
            for (int room = 256; ; room *= 4)
            {
                var bytes = new byte[room];
                int size = ForcedBytes(bytes, wholeCharacters);
                // With whole characters the last one may be missing only because there was no room for it.
                if (size + 3 >= room) continue;
                Array.Resize(ref bytes, size);
                return bytes;
            }
        }

        /// <summary>Writes the tokens that the output goes on with where the grammar forces its bytes, as many as
        /// there is room for; how many were written. Each is the longest that fits, up to the last place that text
        /// behind them cannot change. AcceptTokens takes all of them.</summary>
        public int ForcedTokens(Span<int> forced) => ForcedTokens(null, 0, forced);

        /// <summary>The same with the caller's tokenization of the bytes that ForcedBytes gives.</summary>
        public int ForcedTokens(ReadOnlySpan<int> tokens, Span<int> forced)
        {
            int none;
            fixed (int* first = &MemoryMarshal.GetReference(tokens))
            {
                return ForcedTokens(tokens.IsEmpty ? &none : first, tokens.Length, forced);
            }
        }

        /// <summary>The same for a tokenizer: how it writes the bytes of ForcedBytes with whole characters, without
        /// special tokens. Null: the longest tokens.</summary>
        public int[] ForcedTokens(Func<byte[], int[]>? tokenize = null)
        {
            int[]? tokens = null;
            if (tokenize != null)
            {
                byte[] bytes = ForcedBytes(wholeCharacters: true);
                if (bytes.Length > 0) tokens = tokenize(bytes);
                if (bytes.Length > 0 && tokens == null)
                    throw new ArgumentException("returned null; expected token ids", nameof(tokenize));
            }
            for (int room = 64; ; room *= 4)
            {
                var forced = new int[room];
                int count = tokens == null ? ForcedTokens(forced) : ForcedTokens(tokens, forced);
                if (count == room) continue;
                Array.Resize(ref forced, count);
                return forced;
            }
        }

        private int ForcedTokens(int* tokens, int tokenCount, Span<int> forced)
        {
            UIntPtr count;
            Status status;
            fixed (int* first = &MemoryMarshal.GetReference(forced))
            {
                status = Native.xgr_matcher_forced_tokens(
                    EnterRead(), tokens, (UIntPtr)(uint)tokenCount, first, (UIntPtr)(uint)forced.Length, &count);
            }
            ExitRead();
            if (status == Status.InvalidArgument)
            {
                throw new XgrException(
                    status, $"the {tokenCount} tokens do not spell a beginning of the forced bytes; expected those of "
                    + "the bytes that ForcedBytes gives");
            }
            if (status != Status.Ok) XgrException.Check(status, _cancellation);
            return (int)(uint)count;
        }
    }
}
