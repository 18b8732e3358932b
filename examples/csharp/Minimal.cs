// The whole of Xgr in one page: tokenizer, compiler, grammar, matcher, and the loop of masks and
// tokens. The "model" is a stand-in that likes the highest token id; the mask makes it write JSON.
//
//   mcs -langversion:7.2 -r:Xgr.dll Minimal.cs && mono Minimal.exe        or, in a project, dotnet run
using System;
using System.Linq;
using System.Text;
using Xgr;

internal static class Minimal
{
    private const int Stop = 256;

    private const string Schema =
        "{\"type\": \"object\", \"properties\": {\"city\": {\"enum\": [\"Oslo\", \"Rome\"]},"
        + " \"days\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 14}},"
        + " \"required\": [\"city\", \"days\"], \"additionalProperties\": false}";

    private static int ChooseToken(ReadOnlySpan<uint> mask)
    {
        int token = Stop;
        while (!Bitmask.Allows(mask, token)) --token;
        return token;
    }

    private static void Main()
    {
        // A vocabulary of the 256 single bytes and one stop token.
        byte[] bytes = Enumerable.Range(0, 256).Select(b => (byte)b).ToArray();
        uint[] sizes = Enumerable.Range(0, 257).Select(id => id == Stop ? 0u : 1u).ToArray();
        var vocabulary = new TokenizerOptions { StopTokens = new[] { Stop } };
        var format = new JsonFormat { Layout = JsonLayout.Line };
        using (var tokenizer = new Tokenizer(bytes, sizes, vocabulary))
        using (var compiler = new Compiler(tokenizer))
        using (Grammar grammar = compiler.CompileJsonSchema(Schema, format))
        using (var matcher = new Matcher(grammar))
        {
            var mask = new uint[matcher.MaskWords];
            var text = new StringBuilder();
            while (!matcher.IsTerminated)
            {
                matcher.FillBitmask(mask);
                int token = ChooseToken(mask);
                if (matcher.AcceptToken(token) && token != Stop) text.Append((char)token);
            }
            Console.WriteLine(text);
        }
    }
}
