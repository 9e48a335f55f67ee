using Ops.Graphs;
using Ops.Kernels;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Modifiers;

/// <summary>Graphs of models as the compiler of modifiers reads them.</summary>
internal static class ModifierGraphs
{
    /// <summary>A graph attribute.</summary>
    /// <exception cref="ModifierException">It holds what no functor can have.</exception>
    public static ModifierGraph Of(Graph graph)
    {
        if (graph.Unsupported.Count > 0)
            throw new ModifierException(graph.Unsupported[0]);
        if (graph.Outputs.Count != 1)
            throw new ModifierException($"the graph has {graph.Outputs.Count} outputs, not one");
        return new ModifierGraph(
            [.. graph.Inputs.Where(i => !graph.Constants.ContainsKey(i.Name)).Select(i => i.Name)],
            graph.Outputs[0].Name,
            [.. NodeOrder.Of(graph).Select(Node)],
            graph.Constants.ToDictionary(c => c.Key, c => Constant(c.Key, c.Value)));
    }

    /// <summary>A tensor that is part of a graph.</summary>
    public static unsafe ModifierTensor Constant(string name, TensorValue value)
    {
        byte* data = (byte*)value.Pointer;
        ModifierTensor tensor = value.Type switch
        {
            ElementType.Float => Real(i => ((float*)data)[i]),
            ElementType.Double => Real(i => ((double*)data)[i]),
            ElementType.Float16 => Real(i => (double)((Half*)data)[i]),
            ElementType.BFloat16 => Real(i => (float)((BFloat16*)data)[i]),
            ElementType.Bool or ElementType.UInt8 => Integer(i => data[i]),
            ElementType.Int8 => Integer(i => ((sbyte*)data)[i]),
            ElementType.Int16 => Integer(i => ((short*)data)[i]),
            ElementType.UInt16 => Integer(i => ((ushort*)data)[i]),
            ElementType.Int32 => Integer(i => ((int*)data)[i]),
            ElementType.UInt32 => Integer(i => ((uint*)data)[i]),
            ElementType.Int64 => Integer(i => ((long*)data)[i]),
            ElementType.UInt64 or ElementType.Int4 or ElementType.UInt4 or ElementType.Int2 or ElementType.UInt2 => Integer(i => Fitting(value.IntegerAt(i))),
            _ => throw new ModifierException($"the constant '{name}' holds {value.Type.Name()}"),
        };
        return tensor;

        ModifierTensor Real(Func<long, double> at) => new(name, value.Type, value.Dims, at, null, value);

        long Fitting(Int128 element) => element <= long.MaxValue ? (long)element : throw new ModifierException($"the constant '{name}' holds {element}");

        ModifierTensor Integer(Func<long, long> at) => new(name, value.Type, value.Dims, i => at(i), at, value);
    }

    private static ModifierNode Node(Node node) => new(node.Op, node.Domain, node.Inputs, node.Outputs,
        node.Attributes.ToDictionary(a => a.Key, a => a.Value is TensorValue tensor ? Constant(a.Key, tensor) : a.Value), node);
}
