using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

/// <summary>Compiles the binding, and programs that use it in a nullable context, and compares the warnings with those
/// that comments expect: // CS8625. See nullable.sh.</summary>
internal static class Check
{
    private static readonly CSharpParseOptions Language =
        new CSharpParseOptions(LanguageVersion.CSharp8, DocumentationMode.Diagnose);

    /// <summary>FRAMEWORK BINDING PROGRAM...: two folders, and files; exit status 1 when warnings differ.</summary>
    private static int Main(string[] arguments)
    {
        List<MetadataReference> framework = Directory.GetFiles(arguments[0], "*.dll").Where(IsManaged)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToList();
        string[] sources = Directory.GetFiles(arguments[1], "*.cs");
        CSharpCompilation binding = Compilation(
            "Xgr", sources, framework, OutputKind.DynamicallyLinkedLibrary, NullableContextOptions.Disable);
        var results = new List<bool> { Report("the binding", sources, binding) };
        framework.Add(binding.ToMetadataReference());
        foreach (string program in arguments.Skip(2))
        {
            CSharpCompilation use = Compilation(
                Path.GetFileNameWithoutExtension(program), new[] { program }, framework,
                OutputKind.ConsoleApplication, NullableContextOptions.Enable);
            results.Add(Report(Path.GetFileName(program), new[] { program }, use));
        }
        int failed = results.Count(good => !good);
        Console.WriteLine($"{results.Count - failed} passed, {failed} failed");
        return failed > 0 ? 1 : 0;
    }

    private static CSharpCompilation Compilation(
        string name, IEnumerable<string> files, IEnumerable<MetadataReference> references, OutputKind kind,
        NullableContextOptions context)
    {
        var options = new CSharpCompilationOptions(
            kind, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: context);
        IEnumerable<SyntaxTree> trees =
            files.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), Language, path));
        return CSharpCompilation.Create(name, trees, references, options);
    }

    private static bool Report(string what, IEnumerable<string> files, CSharpCompilation compilation)
    {
        List<string> expected = files.SelectMany(Expected).ToList();
        List<string> found = compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(Text).ToList();
        List<string> wrong = found.Where(text => !expected.Any(text.StartsWith)).Select(text => "unexpected: " + text)
            .Concat(expected.Where(place => !found.Any(text => text.StartsWith(place))).Select(place => "missing: " + place))
            .ToList();
        Console.WriteLine(wrong.Count == 0 ? $"ok: {what}" : $"FAILED: {what}");
        foreach (string line in wrong) Console.WriteLine(line);
        return wrong.Count == 0;
    }

    /// <summary>"Uses.cs:7: CS8625" for each comment of that kind.</summary>
    private static IEnumerable<string> Expected(string path)
    {
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; ++i)
        {
            int comment = lines[i].IndexOf("// CS8", StringComparison.Ordinal);
            if (comment >= 0) yield return $"{Path.GetFileName(path)}:{i + 1}: {lines[i].Substring(comment + 3)} ";
        }
    }

    private static string Text(Diagnostic diagnostic)
    {
        FileLinePositionSpan place = diagnostic.Location.GetLineSpan();
        int line = place.StartLinePosition.Line + 1;
        return $"{Path.GetFileName(place.Path)}:{line}: {diagnostic.Id} {diagnostic.GetMessage()}";
    }

    private static bool IsManaged(string path)
    {
        try
        {
            AssemblyName.GetAssemblyName(path);
            return true;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
