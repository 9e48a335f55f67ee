using Ops.Graphs;
using Ops.Kernels;
using Ops.Specs;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Modifiers;

/// <summary>Memory of the caller's that holds a tensor's elements.</summary>
internal sealed record LentMemory(nint Data, ElementType Type, long Length);

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
            graph.Constants.ToDictionary(c => c.Key, c => Constant(c.Key, c.Value)),
            ModifierRuntime.Instance);
    }

    /// <summary>A tensor that is part of a graph.</summary>
    public static unsafe ModifierTensor Constant(string name, TensorValue value) =>
        Tensor(name, (byte*)value.Pointer, value.Type, value.Dims, value);

    /// <summary>A tensor that a call brings besides, for the time of the call.</summary>
    /// <exception cref="OpException">It holds what no functor can have.</exception>
    public static unsafe ModifierTensor Captured(int number, in Operand value)
    {
        try
        {
            return Tensor($"captures[{number}]", (byte*)value.Data, value.Type, value.Dims,
                new LentMemory((nint)value.Data, value.Type, value.Length));
        }
        catch (ModifierException e)
        {
            throw new OpException("FlexAttention", Coverage.NotFused, $"FlexAttention did not run fused: {e.Message}");
        }
    }

    /// <summary>Whether a tensor that a call brings is so large that each part of it is looked at only when the kernel comes to
    /// it.</summary>
    public static bool IsLarge(long length) => length > 1 << 16;

    private static unsafe ModifierTensor Tensor(string name, byte* data, ElementType type, long[] dims, object tag)
    {
        return type switch
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
            ElementType.UInt64 =>
                Integer(i => ((ulong*)data)[i] is <= long.MaxValue and var number
                    ? (long)number : throw new ModifierException($"'{name}' holds {((ulong*)data)[i]}")),
            ElementType.Int4 => Integer(i => (sbyte)(Nibble(i) << 4) >> 4),
            ElementType.UInt4 => Integer(Nibble),
            _ => throw new ModifierException($"'{name}' holds {type.Name()}"),
        };
        // Two to a byte, the first in the low half.
        long Nibble(long i) => data[i / 2] >> (int)(i % 2 * 4) & 15;

        ModifierTensor Real(Func<long, double> at) => new(name, type, dims, at, null, tag, ElementBounds.Of(type, (nint)data) is { } bounds
            ? (from, to) => tag is LentMemory && IsLarge(to - from) ? Interval.All : bounds(from, to) : null);

        ModifierTensor Integer(Func<long, long> at) => new(name, type, dims, i => at(i), at, tag, ElementBounds.Of(type, (nint)data));
    }

    private static ModifierNode Node(Node node) => new(node.Op, node.Domain, node.Inputs, node.Outputs,
        node.Attributes.ToDictionary(a => a.Key, a => a.Value is TensorValue tensor ? Constant(a.Key, tensor) : a.Value), node);
}
