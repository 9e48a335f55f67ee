using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Which slices along an axis are equal. Numbers that are not numbers are equal and the greatest, the two zeros are equal.</summary>
internal sealed unsafe class DistinctSlices
{
    private DistinctSlices(int[] first, int[] which) => (First, Which) = (first, which);

    /// <summary>Of each different slice the first place.</summary>
    public int[] First { get; }

    /// <summary>For each slice which of the different ones it is.</summary>
    public int[] Which { get; }

    /// <summary>Compares the slices of a tensor.</summary>
    /// <param name="op">The op, for messages.</param>
    /// <param name="x">The tensor, as [<paramref name="before"/>, <paramref name="count"/>, <paramref name="after"/>].</param>
    /// <param name="before">The pieces of a slice.</param>
    /// <param name="count">The slices.</param>
    /// <param name="after">The elements of a piece.</param>
    /// <param name="sorted">Whether the different ones come in ascending order, compared element by element, or in that of their first
    /// places.</param>
    public static DistinctSlices Of(string op, in Operand x, long before, long count, long after, bool sorted)
    {
        int length = checked((int)(before * after)), slices = checked((int)count);
        ulong[] keys = Keys(op, x, before, count, after);
        int[] order = [.. Enumerable.Range(0, slices)];
        if (length == 1) Array.Sort((ulong[])keys.Clone(), order);
        else Array.Sort(order, (a, b) => Slice(a).SequenceCompareTo(Slice(b)));

        // Equal slices are neighbours now, in any order.
        var first = new List<int>();
        var which = new int[slices];
        for (int i = 0; i < slices; i++)
        {
            if (i == 0 || !Slice(order[i]).SequenceEqual(Slice(order[i - 1]))) first.Add(order[i]);
            first[^1] = Math.Min(first[^1], order[i]);
            which[order[i]] = first.Count - 1;
        }

        if (sorted) return new([.. first], which);
        int[] firsts = [.. first], numbers = [.. Enumerable.Range(0, firsts.Length)], renumbered = new int[firsts.Length];
        Array.Sort(firsts, numbers);
        for (int i = 0; i < numbers.Length; i++) renumbered[numbers[i]] = i;
        return new(firsts, Array.ConvertAll(which, w => renumbered[w]));

        ReadOnlySpan<ulong> Slice(int place) => keys.AsSpan(place * length, length);
    }

    /// <summary>Numbers in the order of the elements, slice by slice.</summary>
    private static ulong[] Keys(string op, in Operand x, long before, long count, long after)
    {
        var elements = new ulong[x.Length];
        fixed (ulong* data = elements)
        {
            ElementType type = x.Type.IsFloat() ? ElementType.Double : x.Type == ElementType.UInt64 ? x.Type : ElementType.Int64;
            ElementConversion.Run(op, x, new Operand(data, type, x.Dims));
            if (type == ElementType.Double)
                for (int i = 0; i < elements.Length; i++) data[i] = Key(((double*)data)[i]);
            else if (type == ElementType.Int64)
                for (int i = 0; i < elements.Length; i++) data[i] ^= 1UL << 63;
            if (before == 1) return elements;
            var keys = new ulong[elements.Length];
            fixed (ulong* slices = keys)
                StridedCopy.Run(sizeof(ulong), [count, before, after], data, [after, count * after, 1], slices, [before * after, after, 1]);
            return keys;
        }
    }

    private static ulong Key(double number)
    {
        if (double.IsNaN(number)) return ulong.MaxValue;
        ulong bits = BitConverter.DoubleToUInt64Bits(number == 0 ? 0 : number);
        return (bits >> 63) != 0 ? ~bits : bits | (1UL << 63);
    }
}
