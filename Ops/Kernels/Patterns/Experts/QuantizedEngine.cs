using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Sums of products of floats and of the floats that packed integers stand for; the same bits as <see cref="FloatEngine{V, S}"/>
/// gives for those.</summary>
internal readonly unsafe struct QuantizedEngine<V, U>(float* rows, QuantizedPanels panels) : IFloatEngine<QuantizedEngine<V, U>>
    where V : struct, ISimd<V, float>
    where U : struct, ISimd<U, uint>
{
    /// <summary>How far ahead of the integers to fetch.</summary>
    private const int Ahead = 2048;

    private readonly FloatEngine<V, QuantizedColumns<V, U>> inner = new(rows, panels.Depth, new QuantizedColumns<V, U>(panels));

    public static bool TakesSeveralPanels => true;

    public QuantizedEngine<V, U> On(float* other) => new(other, panels);

    public nint RoomBytes => inner.RoomBytes;

    /// <summary>Whether a single row need not have its weights written out as floats first.</summary>
    private bool IsDirect => V.Count == 16 && Avx512F.IsSupported && panels.Bits == 4 && !panels.HasZeros && panels.BlockSize % 8 == 0;

    public void Multiply<O>(in RowBlock block, int panel, int count, float* tiles, byte* room, in O sink)
        where O : struct, ITileSink
    {
        if (block.Rows != 1 || count % 2 != 0 || !IsDirect)
        {
            inner.Multiply(block, panel, count, tiles, room, sink);
            return;
        }
        int tile = MicroKernel.MaxRows<V, float>() * 32;
        for (int i = 0; i < count; i += 2)
            Pair(rows + (nint)block.Begin * panels.Depth, panels.Panel(block.Group, panel + i), panels.Panel(block.Group, panel + i + 1),
                tiles + i * tile, tiles + (i + 1) * tile);
    }

    /// <summary>One row times two panels: a table of 16 has what each integer stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pair(float* x, byte* first, byte* second, float* to, float* next)
    {
        Vector512<float> table = Vector512<float>.Indices - Vector512.Create((float)panels.Offset);
        Vector512<float> c0 = default, c1 = default, d0 = default, d1 = default;
        for (int k = 0; k < panels.Depth; first += panels.BlockBytes, second += panels.BlockBytes)
        {
            float* scales = panels.Scales(first), others = panels.Scales(second);
            Vector512<float> s0 = Vector512.Load(scales), s1 = Vector512.Load(scales + 16), t0 = Vector512.Load(others),
                t1 = Vector512.Load(others + 16);
            int* w = (int*)panels.Words(first), v = (int*)panels.Words(second);
            int end = int.Min(k + panels.BlockSize, panels.Depth);
            for (; k <= end - 8; k += 8, w += 32, v += 32, x += 8)
            {
                Sse.Prefetch0((byte*)w + Ahead);
                Sse.Prefetch0((byte*)w + Ahead + 64);
                Sse.Prefetch0((byte*)v + Ahead);
                Sse.Prefetch0((byte*)v + Ahead + 64);
                Vector512<int> w0 = Vector512.Load(w), w1 = Vector512.Load(w + 16), v0 = Vector512.Load(v), v1 = Vector512.Load(v + 16);
                Step(x[0], table, w0, w1, v0, v1, s0, s1, t0, t1, ref c0, ref c1, ref d0, ref d1);
                Step(x[1], table, w0 >>> 8, w1 >>> 8, v0 >>> 8, v1 >>> 8, s0, s1, t0, t1, ref c0, ref c1, ref d0, ref d1);
                Step(x[2], table, w0 >>> 16, w1 >>> 16, v0 >>> 16, v1 >>> 16, s0, s1, t0, t1, ref c0, ref c1, ref d0, ref d1);
                Step(x[3], table, w0 >>> 24, w1 >>> 24, v0 >>> 24, v1 >>> 24, s0, s1, t0, t1, ref c0, ref c1, ref d0, ref d1);
                Step(x[4], table, w0 >>> 4, w1 >>> 4, v0 >>> 4, v1 >>> 4, s0, s1, t0, t1, ref c0, ref c1, ref d0, ref d1);
                Step(x[5], table, w0 >>> 12, w1 >>> 12, v0 >>> 12, v1 >>> 12, s0, s1, t0, t1, ref c0, ref c1, ref d0, ref d1);
                Step(x[6], table, w0 >>> 20, w1 >>> 20, v0 >>> 20, v1 >>> 20, s0, s1, t0, t1, ref c0, ref c1, ref d0, ref d1);
                Step(x[7], table, w0 >>> 28, w1 >>> 28, v0 >>> 28, v1 >>> 28, s0, s1, t0, t1, ref c0, ref c1, ref d0, ref d1);
            }
            for (int place = 0; k < end; k++, place++, x++)
            {
                int shift = place < 4 ? 8 * place : 8 * (place - 4) + 4;
                Step(*x, table, Vector512.Load(w) >>> shift, Vector512.Load(w + 16) >>> shift,
                    Vector512.Load(v) >>> shift, Vector512.Load(v + 16) >>> shift,
                    s0, s1, t0, t1, ref c0, ref c1, ref d0, ref d1);
            }
        }
        c0.Store(to);
        c1.Store(to + 16);
        d0.Store(next);
        d1.Store(next + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        float x, Vector512<float> table, Vector512<int> w0, Vector512<int> w1, Vector512<int> v0, Vector512<int> v1, Vector512<float> s0,
        Vector512<float> s1,
        Vector512<float> t0, Vector512<float> t1, ref Vector512<float> c0, ref Vector512<float> c1, ref Vector512<float> d0,
        ref Vector512<float> d1)
    {
        Vector512<float> all = Vector512.Create(x);
        c0 = Vector512.FusedMultiplyAdd(all, Avx512F.PermuteVar16x32(table, w0) * s0, c0);
        c1 = Vector512.FusedMultiplyAdd(all, Avx512F.PermuteVar16x32(table, w1) * s1, c1);
        d0 = Vector512.FusedMultiplyAdd(all, Avx512F.PermuteVar16x32(table, v0) * t0, d0);
        d1 = Vector512.FusedMultiplyAdd(all, Avx512F.PermuteVar16x32(table, v1) * t1, d1);
    }
}
