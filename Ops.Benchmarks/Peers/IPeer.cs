using Ops.Tensors;

namespace Ops.Benchmarks.Peers;

/// <summary>What takes turns with us.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>What it fills.</summary>
    TensorValue[] Outputs { get; }

    /// <summary>One call.</summary>
    void Run(int call);
}
