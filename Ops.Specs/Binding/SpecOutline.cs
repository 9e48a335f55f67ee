using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Binding;

/// <summary>One entry of a version after merging, as it is written, and where.</summary>
/// <param name="Section">The key it stands under, for instance <c>inputs</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Text">What is written behind the name.</param>
/// <param name="Path">The file it stands in, which differs for what comes from an op this one is like.</param>
/// <param name="Span">Where its name stands.</param>
public sealed record OutlineItem(string Section, string Name, string Text, string Path, SpecSpan Span);

/// <summary>Shows a version whole: everything it states and everything it takes from the versions before it.</summary>
public static class SpecOutline
{
    /// <summary>The entries of a version, in the order of the sections.</summary>
    /// <param name="spec">The file.</param>
    /// <param name="scope">The other ops.</param>
    /// <param name="since">The version.</param>
    /// <returns>None when there is no such version.</returns>
    public static IReadOnlyList<OutlineItem> Of(SpecSyntax spec, ISpecScope scope, int since)
    {
        if (SpecMerger.Merge(spec, scope, new DiagnosticBag(spec.Source)).FirstOrDefault(v => v.Since == since) is not { } version)
            return [];
        return
        [
            .. Items("types", version.Types), .. Items("inputs", version.Inputs), .. Items("outputs", version.Outputs),
            .. Items("attributes", version.Attributes), .. Items("let", version.Lets),
            .. Items("constraints", version.Constraints), .. Items("docs", version.Docs),
            .. version.Kernel is { } kernel ? Items("kernel", [kernel]) : [],
            .. (version.Equations ?? []).Select(e => Item("body", e.Syntax.Outputs.Count > 0 ? e.Syntax.Outputs[0].Name : "",
                e.Syntax.ToString(), e.Syntax.Span)),
        ];
    }

    private static IEnumerable<OutlineItem> Items<T>(string section, IEnumerable<Entry<T>> entries) where T : class =>
        entries.Select(e => Item(section, e.Name,
            OneLine.Of(section is "inputs" or "outputs" ? e.Text.Substring(e.Text.IndexOf(": ", StringComparison.Ordinal) + 2) : e.Text),
            e.NameSpan));

    private static OutlineItem Item(string section, string name, string text, SourceSpan span) =>
        new(section, name, text, span.Source.Path, span.Source.Locate(span.Start, span.Length));
}
