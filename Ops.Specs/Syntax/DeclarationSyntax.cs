using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>The type of a port, as parsed.</summary>
internal abstract class TypeSyntax(SourceSpan span)
{
    internal SourceSpan Span { get; } = span;
}

internal sealed class ErrorTypeSyntax(SourceSpan span) : TypeSyntax(span);

/// <summary><c>elem[items]</c>; <paramref name="familyIndex"/> is the <c>i</c> of <c>V[i][...]</c>.</summary>
internal sealed class TensorTypeSyntax(SourceSpan span, NameSyntax element, NameSyntax? familyIndex,
    IReadOnlyList<ItemSyntax> items) : TypeSyntax(span)
{
    internal NameSyntax Element { get; } = element;
    internal NameSyntax? FamilyIndex { get; } = familyIndex;
    internal IReadOnlyList<ItemSyntax> Items { get; } = items;
}

internal sealed class ConditionalTypeSyntax(SourceSpan span, TypeSyntax then, ExprSyntax condition, TypeSyntax otherwise) : TypeSyntax(span)
{
    internal TypeSyntax Then { get; } = then;
    internal ExprSyntax Condition { get; } = condition;
    internal TypeSyntax Otherwise { get; } = otherwise;
}

/// <summary><c>seq(type)</c> or <c>optional(type)</c>.</summary>
internal sealed class ContainerTypeSyntax(SourceSpan span, bool sequence, TypeSyntax element) : TypeSyntax(span)
{
    internal bool Sequence { get; } = sequence;
    internal TypeSyntax Element { get; } = element;
}

/// <summary><c>csharp.Name(...)</c>, perhaps with the type variable its element type is one of: <c>csharp.Name(...) in V</c>.</summary>
internal sealed class HostTypeSyntax(SourceSpan span, FunctionSyntax call, NameSyntax? variable) : TypeSyntax(span)
{
    internal FunctionSyntax Call { get; } = call;
    internal NameSyntax? Variable { get; } = variable;
}

/// <summary>An item of a shape.</summary>
internal abstract class ItemSyntax(SourceSpan span)
{
    internal SourceSpan Span { get; } = span;
}

internal sealed class DimSyntax(ExprSyntax extent) : ItemSyntax(extent.Span)
{
    internal ExprSyntax Extent { get; } = extent;
}

internal sealed class SpliceSyntax(SourceSpan span, ExprSyntax? dims, ExprSyntax? end) : ItemSyntax(span)
{
    internal ExprSyntax? Dims { get; } = dims;
    internal ExprSyntax? End { get; } = end;
}

internal sealed class FreshSyntax(SourceSpan span, NameSyntax name, ExprSyntax? bound) : ItemSyntax(span)
{
    internal NameSyntax Name { get; } = name;
    internal ExprSyntax? Bound { get; } = bound;
}

/// <summary>The declaration of an input or output.</summary>
internal sealed class PortSyntax(TypeSyntax type, bool output, bool optional, NameSyntax? aliases, ExprSyntax? @in, ExprSyntax? value)
{
    /// <summary>Whether a caller may leave it out: it is marked <c>?</c>, or it is an input with a default.</summary>
    internal bool MayBeAbsent => Optional || (!output && Value is not null);
    internal TypeSyntax Type { get; } = type;
    internal bool Optional { get; } = optional;
    internal NameSyntax? Aliases { get; } = aliases;
    internal ExprSyntax? In { get; } = @in;
    internal ExprSyntax? Value { get; } = value;
}

internal sealed class ArrowSyntax(SourceSpan span, IReadOnlyList<TypeSyntax> inputs, IReadOnlyList<TypeSyntax> outputs, NameSyntax? rest)
{
    /// <summary>The input of the op whose elements follow the graph's own inputs.</summary>
    internal NameSyntax? Rest { get; } = rest;

    /// <summary>How many operands a call in a body has.</summary>
    internal int Operands => Inputs.Count + (Rest is null ? 0 : 1);

    internal SourceSpan Span { get; } = span;
    internal IReadOnlyList<TypeSyntax> Inputs { get; } = inputs;
    internal IReadOnlyList<TypeSyntax> Outputs { get; } = outputs;
}

/// <summary>The declaration of an attribute.</summary>
internal sealed class AttributeSyntax(
    Model.AttributeKind kind, bool isList, ExprSyntax? length, IReadOnlyList<ArrowSyntax> arrows, bool optional, bool hint, ExprSyntax? @in,
    ExprSyntax? value)
{
    internal Model.AttributeKind Kind { get; } = kind;
    internal bool IsList { get; } = isList;
    internal ExprSyntax? Length { get; } = length;
    internal IReadOnlyList<ArrowSyntax> Arrows { get; } = arrows;
    internal bool Optional { get; } = optional;
    internal bool Hint { get; } = hint;
    internal ExprSyntax? In { get; } = @in;
    internal ExprSyntax? Default { get; } = value;
}

/// <summary>The declaration of a type variable.</summary>
internal sealed record TypeVariableSyntax(ExprSyntax Set, ExprSyntax? Default);

/// <summary><c>pattern(arguments)</c>.</summary>
internal sealed record KernelSyntax(NameSyntax Pattern, IReadOnlyList<NameSyntax> Arguments);
