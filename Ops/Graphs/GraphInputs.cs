using Ops.Specs;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Checks the inputs of an execution against what the graph declares.</summary>
internal static class GraphInputs
{
    /// <summary>Puts the given inputs among the values.</summary>
    public static void Bind(Graph graph, IReadOnlyDictionary<string, TensorValue?> inputs, Dictionary<string, TensorValue?> values)
    {
        foreach (string name in inputs.Keys)
            if (graph.Inputs.All(i => i.Name != name))
                throw new OpException($"graph '{graph.Name}'", "input", $"there is no input '{name}'; there are {string.Join(", ", graph.Inputs.Select(i => i.Name).DefaultIfEmpty("none"))}");
        foreach (GraphValue input in graph.Inputs)
        {
            if (inputs.TryGetValue(input.Name, out TensorValue? value))
            {
                if (value is not null)
                {
                    Check(input, value);
                    values[input.Name] = value;
                }
                else if (!values.ContainsKey(input.Name))
                {
                    values[input.Name] = null;
                }
            }
            else if (!values.ContainsKey(input.Name))
            {
                throw new OpException($"graph '{graph.Name}'", "input", $"the input {input} is not given and has no default");
            }
        }
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
