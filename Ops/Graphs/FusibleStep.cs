using Ops.Specs;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A node whose op takes graphs: its kernel runs it if it can make functors of them, else its body does.</summary>
internal sealed class FusibleStep(NodeStep kernel, NodeStep body) : NodeStep(kernel.Node, kernel.Schema, ExecutionPath.Fused)
{
    public override TensorValue?[] Run(TensorValue?[] inputs, bool[] spare, ExecutionState state)
    {
        try
        {
            return kernel.Run(inputs, spare, state);
        }
        catch (OpException e) when (e.Rule == Coverage.NotFused)
        {
            TensorValue?[] outputs = body.Run(inputs, spare, state);
            state.Ran = ExecutionPath.Decomposed;
            return outputs;
        }
    }
}
