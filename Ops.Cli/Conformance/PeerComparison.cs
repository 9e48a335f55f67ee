using Ops.Graphs;
using Ops.Onnx;
using Ops.OnnxRuntime;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>What an op means in a second runtime: its body as a portable model, or the one node of a primitive.</summary>
internal static class PeerComparison
{
    /// <summary>What differs; null when nothing does.</summary>
    /// <param name="definition">The op.</param>
    /// <param name="call">The call.</param>
    /// <param name="meaning">The outputs of the call as the op means them.</param>
    /// <exception cref="OpException">There is no second runtime, or it does not take the model.</exception>
    public static string? Difference(OpDefinition definition, OpCall call, IReadOnlyList<TensorValue?> meaning)
    {
        Graph graph = definition.Expand is null
            ? NodeModel.Of(definition.Schema, call, meaning) : definition.Expand(call.ToInference(), long.MaxValue);
        using OrtSession session = OrtSession.Parse(ModelWriter.Write(graph), new OrtSessionOptions { Threads = 1 });
        TensorValue?[] results =
            session.Run(graph.Inputs.Zip(call.Inputs.OfType<TensorValue>()).Where(p => session.Inputs.Contains(p.First.Name))
            .ToDictionary(p => p.First.Name, p => (TensorValue?)p.Second));
        ElementType[] types = [.. BodyComparison.TypesOf(definition.Schema, call)];
        int next = 0;
        foreach (TensorValue? output in meaning.Where((_, i) => call.Wants(i)))
        {
            if (results[next++] is not { } result || output is null)
                continue;
            else if (result.Type != output.Type || !result.Dims.AsSpan().SequenceEqual(output.Dims))
                return $"it makes {result}, here it is {output}";
            else if (BodyComparison.Compare(output, result, call, types) is { } difference)
                return difference;
        }
        return null;
    }
}
