using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>
/// Recognises constant weights that a DequantizeLinear in blocks turns into floats for a GroupedMatMul, and lets the product read the
/// integers themselves. The result has the same bits where the weights become floats of 32 bits; shorter ones are not rounded in between.
/// </summary>
internal static class DequantizedWeights
{
    /// <summary>The same graph with packed weights in place of those nodes; the graph itself when there are none.</summary>
    public static Graph Fuse(Graph graph)
    {
        Dictionary<string, Node> sources = [];
        foreach (Node node in graph.Nodes)
            if (node is { Op: "DequantizeLinear", Domain: "ai.onnx", Outputs: [{ Length: > 0 } output] })
                sources[output] = node;
        if (sources.Count == 0)
            return graph;
        var constants = graph.Constants.ToDictionary();
        foreach (GraphValue input in graph.Inputs)
            constants.Remove(input.Name);
        Dictionary<string, TensorValue> packed = [];
        Node[] nodes = [.. graph.Nodes.Select(node => Replaced(node, sources, constants, packed))];
        if (packed.Count == 0)
            return graph;
        HashSet<string> read = [.. nodes.SelectMany(NodeOrder.Reads), .. graph.Outputs.Select(o => o.Name)];
        return new Graph
        {
            Name = graph.Name,
            Inputs = graph.Inputs,
            Outputs = graph.Outputs,
            Nodes = [.. nodes.Where(n => !(n.Op == "DequantizeLinear" && n.Outputs is [var output] && packed.ContainsKey(NameOf(output))
                && !read.Contains(output)))],
            Constants = graph.Constants.Concat(packed).ToDictionary(),
            Declared = graph.Declared,
            Unsupported = graph.Unsupported,
        };
    }

    /// <summary>The name of packed weights; no name of a model has a space and a percent sign like this by chance, and a clash is looked
    /// for.</summary>
    private static string NameOf(string weights) => $"{weights} %packed";

    private static Node Replaced(Node node, Dictionary<string, Node> sources, Dictionary<string, TensorValue> constants,
        Dictionary<string, TensorValue> packed)
    {
        if (node is not { Op: "GroupedMatMul", Domain: "ai.onnx", Inputs: [_, var weights, ..] }
            || !sources.TryGetValue(weights, out Node? source))
            return node;
        string name = NameOf(weights);
        if (!packed.ContainsKey(name))
        {
            if (constants.ContainsKey(name) || Pack(source, constants) is not { } made)
                return node;
            packed[name] = made;
        }
        return new Node
        {
            Name = node.Name,
            Op = node.Op,
            Domain = node.Domain,
            Opset = node.Opset,
            BaseOpset = node.BaseOpset,
            Inputs = [node.Inputs[0], name, .. node.Inputs.Skip(2)],
            Outputs = node.Outputs,
            Attributes = node.Attributes,
        };
    }

    /// <summary>The weights that a node gives, packed; null when they are not of the kind.</summary>
    private static unsafe TensorValue? Pack(Node node, Dictionary<string, TensorValue> constants)
    {
        if (node.Opset < 21 || Constant(0) is not { Dims: [var groups, var depth, var columns] dims } x || Constant(1) is not { } scale)
            return null;
        TensorValue? zero = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? Constant(2) : null;
        if (node.Inputs.Count > 2 && node.Inputs[2].Length > 0 && zero is null)
            return null;
        long axis = node.Attributes.Int("axis") ?? 1, blockSize = node.Attributes.Int("block_size") ?? 0;
        long type = node.Attributes.Int("output_dtype") ?? 0;
        ElementType real = type == 0 ? scale.Type : (ElementType)(int)type;
        if (axis is not (1 or -2) || blockSize is < 1 or > int.MaxValue || x.Length == 0
            || x.Type is not (ElementType.Int8 or ElementType.UInt8 or ElementType.Int4 or ElementType.UInt4)
            || real is not (ElementType.Float or ElementType.Float16 or ElementType.BFloat16) || !ElementConversion.Takes(scale.Type)
            || !scale.Dims.AsSpan().SequenceEqual([groups, (depth + blockSize - 1) / blockSize, columns])
            || zero is not null && (zero.Type != x.Type || !zero.Dims.AsSpan().SequenceEqual(scale.Dims)))
            return null;
        TensorValue scales = TensorValue.Allocate(ElementType.Float, scale.Dims);
        ElementConversion.Run("DequantizeLinear", OperandOf(scale), OperandOf(scales));
        Operand weights = OperandOf(x);
        var packed = QuantizedExperts.Of(
            weights, OperandOf(scales), zero is null ? Operand.Absent : OperandOf(zero), (int)blockSize, GroupedProduct.ColumnsOf(weights));
        return TensorValue.Of(packed, real, dims);

        TensorValue? Constant(int input) => input < node.Inputs.Count ? constants.GetValueOrDefault(node.Inputs[input]) : null;

        static Operand OperandOf(TensorValue tensor) => new(tensor.Pointer, tensor.Type, tensor.Dims);
    }
}
