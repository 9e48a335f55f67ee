using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>A node of a YAML document with its place in the file.</summary>
internal abstract class YamlNode(SourceSpan span)
{
    internal SourceSpan Span { get; } = span;
}

internal sealed class YamlScalar(SourceSpan span, MappedText text) : YamlNode(span)
{
    internal MappedText Text { get; } = text;

    internal string Value => Text.Text;
}

internal sealed class YamlSequence(SourceSpan span, IReadOnlyList<YamlNode> items) : YamlNode(span)
{
    internal IReadOnlyList<YamlNode> Items { get; } = items;
}

internal sealed class YamlMapping(SourceSpan span, IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> entries) : YamlNode(span)
{
    internal IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries { get; } = entries;
}

internal static class KeyValuePairs
{
    // netstandard2.0's KeyValuePair has no Deconstruct.
    internal static void Deconstruct(this KeyValuePair<YamlScalar, YamlNode> pair, out YamlScalar key, out YamlNode value) =>
        (key, value) = (pair.Key, pair.Value);
}
