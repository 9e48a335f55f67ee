using System.Text.RegularExpressions;

namespace Ops.Specs.Code;

/// <summary>
/// What the C# of an op that people wrote names: its methods, what it reads of <c>args</c>, every word besides. Read from text alone, so
/// that no compiler is needed.
/// </summary>
public sealed class OpCode
{
    private static readonly Regex Word = new(@"[A-Za-z_]\w*", RegexOptions.CultureInvariant);
    private static readonly Regex Argument = new(@"\bargs\s*\.\s*@?(?<name>[A-Za-z_]\w*)", RegexOptions.CultureInvariant);
    private static readonly Regex Part = new(@"\bpartial\s+[\w.:<>\[\]?,() ]+?\s@?(?<name>[A-Za-z_]\w*)\s*\(",
        RegexOptions.CultureInvariant);
    private static readonly Regex Body = new(@"\bpartial\s+class\s+Body\s*<|\bpartial\s+void\s+Compute\s*[(<]",
        RegexOptions.CultureInvariant);

    private readonly HashSet<string> words = [], methods = [], arguments = [];

    /// <summary>What the files of an op's class name.</summary>
    /// <param name="sources">Their texts, without comments and strings.</param>
    internal OpCode(IEnumerable<string> sources)
    {
        foreach (string code in sources)
        {
            words.UnionWith(Word.Matches(code).Cast<Match>().Select(m => m.Value));
            methods.UnionWith(Part.Matches(code).Cast<Match>().Select(m => m.Groups["name"].Value));
            arguments.UnionWith(Argument.Matches(code).Cast<Match>().Select(m => m.Groups["name"].Value));
            HasKernel |= Body.IsMatch(code);
        }
    }

    private OpCode(IReadOnlyCollection<OpCode> parts)
    {
        words = [.. parts.SelectMany(p => p.words)];
        methods = [.. parts.SelectMany(p => p.methods)];
        arguments = [.. parts.SelectMany(p => p.arguments)];
        HasKernel = parts.Any(p => p.HasKernel);
    }

    /// <summary>The code of several files.</summary>
    public static OpCode? Together(IReadOnlyCollection<OpCode> parts) =>
        parts.Count switch { 0 => null, 1 => parts.First(), _ => new OpCode(parts) };

    /// <summary>Whether the body of a kernel is written.</summary>
    public bool HasKernel { get; }

    /// <summary>The parts of partial classes that are written.</summary>
    public IReadOnlyCollection<string> Methods => methods;

    /// <summary>What is read of a kernel's arguments.</summary>
    public IReadOnlyCollection<string> Arguments => arguments;

    /// <summary>Whether a word stands anywhere in the code.</summary>
    public bool Names(string word) => words.Contains(word);
}
