using Ops.Specs.Bodies;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Binding;

/// <summary>One version with everything it takes from the versions before it, as syntax that still knows its places.</summary>
internal sealed record MergedSpec
{
    internal required string Name { get; init; }
    internal required SourceSpan NameSpan { get; init; }
    internal required string Domain { get; init; }
    internal SourceSpan? DomainSpan { get; init; }
    internal required string Path { get; init; }
    internal required int Since { get; init; }
    /// <summary>Where the newest document says since when.</summary>
    internal SourceSpan? SinceSpan { get; init; }
    internal required int Opset { get; init; }
    /// <summary>Whether the file lacks the op's name or version.</summary>
    internal bool Nameless { get; init; }
    internal Located<string>? Summary { get; init; }
    internal IReadOnlyList<Entry<TypeVariableSyntax>> Types { get; init; } = [];
    internal IReadOnlyList<Entry<PortSyntax>> Inputs { get; init; } = [];
    internal IReadOnlyList<Entry<PortSyntax>> Outputs { get; init; } = [];
    internal IReadOnlyList<Entry<AttributeSyntax>> Attributes { get; init; } = [];
    internal IReadOnlyList<Entry<ExprSyntax>> Lets { get; init; } = [];
    internal IReadOnlyList<Entry<ExprSyntax>> Constraints { get; init; } = [];
    internal IReadOnlyList<Entry<MappedText>> Docs { get; init; } = [];
    internal IReadOnlyList<Entry<List<Entry<MappedText>>>> Presets { get; init; } = [];
    internal Entry<KernelSyntax>? Kernel { get; init; }

    /// <summary>The equations; null when there is no body.</summary>
    internal IReadOnlyList<MergedEquation>? Equations { get; init; }

    /// <summary>Whether the body could not be read at all; then nothing is said about what it lacks.</summary>
    internal bool BodyBroken { get; init; }

    /// <summary>The place of the <c>body</c> key, for findings about the body as a whole.</summary>
    internal SourceSpan? BodySpan { get; init; }

    /// <summary>Bodies for models that import a later ai.onnx.</summary>
    internal IReadOnlyList<MergedSpec> Overrides { get; init; } = [];
}

/// <summary>An equation, and whether the newest document states it.</summary>
internal sealed record MergedEquation(EquationSyntax Syntax, bool Own);
