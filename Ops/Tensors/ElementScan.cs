using System.Numerics;
using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>Compares all elements of integer memory with a bound, a vector at a time.</summary>
internal static unsafe class ElementScan
{
    /// <summary>
    /// The first of <paramref name="count"/> elements from <paramref name="from"/> on that does not compare to <paramref name="bound"/> as
    /// asked, -1 when all do; null when the elements are no integers or the bound is none of their type.
    /// </summary>
    public static long? FirstFailure(ElementType type, void* data, long from, long count, CompareOp op, long bound) => type switch
    {
        ElementType.Int64 => FirstFailure((long*)data, from, from + count, op, bound),
        ElementType.Int32 => FirstFailure((int*)data, from, from + count, op, bound),
        ElementType.Int16 => FirstFailure((short*)data, from, from + count, op, bound),
        ElementType.Int8 => FirstFailure((sbyte*)data, from, from + count, op, bound),
        ElementType.UInt64 => FirstFailure((ulong*)data, from, from + count, op, bound),
        ElementType.UInt32 => FirstFailure((uint*)data, from, from + count, op, bound),
        ElementType.UInt16 => FirstFailure((ushort*)data, from, from + count, op, bound),
        ElementType.UInt8 => FirstFailure((byte*)data, from, from + count, op, bound),
        _ => null,
    };

    private static long? FirstFailure<T>(T* data, long from, long to, CompareOp op, long bound)
        where T : unmanaged, IBinaryInteger<T>
    {
        T limit = T.CreateSaturating(bound);
        if (long.CreateSaturating(limit) != bound)
            return null;
        var limits = new Vector<T>(limit);
        long i = from;
        while (i + Vector<T>.Count <= to && AllHold(op, Vector.Load(data + i), limits))
            i += Vector<T>.Count;
        while (i < to && Holds(op, data[i], limit))
            i++;
        return i < to ? i : -1;
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
