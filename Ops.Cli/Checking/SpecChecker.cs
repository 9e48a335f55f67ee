using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Cli.Checking;

/// <summary>A finding and the text it is in.</summary>
/// <param name="Diagnostic">The finding.</param>
/// <param name="Text">The text of its file.</param>
internal sealed record Finding(SpecDiagnostic Diagnostic, string Text);

/// <summary>Checks specs against each other and against the ones in <c>specs</c>.</summary>
internal static class SpecChecker
{
    /// <summary>The findings in <paramref name="paths"/>, file by file.</summary>
    /// <param name="paths">The files to check.</param>
    /// <param name="others">Files they may refer to; one that is also checked does not count twice.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OpException">A file cannot be read.</exception>
    public static IReadOnlyList<Finding> Check(IReadOnlyList<string> paths, IReadOnlyList<string> others, CancellationToken cancellation = default)
    {
        (string Path, string Text, SpecSyntax Syntax)[] specs = [.. paths.Select(path =>
        {
            string text = SpecFiles.Read(path);
            return (path, text, SpecFrontEnd.Parse(Shown(path), text, cancellation));
        })];
        var seen = new HashSet<string>(paths.Select(Path.GetFullPath));
        // The files that are checked come first: a draft of an op counts before the op it is to replace.
        var scope = new SpecScope([.. specs.Select(s => s.Syntax),
            .. others.Where(path => seen.Add(Path.GetFullPath(path))).Select(path => SpecFrontEnd.Parse(path, SpecFiles.Read(path), cancellation))]);
        return [.. specs.SelectMany(spec => SpecFrontEnd.Bind(spec.Syntax, scope, cancellation).Diagnostics
            .OrderBy(d => d.Span.Start).Select(diagnostic => new Finding(diagnostic, spec.Text)))];
    }

    /// <summary>The path as findings print it: from the working directory when the file lies below it.</summary>
    private static string Shown(string path)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
