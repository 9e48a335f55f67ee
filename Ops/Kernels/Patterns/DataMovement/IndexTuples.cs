namespace Ops.Kernels;

/// <summary>Tuples of indices that rules have found to be in range.</summary>
internal static unsafe class IndexTuples
{
    /// <summary>Where the slice is that each tuple points at, in bytes.</summary>
    /// <param name="indices">The tuples one after another.</param>
    /// <param name="count">How many tuples there are.</param>
    /// <param name="dims">The dims a tuple walks through.</param>
    /// <param name="block">Bytes of a slice.</param>
    /// <param name="offsets">Where the answers go.</param>
    public static void Offsets(long* indices, long count, ReadOnlySpan<long> dims, long block, long* offsets)
    {
        for (long i = 0; i < count; i++)
        {
            long offset = 0;
            foreach (long dim in dims)
            {
                long index = *indices++;
                offset = (offset * dim) + (index < 0 ? index + dim : index);
            }

            offsets[i] = offset * block;
        }
    }
}
