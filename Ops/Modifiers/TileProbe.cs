using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>Works a test of positions out for every score of a tile, by the routines that modify scores: what intervals leave open is
/// decided so.</summary>
/// <param name="program">The test as a program, whose lanes become masks.</param>
internal sealed unsafe class TileProbe(TileProgram program)
{
    /// <summary>Rows worked out at a time.</summary>
    private const int MaxRows = 16;

    /// <summary>The most keys looked at at a time.</summary>
    public const int MaxKeys = TileLayout.MaxKeys;

    [ThreadStatic]
    private static byte[]? t_memory;

    /// <summary>Where the test holds.</summary>
    /// <param name="batch">The sequence.</param>
    /// <param name="heads">The heads; only one counts if the test does not ask for it.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="from">The first key.</param>
    /// <param name="to">The end, at most <see cref="MaxKeys"/> further.</param>
    /// <param name="operands">What the call brings besides; null for nothing.</param>
    /// <param name="step">A group of keys.</param>
    /// <param name="groups">Receives for each group of keys what the test gives there: 0 for false, 1 for true, 2 for both.</param>
    public void Run(int batch, in Interval heads, in Interval queries, int from, int to, int step, Span<byte> groups,
        CallOperands? operands)
    {
        switch (Isa.Level, program.IsDouble)
        {
            case (IsaLevel.Bits512, false): Run<Simd512<float>, float>(batch, heads, queries, from, to, step, groups, operands); break;
            case (IsaLevel.Bits512, true): Run<Simd512<double>, double>(batch, heads, queries, from, to, step, groups, operands); break;
            case (IsaLevel.Bits256, false): Run<Simd256<float>, float>(batch, heads, queries, from, to, step, groups, operands); break;
            case (IsaLevel.Bits256, true): Run<Simd256<double>, double>(batch, heads, queries, from, to, step, groups, operands); break;
            case (IsaLevel.Bits128, false): Run<Simd128<float>, float>(batch, heads, queries, from, to, step, groups, operands); break;
            case (IsaLevel.Bits128, true): Run<Simd128<double>, double>(batch, heads, queries, from, to, step, groups, operands); break;
            case (_, false): Run<Simd1<float>, float>(batch, heads, queries, from, to, step, groups, operands); break;
            case (_, true): Run<Simd1<double>, double>(batch, heads, queries, from, to, step, groups, operands); break;
        }
    }

    private void Run<V, C>(int batch, in Interval heads, in Interval queries, int from, int to, int step, Span<byte> groups,
        CallOperands? operands)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        int width = 2 * V.Count, tiles = (to - from + width - 1) / width;
        long headCount = program.IsByHead ? (long)(heads.High - heads.Low) + 1 : 1;
        long rows = program.IsByQuery ? ((long)(queries.High - queries.Low) + 1) * headCount : headCount;
        long work = TileMachine<V, C>.WorkBytes(program), size = (long)MaxRows * MaxKeys * sizeof(C);
        byte* memory = Memory(work + size);
        C* tile = (C*)(memory + work / 64 * 64 + 64);
        int* rowHeads = stackalloc int[MaxRows], rowQueries = stackalloc int[MaxRows];
        for (long first = 0; first < rows; first += MaxRows)
        {
            int count = (int)long.Min(MaxRows, rows - first);
            for (int row = 0; row < count; row++)
            {
                (long query, long head) = long.DivRem(first + row, headCount);
                (rowHeads[row], rowQueries[row]) = ((int)(heads.Low + head), (int)(queries.Low + query));
            }
            TileMachine<V, C>.Run(program, new TileArea(batch, count, (nint)rowHeads, (nint)rowQueries, from, tiles), tile,
                (nint)count * width, memory, operands);
            Gather<V, C>(tile, count, to - from, step, groups, isFirst: first == 0);
        }
    }

    /// <summary>What a group of keys has in common, over rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<V, C>(C* tile, int rows, int keys, int step, Span<byte> groups, bool isFirst)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        int width = 2 * V.Count;
        for (int group = 0, start = 0; start < keys; group++, start += step)
        {
            int end = int.Min(start + step, keys);
            V some = V.Zero, all = V.AllBitsSet;
            for (int key = start; key < end; key += width)
            {
                C* at = tile + (nint)key * rows;
                // Lanes beyond the last key say nothing.
                V first = V.Less(V.Indices, V.Constant(end - key)), second = V.Less(V.Indices, V.Constant(end - key - V.Count));
                for (int row = 0; row < rows; row++, at += width)
                {
                    V x = V.Load(at), y = V.Load(at + V.Count);
                    some |= (x & first) | (y & second);
                    all &= (x | ~first) & (y | ~second);
                }
            }
            byte answer = V.All(all) ? (byte)1 : V.Any(some) ? (byte)2 : (byte)0;
            groups[group] = isFirst || groups[group] == answer ? answer : (byte)2;
        }
    }

    /// <summary>The thread's memory, aligned to a cache line.</summary>
    private static byte* Memory(long bytes)
    {
        byte[] memory = t_memory is { } kept && kept.Length >= bytes + 256 ? kept
            : t_memory = GC.AllocateUninitializedArray<byte>(checked((int)bytes + 256), pinned: true);
        return (byte*)(((nint)Unsafe.AsPointer(ref memory[0]) + 63) & ~63);
    }
}
