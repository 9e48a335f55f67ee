using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Packing: the form in which <see cref="MicroKernel"/> reads both operands.</summary>
/// <remarks>
/// A panel holds a few lanes (rows of A, columns of B) over all of k: lane after lane for k = 0, then for k = 1, and so on. The two
/// operands differ only in how many lanes a panel has, so one routine packs both, from either storage order.
/// </remarks>
internal static unsafe class Panel
{
    /// <summary>How much of a lane is widened at once before it is transposed.</summary>
    private const int Strip = 64;

    /// <summary>The greatest number of lanes a panel can have.</summary>
    public const int MaxWidth = 32;

    /// <summary>Packs <paramref name="lanes"/> lanes of <paramref name="depth"/> elements; lanes up to <paramref name="width"/> become 0.</summary>
    /// <remarks>One of the two strides is 1, or of no meaning because there is a single lane or element.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack<V, T, C>(T* source, nint laneStride, nint depthStride, int lanes, nint depth, C* panel, int width)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
    {
        if (laneStride == 1 || lanes == 1)
        {
            if (lanes == 1 && width == 1 && depthStride == 1) PackLane<V, T, C>(source, depth, panel);
            else PackRows<V, T, C>(source, depthStride, lanes, depth, panel, width);
            return;
        }
        if (lanes < width) new Span<C>(panel, checked((int)depth * width)).Clear();
        if (typeof(T) == typeof(C))
        {
            Transpose((C*)source, laneStride, lanes, depth, panel, width);
            return;
        }
        C* strip = stackalloc C[MaxWidth * Strip];
        for (nint k = 0; k < depth; k += Strip)
        {
            nint count = nint.Min(Strip, depth - k);
            for (int lane = 0; lane < lanes; lane++) PackLane<V, T, C>(source + lane * laneStride + k, count, strip + lane * Strip);
            Transpose(strip, Strip, lanes, count, panel + k * width, width);
        }
    }

    /// <summary>A run of consecutive elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackLane<V, T, C>(T* source, nint count, C* destination)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
    {
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) V.Store(Storage<V, T, C>.Load(source + i), destination + i);
        if (i < count) V.StorePartial(Storage<V, T, C>.LoadPartial(source + i, (int)(count - i)), destination + i, (int)(count - i));
    }

    /// <summary>Lanes that are neighbours in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRows<V, T, C>(T* source, nint depthStride, int lanes, nint depth, C* panel, int width)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
    {
        if (width == 2 * V.Count && lanes == width)
        {
            for (; depth > 0; depth--)
            {
                if (Sse.IsSupported) Sse.Prefetch0(source + 16 * depthStride);
                V first = Storage<V, T, C>.Load(source), second = Storage<V, T, C>.Load(source + V.Count);
                V.Store(first, panel);
                V.Store(second, panel + V.Count);
                source += depthStride;
                panel += width;
            }
            return;
        }
        for (; depth > 0; depth--)
        {
            int lane = 0;
            for (; lane <= lanes - V.Count; lane += V.Count) V.Store(Storage<V, T, C>.Load(source + lane), panel + lane);
            for (; lane < width; lane += V.Count)
                Storage<V, C, C>.StorePartial(Storage<V, T, C>.LoadPartial(source + lane, lanes - lane), panel + lane, width - lane);
            source += depthStride;
            panel += width;
        }
    }

    /// <summary>Lanes each of which is consecutive in memory: squares of 16 bytes a side, the last ones moved back so as to end with the panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<C>(C* source, nint laneStride, int lanes, nint depth, C* panel, int width)
        where C : unmanaged
    {
        int side = 16 / sizeof(C);
        if (lanes < side || depth < side)
        {
            for (nint k = 0; k < depth; k++)
                for (int lane = 0; lane < lanes; lane++)
                    panel[k * width + lane] = source[lane * laneStride + k];
            return;
        }
        // A cache line of each lane at a time: lanes are often a power of two apart, and would push each other out of the cache.
        int line = 64 / sizeof(C);
        for (nint block = 0; block < depth; block += line)
        {
            nint end = nint.Min(block + line, depth);
            for (int nextLane = 0; nextLane < lanes; nextLane += side)
            {
                int lane = int.Min(nextLane, lanes - side);
                for (nint next = block; next < end; next += side)
                {
                    nint k = nint.Min(next, depth - side);
                    if (sizeof(C) == 4) Square4((float*)(source + lane * laneStride + k), laneStride, (float*)(panel + k * width + lane), width);
                    else Square2((double*)(source + lane * laneStride + k), laneStride, (double*)(panel + k * width + lane), width);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square4(float* source, nint from, float* panel, nint to)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + from);
        Vector128<float> c = Vector128.Load(source + 2 * from), d = Vector128.Load(source + 3 * from);
        if (Sse.IsSupported)
        {
            Vector128<float> ab = Sse.UnpackLow(a, b), cd = Sse.UnpackLow(c, d), AB = Sse.UnpackHigh(a, b), CD = Sse.UnpackHigh(c, d);
            Sse.MoveLowToHigh(ab, cd).Store(panel);
            Sse.MoveHighToLow(cd, ab).Store(panel + to);
            Sse.MoveLowToHigh(AB, CD).Store(panel + 2 * to);
            Sse.MoveHighToLow(CD, AB).Store(panel + 3 * to);
        }
        else
        {
            for (int i = 0; i < 4; i++) Vector128.Create(a[i], b[i], c[i], d[i]).Store(panel + i * to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square2(double* source, nint from, double* panel, nint to)
    {
        Vector128<double> a = Vector128.Load(source), b = Vector128.Load(source + from);
        Vector128.Create(a.GetLower(), b.GetLower()).Store(panel);
        Vector128.Create(a.GetUpper(), b.GetUpper()).Store(panel + to);
    }
}
