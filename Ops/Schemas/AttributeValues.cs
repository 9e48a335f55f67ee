using System.Collections;
using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Schemas;

/// <summary>
/// The attributes a node gives, by name: <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, arrays of them,
/// <see cref="Tensors.TensorValue"/>, or a graph.
/// </summary>
/// <param name="values">The values.</param>
public sealed class AttributeValues(IReadOnlyDictionary<string, object> values) : IEnumerable<KeyValuePair<string, object>>
{
    /// <summary>No attributes.</summary>
    public static AttributeValues None { get; } = new(new Dictionary<string, object>());

    /// <summary>Whether the node gives the attribute.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>The attribute as it is, or null.</summary>
    public object? Find(string name) => values.GetValueOrDefault(name);

    /// <summary>Refuses attributes the op does not have, required ones that are missing, and values of the wrong kind.</summary>
    /// <exception cref="OpException">A rule named <c>attributes</c> or the attribute's name is broken.</exception>
    public void Check(OpSchema schema)
    {
        foreach (var (name, value) in values)
        {
            OpAttribute? attribute = schema.Attributes.FirstOrDefault(a => a.Name == name);
            if (attribute is null)
                throw new OpException(schema.Name, "attributes", $"there is no attribute '{name}' in {schema}; it has {Names(schema)}");
            if (!Fits(attribute, value))
                throw new OpException(schema.Name, name, $"wants {Wanted(attribute)}, got {Describe(value)}");
            if (attribute.Kind == AttributeKind.Bool)
                foreach (long truth in value as long[] ?? [(long)value])
                    if (truth is not (0 or 1))
                        throw new OpException(schema.Name, $"{name}-range", $"{name} is 0 or 1; {name} = {truth}");
        }
        foreach (OpAttribute attribute in schema.Attributes)
            if (attribute.Required && !values.ContainsKey(attribute.Name))
                throw new OpException(schema.Name, attribute.Name, "the attribute is required");
    }

    /// <summary>An integer attribute, or null.</summary>
    public long? Int(string name) => values.TryGetValue(name, out object? value) ? (long)value : null;

    /// <summary>A bool attribute (an ONNX INT of 0 or 1), or null.</summary>
    public bool? Bool(string name) => Int(name) is { } value ? value != 0 : null;

    /// <summary>An element type attribute (an ONNX INT), or null.</summary>
    /// <exception cref="OpException">The number is no element type.</exception>
    public ElementType? Dtype(string name) => Int(name) is { } value ? DtypeOf(name, value) : null;

    /// <summary>A float attribute, or null.</summary>
    public float? Float(string name) => values.TryGetValue(name, out object? value) ? (float)value : null;

    /// <summary>A text attribute, or null.</summary>
    public string? String(string name) => values.TryGetValue(name, out object? value) ? (string)value : null;

    /// <summary>A list of integers, or null.</summary>
    public long[]? Ints(string name) => values.TryGetValue(name, out object? value) ? (long[])value : null;

    /// <summary>A list of floats, or null.</summary>
    public float[]? Floats(string name) => values.TryGetValue(name, out object? value) ? (float[])value : null;

    /// <summary>A list of texts, or null.</summary>
    public string[]? Strings(string name) => values.TryGetValue(name, out object? value) ? (string[])value : null;

    /// <summary>A list of bools (ONNX INTS of 0 and 1), or null.</summary>
    public bool[]? Bools(string name) => Ints(name) is { } list ? Array.ConvertAll(list, i => i != 0) : null;

    /// <summary>A list of element types (ONNX INTS), or null.</summary>
    /// <exception cref="OpException">A number is no element type.</exception>
    public ElementType[]? Dtypes(string name) => Ints(name) is { } list ? Array.ConvertAll(list, i => DtypeOf(name, i)) : null;

    /// <summary>The same, with every graph where inference knows of the values around it.</summary>
    internal AttributeValues In(GraphScope scope) => values.Values.Any(v => v is Graph)
        ? new AttributeValues(values.ToDictionary(v => v.Key, v => v.Value is Graph graph ? graph.In(scope) : v.Value)) : this;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static ElementType DtypeOf(string name, long value) => value > 0 && value <= (int)ElementType.Int2
        ? (ElementType)(int)value : throw new OpException("attribute", name, $"{value} is no element type");

    private static string Names(OpSchema schema) =>
        schema.Attributes.Count == 0 ? "none" : string.Join(", ", schema.Attributes.Select(a => a.Name));

    private static bool Fits(OpAttribute attribute, object value) => (attribute.Kind, attribute.IsList) switch
    {
        (AttributeKind.Int or AttributeKind.Bool or AttributeKind.Dtype, false) => value is long,
        (AttributeKind.Int or AttributeKind.Bool or AttributeKind.Dtype, true) => value is long[],
        (AttributeKind.Float, false) => value is float,
        (AttributeKind.Float, true) => value is float[],
        (AttributeKind.String, false) => value is string,
        (AttributeKind.String, true) => value is string[],
        (AttributeKind.Tensor, _) => value is Tensors.TensorValue,
        _ => value is not (long or float or string or Array or Tensors.TensorValue),
    };

    private static string Wanted(OpAttribute attribute) => attribute.Kind switch
    {
        AttributeKind.Float => attribute.IsList ? "FLOATS" : "FLOAT",
        AttributeKind.String => attribute.IsList ? "STRINGS" : "STRING",
        AttributeKind.Tensor => "TENSOR",
        AttributeKind.Graph => "GRAPH",
        _ => attribute.IsList ? "INTS" : "INT",
    };

    private static string Describe(object value) => value switch
    {
        long v => $"INT {v}",
        float v => $"FLOAT {v}",
        string v => $"STRING '{v}'",
        long[] v => $"INTS of {v.Length}",
        float[] v => $"FLOATS of {v.Length}",
        string[] v => $"STRINGS of {v.Length}",
        Tensors.TensorValue v => $"TENSOR {v}",
        Graph[] v => $"GRAPHS of {v.Length}",
        _ => "GRAPH",
    };
}
