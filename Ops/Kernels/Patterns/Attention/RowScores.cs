using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Queries times keys that lie one behind another, as in a cache: keys are turned over in registers on their way to the
/// multipliers.</summary>
/// <remarks>
/// For keys that are used once: a packed copy would cost more than it gains, and its making would leave memory idle. While a block of keys
/// is worked on, the next one is fetched, evenly. The sums are those of <see cref="MicroKernel"/>: a chain over ascending elements each.
/// Elements narrower than 4 bytes are turned over as they are, several at a time, and widened then.
/// </remarks>
internal static unsafe class RowScores
{
    /// <summary>The most rows; more are worth packing for.</summary>
    private const int MaxRows = 8;

    /// <summary>The bytes of each key that one step takes.</summary>
    private const int Step = 16;

    /// <summary>Whether <see cref="Run{S}"/> takes rows of queries and keys of so many elements.</summary>
    public static bool Takes<V, S, C>(int rows, int depth)
        where V : struct, ISimd<V, C>
        where S : unmanaged
        where C : unmanaged =>
        typeof(C) == typeof(float) && V.Count == KeyBlock.Keys && Avx512F.IsSupported && rows <= MaxRows && depth > 0
            && depth * sizeof(S) % Step == 0;

    /// <summary>The scores of two blocks of keys.</summary>
    /// <param name="rows">How many queries.</param>
    /// <param name="depth">Elements of a query and of a key.</param>
    /// <param name="queries">A packed panel of the queries.</param>
    /// <param name="first">The first keys.</param>
    /// <param name="second">The others.</param>
    /// <param name="tile">Receives two vectors for each query.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<S>(int rows, nint depth, float* queries, in KeyBlock first, in KeyBlock second, float* tile)
        where S : unmanaged
    {
        switch (rows)
        {
            case 1: Run<S, Rows1>(depth, queries, first, second, tile); break;
            case 2: Run<S, Rows2>(depth, queries, first, second, tile); break;
            case 3: Run<S, Rows3>(depth, queries, first, second, tile); break;
            case 4: Run<S, Rows4>(depth, queries, first, second, tile); break;
            case 5: Run<S, Rows5>(depth, queries, first, second, tile); break;
            case 6: Run<S, Rows6>(depth, queries, first, second, tile); break;
            case 7: Run<S, Rows7>(depth, queries, first, second, tile); break;
            case 8: Run<S, Rows8>(depth, queries, first, second, tile); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<S, R>(nint depth, float* queries, KeyBlock first, KeyBlock second, float* tile)
        where S : unmanaged
        where R : struct, IRows
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        nint bytes = depth * sizeof(S), next = 4 / sizeof(S) * R.Count, at = 0;
        for (; at <= bytes - 2 * Step; at += 2 * Step)
        {
            Fetch(first, second, at, bytes);
            Fetch(first, second, at + Step, bytes);
            Turn(first.Data + at, first.Step, out var x0, out var x1, out var x2, out var x3, out var x4, out var x5, out var x6,
                out var x7);
            Turn(second.Data + at, second.Step, out var y0, out var y1, out var y2, out var y3, out var y4, out var y5, out var y6,
                out var y7);
            Multiply<S, R>(x0, y0, queries + 0 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Multiply<S, R>(x1, y1, queries + 1 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Multiply<S, R>(x2, y2, queries + 2 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Multiply<S, R>(x3, y3, queries + 3 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Multiply<S, R>(x4, y4, queries + 4 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Multiply<S, R>(x5, y5, queries + 5 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Multiply<S, R>(x6, y6, queries + 6 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Multiply<S, R>(x7, y7, queries + 7 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            queries += 8 * next;
        }

        if (at < bytes)
        {
            Fetch(first, second, at, bytes);
            TurnHalf(first.Data + at, first.Step, out var x0, out var x1, out var x2, out var x3);
            TurnHalf(second.Data + at, second.Step, out var y0, out var y1, out var y2, out var y3);
            Multiply<S, R>(x0, y0, queries + 0 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Multiply<S, R>(x1, y1, queries + 1 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Multiply<S, R>(x2, y2, queries + 2 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Multiply<S, R>(x3, y3, queries + 3 * next,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
        }

        { a0.Store(tile); b0.Store(tile + 16); }
        if (R.Count > 1) { a1.Store(tile + 32); b1.Store(tile + 48); }
        if (R.Count > 2) { a2.Store(tile + 64); b2.Store(tile + 80); }
        if (R.Count > 3) { a3.Store(tile + 96); b3.Store(tile + 112); }
        if (R.Count > 4) { a4.Store(tile + 128); b4.Store(tile + 144); }
        if (R.Count > 5) { a5.Store(tile + 160); b5.Store(tile + 176); }
        if (R.Count > 6) { a6.Store(tile + 192); b6.Store(tile + 208); }
        if (R.Count > 7) { a7.Store(tile + 224); b7.Store(tile + 240); }
    }

    /// <summary>Turns 32 bytes of each of 16 keys over: the groups of 4 bytes at one place of all keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(byte* keys, nint step, out Vector512<uint> x0, out Vector512<uint> x1, out Vector512<uint> x2,
        out Vector512<uint> x3,
        out Vector512<uint> x4, out Vector512<uint> x5, out Vector512<uint> x6, out Vector512<uint> x7)
    {
        byte* more = keys + 8 * step;
        Vector512<float> a = Halves(keys, step), b = Halves(keys + step, step), c = Halves(keys + 2 * step, step),
            d = Halves(keys + 3 * step, step);
        Vector512<double> s0 = Avx512F.UnpackLow(a, b).AsDouble(), s1 = Avx512F.UnpackLow(c, d).AsDouble();
        Vector512<double> s2 = Avx512F.UnpackHigh(a, b).AsDouble(), s3 = Avx512F.UnpackHigh(c, d).AsDouble();
        a = Halves(more, step);
        b = Halves(more + step, step);
        c = Halves(more + 2 * step, step);
        d = Halves(more + 3 * step, step);
        Vector512<double> t0 = Avx512F.UnpackLow(a, b).AsDouble(), t1 = Avx512F.UnpackLow(c, d).AsDouble();
        Vector512<double> t2 = Avx512F.UnpackHigh(a, b).AsDouble(), t3 = Avx512F.UnpackHigh(c, d).AsDouble();
        Lanes(Avx512F.UnpackLow(s0, s1), Avx512F.UnpackLow(t0, t1), out x0, out x4);
        Lanes(Avx512F.UnpackHigh(s0, s1), Avx512F.UnpackHigh(t0, t1), out x1, out x5);
        Lanes(Avx512F.UnpackLow(s2, s3), Avx512F.UnpackLow(t2, t3), out x2, out x6);
        Lanes(Avx512F.UnpackHigh(s2, s3), Avx512F.UnpackHigh(t2, t3), out x3, out x7);
    }

    /// <summary>The even and the odd quarters of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lanes(Vector512<double> low, Vector512<double> high, out Vector512<uint> even, out Vector512<uint> odd)
    {
        even = Avx512F.Shuffle4x128(low.AsUInt32(), high.AsUInt32(), 0b10_00_10_00);
        odd = Avx512F.Shuffle4x128(low.AsUInt32(), high.AsUInt32(), 0b11_01_11_01);
    }

    /// <summary>32 bytes of a key and of the fourth after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Halves(byte* key, nint step) =>
        Avx512F.InsertVector256(Vector256.Load((double*)key).ToVector512Unsafe(), Vector256.Load((double*)(key + 4 * step)), 1).AsSingle();

    /// <summary><see cref="Turn"/> of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TurnHalf(byte* keys, nint step, out Vector512<uint> x0, out Vector512<uint> x1, out Vector512<uint> x2,
        out Vector512<uint> x3)
    {
        Vector512<float> a = Quarters(keys, step), b = Quarters(keys + step, step), c = Quarters(keys + 2 * step, step),
            d = Quarters(keys + 3 * step, step);
        Vector512<double> s0 = Avx512F.UnpackLow(a, b).AsDouble(), s1 = Avx512F.UnpackLow(c, d).AsDouble();
        Vector512<double> s2 = Avx512F.UnpackHigh(a, b).AsDouble(), s3 = Avx512F.UnpackHigh(c, d).AsDouble();
        x0 = Avx512F.UnpackLow(s0, s1).AsUInt32();
        x1 = Avx512F.UnpackHigh(s0, s1).AsUInt32();
        x2 = Avx512F.UnpackLow(s2, s3).AsUInt32();
        x3 = Avx512F.UnpackHigh(s2, s3).AsUInt32();
    }

    /// <summary>Brings lines of what comes next nearer, four of both blocks by turns: memory answers two streams best when both
    /// flow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(in KeyBlock first, in KeyBlock second, nint at, nint bytes)
    {
        Fetch(first, at / Step, bytes);
        Fetch(second, at / Step, bytes);
    }

    /// <summary>Four lines, in the order of memory, unless keys are apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(in KeyBlock block, nint number, nint bytes)
    {
        nint step = block.LineStep(bytes);
        byte* line = block.Next + (step == 64 ? number * 256 : (number >> 2) * 64 + (number & 3) * 4 * step);
        Sse.Prefetch0(line);
        Sse.Prefetch0(line + step);
        Sse.Prefetch0(line + 2 * step);
        Sse.Prefetch0(line + 3 * step);
    }

    /// <summary>Sixteen bytes of every fourth key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(byte* key, nint step)
    {
        byte* third = key + 8 * step;
        Vector512<float> x = Vector128.Load((float*)key).ToVector256Unsafe().ToVector512Unsafe();
        x = Avx512F.InsertVector128(x, Vector128.Load((float*)(key + 4 * step)), 1);
        x = Avx512F.InsertVector128(x, Vector128.Load((float*)third), 2);
        return Avx512F.InsertVector128(x, Vector128.Load((float*)(third + 4 * step)), 3);
    }

    /// <summary>One element of each key, or several from the lowest bits on, for all queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<S, R>(Vector512<uint> x, Vector512<uint> y, float* q,
        ref Vector512<float> a0, ref Vector512<float> a1, ref Vector512<float> a2, ref Vector512<float> a3,
        ref Vector512<float> a4, ref Vector512<float> a5, ref Vector512<float> a6, ref Vector512<float> a7,
        ref Vector512<float> b0, ref Vector512<float> b1, ref Vector512<float> b2, ref Vector512<float> b3,
        ref Vector512<float> b4, ref Vector512<float> b5, ref Vector512<float> b6, ref Vector512<float> b7)
        where S : unmanaged
        where R : struct, IRows
    {
        if (typeof(S) == typeof(float))
        {
            Add<R>(x.AsSingle(), y.AsSingle(), q,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
        }
        else if (typeof(S) == typeof(BFloat16))
        {
            Vector512<uint> high = Vector512.Create(0xFFFF0000u);
            Add<R>((x << 16).AsSingle(), (y << 16).AsSingle(), q,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Add<R>((x & high).AsSingle(), (y & high).AsSingle(), q + R.Count,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
        }
        else if (typeof(S) == typeof(Half))
        {
            Vector512<uint> low = Vector512.Create(0xFFFFu);
            Add<R>(Half512.Widen(x & low), Half512.Widen(y & low), q,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Add<R>(Half512.Widen(x >> 16), Half512.Widen(y >> 16), q + R.Count,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
        }
        else
        {
            Vector512<int> u = x.AsInt32(), v = y.AsInt32();
            Add<R>(Vector512.ConvertToSingle(u << 24 >> 24), Vector512.ConvertToSingle(v << 24 >> 24), q,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Add<R>(Vector512.ConvertToSingle(u << 16 >> 24), Vector512.ConvertToSingle(v << 16 >> 24), q + R.Count,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Add<R>(Vector512.ConvertToSingle(u << 8 >> 24), Vector512.ConvertToSingle(v << 8 >> 24), q + 2 * R.Count,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
            Add<R>(Vector512.ConvertToSingle(u >> 24), Vector512.ConvertToSingle(v >> 24), q + 3 * R.Count,
                ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6,
                ref b7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<R>(Vector512<float> x, Vector512<float> y, float* q,
        ref Vector512<float> a0, ref Vector512<float> a1, ref Vector512<float> a2, ref Vector512<float> a3,
        ref Vector512<float> a4, ref Vector512<float> a5, ref Vector512<float> a6, ref Vector512<float> a7,
        ref Vector512<float> b0, ref Vector512<float> b1, ref Vector512<float> b2, ref Vector512<float> b3,
        ref Vector512<float> b4, ref Vector512<float> b5, ref Vector512<float> b6, ref Vector512<float> b7)
        where R : struct, IRows
    {
        { Vector512<float> z = Vector512.Create(q[0]); a0 = Vector512.FusedMultiplyAdd(z, x, a0); b0 = Vector512.FusedMultiplyAdd(z, y, b0); }
        if (R.Count > 1) { Vector512<float> z = Vector512.Create(q[1]); a1 = Vector512.FusedMultiplyAdd(z, x, a1); b1 = Vector512.FusedMultiplyAdd(z, y, b1); }
        if (R.Count > 2) { Vector512<float> z = Vector512.Create(q[2]); a2 = Vector512.FusedMultiplyAdd(z, x, a2); b2 = Vector512.FusedMultiplyAdd(z, y, b2); }
        if (R.Count > 3) { Vector512<float> z = Vector512.Create(q[3]); a3 = Vector512.FusedMultiplyAdd(z, x, a3); b3 = Vector512.FusedMultiplyAdd(z, y, b3); }
        if (R.Count > 4) { Vector512<float> z = Vector512.Create(q[4]); a4 = Vector512.FusedMultiplyAdd(z, x, a4); b4 = Vector512.FusedMultiplyAdd(z, y, b4); }
        if (R.Count > 5) { Vector512<float> z = Vector512.Create(q[5]); a5 = Vector512.FusedMultiplyAdd(z, x, a5); b5 = Vector512.FusedMultiplyAdd(z, y, b5); }
        if (R.Count > 6) { Vector512<float> z = Vector512.Create(q[6]); a6 = Vector512.FusedMultiplyAdd(z, x, a6); b6 = Vector512.FusedMultiplyAdd(z, y, b6); }
        if (R.Count > 7) { Vector512<float> z = Vector512.Create(q[7]); a7 = Vector512.FusedMultiplyAdd(z, x, a7); b7 = Vector512.FusedMultiplyAdd(z, y, b7); }
    }
}
