using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;

namespace Ops.Modifiers;

/// <summary>What elements in memory can be.</summary>
internal static unsafe class ElementBounds
{
    /// <summary>Below this many elements one after the other is as quick.</summary>
    private const int Few = 16;

    /// <summary>The bounds of elements of a type, from one place to another; null of types that have no quick way.</summary>
    public static Func<long, long, Interval>? Of(ElementType type, nint data) => type switch
    {
        ElementType.Float => (from, to) => OfFloats((float*)data, from, to),
        ElementType.Double => (from, to) => OfFloats((double*)data, from, to),
        ElementType.Int32 => (from, to) => OfIntegers((int*)data, from, to),
        ElementType.Int64 => (from, to) => OfIntegers((long*)data, from, to),
        ElementType.UInt8 => (from, to) => OfIntegers((byte*)data, from, to),
        ElementType.Bool => (from, to) => OfTruths((byte*)data, from, to),
        _ => null,
    };

    /// <summary>In one pass: large tables are read from memory for this alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Interval OfFloats<T>(T* data, long from, long to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T low = T.PositiveInfinity, high = T.NegativeInfinity;
        bool nan = false;
        long i = from;
        if (to - from >= Few)
        {
            Vector256<T> least = Vector256.Create(low), greatest = Vector256.Create(high), same = Vector256<T>.AllBitsSet;
            for (; i <= to - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                Vector256<T> x = Vector256.Load(data + i);
                // No comparison with a NaN holds.
                least = Vector256.ConditionalSelect(Vector256.LessThan(x, least), x, least);
                greatest = Vector256.ConditionalSelect(Vector256.GreaterThan(x, greatest), x, greatest);
                same &= Vector256.Equals(x, x);
            }
            for (int lane = 0; lane < Vector256<T>.Count; lane++)
            {
                low = T.Min(low, least[lane]);
                high = T.Max(high, greatest[lane]);
            }
            nan = !Vector256.EqualsAll(same.AsByte(), Vector256<byte>.AllBitsSet);
        }
        for (; i < to; i++)
        {
            nan |= T.IsNaN(data[i]);
            if (data[i] < low) low = data[i];
            if (data[i] > high) high = data[i];
        }
        return new Interval(double.CreateChecked(low), double.CreateChecked(high), nan);
    }

    private static Interval OfIntegers<T>(T* data, long from, long to)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T low = T.MaxValue, high = T.MinValue;
        if (to - from < Few)
        {
            for (long i = from; i < to; i++)
            {
                if (data[i] < low) low = data[i];
                if (data[i] > high) high = data[i];
            }
            return new Interval(double.CreateChecked(low), double.CreateChecked(high));
        }
        for (long start = from; start < to; start += 1 << 20)
        {
            var part = new ReadOnlySpan<T>(data + start, (int)long.Min(1 << 20, to - start));
            low = T.Min(low, TensorPrimitives.Min(part));
            high = T.Max(high, TensorPrimitives.Max(part));
        }
        return new Interval(double.CreateChecked(low), double.CreateChecked(high));
    }

    private static Interval OfTruths(byte* data, long from, long to)
    {
        bool some = false, all = true;
        for (long start = from; start < to; start += 1 << 20)
        {
            var part = new ReadOnlySpan<byte>(data + start, (int)long.Min(1 << 20, to - start));
            some |= part.ContainsAnyExcept((byte)0);
            all &= !part.Contains((byte)0);
        }
        return new Interval(all ? 1 : 0, some ? 1 : 0);
    }
}
