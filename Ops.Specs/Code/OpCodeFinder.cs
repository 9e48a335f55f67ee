using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Ops.Specs.Binding;

namespace Ops.Specs.Code;

/// <summary>Sorts C# files by the op's class that they are a part of; all files are added before it is asked.</summary>
public sealed class OpCodeFinder
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Multiline;

    // Raw, verbatim and plain strings, characters, comments.
    private static readonly Regex Silent = new(
        @"(?<quotes>""{3,})[\s\S]*?\k<quotes>|\$?@\$?""(""""|[^""])*""|(?<code>\$)?""(\\.|[^""\\\n])*""|'(\\.|[^'\\\n])+'|//[^\n]*|/\*[\s\S]*?\*/",
        Options);
    private static readonly Regex Space = new(@"^\s*namespace\s+(?<name>[\w.]+)", Options);
    private static readonly Regex Class = new(@"\bpartial\s+class\s+(?<name>\w+)", Options);

    private readonly Dictionary<string, List<string>> sources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, OpCode?> found = new(StringComparer.Ordinal);

    /// <summary>Adds a file; one that is a part of no class counts for none.</summary>
    /// <param name="source">Its text.</param>
    public void Add(string source)
    {
        if (source.IndexOf("partial", StringComparison.Ordinal) < 0)
            return;
        // What stands in braces of an interpolated string is code.
        string code = Silent.Replace(source, m => m.Groups["code"].Success ? m.Value.Replace('"', ' ') : " ");
        Match[] spaces = [.. Space.Matches(code).Cast<Match>()];
        for (int i = 0; i < spaces.Length; i++)
        {
            int start = spaces[i].Index, end = i + 1 < spaces.Length ? spaces[i + 1].Index : code.Length;
            string part = code.Substring(start, end - start);
            foreach (string name in Class.Matches(part).Cast<Match>()
                .Select(m => $"{spaces[i].Groups["name"].Value}.{m.Groups["name"].Value}").Distinct())
                (sources.TryGetValue(name, out List<string>? files) ? files : sources[name] = []).Add(part);
        }
    }

    /// <summary>The code of an op; null when there is none.</summary>
    public OpCode? Of(string domain, string op)
    {
        string name = $"{OpClass.Namespace(domain)}.{op}";
        return found.GetOrAdd(name, n => sources.TryGetValue(n, out List<string>? files) ? new OpCode(files) : null);
    }
}
