using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Ops.Specs;

namespace Ops.Benchmarks.Editor;

/// <summary>Many specs to measure with: the given ones, over and over under other names.</summary>
internal static partial class SpecCorpus
{
    [GeneratedRegex(@"\Aop: (\w+)")]
    private static partial Regex OpLine { get; }

    /// <summary>As many as wanted.</summary>
    /// <exception cref="OpException">There are none to start from.</exception>
    public static SpecText[] Make(IReadOnlyList<(string Path, string Text)> specs, int count)
    {
        if (specs.Count == 0)
            throw new OpException("bench", "usage", "there are no specs to measure with");
        var corpus = new SpecText[count];
        for (int i = 0; i < count; i++)
        {
            (string path, string text) = specs[i % specs.Count];
            int copy = i / specs.Count;
            corpus[i] = copy == 0 ? new SpecText(path, text)
                : new SpecText(path.Replace(".op.yaml", $"Copy{copy}.op.yaml", StringComparison.Ordinal),
                    OpLine.Replace(text, $"op: $1Copy{copy}"));
        }
        return corpus;
    }
}

/// <summary>A spec in memory.</summary>
internal sealed class SpecText(string path, string text) : AdditionalText
{
    private readonly SourceText source = SourceText.From(text);

    /// <summary>The text.</summary>
    public string Text => text;

    /// <inheritdoc/>
    public override string Path => path;

    /// <inheritdoc/>
    public override SourceText GetText(CancellationToken cancellationToken = default) => source;

    /// <summary>The same file with another text.</summary>
    public SpecText With(string changed) => new(path, changed);
}
