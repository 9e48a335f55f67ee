using Ops.Cli.Testing;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Tests.Schemas;

namespace Ops.Tests.Graphs;

/// <summary>Where an op has a body and a kernel, both give the same answer on generated calls.</summary>
[TestClass]
public sealed class BodyAgainstKernelTests
{
    private const int Calls = 300;

    public static IEnumerable<object[]> Composite =>
        OpRegistry.All.Where(d => d.Run is not null && d.Expand is not null).Select(d => new object[] { d.Schema.ToString() });

    [TestMethod]
    [DynamicData(nameof(Composite))]
    public void The_kernel_computes_what_the_body_says(string op)
    {
        OpDefinition definition = OpRegistry.All.Single(d => d.Schema.ToString() == op);
        var random = new Random(op.Length * 7919 + op[^1]);
        int compared = 0;
        // Ops of many related shapes are hard to please: chance gets more tries until a call was valid.
        for (int i = 0; i < Calls || compared == 0 && i < 100 * Calls && PatternDims.Describe(definition.Schema); i++)
        {
            OpCall call = RandomCall.Make(definition.Schema, random, mild: true).Concrete;
            try
            {
                definition.Run!(call);
            }
            catch (OpException)
            {
                continue;
            }
            IReadOnlyList<TensorValue?> body;
            try
            {
                // An op may have several bodies, for models of different opsets.
                body = RunBody(definition, call, i % 2 == 0 ? definition.Schema.Since : long.MaxValue);
            }
            catch (OpException e) when (Coverage.IsAbout(e))
            {
                // A type that an op of the body has no version or kernel for.
                continue;
            }
            for (int o = 0; o < call.Outputs.Length; o++)
            {
                if (call.Outputs[o] is not { } expected)
                    continue;
                compared++;
                TensorValue actual = body[o]!;
                // A body may go through doubles, which do not hold every integer of 64 bits.
                if (expected.Type is ElementType.Int64 or ElementType.UInt64)
                    (expected, actual) = (Widened(expected), Widened(actual));
                string? difference = TensorComparer.Compare(expected, actual, ToleranceOf(definition.Schema, call));
                Assert.IsNull(difference, $"{op} on {string.Join(", ", call.Inputs)} with {string.Join(", ", call.Attributes)}: {difference}");
            }
        }
        if (compared == 0)
            Assert.Inconclusive($"no generated call of {op} was valid");
    }

    internal static IReadOnlyList<TensorValue?> RunBody(OpDefinition definition, OpCall call, long opset)
    {
        var node = new Node
        {
            Op = definition.Schema.Name,
            Domain = definition.Schema.Domain,
            Opset = definition.Schema.Since,
            BaseOpset = opset,
            Inputs = [.. call.Inputs.Select((tensor, i) => tensor is null ? "" : $"in{i}")],
            Outputs = [.. call.OutputsWanted.Select((wanted, i) => wanted ? $"out{i}" : "")],
            Attributes = call.Attributes,
        };
        var graph = new Graph
        {
            Inputs = [.. call.Inputs.Select((tensor, i) => (tensor, i)).Where(p => p.tensor is not null).Select(p => new GraphValue($"in{p.i}", ValueKind.Tensor, p.tensor!.ToTensorType()))],
            Outputs = [.. node.Outputs.Where(o => o.Length > 0).Select(o => new GraphValue(o, ValueKind.Tensor, Ops.Specs.Inference.TensorType.Unknown))],
            Nodes = [node],
        };
        GraphRun run = new GraphExecutor(graph, new ExecutionOptions { Path = ExecutionPath.Decomposed })
            .Run(call.Inputs.Select((tensor, i) => (tensor, i)).Where(p => p.tensor is not null).ToDictionary(p => $"in{p.i}", p => p.tensor));
        var outputs = new TensorValue?[node.Outputs.Count];
        for (int i = 0, next = 0; i < outputs.Length; i++)
            if (node.Outputs[i].Length > 0)
                outputs[i] = run.Outputs[next++];
        return outputs;
    }

    private static TensorValue Widened(TensorValue tensor)
    {
        TensorValue wide = TensorValue.Allocate(ElementType.Double, tensor.Dims);
        for (long i = 0; i < tensor.Length; i++)
            wide.Span<double>()[(int)i] = (double)tensor.IntegerAt(i);
        return wide;
    }

    /// <summary>
    /// The body rounds after every op, the kernel once: some units in the last place of the narrowest type that takes part. A body hands reals to other
    /// ops as ONNX floats, so that doubles agree only as far as those do.
    /// </summary>
    private static Tolerance ToleranceOf(OpSchema schema, OpCall call)
    {
        IEnumerable<ElementType> named = schema.Attributes.Where(a => a.Kind == AttributeKind.Dtype).Select(a => call.Attributes.Dtype(a.Name) ?? (ElementType)(a.Default as long? ?? 0));
        HashSet<ElementType> types = [.. named, .. call.Inputs.Concat(call.Outputs).Select(t => t?.Type ?? ElementType.Undefined)];
        return types.Contains(ElementType.BFloat16) ? new Tolerance(1e-1, 3e-2) : types.Contains(ElementType.Float16) ? new Tolerance(2e-2, 4e-3)
            : types.Contains(ElementType.Float) ? new Tolerance(1e-5, 1e-6) : new Tolerance(1e-6, 1e-7);
    }
}
