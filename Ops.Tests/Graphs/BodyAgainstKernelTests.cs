using Ops.Cli.Testing;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs;
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
        // Some ops are hard to please: chance gets more tries until some calls were valid.
        for (int i = 0; i < Calls || compared < 10 && i < 100 * Calls; i++)
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
                body = RunBody(definition, call);
            }
            catch (OpException e) when (e.Rule == Coverage.NoKernel)
            {
                // A type that an op of the body has no kernel for.
                continue;
            }
            for (int o = 0; o < call.Outputs.Length; o++)
            {
                if (call.Outputs[o] is not { } expected)
                    continue;
                compared++;
                string? difference = TensorComparer.Compare(expected, body[o]!, ToleranceOf(expected.Type));
                Assert.IsNull(difference, $"{op} on {string.Join(", ", call.Inputs)} with {string.Join(", ", call.Attributes)}: {difference}");
            }
        }
        Assert.IsTrue(compared > 0, $"no generated call of {op} was valid");
    }

    private static IReadOnlyList<TensorValue?> RunBody(OpDefinition definition, OpCall call)
    {
        var node = new Node
        {
            Op = definition.Schema.Name,
            Domain = definition.Schema.Domain,
            Opset = definition.Schema.Since,
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

    /// <summary>
    /// The body rounds after every op, the kernel once: some units in the last place of the type. A body hands reals to other ops as ONNX
    /// floats, so that doubles agree only as far as those do.
    /// </summary>
    private static Tolerance ToleranceOf(ElementType type) => type switch
    {
        ElementType.Float16 => new Tolerance(2e-2, 4e-3),
        ElementType.BFloat16 => new Tolerance(1e-1, 3e-2),
        ElementType.Double => new Tolerance(1e-6, 1e-7),
        _ => new Tolerance(1e-5, 1e-6),
    };
}
