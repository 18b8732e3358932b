// Six outputs under four languages, in one buffer of masks: sources put together, a matcher cloned
// in the middle of its output, steps undone, and what an error tells. The "model" draws from a
// linear congruential generator. The same program exists in every language and writes the same.
//
//   mcs -langversion:7.2 -r:Xgr.dll Batch.cs && mono Batch.exe            or, in a project, dotnet run
using System;
using System.Linq;
using System.Text;
using Xgr;

internal static class Batch
{
    private const int Tokens = 96, Stop = 95, Steps = 48;

    private static uint s_state = 42;

    private sealed class Row
    {
        internal Matcher Matcher;
        internal readonly StringBuilder Text = new StringBuilder();
        internal int Accepted;

        internal Row(Matcher matcher)
        {
            Matcher = matcher;
        }

        internal bool Done => Matcher.IsTerminated;

        internal Row Clone()
        {
            var clone = new Row(Matcher.Clone());
            clone.Text.Append(Text);
            return clone;
        }

        internal void Step(Span<uint> mask)
        {
            Matcher.FillBitmask(mask);
            int token = ChooseToken(mask);
            if (!Matcher.AcceptToken(token)) return;
            if (token != Stop) Text.Append((char)(0x20 + token));
            ++Accepted;
        }
    }

    // A vocabulary of the printable characters of ASCII and one stop token.
    private static Tokenizer MakeTokenizer()
    {
        byte[] bytes = Enumerable.Range(0x20, Stop).Select(b => (byte)b).ToArray();
        uint[] sizes = Enumerable.Range(0, Tokens).Select(id => id == Stop ? 0u : 1u).ToArray();
        return new Tokenizer(bytes, sizes, new TokenizerOptions { StopTokens = new[] { Stop } });
    }

    // Either one of three words, or two digits.
    private static GrammarSource MakeSource()
    {
        using (GrammarSource words = GrammarSource.FromChoices("yes", "no", "maybe"))
        using (GrammarSource digits = GrammarSource.FromRegex("[0-9]{2}"))
        {
            return GrammarSource.Union(words, digits);
        }
    }

    private static Grammar[] Compile(Compiler compiler)
    {
        const string Schema =
            "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\",\"minimum\":1,"
            + "\"maximum\":999},\"ok\":{\"type\":\"boolean\"}},\"required\":[\"id\",\"ok\"],"
            + "\"additionalProperties\":false}";
        const string Ebnf = "root ::= term (\" + \" term)*\nterm ::= [0-9] | \"(\" root \")\"";
        using (GrammarSource source = MakeSource())
        {
            return new[]
            {
                compiler.CompileJsonSchema(Schema, new JsonFormat { Layout = JsonLayout.Line }),
                compiler.CompileRegex("[a-f]{3}-[0-9]{2,4}"),
                compiler.CompileEbnf(Ebnf),
                compiler.CompileSource(source),
            };
        }
    }

    // Any of the allowed tokens.
    private static int ChooseToken(ReadOnlySpan<uint> mask)
    {
        int count = 0;
        for (int token = 0; token < Tokens; ++token) count += Bitmask.Allows(mask, token) ? 1 : 0;
        s_state = unchecked(s_state * 1103515245u + 12345u) & 0x7FFFFFFFu;
        long skipped = s_state / 65536 % count;
        for (int token = 0;; ++token)
        {
            if (Bitmask.Allows(mask, token) && skipped-- == 0) return token;
        }
    }

    private static void Run(Row[] rows, int words)
    {
        var masks = new uint[rows.Length * words];
        for (int t = 0; t < Steps; ++t)
        {
            for (int r = 0; r < rows.Length; ++r)
            {
                if (rows[r] != null && !rows[r].Done) rows[r].Step(masks.AsSpan(r * words, words));
            }
            if (rows[4] == null && rows[0].Accepted == 3) rows[4] = rows[0].Clone();
        }
    }

    private static void Report(Compiler compiler, Row[] rows)
    {
        for (int r = 0; r < rows.Length; ++r)
        {
            Console.WriteLine($"row {r}: {rows[r].Text} ({(rows[r].Done ? "done" : "cut")})");
        }
        Matcher matcher = rows[2].Matcher;
        matcher.Rollback(Math.Min(2, matcher.HistorySize));
        Console.WriteLine($"rolled back: {matcher.HistorySize}");
        try
        {
            compiler.CompileRegex("(a").Dispose();
        }
        catch (XgrException error)
        {
            Console.WriteLine($"error {(int)error.Code} at byte {error.ByteOffset}: {error.Message}");
        }
    }

    private static void Main()
    {
        int[] grammarOfRow = { 0, 1, 2, 3, -1, 1 };
        using (Tokenizer tokenizer = MakeTokenizer())
        using (var compiler = new Compiler(tokenizer))
        {
            Grammar[] grammars = Compile(compiler);
            Row[] rows = grammarOfRow.Select(g => g < 0 ? null : new Row(new Matcher(grammars[g]))).ToArray();
            Run(rows, tokenizer.MaskWords);
            Report(compiler, rows);
            foreach (Row row in rows) row.Matcher.Dispose();
            foreach (Grammar grammar in grammars) grammar.Dispose();
        }
    }
}
