using System.Numerics;
using System.Numerics.Tensors;
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

    private static Interval OfFloats<T>(T* data, long from, long to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T low = T.PositiveInfinity, high = T.NegativeInfinity;
        bool nan = false;
        for (long start = from; start < to; start += 1 << 20)
        {
            var part = new ReadOnlySpan<T>(data + start, (int)long.Min(1 << 20, to - start));
            T least = part.Length < Few ? T.NaN : TensorPrimitives.Min(part);
            if (T.IsNaN(least))
            {
                // Few, or with a NaN among them.
                foreach (T x in part)
                {
                    nan |= T.IsNaN(x);
                    if (x < low) low = x;
                    if (x > high) high = x;
                }
                continue;
            }
            low = T.Min(low, least);
            high = T.Max(high, TensorPrimitives.Max(part));
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
