using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>The elements of a pinned operand as rules read them.</summary>
/// <param name="operand">An integer, bool or float operand.</param>
internal sealed unsafe class OperandData(Operand operand) : TensorData, IElementMemory
{
    /// <inheritdoc/>
    public Operand Memory => operand;

    /// <inheritdoc/>
    public override long Count => operand.Length;

    /// <inheritdoc/>
    public override Dim this[long index] => ElementReader.Exact(operand.Type, operand.Data, index);

    /// <inheritdoc/>
    public override Real RealAt(long index) => ElementReader.Real(operand.Type, operand.Data, index);

    /// <summary>The data of an operand whose elements rules can read; null for the others.</summary>
    public static OperandData? Of(in Operand operand) =>
        operand.Type.IsInteger() || operand.Type.IsFloat() || operand.Type == ElementType.Bool ? new OperandData(operand) : null;

    /// <inheritdoc/>
    public override Truth All(CompareOp op, Dim bound, long from, long count, out long failure)
    {
        if (!bound.IsKnown || ElementScan.FirstFailure(operand.Type, operand.Data, from, count, op, bound.Value) is not { } found)
            return base.All(op, bound, from, count, out failure);
        failure = found;
        return found < 0;
    }
}
