using Ops.Specs.Collections;

namespace Ops.Specs.Model;

/// <summary>One equation of a body; <c>_</c> is an output nobody wants.</summary>
public sealed record BodyEquation(EquatableArray<string> Outputs, BodyValue Value);

/// <summary>What an equation's right side, or an operand, is.</summary>
public abstract record BodyValue;

/// <summary>The value of another equation, of an input of the op, or of an input of an enclosing graph.</summary>
public sealed record BodyName(string Name) : BodyValue;

/// <summary>An operand left out.</summary>
public sealed record BodyAbsent : BodyValue;

/// <summary><c>@expr</c>: a constant, or dims, computed from the spec's names.</summary>
public sealed record BodyConstant(Expr Value) : BodyValue;

/// <summary>A call of an op, or, when <paramref name="Domain"/> is null, of a graph attribute.</summary>
/// <param name="Op">The name of the op or graph attribute.</param>
/// <param name="Domain">The op's domain.</param>
/// <param name="Attributes">The attributes given.</param>
/// <param name="Operands">The operands, absent ones included.</param>
public sealed record BodyCall(string Op, string? Domain, EquatableArray<BodyAttribute> Attributes,
    EquatableArray<BodyValue> Operands) : BodyValue;

/// <summary>One value or the other, decided when the op is instantiated.</summary>
public sealed record BodyConditional(Expr Condition, BodyValue Then, BodyValue Otherwise) : BodyValue;

/// <summary>An attribute of a call; exactly one of value and graph is given.</summary>
public sealed record BodyAttribute(string Name, Expr? Value, BodyGraph? Graph);

/// <summary>A graph given inline; its equations also see the names around it.</summary>
public sealed record BodyGraph(string Name, EquatableArray<string> Inputs, EquatableArray<string> Outputs,
    EquatableArray<BodyEquation> Equations);
