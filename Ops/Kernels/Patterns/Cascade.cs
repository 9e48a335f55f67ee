using System.Numerics;
using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>
/// Merges accumulators pairwise as they come, like the carries of a binary counter, so that rounding errors grow with the logarithm.
/// </summary>
/// <remarks>Each accumulator is a block of consecutive elements. The order depends on nothing but the number of pushes.</remarks>
internal unsafe struct Cascade<V, C, K>
    where V : struct, ISimd<V, C>
    where C : unmanaged
    where K : struct, IReduceKernel
{
    private readonly C* _levels;
    private readonly nint _width;
    private ulong _count;

    /// <summary>
    /// Accumulators of <paramref name="width"/> elements, a multiple of the vector's; memory as <see cref="MemoryFor"/> says.
    /// </summary>
    internal Cascade(C* memory, nint width)
    {
        _levels = memory;
        _width = width;
        _count = 0;
    }

    /// <summary>Bytes for <paramref name="pushes"/> accumulators.</summary>
    internal static long MemoryFor(long pushes, nint width) =>
        (BitOperations.Log2((ulong)Math.Max(pushes, 1)) + 1) * (long)width * sizeof(C);

    /// <summary>Takes in the next accumulator, which is overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Push(K kernel, C* block)
    {
        int level = 0;
        for (ulong rest = _count++; (rest & 1) != 0; rest >>= 1, level++) MergeInto(kernel, block, _levels + (level * _width));
        Copy(block, _levels + (level * _width));
    }

    /// <summary>All accumulators merged into <paramref name="block"/>; there was at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Finish(K kernel, C* block)
    {
        int level = BitOperations.TrailingZeroCount(_count);
        Copy(_levels + (level * _width), block);
        for (level++; _count >> level != 0; level++)
            if (((_count >> level) & 1) != 0) MergeInto(kernel, block, _levels + (level * _width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void MergeInto(K kernel, C* block, C* earlier)
    {
        for (nint i = 0; i < _width; i += V.Count) V.Store(kernel.Merge<V, C>(V.Load(earlier + i), V.Load(block + i)), block + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Copy(C* from, C* to)
    {
        for (nint i = 0; i < _width; i += V.Count) V.Store(V.Load(from + i), to + i);
    }
}
