namespace Ops.Kernels;

/// <summary>Reorders axes.</summary>
internal static unsafe class Permutation
{
    /// <summary>Axis <c>i</c> of the destination is axis <paramref name="perm"/>[i] of the source.</summary>
    public static void Run(int width, ReadOnlySpan<long> dims, ReadOnlySpan<long> perm, void* source, void* destination)
    {
        long[] strides = Layout.Strides(dims), extents = new long[perm.Length], permuted = new long[perm.Length];
        for (int i = 0; i < perm.Length; i++)
        {
            extents[i] = dims[(int)perm[i]];
            permuted[i] = strides[perm[i]];
        }

        StridedCopy.Run(width, extents, source, permuted, destination, Layout.Strides(extents));
    }

    /// <summary>The order that keeps all axes but <paramref name="last"/>, which come at the end.</summary>
    public static long[] MoveToEnd(int rank, ReadOnlySpan<long> last)
    {
        var order = new long[rank];
        int at = 0;
        for (int axis = 0; axis < rank; axis++)
            if (!last.Contains(axis)) order[at++] = axis;
        foreach (long axis in last) order[at++] = axis;
        return order;
    }
}
