using Ops.Benchmarks.Cases;
using Ops.Tensors;

namespace Ops.Benchmarks.Peers;

/// <summary>Another way of ours, on the tensors of a subject.</summary>
internal sealed class OwnPeer(Subject subject) : IPeer
{
    /// <inheritdoc/>
    public TensorValue[] Outputs { get; } = [.. subject.Outputs.Select(o => TensorValue.Allocate(o.Type, o.Dims, clear: true))];

    /// <inheritdoc/>
    public void Run(int call) => subject.Versus!(subject.Inputs[call % subject.Inputs.Count], Outputs);

    /// <inheritdoc/>
    public void Dispose() { }
}
