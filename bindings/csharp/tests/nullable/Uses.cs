using System;
using System.Collections.Generic;
using Xgr;

/// <summary>Where null may be given and may come back; comments name the warnings that the compiler owes.</summary>
internal static class Uses
{
    private static void Main()
    {
    }

    private static void Options(Tokenizer tokenizer, Compiler compiler, Grammar grammar)
    {
        new Tokenizer(new List<byte[]>(), null);
        new Tokenizer(default(IReadOnlyList<byte[]>)); // CS8625
        new Compiler(tokenizer, null);
        new Compiler(null); // CS8625
        compiler.CompileJsonSchema("{}", null, null, null);
        compiler.CompileJsonSchema(null); // CS8625
        compiler.CompileEbnf("root ::= \"a\"", null);
        compiler.CompileEbnf(null); // CS8625
        compiler.CompileRegexAsync("a", null);
        compiler.CompileRegexAsync(null); // CS8625
        compiler.StartJob(null); // CS8625
        new Matcher(grammar, null);
        new Matcher(null); // CS8625
        new ReplyReader("hermes", null, null, null);
        new ReplyReader(null); // CS8625
        GrammarSource.FromLark("start: \"a\"", null);
        GrammarSource.FromChoices(null); // CS8625
        Family.StructuralTag("hermes", "{}", null);
        Family.StructuralTag("hermes", null); // CS8625
        JsonSchemaReport.Check("{}", null);
    }

    private static void Members(Matcher matcher)
    {
        new TokenizerOptions { TokenKinds = null, StopTokens = null };
        new MatcherOptions { StopTokens = null, Prefix = null, Starts = null, ForbiddenTokens = null };
        new JsonFormat { ItemSeparator = null, KeySeparator = null };
        new JsonSchemaOptions { Remotes = null };
        new LarkOptions { Named = null };
        new EbnfOptions { RootRule = null };
        new RemoteSchema("test:a", null); // CS8625
        new NamedGrammar("a", default(GrammarSource)); // CS8625
        new StartSequence(default(byte[])); // CS8625
        matcher.ForcedTokens(default(Func<byte[], int[]>));
    }

    private static void Results(Tokenizer tokenizer, Compiler compiler, XgrException exception, Diagnostic diagnostic)
    {
        string message = exception.Message, subject = diagnostic.Subject;
        string pointer = exception.JsonPointer; // CS8600
        string place = diagnostic.Pointer; // CS8600
        byte[] bytes = tokenizer.TokenBytes(3); // CS8600
        int size = tokenizer.TokenName(3).Length; // CS8602
        string tag = Family.Text("hermes"), text = compiler.CompileRegex("a").PrintEbnf();
    }
}
