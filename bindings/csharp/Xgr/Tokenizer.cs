#nullable enable

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Xgr
{
    /// <summary>Options of a tokenizer. What is not set has its default.</summary>
    public sealed class TokenizerOptions
    {
        /// <summary>Kinds by token id; null: all are normal.</summary>
        public TokenKind[]? TokenKinds { get; set; }

        /// <summary>Stop tokens beside those of that kind; any order. With neither, tokens with a well-known
        /// name are taken; see NoStopDetection.</summary>
        public int[]? StopTokens { get; set; }

        /// <summary>How the token texts spell bytes.</summary>
        public VocabType VocabType { get; set; }

        /// <summary>Size of the logits; 0: the number of tokens. Ids beyond the tokens are unused.</summary>
        public int VocabSize { get; set; }

        /// <summary>The tokenizer puts a space before the text it encodes. Reported, not used.</summary>
        public bool AddPrefixSpace { get; set; }

        /// <summary>Without stop tokens there are none. Default: a token whose whole text is the name of a
        /// well-known stop token becomes one; with TokenKinds only control tokens do.</summary>
        public bool NoStopDetection { get; set; }

        /// <summary>Tokens with ids of VocabSize or more are left out. Default: they are refused.</summary>
        public bool CutExcessTokens { get; set; }

        internal static unsafe xgr_tokenizer_options_t* Raw(TokenizerOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_tokenizer_options_t*)call.Zeroed(sizeof(xgr_tokenizer_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_tokenizer_options_t);
            byte[]? kinds = options.TokenKinds == null
                ? null
                : Array.ConvertAll(options.TokenKinds, kind => checked((byte)kind));
            raw->token_kinds = call.Bytes(kinds, out raw->token_kind_count);
            raw->stop_tokens = call.Tokens(options.StopTokens, out raw->stop_token_count);
            raw->vocab_type = options.VocabType;
            raw->vocab_size = options.VocabSize;
            raw->add_prefix_space = options.AddPrefixSpace ? 1 : 0;
            raw->no_stop_detection = options.NoStopDetection ? 1 : 0;
            raw->cut_excess_tokens = options.CutExcessTokens ? 1 : 0;
            return raw;
        }
    }

    /// <summary>Options of Tokenizer.CreateFromJson. What is not set has its default.</summary>
    public sealed class TokenizerJsonOptions
    {
        /// <summary>Stop tokens; null: those with a well-known name, special tokens before others.</summary>
        public int[]? StopTokens { get; set; }

        /// <summary>Size of the logits; 0: the greatest token id plus one.</summary>
        public int VocabSize { get; set; }

        /// <summary>Without StopTokens there are none, instead of those found by their names.</summary>
        public bool NoStopDetection { get; set; }

        /// <summary>Tokens with ids of VocabSize or more are left out. Default: they are refused.</summary>
        public bool CutExcessTokens { get; set; }

        internal static unsafe xgr_tokenizer_json_options_t* Raw(TokenizerJsonOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_tokenizer_json_options_t*)call.Zeroed(sizeof(xgr_tokenizer_json_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_tokenizer_json_options_t);
            raw->stop_tokens = call.Tokens(options.StopTokens, out raw->stop_token_count);
            raw->vocab_size = options.VocabSize;
            raw->no_stop_detection = options.NoStopDetection ? 1 : 0;
            raw->cut_excess_tokens = options.CutExcessTokens ? 1 : 0;
            return raw;
        }
    }

    /// <summary>Options of Tokenizer.CreateFromFile. What is not set has its default.</summary>
    public sealed class TokenizerFileOptions
    {
        /// <summary>Stop tokens; null: those that the file names, else those with a well-known name.</summary>
        public int[]? StopTokens { get; set; }

        /// <summary>Format of the file; by default its contents tell.</summary>
        public TokenizerFormat Format { get; set; }

        /// <summary>Size of the logits; 0: the greatest token id plus one.</summary>
        public int VocabSize { get; set; }

        /// <summary>Without StopTokens there are none, instead of those found in the file.</summary>
        public bool NoStopDetection { get; set; }

        /// <summary>Tokens with ids of VocabSize or more are left out. Default: they are refused.</summary>
        public bool CutExcessTokens { get; set; }

        internal static unsafe xgr_tokenizer_file_options_t* Raw(TokenizerFileOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_tokenizer_file_options_t*)call.Zeroed(sizeof(xgr_tokenizer_file_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_tokenizer_file_options_t);
            raw->stop_tokens = call.Tokens(options.StopTokens, out raw->stop_token_count);
            raw->format = options.Format;
            raw->vocab_size = options.VocabSize;
            raw->no_stop_detection = options.NoStopDetection ? 1 : 0;
            raw->cut_excess_tokens = options.CutExcessTokens ? 1 : 0;
            return raw;
        }
    }

    /// <summary>Options of Tokenizer.Open and Tokenizer.CreateFromSaved. What is not set has its
    /// default.</summary>
    public sealed class TokenizerSavedOptions
    {
        /// <summary>Also check that the tables are those of the tokens, at the cost of creating the tokenizer.
        /// Default: only that they can do no harm, which is enough for files of one's own.</summary>
        public bool Verify { get; set; }

        internal static unsafe xgr_tokenizer_saved_options_t* Raw(TokenizerSavedOptions? options, Call call)
        {
            if (options == null) return null;
            var raw = (xgr_tokenizer_saved_options_t*)call.Zeroed(sizeof(xgr_tokenizer_saved_options_t));
            raw->struct_size = (UIntPtr)(uint)sizeof(xgr_tokenizer_saved_options_t);
            raw->verify = options.Verify ? 1 : 0;
            return raw;
        }
    }

    /// <summary>A vocabulary, decoded and indexed for fast masks. Immutable: any threads at once.</summary>
    public sealed unsafe class Tokenizer : IDisposable
    {
        internal TokenizerHandle Handle { get; }

        internal Tokenizer(IntPtr owned)
        {
            Handle = new TokenizerHandle(owned);
        }

        /// <summary>A tokenizer from the texts of its tokens, end to end in the order of their ids, and the
        /// length of each.</summary>
        public Tokenizer(ReadOnlySpan<byte> tokenBytes, ReadOnlySpan<uint> tokenSizes,
                         TokenizerOptions? options = null)
        {
            XgrLibrary.CheckVersion();
            using (var call = new Call())
            {
                IntPtr tokenizer = IntPtr.Zero, error = IntPtr.Zero;
                Status status;
                fixed (byte* bytes = &MemoryMarshal.GetReference(tokenBytes))
                fixed (uint* sizes = &MemoryMarshal.GetReference(tokenSizes))
                {
                    status = Native.xgr_tokenizer_create(
                        bytes, (UIntPtr)(uint)tokenBytes.Length, sizes, (UIntPtr)(uint)tokenSizes.Length,
                        TokenizerOptions.Raw(options, call), &tokenizer, &error);
                }
                XgrException.Check(status, error);
                Handle = new TokenizerHandle(tokenizer);
            }
        }

        /// <summary>A tokenizer from the texts of its tokens in the order of their ids.</summary>
        public Tokenizer(IReadOnlyList<byte[]> tokens, TokenizerOptions? options = null)
            : this(Joined(tokens), Lengths(tokens), options)
        {
        }

        /// <summary>A tokenizer from the text of a Hugging Face tokenizer.json file, UTF-8.</summary>
        public static Tokenizer CreateFromJson(ReadOnlySpan<byte> text, TokenizerJsonOptions? options = null)
        {
            XgrLibrary.CheckVersion();
            using (var call = new Call())
            {
                IntPtr tokenizer = IntPtr.Zero, error = IntPtr.Zero;
                Status status;
                fixed (byte* bytes = &MemoryMarshal.GetReference(text))
                {
                    status = Native.xgr_tokenizer_create_from_json(
                        bytes, (UIntPtr)(uint)text.Length, TokenizerJsonOptions.Raw(options, call),
                        &tokenizer, &error);
                }
                XgrException.Check(status, error);
                return new Tokenizer(tokenizer);
            }
        }

        /// <summary>A tokenizer from the contents of a tokenizer's file, whose format is detected. What is not
        /// understood is an error that names it.</summary>
        public static Tokenizer CreateFromFile(ReadOnlySpan<byte> contents, TokenizerFileOptions? options = null)
        {
            XgrLibrary.CheckVersion();
            using (var call = new Call())
            {
                IntPtr tokenizer = IntPtr.Zero, error = IntPtr.Zero;
                Status status;
                byte none = 0;
                fixed (byte* bytes = &MemoryMarshal.GetReference(contents))
                {
                    status = Native.xgr_tokenizer_create_from_file(
                        contents.Length == 0 ? &none : bytes, (UIntPtr)(uint)contents.Length,
                        TokenizerFileOptions.Raw(options, call), &tokenizer, &error);
                }
                XgrException.Check(status, error);
                return new Tokenizer(tokenizer);
            }
        }

        /// <summary>Opens a file that holds what Save wrote, and uses it where it lies: it is mapped for
        /// reading, and must not be changed or shortened while it is open.</summary>
        public static Tokenizer Open(string path, TokenizerSavedOptions? options = null)
        {
            XgrLibrary.CheckVersion();
            using (var call = new Call())
            {
                IntPtr tokenizer = IntPtr.Zero, error = IntPtr.Zero;
                byte* name = call.Text(path, nameof(path), out UIntPtr size);
                XgrException.Check(Native.xgr_tokenizer_open(
                    name, size, TokenizerSavedOptions.Raw(options, call), &tokenizer, &error), error);
                return new Tokenizer(tokenizer);
            }
        }

        /// <summary>A tokenizer from a copy of what Save wrote.</summary>
        public static Tokenizer CreateFromSaved(ReadOnlySpan<byte> data, TokenizerSavedOptions? options = null)
        {
            XgrLibrary.CheckVersion();
            using (var call = new Call())
            {
                IntPtr tokenizer = IntPtr.Zero, error = IntPtr.Zero;
                Status status;
                byte none = 0;
                fixed (byte* bytes = &MemoryMarshal.GetReference(data))
                {
                    status = Native.xgr_tokenizer_create_from_saved(
                        data.Length == 0 ? &none : bytes, (UIntPtr)(uint)data.Length,
                        TokenizerSavedOptions.Raw(options, call), &tokenizer, &error);
                }
                XgrException.Check(status, error);
                return new Tokenizer(tokenizer);
            }
        }

        /// <summary>The tokenizer with all that creating it has computed, to be opened without that
        /// work.</summary>
        public byte[] Save()
        {
            using (var use = new Use(Handle))
            {
                UIntPtr size;
                IntPtr error = IntPtr.Zero;
                XgrException.Check(
                    Native.xgr_tokenizer_save(use.Pointer, null, UIntPtr.Zero, &size, &error), error);
                var saved = new byte[checked((int)(ulong)size)];
                fixed (byte* bytes = saved)
                    XgrException.Check(
                        Native.xgr_tokenizer_save(use.Pointer, bytes, size, &size, &error), error);
                return saved;
            }
        }

        /// <summary>The text as tokens, each the longest that fits; the model's own tokenizer would mostly write
        /// it in others. Names of special tokens are text like any other.</summary>
        public int[] Encode(ReadOnlySpan<byte> text)
        {
            using (var use = new Use(Handle))
            {
                UIntPtr count;
                IntPtr error = IntPtr.Zero;
                fixed (byte* bytes = &MemoryMarshal.GetReference(text))
                {
                    var size = (UIntPtr)(uint)text.Length;
                    XgrException.Check(
                        Native.xgr_tokenizer_encode(use.Pointer, bytes, size, null, UIntPtr.Zero, &count, &error),
                        error);
                    var tokens = new int[checked((int)(ulong)count)];
                    fixed (int* first = tokens)
                        XgrException.Check(
                            Native.xgr_tokenizer_encode(use.Pointer, bytes, size, first, count, &count, &error),
                            error);
                    return tokens;
                }
            }
        }

        /// <summary>The bytes that tokens add to the output. Control and stop tokens add nothing; with
        /// specialNames they are written as their names.</summary>
        public byte[] Decode(ReadOnlySpan<int> tokens, bool specialNames = false)
        {
            using (var use = new Use(Handle))
            {
                UIntPtr size;
                IntPtr error = IntPtr.Zero;
                int names = specialNames ? 1 : 0;
                fixed (int* ids = &MemoryMarshal.GetReference(tokens))
                {
                    var count = (UIntPtr)(uint)tokens.Length;
                    XgrException.Check(
                        Native.xgr_tokenizer_decode(
                            use.Pointer, ids, count, names, null, UIntPtr.Zero, &size, &error),
                        error);
                    var text = new byte[checked((int)(ulong)size)];
                    fixed (byte* bytes = text)
                        XgrException.Check(
                            Native.xgr_tokenizer_decode(use.Pointer, ids, count, names, bytes, size, &size, &error),
                            error);
                    return text;
                }
            }
        }

        /// <summary>Size of the logits, which is the number of bits of a mask.</summary>
        public int VocabSize
        {
            get { using (var use = new Use(Handle)) return Native.xgr_tokenizer_vocab_size(use.Pointer); }
        }

        /// <summary>Number of tokens that were given, without padding.</summary>
        public int TokenCount
        {
            get { using (var use = new Use(Handle)) return Native.xgr_tokenizer_token_count(use.Pointer); }
        }

        /// <summary>Number of 32-bit words of a mask.</summary>
        public int MaskWords
        {
            get
            {
                using (var use = new Use(Handle))
                    return (int)Call.Size(Native.xgr_tokenizer_mask_words(use.Pointer));
            }
        }

        /// <summary>Stop tokens, ascending.</summary>
        public int[] StopTokens
        {
            get
            {
                using (var use = new Use(Handle))
                {
                    UIntPtr count;
                    int* tokens = Native.xgr_tokenizer_stop_tokens(use.Pointer, &count);
                    return Call.ReadTokens(tokens, count);
                }
            }
        }

        /// <summary>How the token texts spelled bytes: as given, or as detected.</summary>
        public VocabType VocabType
        {
            get { using (var use = new Use(Handle)) return Native.xgr_tokenizer_vocab_type(use.Pointer); }
        }

        /// <summary>Whether a space is put before the text it encodes: as given, or as detected.</summary>
        public bool AddPrefixSpace
        {
            get
            {
                using (var use = new Use(Handle))
                    return Native.xgr_tokenizer_add_prefix_space(use.Pointer) != 0;
            }
        }

        /// <summary>Kind of model that a tokenizer.json describes: "BPE", "Unigram", "WordPiece" or
        /// "WordLevel"; "" when it was not created from JSON.</summary>
        public string ModelType
        {
            get
            {
                using (var use = new Use(Handle))
                    return Call.ReadName(Native.xgr_tokenizer_model_type(use.Pointer));
            }
        }

        /// <summary>Which part of a tokenizer.json decided the vocabulary type: "decoder", "vocabulary", or ""
        /// when it was not created from JSON.</summary>
        public string DetectedBy
        {
            get
            {
                using (var use = new Use(Handle))
                    return Call.ReadName(Native.xgr_tokenizer_detected_by(use.Pointer));
            }
        }

        /// <summary>What tells vocabularies apart: a SHA-256 of the sizes, texts and kinds of all tokens, as 64
        /// hexadecimal digits.</summary>
        public string Fingerprint
        {
            get
            {
                using (var use = new Use(Handle))
                    return Call.ReadName(Native.xgr_tokenizer_fingerprint(use.Pointer));
            }
        }

        /// <summary>What was found in a tokenizer's file and why, as JSON.</summary>
        public string Findings()
        {
            using (var call = new Call())
            {
                IntPtr tokenizer = call.Use(Handle);
                return call.Print((text, capacity, size, error) =>
                    Native.xgr_tokenizer_findings(tokenizer, text, capacity, size, error));
            }
        }

        /// <summary>About how many bytes it occupies.</summary>
        public long MemorySize
        {
            get
            {
                using (var use = new Use(Handle))
                    return Call.Size(Native.xgr_tokenizer_memory_size(use.Pointer));
            }
        }

        /// <summary>The bytes that a token adds to the output, none for tokens that are not normal; null when
        /// the id is out of range.</summary>
        public byte[]? TokenBytes(int token)
        {
            using (var use = new Use(Handle))
            {
                UIntPtr size;
                byte* bytes = Native.xgr_tokenizer_token_bytes(use.Pointer, token, &size);
                return Call.ReadBytes(bytes, size);
            }
        }

        /// <summary>How the vocabulary spells a control or stop token, nothing for tokens of other kinds; null
        /// when the id is out of range.</summary>
        public byte[]? TokenName(int token)
        {
            using (var use = new Use(Handle))
            {
                UIntPtr size;
                byte* bytes = Native.xgr_tokenizer_token_name(use.Pointer, token, &size);
                return Call.ReadBytes(bytes, size);
            }
        }

        /// <summary>What a token is for; Unused when the id is out of range.</summary>
        public TokenKind TokenKind(int token)
        {
            using (var use = new Use(Handle)) return Native.xgr_tokenizer_token_kind(use.Pointer, token);
        }

        /// <summary>Destroys it. What was made from it stays valid.</summary>
        public void Dispose()
        {
            Handle.Dispose();
        }

        private static byte[] Joined(IReadOnlyList<byte[]> tokens)
        {
            if (tokens == null) throw new ArgumentNullException(nameof(tokens));
            var all = new List<byte>();
            for (int i = 0; i < tokens.Count; ++i)
            {
                all.AddRange(tokens[i] ?? throw new ArgumentNullException($"{nameof(tokens)}[{i}]"));
            }
            return all.ToArray();
        }

        private static uint[] Lengths(IReadOnlyList<byte[]> tokens)
        {
            var lengths = new uint[tokens.Count];
            for (int i = 0; i < lengths.Length; ++i) lengths[i] = (uint)tokens[i].Length;
            return lengths;
        }
    }
}
