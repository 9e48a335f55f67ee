using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Evaluation;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>A choice for everything a spec leaves open, and what the tensors hold.</summary>
internal sealed class SpecCase(OpModel model) : SpecChoices(model)
{
    private readonly Dictionary<string, (TensorValue[] Given, TensorFacts[] Facts)> read = [];

    /// <summary>The tensors of each input that is there, one but for a family.</summary>
    public Dictionary<string, TensorValue[]> Given { get; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<TensorFacts>? Tensors(string input)
    {
        if (!Given.TryGetValue(input, out TensorValue[]? given))
            return null;
        if (!read.TryGetValue(input, out var known) || known.Given != given)
            read[input] = known = (given, Array.ConvertAll(given, Read));
        return known.Facts;
    }

    private static TensorFacts Read(TensorValue tensor)
    {
        var items = new object?[tensor.Length];
        for (int i = 0; i < items.Length; i++)
            items[i] = tensor.Type == ElementType.String ? tensor.Strings![i] : tensor.Type == ElementType.Bool ? tensor.Bytes[i] != 0
                : TensorElements.IsReal(tensor.Type) ? tensor.RealAt(i)
                : TensorElements.IsComplex(tensor.Type) ? null
                : (double)tensor.IntegerAt(i);
        return new TensorFacts(tensor.Type, Array.ConvertAll(tensor.Dims, d => (object?)(double)d), items);
    }

    /// <summary>The call that the choices make.</summary>
    public OpCall ToCall()
    {
        var inputs = new List<TensorValue?>();
        foreach (Port input in Model.Inputs)
            if (input.Family is not null)
                inputs.AddRange(Given.GetValueOrDefault(input.Name) ?? []);
            else
                inputs.Add(Given.GetValueOrDefault(input.Name)?[0]);
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
    public override string ToString() => Describe(ToCall());

    /// <summary>A call's inputs and attributes in words.</summary>
    public static string Describe(OpCall call)
    {
        string inputs = $"({string.Join(", ", call.Inputs.Select(i => i?.ToString() ?? "-"))})";
        return !call.Attributes.Any()
            ? inputs : $"{inputs} with {string.Join(", ", call.Attributes.Select(a => $"{a.Key} = {Text(a.Value)}"))}";
    }

    private static string Text(object value) => value switch
    {
        Array list => $"[{string.Join(", ", list.Cast<object>())}]",
        Graph graph => $"graph of {graph.Nodes.Count} nodes",
        _ => $"{value}",
    };
}
