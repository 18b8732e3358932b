#nullable enable

using System;
using System.Runtime.InteropServices;

namespace Xgr
{
    /// <summary>How rows of logits and of masks lie in memory, and which belong together. What is not set has its
    /// default; without anything: one row of logits, one mask.</summary>
    public ref struct ApplyOptions
    {
        /// <summary>How many pairs of a row of logits and a mask there are; 0: as many as LogitRows or MaskRows
        /// has, else 1.</summary>
        public int RowCount { get; set; }

        /// <summary>Logits of a row, the size of the vocabulary as the model has it; 0: as many as there are for
        /// RowCount rows of equal size.</summary>
        public int Columns { get; set; }

        /// <summary>Logits from the start of a row to that of the next, at least Columns; 0: Columns.</summary>
        public int Stride { get; set; }

        /// <summary>Words from the start of a mask to that of the next; 0: as many as there are for RowCount masks
        /// of equal size.</summary>
        public int MaskWords { get; set; }

        /// <summary>Which row of the logits each pair has, none of them twice; empty: the first, the second and so
        /// on. Needs Columns.</summary>
        public ReadOnlySpan<int> LogitRows { get; set; }

        /// <summary>Which mask each pair has; empty: the first, the second and so on. Needs MaskWords.</summary>
        public ReadOnlySpan<int> MaskRows { get; set; }
    }

    /// <summary>Bitmasks: bit t % 32 of word t / 32 stands for token t. And what they do to logits.</summary>
    public static unsafe class Bitmask
    {
        /// <summary>Number of words for a number of tokens; 0 when it is negative.</summary>
        public static int Words(int vocabSize) => (int)Call.Size(Native.xgr_bitmask_words(vocabSize));

        /// <summary>Sets all bits of a mask to 1, so that it allows every token.</summary>
        public static void Reset(Span<uint> mask)
        {
            Status status;
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            {
                status = Native.xgr_bitmask_reset(words, (UIntPtr)(uint)mask.Length);
            }
            XgrException.Check(status);
        }

        /// <summary>Whether a mask allows a token; false for ids that it has no bit for.</summary>
        public static bool Allows(ReadOnlySpan<uint> mask, int token)
        {
            return (uint)token < (uint)mask.Length * 32ul && (mask[token >> 5] >> (token & 31) & 1) != 0;
        }

        /// <summary>How many tokens a mask allows.</summary>
        public static int Count(ReadOnlySpan<uint> mask)
        {
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            {
                return (int)Call.Size(Native.xgr_bitmask_count(words, (UIntPtr)(uint)mask.Length));
            }
        }

        /// <summary>Writes the tokens that a mask allows, ascending, as many as there is room for; how many there
        /// are.</summary>
        public static int Tokens(ReadOnlySpan<uint> mask, Span<int> tokens)
        {
            UIntPtr count;
            Status status;
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            fixed (int* first = &MemoryMarshal.GetReference(tokens))
            {
                status = Native.xgr_bitmask_tokens(
                    words, (UIntPtr)(uint)mask.Length, first, (UIntPtr)(uint)tokens.Length, &count);
            }
            XgrException.Check(status);
            return (int)(uint)count;
        }

        /// <summary>The tokens that a mask allows, ascending.</summary>
        public static int[] Tokens(ReadOnlySpan<uint> mask)
        {
            var tokens = new int[Count(mask)];
            Tokens(mask, tokens);
            return tokens;
        }

        /// <summary>Sets the bits of some tokens: to 1 when they are allowed, else to 0.</summary>
        public static void SetTokens(Span<uint> mask, ReadOnlySpan<int> tokens, bool allowed = true)
        {
            Status status;
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            fixed (int* first = &MemoryMarshal.GetReference(tokens))
            {
                status = Native.xgr_bitmask_set_tokens(
                    words, (UIntPtr)(uint)mask.Length, first, (UIntPtr)(uint)tokens.Length, allowed ? 1 : 0);
            }
            if (status == Status.InvalidArgument)
            {
                long bits = 32L * mask.Length;
                foreach (int token in tokens)
                {
                    if ((uint)token < bits) continue;
                    throw new XgrException(
                        status, $"token id {token} has no bit in the mask; expected 0 or more, below {bits}");
                }
            }
            XgrException.Check(status);
        }

        /// <summary>Keeps of a list of tokens those that a mask allows, in their order, at its beginning; how many.
        /// Ids that the mask has no bit for are dropped.</summary>
        public static int FilterTokens(ReadOnlySpan<uint> mask, Span<int> tokens)
        {
            UIntPtr count;
            Status status;
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            fixed (int* first = &MemoryMarshal.GetReference(tokens))
            {
                status = Native.xgr_bitmask_filter_tokens(
                    words, (UIntPtr)(uint)mask.Length, first, (UIntPtr)(uint)tokens.Length, &count);
            }
            XgrException.Check(status);
            return (int)(uint)count;
        }

        /// <summary>Keeps in a mask the tokens that another one of its size allows too.</summary>
        public static void And(Span<uint> mask, ReadOnlySpan<uint> other)
        {
            UIntPtr size = Common(mask.Length, other.Length);
            Status status;
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            fixed (uint* others = &MemoryMarshal.GetReference(other))
            {
                status = Native.xgr_bitmask_and(words, others, size);
            }
            XgrException.Check(status);
        }

        /// <summary>Adds to a mask the tokens that another one of its size allows.</summary>
        public static void Or(Span<uint> mask, ReadOnlySpan<uint> other)
        {
            UIntPtr size = Common(mask.Length, other.Length);
            Status status;
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            fixed (uint* others = &MemoryMarshal.GetReference(other))
            {
                status = Native.xgr_bitmask_or(words, others, size);
            }
            XgrException.Check(status);
        }

        /// <summary>Takes out of a mask the tokens that another one of its size allows.</summary>
        public static void AndNot(Span<uint> mask, ReadOnlySpan<uint> other)
        {
            UIntPtr size = Common(mask.Length, other.Length);
            Status status;
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            fixed (uint* others = &MemoryMarshal.GetReference(other))
            {
                status = Native.xgr_bitmask_and_not(words, others, size);
            }
            XgrException.Check(status);
        }

        /// <summary>Sets the logits of all tokens that a mask does not allow to minus infinity; the others keep
        /// every bit. Logits that the mask has no bit for count as not allowed.</summary>
        public static void ApplyF32(Span<float> logits, ReadOnlySpan<uint> masks,
                                    ApplyOptions options = default(ApplyOptions))
        {
            Apply.F32(IntPtr.Zero, logits, masks, options);
        }

        /// <summary>ApplyF32 for logits of IEEE 754 binary16, as the bits of each.</summary>
        public static void ApplyF16(Span<ushort> logits, ReadOnlySpan<uint> masks,
                                    ApplyOptions options = default(ApplyOptions))
        {
            Apply.F16(IntPtr.Zero, logits, masks, options);
        }

        /// <summary>ApplyF32 for logits of bfloat16, the upper half of a float, as the bits of each.</summary>
        public static void ApplyBf16(Span<ushort> logits, ReadOnlySpan<uint> masks,
                                     ApplyOptions options = default(ApplyOptions))
        {
            Apply.Bf16(IntPtr.Zero, logits, masks, options);
        }

        /// <summary>Sets the logits of those candidates that a mask does not allow to minus infinity. A candidate is
        /// a struct with an int, which is a token id, and a float, which is a logit, so many bytes from its start;
        /// nothing else of it is read or written. Ids that the mask has no bit for are not allowed.</summary>
        public static void ApplyCandidates<T>(ReadOnlySpan<uint> mask, Span<T> candidates, int idOffset,
                                              int logitOffset) where T : struct
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(candidates);
            if (candidates.IsEmpty) return;
            int size = bytes.Length / candidates.Length;
            Status status;
            fixed (uint* words = &MemoryMarshal.GetReference(mask))
            fixed (byte* first = &MemoryMarshal.GetReference(bytes))
            {
                status = Native.xgr_bitmask_apply_candidates(
                    words, (UIntPtr)(uint)mask.Length, first, (UIntPtr)(uint)bytes.Length, (UIntPtr)(uint)size,
                    Call.Size(idOffset, nameof(idOffset)), Call.Size(logitOffset, nameof(logitOffset)));
            }
            if (status == Status.InvalidArgument && !mask.IsEmpty)
            {
                throw new XgrException(
                    status, $"a candidate has {size} bytes, the id at {idOffset} and the logit at {logitOffset}; "
                    + "expected both inside, apart");
            }
            XgrException.Check(status);
        }

        private static UIntPtr Common(int size, int other)
        {
            if (size == other) return (UIntPtr)(uint)size;
            throw new XgrException(
                Status.InvalidArgument, $"the mask has {size} words, the other one {other}; expected as many");
        }
    }

    /// <summary>Masks applied to logits, by the thread that calls or by a batch.</summary>
    internal static unsafe class Apply
    {
        internal static void F32(IntPtr batch, Span<float> logits, ReadOnlySpan<uint> masks, ApplyOptions options)
        {
            Status status;
            fixed (float* first = &MemoryMarshal.GetReference(logits))
            fixed (uint* words = &MemoryMarshal.GetReference(masks))
            fixed (int* logitRows = &MemoryMarshal.GetReference(options.LogitRows))
            fixed (int* maskRows = &MemoryMarshal.GetReference(options.MaskRows))
            {
                xgr_apply_options_t raw = Raw(options, logitRows, maskRows);
                UIntPtr size = (UIntPtr)(uint)logits.Length, count = (UIntPtr)(uint)masks.Length;
                status = batch == IntPtr.Zero ? Native.xgr_bitmask_apply_f32(first, size, words, count, &raw)
                                              : Native.xgr_batch_apply_f32(batch, first, size, words, count, &raw);
            }
            if (status != Status.Ok) Fail(status, logits.Length, masks.Length, options);
        }

        internal static void F16(IntPtr batch, Span<ushort> logits, ReadOnlySpan<uint> masks, ApplyOptions options)
        {
            Status status;
            fixed (ushort* first = &MemoryMarshal.GetReference(logits))
            fixed (uint* words = &MemoryMarshal.GetReference(masks))
            fixed (int* logitRows = &MemoryMarshal.GetReference(options.LogitRows))
            fixed (int* maskRows = &MemoryMarshal.GetReference(options.MaskRows))
            {
                xgr_apply_options_t raw = Raw(options, logitRows, maskRows);
                UIntPtr size = (UIntPtr)(uint)logits.Length, count = (UIntPtr)(uint)masks.Length;
                status = batch == IntPtr.Zero ? Native.xgr_bitmask_apply_f16(first, size, words, count, &raw)
                                              : Native.xgr_batch_apply_f16(batch, first, size, words, count, &raw);
            }
            if (status != Status.Ok) Fail(status, logits.Length, masks.Length, options);
        }

        internal static void Bf16(IntPtr batch, Span<ushort> logits, ReadOnlySpan<uint> masks, ApplyOptions options)
        {
            Status status;
            fixed (ushort* first = &MemoryMarshal.GetReference(logits))
            fixed (uint* words = &MemoryMarshal.GetReference(masks))
            fixed (int* logitRows = &MemoryMarshal.GetReference(options.LogitRows))
            fixed (int* maskRows = &MemoryMarshal.GetReference(options.MaskRows))
            {
                xgr_apply_options_t raw = Raw(options, logitRows, maskRows);
                UIntPtr size = (UIntPtr)(uint)logits.Length, count = (UIntPtr)(uint)masks.Length;
                status = batch == IntPtr.Zero ? Native.xgr_bitmask_apply_bf16(first, size, words, count, &raw)
                                              : Native.xgr_batch_apply_bf16(batch, first, size, words, count, &raw);
            }
            if (status != Status.Ok) Fail(status, logits.Length, masks.Length, options);
        }

        private static xgr_apply_options_t Raw(ApplyOptions options, int* logitRows, int* maskRows)
        {
            return new xgr_apply_options_t
            {
                struct_size = (UIntPtr)(uint)sizeof(xgr_apply_options_t),
                row_count = Call.Size(options.RowCount, nameof(options.RowCount)),
                columns = Call.Size(options.Columns, nameof(options.Columns)),
                stride = Call.Size(options.Stride, nameof(options.Stride)),
                mask_words = Call.Size(options.MaskWords, nameof(options.MaskWords)),
                logit_rows = options.LogitRows.IsEmpty ? null : logitRows,
                logit_row_count = (UIntPtr)(uint)options.LogitRows.Length,
                mask_rows = options.MaskRows.IsEmpty ? null : maskRows,
                mask_row_count = (UIntPtr)(uint)options.MaskRows.Length,
            };
        }

        private static void Fail(Status status, int logitCount, int maskCount, ApplyOptions options)
        {
            string? problem = status == Status.InvalidArgument ? Problem(logitCount, maskCount, options) : null;
            if (problem != null) throw new XgrException(status, problem);
            XgrException.Check(status);
        }

        /// <summary>What is wrong with the rows; null when nothing is.</summary>
        private static string? Problem(int logitCount, int maskCount, ApplyOptions options)
        {
            ReadOnlySpan<int> logitRows = options.LogitRows, maskRows = options.MaskRows;
            int rows = options.RowCount != 0 ? options.RowCount : Math.Max(logitRows.Length, maskRows.Length);
            rows = Math.Max(rows, 1);
            if (!logitRows.IsEmpty && logitRows.Length != rows)
                return $"LogitRows has {logitRows.Length} rows; expected {rows}";
            if (!maskRows.IsEmpty && maskRows.Length != rows)
                return $"MaskRows has {maskRows.Length} rows; expected {rows}";
            if (!logitRows.IsEmpty && options.Columns == 0) return "LogitRows without Columns; set both";
            if (!maskRows.IsEmpty && options.MaskWords == 0) return "MaskRows without MaskWords; set both";
            if (options.Columns == 0 && logitCount % rows != 0)
                return $"{logitCount} logits are no {rows} rows of equal size; set Columns";
            if (options.MaskWords == 0 && maskCount % rows != 0)
                return $"{maskCount} words are no {rows} masks of equal size; set MaskWords";
            int columns = options.Columns != 0 ? options.Columns : logitCount / rows;
            int stride = options.Stride != 0 ? options.Stride : columns;
            if (stride < columns) return $"Stride is {stride}; expected at least Columns, {columns}";
            int words = options.MaskWords != 0 ? options.MaskWords : maskCount / rows;
            return Outside("logits", logitRows, rows, stride, columns, logitCount)
                ?? Outside("masks", maskRows, rows, words, words, maskCount) ?? Twice("LogitRows", logitRows);
        }

        private static string? Outside(string what, ReadOnlySpan<int> rows, int count, long stride, long size, int total)
        {
            for (int i = 0; i < count; ++i)
            {
                int row = rows.IsEmpty ? i : rows[i];
                if (row < 0 || row * stride + size > total)
                    return $"the {what} have {total} elements; row {row} of {stride} is not within them";
            }
            return null;
        }

        /// <summary>Which row is there twice; null when none is.</summary>
        internal static string? Twice(string name, ReadOnlySpan<int> rows)
        {
            for (int i = 0; i < rows.Length; ++i)
            {
                int first = rows.IndexOf(rows[i]);
                if (first != i) return $"{name}[{first}] and {name}[{i}] are {rows[i]}; expected no row twice";
            }
            return null;
        }
    }
}
