using Ops.Cli.Authoring;
using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Checks;
using Ops.Specs.Code;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Published;
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
    /// <param name="suggestions">Whether suggestions count as findings.</param>
    /// <param name="published">What domains have published of their ops.</param>
    /// <param name="code">The C# of their ops.</param>
    /// <param name="completed">The folder of specs whose kernels stand in that C#, if written; null for none.</param>
    /// <exception cref="OpException">A file cannot be read.</exception>
    public static IReadOnlyList<Finding> Check(IReadOnlyList<string> paths, IReadOnlyList<string> others,
        CancellationToken cancellation = default, bool suggestions = false, PublishedOps? published = null, OpCodeFinder? code = null,
        string? completed = null)
    {
        SpecSyntax[] specs = [.. paths.Select(path => SpecFrontEnd.Parse(Shown(path), SpecFiles.Read(path), cancellation))];
        var seen = new HashSet<string>(paths.Select(Path.GetFullPath));
        // The files that are checked come first: a draft of an op counts before the op it is to replace.
        SpecSyntax[] all = [.. specs,
            .. others.Where(path => seen.Add(Path.GetFullPath(path)))
                .Select(path => SpecFrontEnd.Parse(Shown(path), SpecFiles.Read(path), cancellation))];
        var scope = new SpecScope(all, published);
        // A spec that is like another may have findings in the other's file.
        Dictionary<string, string> texts = all.DistinctBy(s => s.Path).ToDictionary(s => s.Path, s => s.Text);
        Dictionary<string, string> duplicates = OpClass.Duplicates(specs.Select(SpecFrontEnd.Signature).OfType<OpSignature>())
            .DistinctBy(d => d.Path).ToDictionary(d => d.Path, d => d.First);
        return [.. specs.SelectMany(spec => Duplicate(spec, duplicates)
            .Concat(Findings(spec, SpecFrontEnd.Bind(spec, scope, cancellation), suggestions, code, completed))
            .OrderBy(d => d.Path == spec.Path ? 0 : 1).ThenBy(d => d.Span.Start))
            .Select(diagnostic => new Finding(diagnostic, texts.GetValueOrDefault(diagnostic.Path, "")))];
    }

    private static IEnumerable<SpecDiagnostic> Findings(SpecSyntax spec, BoundSpec bound, bool suggestions, OpCodeFinder? code,
        string? completed)
    {
        OpCode? written = spec.OpName is { } op ? code?.Of(bound.Family?.Domain ?? spec.Domain, op) : null;
        IEnumerable<SpecDiagnostic> ofCode = written is null ? [] : OpCodeCheck.Run(spec, bound, written);
        if (completed is not null && bound.Family is { } family && Path.GetFullPath(spec.Path).StartsWith(completed + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && MissingKernel.Of(spec, family, written) is { } missing)
            ofCode = ofCode.Append(missing);
        return bound.Diagnostics.Concat(bound.Suggestions).Concat(ofCode)
            .Where(d => suggestions || d.Rule.Severity != SpecSeverity.Suggestion);
    }

    private static IEnumerable<SpecDiagnostic> Duplicate(SpecSyntax spec, Dictionary<string, string> duplicates) =>
        spec.OpName is { } op && duplicates.TryGetValue(spec.Path, out string? first)
        ? [new SpecDiagnostic(SpecRules.DuplicateOp, spec.Path, default, OpClass.DuplicateMessage(spec.Domain, op, first), Blocking: true)] : [];

    /// <summary>The path as findings print it: from the working directory when the file lies below it.</summary>
    private static string Shown(string path)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
