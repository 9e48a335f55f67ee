using System.Buffers;
using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;

namespace Ops.Tensors;

/// <summary>The tensors of a variadic input, pinned until disposal.</summary>
/// <typeparam name="T">Their element type.</typeparam>
public sealed unsafe class PinnedTensors<T> : IDisposable where T : unmanaged
{
    private readonly MemoryHandle[] handles;

    /// <summary>Pins <paramref name="tensors"/>; a tensor with gaps is copied.</summary>
    public PinnedTensors(ReadOnlySpan<Tensor<T>> tensors)
    {
        handles = new MemoryHandle[tensors.Length];
        var operands = new Operand[tensors.Length];
        var types = new TensorType[tensors.Length];
        try
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                Tensor<T> dense = tensors[i].IsDense ? tensors[i] : tensors[i].ToDenseTensor();
                handles[i] = dense.GetPinnedHandle();
                operands[i] = TypedTensors.Operand(dense.Lengths, (T*)handles[i].Pointer);
                types[i] = new TensorType(operands[i].Type, Seq.Of(Array.ConvertAll(operands[i].Dims, d => (Dim)d)),
                    OperandData.Of(operands[i]));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        Operands = operands;
        Types = types;
    }

    /// <summary>The tensors as kernels see them.</summary>
    public IReadOnlyList<Operand> Operands { get; }

    /// <summary>The tensors as inference sees them.</summary>
    public IReadOnlyList<TensorType> Types { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MemoryHandle handle in handles)
            handle.Dispose();
    }
}
