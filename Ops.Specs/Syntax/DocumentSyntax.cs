using Ops.Specs.Bodies;
using Ops.Specs.Language;
using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>A value with its place.</summary>
internal sealed record Located<T>(T Value, SourceSpan Span);

/// <summary>
/// A named entry of a section. <paramref name="Value"/> is null when it does not parse; the name is declared all the same, so that nothing
/// else complains about it.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="NameSpan">Where the name stands.</param>
/// <param name="Span">Where the value stands.</param>
/// <param name="Text">The value's text, to compare versions.</param>
/// <param name="Value">The parsed value.</param>
/// <param name="Removed">Whether it is <c>none</c>.</param>
internal sealed record Entry<T>(string Name, SourceSpan NameSpan, SourceSpan Span, string Text, T? Value, bool Removed) where T : class
{
    /// <summary>For a port, the family its name declares.</summary>
    internal FamilySyntax? Family { get; init; }
}

/// <summary>The <c>[i &lt; n]</c> of a family's name.</summary>
internal sealed record FamilySyntax(NameSyntax Binder, NameSyntax Count);

/// <summary>One document: a version, or what differs in it from the version before. What is null or empty is not stated.</summary>
internal sealed class DocumentSyntax
{
    internal required SourceSpan Span { get; init; }
    internal bool First { get; init; }
    /// <summary>Where each key stands.</summary>
    internal Dictionary<string, SourceSpan> Keys { get; init; } = [];
    internal Located<string>? Op { get; set; }
    internal Located<string>? Domain { get; set; }
    internal Located<int>? Since { get; set; }
    internal Located<int>? Opset { get; set; }
    internal Located<string>? Like { get; set; }
    internal Located<string>? Summary { get; set; }
    internal List<Entry<TypeVariableSyntax>> Types { get; } = [];
    internal List<Entry<PortSyntax>> Inputs { get; } = [];
    internal List<Entry<PortSyntax>> Outputs { get; } = [];
    internal List<Entry<AttributeSyntax>> Attributes { get; } = [];
    internal List<Entry<ExprSyntax>> Lets { get; } = [];
    internal List<Entry<ExprSyntax>> Constraints { get; } = [];
    internal List<Entry<MappedText>> Docs { get; } = [];
    internal List<Entry<List<Entry<MappedText>>>> Presets { get; } = [];
    internal Entry<KernelSyntax>? Kernel { get; set; }
    internal Entry<BodySyntax>? Body { get; set; }
    /// <summary>Whether any declaration failed to parse beyond use: the version cannot be declared.</summary>
    internal bool Unusable { get; set; }

    /// <summary>A section's key; where it is missing, the key before which it would stand.</summary>
    internal SourceSpan? PlaceOf(string section)
    {
        foreach (string key in SpecKey.All.Select(k => k.Name).SkipWhile(k => k != section))
            if (Keys.TryGetValue(key, out SourceSpan place))
                return place;
        return null;
    }
}
