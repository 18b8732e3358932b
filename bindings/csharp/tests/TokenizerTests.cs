using System;
using System.Linq;
using System.Text;

namespace Xgr.Tests
{
    internal static class TokenizerTests
    {
        private const string Json =
            "{\"added_tokens\":[{\"id\":3,\"content\":\"</s>\",\"special\":true}],"
            + "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"\\u0120c\":2},\"merges\":[]},"
            + "\"decoder\":{\"type\":\"ByteLevel\"}}";

        internal static void Run()
        {
            Harness.Run("tokenizer: what was given is told", Getters);
            Harness.Run("tokenizer: kinds and padding", Kinds);
            Harness.Run("tokenizer: from a list of texts", FromList);
            Harness.Run("tokenizer: from JSON", FromJson);
            Harness.Run("tokenizer: errors", Errors);
            Harness.Run("library: version", Version);
        }

        private static void Getters()
        {
            using (Tokenizer tokenizer = Bytes.Tokenizer())
            {
                Harness.Equal(257, tokenizer.VocabSize);
                Harness.Equal(257, tokenizer.TokenCount);
                Harness.Equal(9, tokenizer.MaskWords);
                Harness.Same(new[] { Bytes.Stop }, tokenizer.StopTokens);
                Harness.Equal(VocabType.Raw, tokenizer.VocabType);
                Harness.Equal(false, tokenizer.AddPrefixSpace);
                Harness.Equal("", tokenizer.ModelType);
                Harness.Equal("", tokenizer.DetectedBy);
                Harness.Same(new[] { (byte)'a' }, tokenizer.TokenBytes('a'));
                Harness.Same(new byte[0], tokenizer.TokenBytes(Bytes.Stop));
                Harness.True(tokenizer.TokenBytes(257) == null, "an id out of range has bytes");
                Harness.True(tokenizer.TokenName(-1) == null, "an id out of range has a name");
                Harness.Equal(TokenKind.Stop, tokenizer.TokenKind(Bytes.Stop));
                Harness.Equal(TokenKind.Unused, tokenizer.TokenKind(-1));
                Harness.True(tokenizer.MemorySize > 0, "no memory");
                Harness.Equal(64, tokenizer.Fingerprint.Length);
                byte[] text = { (byte)'a' };
                int[] tokens = tokenizer.Encode(text);
                Harness.Equal(1, tokens.Length);
                Harness.Equal((byte)'a', tokenizer.Decode(tokens)[0]);
            }
        }

        private static void Kinds()
        {
            var options = new TokenizerOptions
            {
                TokenKinds = new[] { TokenKind.Normal, TokenKind.Control, TokenKind.Stop, TokenKind.Normal },
                VocabType = VocabType.ByteFallback,
                VocabSize = 70,
                AddPrefixSpace = true,
            };
            byte[] bytes = Encoding.UTF8.GetBytes("x<ctrl><end><0x0A>");
            using (var tokenizer = new Tokenizer(bytes, new uint[] { 1, 6, 5, 6 }, options))
            {
                Harness.Equal(70, tokenizer.VocabSize);
                Harness.Equal(4, tokenizer.TokenCount);
                Harness.Equal(3, tokenizer.MaskWords);
                Harness.Same(new[] { 2 }, tokenizer.StopTokens);
                Harness.Equal(VocabType.ByteFallback, tokenizer.VocabType);
                Harness.Equal(true, tokenizer.AddPrefixSpace);
                Harness.Same(Encoding.UTF8.GetBytes("<ctrl>"), tokenizer.TokenName(1));
                Harness.Same(new byte[] { 10 }, tokenizer.TokenBytes(3));
                Harness.Equal(TokenKind.Control, tokenizer.TokenKind(1));
                Harness.Equal(TokenKind.Unused, tokenizer.TokenKind(69));
            }
        }

        private static void FromList()
        {
            byte[][] tokens = { new byte[] { 0, 255 }, new byte[0], Encoding.UTF8.GetBytes("\u00e9") };
            using (var tokenizer = new Tokenizer(tokens))
            {
                Harness.Equal(3, tokenizer.TokenCount);
                for (int i = 0; i < tokens.Length; ++i) Harness.Same(tokens[i], tokenizer.TokenBytes(i));
            }
            Harness.Throws<ArgumentNullException>(() => new Tokenizer(null));
            Harness.Throws<ArgumentNullException>(() => new Tokenizer(new byte[][] { null }));
        }

        private static void FromJson()
        {
            byte[] text = Encoding.UTF8.GetBytes(Json);
            using (Tokenizer tokenizer = Tokenizer.CreateFromJson(text))
            {
                Harness.Equal("BPE", tokenizer.ModelType);
                Harness.Equal("decoder", tokenizer.DetectedBy);
                Harness.Equal(VocabType.ByteLevel, tokenizer.VocabType);
                Harness.Same(Encoding.UTF8.GetBytes(" c"), tokenizer.TokenBytes(2));
                Harness.Equal(4, tokenizer.VocabSize);
            }
            var options = new TokenizerJsonOptions { StopTokens = new[] { 1, 3 }, VocabSize = 64 };
            using (Tokenizer tokenizer = Tokenizer.CreateFromJson(text, options))
            {
                Harness.Equal(64, tokenizer.VocabSize);
                Harness.Same(new[] { 1, 3 }, tokenizer.StopTokens);
            }
            using (Tokenizer tokenizer = Tokenizer.CreateFromFile(text))
            {
                Harness.Same(Encoding.UTF8.GetBytes(" c"), tokenizer.TokenBytes(2));
                Harness.True(tokenizer.Findings().Contains("tokenizer.json"), tokenizer.Findings());
            }
            var cut = new TokenizerFileOptions
            {
                Format = TokenizerFormat.Json, VocabSize = 3, CutExcessTokens = true, StopTokens = new[] { 1 },
                NoStopDetection = true,
            };
            using (Tokenizer tokenizer = Tokenizer.CreateFromFile(text, cut))
            {
                Harness.Equal(3, tokenizer.TokenCount);
                Harness.Same(new[] { 1 }, tokenizer.StopTokens);
            }
            Harness.Fails(Status.InvalidData, () => Tokenizer.CreateFromFile(new byte[0]));
            Saved(text);
        }

        private static void Saved(byte[] text)
        {
            using (Tokenizer tokenizer = Tokenizer.CreateFromJson(text))
            {
                byte[] saved = tokenizer.Save();
                var verify = new TokenizerSavedOptions { Verify = true };
                using (Tokenizer again = Tokenizer.CreateFromSaved(saved, verify))
                    Harness.Equal(tokenizer.VocabSize, again.VocabSize);
                string path = System.IO.Path.GetTempFileName();
                System.IO.File.WriteAllBytes(path, saved);
                using (Tokenizer opened = Tokenizer.Open(path))
                    Harness.Same(tokenizer.StopTokens, opened.StopTokens);
                System.IO.File.Delete(path);
                Harness.Fails(Status.InvalidArgument, () => Tokenizer.Open(path));
                Harness.Fails(Status.InvalidData, () => Tokenizer.CreateFromSaved(new byte[0]));
            }
        }

        private static void Errors()
        {
            Harness.Fails(Status.InvalidArgument, () => new Tokenizer(new byte[3], new uint[] { 1, 1 }));
            Harness.Fails(Status.InvalidData, () => Tokenizer.CreateFromJson(Encoding.UTF8.GetBytes("{}")));
            var tooSmall = new TokenizerOptions { VocabSize = 1 };
            Harness.Fails(
                Status.InvalidArgument, () => new Tokenizer(new byte[2], new uint[] { 1, 1 }, tooSmall));
            var stop = new TokenizerOptions { StopTokens = new[] { 7 } };
            Harness.Fails(Status.InvalidArgument, () => new Tokenizer(new byte[1], new uint[] { 1 }, stop));
        }

        private static void Version()
        {
            Harness.True(XgrLibrary.Version > 0, "no version");
            string message = XgrException.StatusMessage(Status.Unsupported);
            Harness.True(message.Length > 10 && message.Any(char.IsLetter), message);
        }
    }
}
