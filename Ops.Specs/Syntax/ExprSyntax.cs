using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>A parsed expression. <see cref="Depth"/> bounds the recursion of everything that walks it.</summary>
internal abstract class ExprSyntax(SourceSpan span, int depth)
{
    internal SourceSpan Span { get; } = span;

    internal int Depth { get; } = depth;

    /// <summary>The parts, in order of appearance.</summary>
    internal virtual IEnumerable<ExprSyntax> Children => [];

    /// <summary>The expression in the language's own spacing, on one line.</summary>
    public sealed override string ToString() => SyntaxPrinter.Print(this);

    protected static int Deepest(ExprSyntax first, ExprSyntax? second, ExprSyntax? third = null) =>
        Math.Max(first.Depth, Math.Max(second?.Depth ?? 0, third?.Depth ?? 0)) + 1;

    protected static int Deepest(IEnumerable<ExprSyntax?> parts)
    {
        int deepest = 0;
        foreach (ExprSyntax? part in parts)
            deepest = Math.Max(deepest, part?.Depth ?? 0);
        return deepest + 1;
    }
}

/// <summary>What could not be parsed; the mistake is reported already.</summary>
internal sealed class ErrorSyntax(SourceSpan span) : ExprSyntax(span, 1);

internal sealed class NumberSyntax(SourceSpan span, string text) : ExprSyntax(span, 1)
{
    internal string Text { get; } = text;
}

internal sealed class StringSyntax(SourceSpan span, string value) : ExprSyntax(span, 1)
{
    internal string Value { get; } = value;
}

internal sealed class NameSyntax(SourceSpan span, string name) : ExprSyntax(span, 1)
{
    internal string Name { get; } = name;
}

internal sealed class ParenthesizedSyntax(SourceSpan span, ExprSyntax inner) : ExprSyntax(span, inner.Depth + 1)
{
    internal ExprSyntax Inner { get; } = inner;
    internal override IEnumerable<ExprSyntax> Children => [Inner];
}

internal sealed class UnarySyntax(SourceSpan span, string op, ExprSyntax operand) : ExprSyntax(span, operand.Depth + 1)
{
    internal string Op { get; } = op;
    internal ExprSyntax Operand { get; } = operand;
    internal override IEnumerable<ExprSyntax> Children => [Operand];
}

/// <summary>Arithmetic, <c>and</c>, <c>or</c>.</summary>
internal sealed class BinarySyntax(ExprSyntax left, string op,
    ExprSyntax right) : ExprSyntax(left.Span.To(right.Span), Deepest(left, right))
{
    internal ExprSyntax Left { get; } = left;
    internal string Op { get; } = op;
    internal ExprSyntax Right { get; } = right;
    internal override IEnumerable<ExprSyntax> Children => [Left, Right];
}

/// <summary>A chain of comparisons and memberships: each link compares the operand before it with its own.</summary>
internal sealed class ComparisonSyntax(ExprSyntax first, IReadOnlyList<(string Op, ExprSyntax Operand)> links)
    : ExprSyntax(first.Span.To(links[links.Count - 1].Operand.Span), Deepest([first, .. links.Select(l => l.Operand)]) + links.Count)
{
    internal ExprSyntax First { get; } = first;
    internal IReadOnlyList<(string Op, ExprSyntax Operand)> Links { get; } = links;
    internal override IEnumerable<ExprSyntax> Children => [First, .. Links.Select(l => l.Operand)];
}

/// <summary><c>a | b | c</c>.</summary>
internal sealed class AlternativesSyntax(IReadOnlyList<ExprSyntax> parts) : ExprSyntax(parts[0].Span.To(parts[parts.Count - 1].Span),
    Deepest(parts))
{
    internal IReadOnlyList<ExprSyntax> Parts { get; } = parts;
    internal override IEnumerable<ExprSyntax> Children => Parts;
}

internal sealed class RangeSyntax(SourceSpan span, ExprSyntax from, ExprSyntax? to, bool halfOpen) : ExprSyntax(span, Deepest(from, to))
{
    internal ExprSyntax From { get; } = from;
    internal ExprSyntax? To { get; } = to;
    internal bool HalfOpen { get; } = halfOpen;
    internal override IEnumerable<ExprSyntax> Children => To is null ? [From] : [From, To];
}

internal sealed class ConditionalSyntax(ExprSyntax then, ExprSyntax condition, ExprSyntax? otherwise)
    : ExprSyntax(then.Span.To((otherwise ?? condition).Span), Deepest(then, condition, otherwise))
{
    internal ExprSyntax Then { get; } = then;
    internal ExprSyntax Condition { get; } = condition;
    internal ExprSyntax? Otherwise { get; } = otherwise;
    internal override IEnumerable<ExprSyntax> Children => Otherwise is null ? [Then, Condition] : [Then, Condition, Otherwise];
}

/// <summary>An element of a list or an argument; <c>...x</c> is spread.</summary>
internal sealed record ElementSyntax(ExprSyntax Value, bool Spread);

internal sealed class ListSyntax(SourceSpan span,
    IReadOnlyList<ElementSyntax> elements) : ExprSyntax(span, Deepest(elements.Select(e => e.Value)))
{
    internal IReadOnlyList<ElementSyntax> Elements { get; } = elements;
    internal override IEnumerable<ExprSyntax> Children => Elements.Select(e => e.Value);
}

internal sealed class BinderSyntax(string name, SourceSpan nameSpan, ExprSyntax? limit, ExprSyntax? source, ExprSyntax? condition)
{
    internal string Name { get; } = name;
    internal SourceSpan NameSpan { get; } = nameSpan;
    internal ExprSyntax? Limit { get; } = limit;
    internal ExprSyntax? Source { get; } = source;
    internal ExprSyntax? Condition { get; } = condition;
    internal IEnumerable<ExprSyntax> Parts => new[] { Limit, Source, Condition }.OfType<ExprSyntax>();
}

internal sealed class ComprehensionSyntax(SourceSpan span, ExprSyntax value, IReadOnlyList<BinderSyntax> binders)
    : ExprSyntax(span, Deepest([value, .. binders.SelectMany(b => b.Parts)]) + binders.Count)
{
    internal ExprSyntax Value { get; } = value;
    internal IReadOnlyList<BinderSyntax> Binders { get; } = binders;
    internal override IEnumerable<ExprSyntax> Children => [Value, .. Binders.SelectMany(b => b.Parts)];
}

/// <summary>A call of a function, or, when <paramref name="host"/>, of a C# method.</summary>
internal sealed class FunctionSyntax(SourceSpan span, string name, SourceSpan nameSpan, IReadOnlyList<ElementSyntax> arguments, bool host)
    : ExprSyntax(span, Deepest(arguments.Select(a => a.Value)))
{
    internal string Name { get; } = name;
    internal SourceSpan NameSpan { get; } = nameSpan;
    internal IReadOnlyList<ElementSyntax> Arguments { get; } = arguments;
    internal bool Host { get; } = host;
    internal override IEnumerable<ExprSyntax> Children => Arguments.Select(a => a.Value);
}

/// <summary>One index: a position, a slice, or <c>...</c> when <paramref name="Ellipsis"/>.</summary>
internal sealed record IndexPart(ExprSyntax? Position, bool Slice, ExprSyntax? To, bool Ellipsis);

internal sealed class IndexSyntax(SourceSpan span, ExprSyntax target, IReadOnlyList<IndexPart> parts)
    : ExprSyntax(span, Deepest([target, .. parts.Select(p => p.Position), .. parts.Select(p => p.To)]))
{
    internal ExprSyntax Target { get; } = target;
    internal IReadOnlyList<IndexPart> Parts { get; } = parts;
    internal override IEnumerable<ExprSyntax> Children =>
        [Target, .. Parts.SelectMany(p => new[] { p.Position, p.To }).OfType<ExprSyntax>()];
}
