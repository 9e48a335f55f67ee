using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ops.Kernels;

/// <summary>Few queries times many keys of bytes: the sums of <see cref="RowScores"/>, for twice the keys at a time.</summary>
/// <remarks>
/// Few rows leave registers free: with more keys at a time enough sums run beside each other that none waits for the one before. The keys
/// turned over do not fit beside the sums, so that a few bytes of each go by way of the nearest cache, still as narrow as they are stored.
/// </remarks>
internal static unsafe class TurnedScores
{
    /// <summary>The blocks of keys of a call.</summary>
    public const int Blocks = 4;

    /// <summary>The most rows that leave registers for the keys.</summary>
    private const int MaxRows = 4;

    /// <summary>The bytes of a key that are turned over at a time, and those at an end.</summary>
    private const int Stretch = 32, HalfStretch = 16;

    /// <summary>From the groups of 4 bytes at one place of all keys to those at the next, in such groups.</summary>
    private const int Place = Blocks * KeyBlock.Keys;

    /// <summary>The bytes of working memory of <see cref="Run"/>.</summary>
    public const int WorkBytes = Stretch * Place;

    /// <summary>Whether to prefer this to <see cref="RowScores"/>, where that takes the rows.</summary>
    public static bool Takes<S>(int rows)
        where S : unmanaged => typeof(S) == typeof(sbyte) && rows <= MaxRows;

    /// <summary>The scores of <see cref="Blocks"/> blocks of keys.</summary>
    /// <param name="rows">How many queries.</param>
    /// <param name="depth">Elements of a query and of a key.</param>
    /// <param name="queries">A packed panel of the queries.</param>
    /// <param name="blocks">The keys.</param>
    /// <param name="tiles">Receives two vectors for each query, and for each query two more.</param>
    /// <param name="work">Aligned to a vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, nint depth, float* queries, KeyBlock* blocks, float* tiles, uint* work)
    {
        switch (rows)
        {
            case 1: Run<Rows1>(depth, queries, blocks, tiles, work); break;
            case 2: Run<Rows2>(depth, queries, blocks, tiles, work); break;
            case 3: Run<Rows3>(depth, queries, blocks, tiles, work); break;
            case 4: Run<Rows4>(depth, queries, blocks, tiles, work); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<R>(nint depth, float* queries, KeyBlock* blocks, float* tiles, uint* work)
        where R : struct, IRows
    {
        Sums s0 = default, s1 = default, s2 = default, s3 = default;
        for (nint at = 0; at < depth; at += Stretch)
        {
            nint places = Turn(blocks, at, depth, work);
            byte* line0 = blocks[0].Line(at, depth), line1 = blocks[1].Line(at, depth), line2 = blocks[2].Line(at, depth),
                line3 = blocks[3].Line(at, depth);
            nint step0 = blocks[0].LineStep(depth), step1 = blocks[1].LineStep(depth), step2 = blocks[2].LineStep(depth),
                step3 = blocks[3].LineStep(depth);
            for (uint* keys = work, end = work + places * Place; keys < end; keys += Place)
            {
                // A line of what each block will read later for 4 bytes of its keys: as much is fetched as is used, at an even pace.
                Sse.Prefetch0(line0);
                Sse.Prefetch0(line1);
                Sse.Prefetch0(line2);
                Sse.Prefetch0(line3);
                line0 += step0;
                line1 += step1;
                line2 += step2;
                line3 += step3;
                Vector512<uint> x = Vector512.Load(keys), y = Vector512.Load(keys + 16), z = Vector512.Load(keys + 32),
                    w = Vector512.Load(keys + 48);
                Multiply<R>(0, x, y, z, w, queries, ref s0, ref s1, ref s2, ref s3);
                Multiply<R>(1, x, y, z, w, queries + R.Count, ref s0, ref s1, ref s2, ref s3);
                Multiply<R>(2, x, y, z, w, queries + 2 * R.Count, ref s0, ref s1, ref s2, ref s3);
                Multiply<R>(3, x, y, z, w, queries + 3 * R.Count, ref s0, ref s1, ref s2, ref s3);
                queries += sizeof(uint) * R.Count;
            }
        }

        const int Row = 2 * KeyBlock.Keys;
        s0.Store(tiles, tiles + R.Count * Row);
        if (R.Count > 1) s1.Store(tiles + Row, tiles + (R.Count + 1) * Row);
        if (R.Count > 2) s2.Store(tiles + 2 * Row, tiles + (R.Count + 2) * Row);
        if (R.Count > 3) s3.Store(tiles + 3 * Row, tiles + (R.Count + 3) * Row);
    }

    /// <summary>Turns some bytes of all keys over; how many groups of 4 bytes of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Turn(KeyBlock* blocks, nint at, nint depth, uint* work)
    {
        Vector512<uint> x0, x1, x2, x3;
        bool isWhole = depth - at >= Stretch;
        for (int i = 0; i < Blocks; i++, work += KeyBlock.Keys)
        {
            if (isWhole)
            {
                RowScores.Turn(blocks[i].Data + at, blocks[i].Step, out x0, out x1, out x2, out x3, out var x4, out var x5, out var x6,
                    out var x7);
                x4.Store(work + 4 * Place);
                x5.Store(work + 5 * Place);
                x6.Store(work + 6 * Place);
                x7.Store(work + 7 * Place);
            }
            else
            {
                RowScores.TurnHalf(blocks[i].Data + at, blocks[i].Step, out x0, out x1, out x2, out x3);
            }
            x0.Store(work);
            x1.Store(work + Place);
            x2.Store(work + 2 * Place);
            x3.Store(work + 3 * Place);
        }
        return (isWhole ? Stretch : HalfStretch) / sizeof(uint);
    }

    /// <summary>One of the elements that 4 bytes hold, of each key, for all queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<R>(int element, Vector512<uint> x, Vector512<uint> y, Vector512<uint> z, Vector512<uint> w, float* queries,
        ref Sums s0, ref Sums s1, ref Sums s2, ref Sums s3)
        where R : struct, IRows
    {
        Vector512<float> a = Widen(x, element), b = Widen(y, element), c = Widen(z, element), d = Widen(w, element);
        s0.Add(queries[0], a, b, c, d);
        if (R.Count > 1) s1.Add(queries[1], a, b, c, d);
        if (R.Count > 2) s2.Add(queries[2], a, b, c, d);
        if (R.Count > 3) s3.Add(queries[3], a, b, c, d);
    }

    /// <summary>One of the elements that 4 bytes hold, the first in the lowest bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Widen(Vector512<uint> x, int element) =>
        Vector512.ConvertToSingle((element == 3 ? x : x << (24 - 8 * element)).AsInt32() >> 24);

    /// <summary>The sums of a query: a vector for each block.</summary>
    private struct Sums
    {
        private Vector512<float> _a, _b, _c, _d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(float query, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
        {
            Vector512<float> x = Vector512.Create(query);
            _a = Vector512.FusedMultiplyAdd(x, a, _a);
            _b = Vector512.FusedMultiplyAdd(x, b, _b);
            _c = Vector512.FusedMultiplyAdd(x, c, _c);
            _d = Vector512.FusedMultiplyAdd(x, d, _d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(float* first, float* second)
        {
            _a.Store(first);
            _b.Store(first + KeyBlock.Keys);
            _c.Store(second);
            _d.Store(second + KeyBlock.Keys);
        }
    }
}
