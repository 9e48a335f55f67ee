using System.Numerics;
using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>The elements of a pinned operand as rules read them.</summary>
/// <param name="operand">An integer, bool or float operand.</param>
internal sealed unsafe class OperandData(Operand operand) : TensorData
{
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
    public override Truth All(CompareOp op, Dim bound, out long failure)
    {
        long? found = !bound.IsKnown ? null : operand.Type switch
        {
            ElementType.Int64 => FirstFailure<long>(op, bound.Value),
            ElementType.Int32 => FirstFailure<int>(op, bound.Value),
            ElementType.Int16 => FirstFailure<short>(op, bound.Value),
            ElementType.Int8 => FirstFailure<sbyte>(op, bound.Value),
            ElementType.UInt64 => FirstFailure<ulong>(op, bound.Value),
            ElementType.UInt32 => FirstFailure<uint>(op, bound.Value),
            ElementType.UInt16 => FirstFailure<ushort>(op, bound.Value),
            ElementType.UInt8 => FirstFailure<byte>(op, bound.Value),
            _ => null,
        };
        if (found is null)
            return base.All(op, bound, out failure);
        failure = found.Value;
        return failure < 0;
    }

    /// <summary>The first element that does not compare to the bound as asked, -1 when all do; null for a bound that is no T.</summary>
    private long? FirstFailure<T>(CompareOp op, long bound)
        where T : unmanaged, IBinaryInteger<T>
    {
        T limit = T.CreateSaturating(bound);
        if (long.CreateSaturating(limit) != bound)
            return null;
        var data = (T*)operand.Data;
        long count = operand.Length, i = 0;
        var limits = new Vector<T>(limit);
        while (i + Vector<T>.Count <= count && AllHold(op, Vector.Load(data + i), limits))
            i += Vector<T>.Count;
        while (i < count && Holds(op, data[i], limit))
            i++;
        return i < count ? i : -1;
    }

    private static bool AllHold<T>(CompareOp op, Vector<T> items, Vector<T> limits) => op switch
    {
        CompareOp.Equal => Vector.EqualsAll(items, limits),
        CompareOp.NotEqual => !Vector.EqualsAny(items, limits),
        CompareOp.Less => Vector.LessThanAll(items, limits),
        CompareOp.LessOrEqual => Vector.LessThanOrEqualAll(items, limits),
        CompareOp.Greater => Vector.GreaterThanAll(items, limits),
        _ => Vector.GreaterThanOrEqualAll(items, limits),
    };

    private static bool Holds<T>(CompareOp op, T item, T limit)
        where T : IBinaryInteger<T> => op switch
    {
        CompareOp.Equal => item == limit,
        CompareOp.NotEqual => item != limit,
        CompareOp.Less => item < limit,
        CompareOp.LessOrEqual => item <= limit,
        CompareOp.Greater => item > limit,
        _ => item >= limit,
    };
}
