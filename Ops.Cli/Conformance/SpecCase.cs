using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>
/// A choice for everything a spec leaves open: which ports and attributes are there, what each dim, type variable and attribute is, and what
/// the tensors hold. Numbers are doubles, lists arrays; null is not known.
/// </summary>
internal sealed class SpecCase(OpModel model)
{
    /// <summary>The op.</summary>
    public OpModel Model { get; } = model;

    /// <summary>The inputs and outputs that are there, and the attributes that are given.</summary>
    public HashSet<string> Present { get; } = [];

    /// <summary>What dims, rank variables, counts and type variables stand for, and the values of attributes that are given.</summary>
    public Dictionary<string, object?> Values { get; } = [];

    /// <summary>The tensors of each input that is there, one but for a family.</summary>
    public Dictionary<string, TensorValue[]> Tensors { get; } = [];

    /// <summary>The call that the choices make.</summary>
    public OpCall ToCall()
    {
        var inputs = new List<TensorValue?>();
        foreach (Port input in Model.Inputs)
            if (input.Family is not null)
                inputs.AddRange(Tensors.GetValueOrDefault(input.Name) ?? []);
            else
                inputs.Add(Tensors.GetValueOrDefault(input.Name)?[0]);
        var attributes = new Dictionary<string, object>();
        foreach (AttributeModel attribute in Model.Attributes)
            if (Present.Contains(attribute.Name) && Values[attribute.Name] is { } value)
                attributes[attribute.Name] = Boxed(attribute, value);
        var wanted = new List<bool>();
        foreach (Port output in Model.Outputs)
            if (output.Family is { } family)
                wanted.AddRange(Enumerable.Repeat(true, Convert.ToInt32(Values.GetValueOrDefault(family.Count) ?? 1.0)));
            else
                wanted.Add(Present.Contains(output.Name));
        return new OpCall(inputs, new AttributeValues(attributes), wanted);
    }

    /// <summary>A value as nodes hold it.</summary>
    private static object Boxed(AttributeModel attribute, object value) => (attribute.Kind, value) switch
    {
        (AttributeKind.Tensor or AttributeKind.Graph, _) => value,
        (AttributeKind.Float, object?[] list) => Array.ConvertAll(list, i => (float)(double)i!),
        (AttributeKind.Float, double number) => (float)number,
        (AttributeKind.String, object?[] list) => Array.ConvertAll(list, i => (string)i!),
        (AttributeKind.String, _) => value,
        (_, object?[] list) => Array.ConvertAll(list, i => Whole(i!)),
        _ => Whole(value),
    };

    private static long Whole(object value) => value switch
    {
        bool truth => truth ? 1 : 0,
        ElementType type => (long)type,
        _ => (long)(double)value,
    };

    /// <summary>The choices in words.</summary>
    public override string ToString()
    {
        OpCall call = ToCall();
        return $"({string.Join(", ", call.Inputs.Select(i => i?.ToString() ?? "-"))}) with {string.Join(", ", call.Attributes.Select(a => $"{a.Key} = {Text(a.Value)}"))}";
    }

    private static string Text(object value) => value switch
    {
        Array list => $"[{string.Join(", ", list.Cast<object>())}]",
        Graph graph => $"graph of {graph.Nodes.Count} nodes",
        _ => $"{value}",
    };
}
