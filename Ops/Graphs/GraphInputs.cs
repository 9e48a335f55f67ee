using Ops.Specs;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Checks the inputs of an execution against what the graph declares.</summary>
internal static class GraphInputs
{
    /// <summary>The values of the graph's inputs, in order.</summary>
    public static TensorValue?[] Bind(Graph graph, IReadOnlyDictionary<string, TensorValue?> inputs)
    {
        var values = new TensorValue?[graph.Inputs.Count];
        foreach (string name in inputs.Keys)
            if (graph.Inputs.All(i => i.Name != name))
                throw new OpException($"graph '{graph.Name}'", "input",
                    $"there is no input '{name}'; there are {string.Join(", ", graph.Inputs.Select(i => i.Name).DefaultIfEmpty("none"))}");
        for (int i = 0; i < values.Length; i++)
        {
            GraphValue input = graph.Inputs[i];
            bool given = inputs.TryGetValue(input.Name, out TensorValue? value);
            values[i] = value ?? graph.Constants.GetValueOrDefault(input.Name);
            if (value is not null)
                Check(input, value);
            else if (values[i] is null && !given)
                throw new OpException($"graph '{graph.Name}'", "input", $"the input {input} is not given and has no default");
        }
        return values;
    }

    private static void Check(GraphValue input, TensorValue value)
    {
        var (element, shape, _) = input.Type;
        bool fits = element == ElementType.Undefined || element == value.Type;
        if (shape.IsKnown)
        {
            ReadOnlySpan<Dim> dims = shape.Items;
            fits &= dims.Length == value.Dims.Length;
            for (int i = 0; fits && i < dims.Length; i++)
                fits = !dims[i].IsKnown || dims[i].Value == value.Dims[i];
        }
        if (!fits)
            throw new OpException($"input '{input.Name}'", "input", $"the graph wants {input.Type}, got {value}");
    }
}
