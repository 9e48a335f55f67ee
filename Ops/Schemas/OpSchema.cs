using Ops.Specs;
using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Schemas;

/// <summary>One version of one op as data: what a checker, an importer or a document needs. Generated from the op's spec.</summary>
public sealed record OpSchema
{
    /// <summary>The op's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its domain; <c>ai.onnx</c> is the default one.</summary>
    public required string Domain { get; init; }

    /// <summary>The first opset version of the domain that has this version of the op.</summary>
    public required int Since { get; init; }

    /// <summary>What it does, one line.</summary>
    public required string Summary { get; init; }

    /// <summary>The spec file it comes from.</summary>
    public required string SpecPath { get; init; }

    /// <summary>The type variables and the element types each may stand for.</summary>
    public required IReadOnlyList<OpTypeVariable> Types { get; init; }

    /// <summary>The inputs in order.</summary>
    public required IReadOnlyList<OpPort> Inputs { get; init; }

    /// <summary>The outputs in order.</summary>
    public required IReadOnlyList<OpPort> Outputs { get; init; }

    /// <summary>The attributes.</summary>
    public required IReadOnlyList<OpAttribute> Attributes { get; init; }

    /// <summary>The named rules: name and text.</summary>
    public required IReadOnlyList<OpRule> Rules { get; init; }

    /// <summary>Named attribute values.</summary>
    public IReadOnlyList<OpPreset> Presets { get; init; } = [];

    /// <summary>Whether the op is defined by a body of other ops.</summary>
    public bool HasBody { get; init; }

    /// <summary>The loop pattern of its kernel; null when it has none.</summary>
    public string? Kernel { get; init; }

    /// <summary>What is thrown where a required input was not given.</summary>
    /// <param name="index">The number of the input.</param>
    public OpException MissingInput(int index) => new(Name, "inputs", $"input {index}, {Inputs[index].Name}, is missing");

    /// <summary>The name with domain and version, for instance <c>ai.onnx.Add-14</c>.</summary>
    public override string ToString() => $"{Domain}.{Name}-{Since}";
}

/// <summary>A type variable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Allowed">The element types it may stand for.</param>
public sealed record OpTypeVariable(string Name, IReadOnlyList<ElementType> Allowed);

/// <summary>An input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The element type as the spec writes it: a type variable, an element type, or an attribute.</param>
/// <param name="Pattern">Type and shape as the spec writes them.</param>
/// <param name="Optional">Whether it may be absent.</param>
/// <param name="Variadic">Whether it is a list of tensors; only the last port can be.</param>
/// <param name="Doc">One sentence; empty when the spec has none.</param>
public sealed record OpPort(string Name, string Type, string Pattern, bool Optional = false, bool Variadic = false, string Doc = "");

/// <summary>An attribute.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it, or each element, holds.</param>
/// <param name="IsList">Whether it is a list.</param>
/// <param name="Required">Whether a node must give it.</param>
/// <param name="Default">The constant default (long, double, string, or an array of them); null when there is none or it is
/// computed.</param>
/// <param name="Doc">One sentence; empty when the spec has none.</param>
public sealed record OpAttribute(string Name, AttributeKind Kind, bool IsList, bool Required, object? Default = null, string Doc = "");

/// <summary>A named rule.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">What must hold, as the spec writes it.</param>
public sealed record OpRule(string Name, string Text);

/// <summary>Named attribute values, for instance those of a published model.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Attributes">The values; attributes that are not among them have their defaults.</param>
public sealed record OpPreset(string Name, AttributeValues Attributes);
