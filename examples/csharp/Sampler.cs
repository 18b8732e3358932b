// A sampler in the shape that LLamaSharp asks of custom ones: Name, Apply, Accept, Reset, Clone and
// Dispose, as one stage of a chain. Apply sets the logits of tokens that may not come next to minus
// infinity. The loop picks a token first and asks only about that one; only if it is refused are all
// candidates masked and another is picked.
//
// Reads JSON Schemas, one a line, and writes a document of each, from random logits:
//
//   mcs -langversion:7.2 -r:Xgr.dll Sampler.cs && mono Sampler.exe ../../tests/clients/schemas.jsonl 7
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xgr;

internal struct Candidate
{
    internal int Id;
    internal float Logit;
}

internal interface ICustomSampler : IDisposable
{
    string Name { get; }
    void Apply(Span<Candidate> candidates);
    void Accept(int token);
    void Reset();
    ICustomSampler Clone();
}

// The stage on Xgr.
internal sealed class GrammarSampler : ICustomSampler
{
    private readonly Matcher _matcher;
    private readonly uint[] _mask;

    internal GrammarSampler(Matcher matcher)
    {
        _matcher = matcher;
        _mask = new uint[matcher.MaskWords];
    }

    public string Name => "xgr";

    // One candidate is asked about by itself, which costs less than a mask.
    public void Apply(Span<Candidate> candidates)
    {
        if (candidates.Length == 1)
        {
            if (!_matcher.IsTokenAllowed(candidates[0].Id)) candidates[0].Logit = float.NegativeInfinity;
            return;
        }
        MaskKind kind = _matcher.FillBitmask(_mask);
        if (kind == MaskKind.All) return;
        for (int i = 0; i < candidates.Length; ++i)
        {
            bool allowed = kind == MaskKind.Some && Bitmask.Allows(_mask, candidates[i].Id);
            if (!allowed) candidates[i].Logit = float.NegativeInfinity;
        }
    }

    public void Accept(int token)
    {
        if (!_matcher.AcceptToken(token)) throw new InvalidOperationException($"{token} is not allowed here");
    }

    public void Reset()
    {
        _matcher.Reset();
    }

    public ICustomSampler Clone() => new GrammarSampler(_matcher.Clone());

    public void Dispose()
    {
        _matcher.Dispose();
    }
}

// Stands for an engine, with a model that gives any logit to any token.
internal sealed class Engine
{
    private readonly List<byte[]> _vocabulary;
    private readonly Random _random;
    private readonly Candidate[] _candidates, _first = new Candidate[1];

    internal Engine(List<byte[]> vocabulary, int seed)
    {
        _vocabulary = vocabulary;
        _random = new Random(seed);
        _candidates = new Candidate[vocabulary.Count];
    }

    // Writes a whole output.
    internal byte[] Generate(ICustomSampler sampler)
    {
        var text = new List<byte>();
        while (true)
        {
            int token = Sample(sampler);
            sampler.Accept(token);
            if (token == _vocabulary.Count - 1) return text.ToArray();
            text.AddRange(_vocabulary[token]);
        }
    }

    private int Sample(ICustomSampler sampler)
    {
        for (int i = 0; i < _candidates.Length; ++i)
        {
            _candidates[i] = new Candidate { Id = i, Logit = (float)(_random.NextDouble() * 8 - 4) };
        }
        _first[0] = Best();
        sampler.Apply(_first);
        if (!float.IsNegativeInfinity(_first[0].Logit)) return _first[0].Id;
        sampler.Apply(_candidates);
        Candidate second = Best();
        if (float.IsNegativeInfinity(second.Logit)) throw new InvalidOperationException("nothing is allowed");
        return second.Id;
    }

    private Candidate Best()
    {
        Candidate best = _candidates[0];
        foreach (Candidate candidate in _candidates)
        {
            if (candidate.Logit > best.Logit) best = candidate;
        }
        return best;
    }
}

internal static class Sampler
{
    // A vocabulary like that of a small model: all bytes, pairs of letters and of digits, punctuation
    // of JSON, and a token that ends the output.
    private static List<byte[]> MakeVocabulary()
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyz", Digits = "0123456789";
        string[] marks =
        {
            "\", \"", "\": ", "\": \"", "{\"", "\"}", ", ", "true", "false", "null", "[[", "]]", "}}", "",
        };
        IEnumerable<string> pairs = new[] { Letters, Digits }.SelectMany(set =>
            set.SelectMany(first => set.Select(second => new string(new[] { first, second }))));
        IEnumerable<byte[]> bytes = Enumerable.Range(0, 256).Select(b => new[] { (byte)b });
        return bytes.Concat(pairs.Concat(marks).Select(text => Encoding.UTF8.GetBytes(text))).ToList();
    }

    // One document; a clone that is given the same logits and a sampler that was reset must write the
    // same one again.
    private static byte[] Document(Grammar grammar, List<byte[]> vocabulary, int seed)
    {
        using (ICustomSampler sampler = new GrammarSampler(new Matcher(grammar)))
        using (ICustomSampler clone = sampler.Clone())
        {
            byte[] text = new Engine(vocabulary, seed).Generate(sampler);
            sampler.Reset();
            bool same = new Engine(vocabulary, seed).Generate(clone).SequenceEqual(text)
                && new Engine(vocabulary, seed).Generate(sampler).SequenceEqual(text);
            if (!same) throw new InvalidOperationException("a clone or a reset sampler wrote something else");
            return text;
        }
    }

    private static void Main(string[] arguments)
    {
        int seed = arguments.Length > 1 ? int.Parse(arguments[1]) : 0;
        List<byte[]> vocabulary = MakeVocabulary();
        var options = new TokenizerOptions { StopTokens = new[] { vocabulary.Count - 1 } };
        using (var tokenizer = new Tokenizer(vocabulary, options))
        using (var compiler = new Compiler(tokenizer))
        using (Stream output = Console.OpenStandardOutput())
        {
            foreach (string schema in File.ReadLines(arguments[0]))
            {
                using (Grammar grammar = compiler.CompileJsonSchema(
                    schema, new JsonFormat { Layout = JsonLayout.Line }))
                {
                    byte[] document = Document(grammar, vocabulary, seed++);
                    output.Write(document, 0, document.Length);
                    output.WriteByte((byte)'\n');
                }
            }
        }
    }
}
