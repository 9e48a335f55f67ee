using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>The elements of a tensor as rules read them; it keeps the tensor alive.</summary>
/// <param name="tensor">An integer, bool or float tensor.</param>
public sealed unsafe class TensorValueData(TensorValue tensor) : TensorData, IElementMemory
{
    /// <inheritdoc/>
    Operand IElementMemory.Memory => new(tensor.Pointer, tensor.Type, tensor.Dims);

    /// <inheritdoc/>
    public override long Count => tensor.Length;

    /// <inheritdoc/>
    public override Dim this[long index] => ElementReader.Exact(tensor.Type, tensor.Pointer, index);

    /// <summary>The data of a tensor whose elements rules can read; null for the others.</summary>
    public static TensorValueData? Of(TensorValue tensor) =>
        tensor.Type.IsInteger() || tensor.Type.IsFloat() || tensor.Type == ElementType.Bool ? new TensorValueData(tensor) : null;

    /// <inheritdoc/>
    public override Truth All(CompareOp op, Dim bound, long from, long count, out long failure)
    {
        if (!bound.IsKnown || ElementScan.FirstFailure(tensor.Type, tensor.Pointer, from, count, op, bound.Value) is not { } found)
            return base.All(op, bound, from, count, out failure);
        failure = found;
        return found < 0;
    }

    /// <inheritdoc/>
    public override Real RealAt(long index) => ElementReader.Real(tensor.Type, tensor.Pointer, index);
}
