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

    /// <summary>Packs <paramref name="lanes"/> lanes of <paramref name="depth"/> elements; lanes up to <paramref name="width"/> become
    /// 0.</summary>
    /// <remarks>One of the two strides is 1, or of no meaning because there is a single lane or element.</remarks>
    [SkipLocalsInit]
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
        for (; i <= count - V.Count; i += V.Count) V.Store(Elements<V, T, C>.Load(source + i), destination + i);
        if (i < count) V.StorePartial(Elements<V, T, C>.LoadPartial(source + i, (int)(count - i)), destination + i, (int)(count - i));
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
                V first = Elements<V, T, C>.Load(source), second = Elements<V, T, C>.Load(source + V.Count);
                V.Store(first, panel);
                V.Store(second, panel + V.Count);
                source += depthStride;
                panel += width;
            }
            return;
        }
        if (lanes < width) new Span<C>(panel, checked((int)depth * width)).Clear();
        for (; depth > 0; depth--)
        {
            if (typeof(T) == typeof(C)) Copy((byte*)source, (byte*)panel, lanes * sizeof(C));
            else PackLane<V, T, C>(source, lanes, panel);
            source += depthStride;
            panel += width;
        }
    }

    /// <summary>Copies a few 4- or 8-byte elements, the last ones twice if they are not a multiple of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(byte* source, byte* destination, int bytes)
    {
        if (bytes >= 16)
        {
            for (int at = 0; at < bytes - 16; at += 16) Vector128.Load(source + at).Store(destination + at);
            Vector128.Load(source + bytes - 16).Store(destination + bytes - 16);
        }
        else
        {
            for (int at = 0; at < bytes; at += 4) *(uint*)(destination + at) = *(uint*)(source + at);
        }
    }

    /// <summary>Lanes each of which is consecutive in memory.</summary>
    private static void Transpose<C>(C* source, nint laneStride, int lanes, nint depth, C* panel, int width)
        where C : unmanaged
    {
        if (lanes < Side<C>() || depth < Side<C>())
        {
            for (nint k = 0; k < depth; k++)
                for (int lane = 0; lane < lanes; lane++)
                    panel[k * width + lane] = source[lane * laneStride + k];
        }
        else if (sizeof(C) == 4)
        {
            if (lanes >= FourSquares4.Lanes && Avx512F.IsSupported)
                Turn<float, FourSquares4>((float*)source, laneStride, lanes, depth, (float*)panel, width);
            else if (lanes >= TwoSquares4.Lanes && Avx.IsSupported)
                Turn<float, TwoSquares4>((float*)source, laneStride, lanes, depth, (float*)panel, width);
            else
                Turn<float, Square4>((float*)source, laneStride, lanes, depth, (float*)panel, width);
        }
        else
        {
            if (lanes >= TwoSquares2.Lanes && Avx.IsSupported)
                Turn<double, TwoSquares2>((double*)source, laneStride, lanes, depth, (double*)panel, width);
            else
                Turn<double, Square2>((double*)source, laneStride, lanes, depth, (double*)panel, width);
        }
    }

    /// <summary>Turns squares over, the last ones moved back so as to end where the panel does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn<C, S>(C* source, nint laneStride, int lanes, nint depth, C* panel, nint width)
        where C : unmanaged
        where S : struct, ISquares<C>
    {
        nint begin = 0;
        if (sizeof(C) == sizeof(float) && S.Lanes == Transpose16.Side)
        {
            // Lanes to their end: the next ones may still be on their way from memory.
            begin = depth - depth % Transpose16.Side;
            for (int next = 0; next < lanes; next += S.Lanes)
            {
                int lane = int.Min(next, lanes - S.Lanes);
                for (nint k = 0; k < begin; k += Transpose16.Side)
                    Transpose16.Turn((float*)(source + lane * laneStride + k), laneStride, (float*)(panel + k * width + lane), width);
            }
        }

        // A cache line of each lane at a time: lanes are often a power of two apart, and would push each other out of the cache.
        nint line = 64 / sizeof(C), whole = depth - depth % Side<C>();
        for (nint block = begin; block < whole; block += line)
        {
            nint end = nint.Min(block + line, whole);
            for (int next = 0; next < lanes; next += S.Lanes)
            {
                int lane = int.Min(next, lanes - S.Lanes);
                C* from = source + lane * laneStride + block, to = panel + block * width + lane;
                for (nint k = block; k < end; k += Side<C>())
                {
                    S.Turn(from, laneStride, to, width);
                    from += Side<C>();
                    to += Side<C>() * width;
                }
            }
        }
        if (whole == depth) return;
        for (int next = 0; next < lanes; next += S.Lanes)
        {
            int lane = int.Min(next, lanes - S.Lanes);
            S.Turn(source + lane * laneStride + depth - Side<C>(), laneStride, panel + (depth - Side<C>()) * width + lane, width);
        }
    }

    /// <summary>The elements along 16 bytes.</summary>
    private static int Side<C>()
        where C : unmanaged => 16 / sizeof(C);
}
