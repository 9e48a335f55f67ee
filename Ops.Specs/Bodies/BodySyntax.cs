using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Bodies;

/// <summary>The equations of a body, as parsed.</summary>
internal sealed class BodySyntax(IReadOnlyList<EquationSyntax> equations)
{
    internal IReadOnlyList<EquationSyntax> Equations { get; } = equations;
}

/// <summary><c>A, _ = right</c>.</summary>
internal sealed class EquationSyntax(SourceSpan span, IReadOnlyList<NameSyntax> outputs, OperandSyntax right, bool broken)
{
    /// <summary>Whether it does not parse; the names before the mistake are assigned all the same, so that nothing else complains about
    /// them.</summary>
    internal bool Broken { get; } = broken;
    internal SourceSpan Span { get; } = span;
    internal IReadOnlyList<NameSyntax> Outputs { get; } = outputs;
    internal OperandSyntax Right { get; } = right;
    public override string ToString() => BodyPrinter.Print(this);
}

/// <summary>What can stand as an operand or right side.</summary>
internal abstract class OperandSyntax(SourceSpan span)
{
    internal SourceSpan Span { get; } = span;
}

internal sealed class ValueOperand(NameSyntax name) : OperandSyntax(name.Span)
{
    internal string Name { get; } = name.Name;
}

/// <summary>An operand left out.</summary>
internal sealed class AbsentOperand(SourceSpan span) : OperandSyntax(span);

/// <summary><c>@expr</c>.</summary>
internal sealed class ConstantOperand(SourceSpan span, ExprSyntax value) : OperandSyntax(span)
{
    internal ExprSyntax Value { get; } = value;
}

internal sealed class CallOperand(SourceSpan span, NameSyntax op, IReadOnlyList<AttributeArgument> attributes,
    IReadOnlyList<OperandSyntax> operands)
    : OperandSyntax(span)
{
    internal NameSyntax Op { get; } = op;
    internal IReadOnlyList<AttributeArgument> Attributes { get; } = attributes;
    internal IReadOnlyList<OperandSyntax> Operands { get; } = operands;
}

internal sealed class ConditionalOperand(SourceSpan span, OperandSyntax then, ExprSyntax condition,
    OperandSyntax otherwise) : OperandSyntax(span)
{
    internal OperandSyntax Then { get; } = then;
    internal ExprSyntax Condition { get; } = condition;
    internal OperandSyntax Otherwise { get; } = otherwise;
}

/// <summary><c>name = value</c> between angle brackets; exactly one of <paramref name="value"/> and <paramref name="graph"/> is
/// given.</summary>
internal sealed class AttributeArgument(NameSyntax name, ExprSyntax? value, bool computed, GraphSyntax? graph)
{
    internal NameSyntax Name { get; } = name;
    internal ExprSyntax? Value { get; } = value;
    /// <summary>Whether the value is marked with <c>@</c>; otherwise it is an ONNX literal.</summary>
    internal bool Computed { get; } = computed;
    internal GraphSyntax? Graph { get; } = graph;
}

/// <summary><c>name (inputs) => (outputs) { equations }</c>.</summary>
internal sealed class GraphSyntax(SourceSpan span, NameSyntax name, IReadOnlyList<NameSyntax> inputs, IReadOnlyList<NameSyntax> outputs,
    IReadOnlyList<EquationSyntax> equations)
{
    internal SourceSpan Span { get; } = span;
    internal NameSyntax Name { get; } = name;
    internal IReadOnlyList<NameSyntax> Inputs { get; } = inputs;
    internal IReadOnlyList<NameSyntax> Outputs { get; } = outputs;
    internal IReadOnlyList<EquationSyntax> Equations { get; } = equations;
}
