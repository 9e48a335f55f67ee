using Ops.Graphs;
using Ops.Kernels;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Modifiers;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Modifiers;

/// <summary>Lets the compiler of modifiers use every op that has a spec: those that read no scores run, others give their bodies.</summary>
internal sealed class ModifierRuntime : IModifierRuntime
{
    /// <summary>The memory that running a part of a modifier may take: a mask for every query and key would be no tile any more.</summary>
    public const long MaxBytes = 64L << 20;

    /// <summary>How many nodes it may run.</summary>
    public const long MaxSteps = 1 << 16;

    /// <summary>The only one; it holds nothing.</summary>
    public static ModifierRuntime Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<ModifierTensor>? Run(IReadOnlyList<ModifierNode> nodes, IReadOnlyDictionary<string, ModifierTensor> constants,
        IReadOnlyList<string> outputs)
    {
        try
        {
            var values = new Dictionary<string, TensorValue>();
            foreach (var (name, constant) in constants)
            {
                if (ValueOf(constant) is not { } value) return null;
                values[name] = value;
            }
            var graph = new Graph
            {
                Name = "modifier",
                Nodes = [.. nodes.Select(NodeOf)],
                Constants = values,
                Outputs = [.. outputs.Select(name => new GraphValue(name, ValueKind.Tensor, TensorType.Unknown))],
            };
            GraphRun run = new GraphExecutor(graph,
                new ExecutionOptions { MaxBytes = MaxBytes, MaxSteps = MaxSteps }).Run(new Dictionary<string, TensorValue?>());
            return run.Outputs.All(o => o is not null) ? [.. run.Outputs.Select((o, i) => ModifierGraphs.Constant(outputs[i], o!))] : null;
        }
        catch (OpException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ModifierGraph? Expand(ModifierNode node, IReadOnlyList<(ElementType Type, IReadOnlyList<Dim> Dims)?> inputs)
    {
        if (node.Tag is not Node called || OpRegistry.Find(node.Domain, node.Op, called.Opset) is not { Expand: { } expand } definition)
            return null;
        TensorType?[] types = [.. inputs.Select(i => i is { } known ? new TensorType(known.Type, Seq.Of([.. known.Dims])) : null)];
        try
        {
            Graph body = expand(new InferenceCall(types, called.Attributes, [.. node.Outputs.Select(o => o.Length > 0)]), called.BaseOpset);
            HashSet<string> read = [.. body.Inputs.Select(i => i.Name)];
            IReadOnlyList<OpPort> ports = definition.Schema.Inputs;
            if (ports.Any(p => p.Variadic)) return null;
            return ModifierGraphs.Of(body) with { Inputs =
                [.. node.Inputs.Select((_, i) => i < ports.Count && read.Contains(ports[i].Name) ? ports[i].Name : "")] };
        }
        catch (OpException)
        {
            return null;
        }
        catch (ModifierException)
        {
            return null;
        }
    }

    private static Node NodeOf(ModifierNode node)
    {
        var origin = (Node)node.Tag!;
        return new Node
        {
            Name = origin.Name,
            Op = origin.Op,
            Domain = origin.Domain,
            Opset = origin.Opset,
            BaseOpset = origin.BaseOpset,
            Inputs = node.Inputs,
            Outputs = node.Outputs,
            Attributes = origin.Attributes,
        };
    }

    /// <summary>A constant as a tensor; null of types that shapes and bounds never have.</summary>
    private static TensorValue? ValueOf(ModifierTensor constant)
    {
        if (constant.Tag is TensorValue value) return value;
        long[] dims = [.. constant.Dims.Select(d => d.Value)];
        return constant.Type switch
        {
            ElementType.Int64 => TensorValue.From<long>(Elements(constant.IntegerAt), dims),
            ElementType.Int32 => TensorValue.From<int>(Elements(i => (int)constant.IntegerAt(i)), dims),
            ElementType.Int16 => TensorValue.From<short>(Elements(i => (short)constant.IntegerAt(i)), dims),
            ElementType.Int8 => TensorValue.From<sbyte>(Elements(i => (sbyte)constant.IntegerAt(i)), dims),
            ElementType.UInt64 => TensorValue.From<ulong>(Elements(i => (ulong)constant.IntegerAt(i)), dims),
            ElementType.UInt32 => TensorValue.From<uint>(Elements(i => (uint)constant.IntegerAt(i)), dims),
            ElementType.UInt16 => TensorValue.From<ushort>(Elements(i => (ushort)constant.IntegerAt(i)), dims),
            ElementType.UInt8 => TensorValue.From<byte>(Elements(i => (byte)constant.IntegerAt(i)), dims),
            ElementType.Bool => TensorValue.From<bool>(Elements(i => constant.IntegerAt(i) != 0), dims),
            ElementType.Float => TensorValue.From<float>(Elements(i => (float)constant.RealAt(i)), dims),
            ElementType.Double => TensorValue.From<double>(Elements(constant.RealAt), dims),
            _ => null,
        };

        T[] Elements<T>(Func<long, T> at)
        {
            var elements = new T[constant.Length];
            for (int i = 0; i < elements.Length; i++)
                elements[i] = at(i);
            return elements;
        }
    }
}
