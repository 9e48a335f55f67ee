using System.Text.RegularExpressions;
using Ops.Specs.Diagnostics;
using Ops.Specs.Language;
using Ops.Specs.Syntax;

namespace Ops.Generators.Emit;

/// <summary>
/// The way from generated members to the lines of the spec they come from. By default a member names its file and its name there, so that a
/// comment in a spec, which moves lines, generates nothing anew and no path of a machine is in the code. A project that sets
/// <c>OpSpecLines</c> gets line numbers, and errors about missing kernels at the spec.
/// </summary>
internal sealed record SpecLinks(string Path, Ops.Specs.Collections.EquatableArray<SpecLink> Links, SpecSpan Kernel)
{
    private static readonly Regex Comment = new(@"// (?<path>specs/\S+\.op\.yaml), (?<name>\w+:?)$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant);
    private static readonly Regex Declaration = new(@"^ *(public|private) static partial [^{};\n]*\)[^{};()\n]*;$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant);

    /// <summary>The comment above a member.</summary>
    public static string CommentOf(string path, string name) => $"// {path}, {name}";

    /// <summary>The comment above a member that comes from a section of its file.</summary>
    public static string CommentOfSection(string path, string key) => CommentOf(path, key + ":");

    /// <summary>Where the names and sections of a file stand; of a section that several documents have, the newest.</summary>
    public static SpecLinks Of(SpecSyntax spec) =>
        new(spec.Path, [.. SpecPlaces.Declarations(spec).Select(d => new SpecLink(d.Name, d.Span.StartLine + 1)),
            .. SpecKey.All.Select(k => new SpecLink(k.Name + ":", SpecPlaces.Key(spec, k.Name).StartLine + 1))],
            SpecPlaces.Key(spec, "kernel"));

    /// <summary>Whether these are of a file, named as models name it.</summary>
    public bool IsOf(string relative) => Path.Replace('\\', '/').EndsWith(relative, StringComparison.Ordinal);

    /// <summary>A generated class with line numbers in its links, and its declarations of what is written by hand at the spec's
    /// line.</summary>
    public string Resolve(string source)
    {
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        foreach (SpecLink link in Links)
            lines[link.Name] = link.Line;
        source = Comment.Replace(source,
            m => lines.TryGetValue(m.Groups["name"].Value, out int line)
                ? $"// {m.Groups["path"].Value}:{line}, {m.Groups["name"].Value}" : m.Value);
        string place = $"#line ({Kernel.StartLine + 1}, {Kernel.StartColumn + 1}) - ({Kernel.EndLine + 1}, {Math.Max(Kernel.EndColumn, Kernel.StartColumn + 1) + 1}) 1 \"{Path.Replace('\\', '/')}\"";
        return Declaration.Replace(source, m => $"{place}\n{m.Value}\n#line default");
    }
}

/// <summary>A name and its line.</summary>
internal sealed record SpecLink(string Name, int Line);
