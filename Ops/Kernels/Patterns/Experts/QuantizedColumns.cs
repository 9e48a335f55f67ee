using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Panels of packed integers, turned into the floats they stand for a part at a time: (integer - zero point) * scale, rounded
/// once.</summary>
/// <typeparam name="V">Vectors of float.</typeparam>
/// <typeparam name="U">As many words.</typeparam>
internal readonly unsafe struct QuantizedColumns<V, U>(QuantizedPanels panels) : IColumnSource
    where V : struct, ISimd<V, float>
    where U : struct, ISimd<U, uint>
{
    /// <summary>The float 2^23, whose last bit is worth 1: an integer in its place of the significand is the integer plus 2^23.</summary>
    private const uint Magic = 0x4B000000;

    /// <summary>How far ahead of the integers to fetch.</summary>
    private const int IntegersAhead = 2048;

    public static bool IsNear => true;

    public int Depth(int all, bool few)
    {
        int wanted = few ? 64 : 256, size = panels.BlockSize;
        return int.Min(all, size % 8 == 0 ? wanted : size * int.Max(1, wanted / size));
    }

    public float* Find(int group, int panel, int k, int length, int rowPanels, float* room, out nint step)
    {
        step = 2 * V.Count;
        float* to = room;
        for (int end = k + length; k < end;)
        {
            int block = k / panels.BlockSize, from = k - block * panels.BlockSize, count = int.Min(end - k, panels.BlockSize - from);
            byte* source = panels.Block(group, panel, block);
            if (V.Count == 16 && Avx512F.IsSupported && panels.Bits == 4 && !panels.HasZeros) Look(source, from, count, to);
            else Decode(source, from, count, to);
            to += count * 2 * V.Count;
            k += count;
        }
        return room;
    }

    public Lookahead Ahead(int pass, int passes, nint length, nint step) => new(0, step);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decode(byte* block, int from, int count, float* to)
    {
        int bits = panels.Bits, unit = 32 / bits;
        U mask = U.Constant((1 << bits) - 1), magic = U.Create(Magic);
        float* scales = panels.Scales(block);
        V s0 = V.Load(scales), s1 = V.Load(scales + V.Count), z0, z1;
        if (panels.HasZeros)
        {
            uint* zeros = (uint*)panels.Zeros(block);
            z0 = Unsafe.BitCast<U, V>(U.Load(zeros) | magic);
            z1 = Unsafe.BitCast<U, V>(U.Load(zeros + U.Count) | magic);
        }
        else
        {
            z0 = z1 = Unsafe.BitCast<U, V>(magic | U.Constant(panels.Offset));
        }
        uint* words = panels.Words(block) + from / unit * 2 * U.Count;
        for (int place = 0; place < count; words += 2 * U.Count)
        {
            if (Sse.IsSupported) Sse.Prefetch0((byte*)words + IntegersAhead);
            U w0 = U.Load(words), w1 = U.Load(words + U.Count);
            for (int i = 0; i < unit && place < count; i++, place++, to += 2 * V.Count)
            {
                U shift = U.Constant(bits == 8 ? 8 * i : i < 4 ? 8 * i : 8 * (i - 4) + 4);
                V.Store((Unsafe.BitCast<U, V>((U.ShiftRight(w0, shift) & mask) | magic) - z0) * s0, to);
                V.Store((Unsafe.BitCast<U, V>((U.ShiftRight(w1, shift) & mask) | magic) - z1) * s1, to + V.Count);
            }
        }
    }

    /// <summary>4-bit integers whose zero is the same everywhere: a table of 16 has what each stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Look(byte* block, int from, int count, float* to)
    {
        Vector512<float> table = Vector512<float>.Indices - Vector512.Create((float)panels.Offset);
        float* scales = panels.Scales(block);
        Vector512<float> s0 = Vector512.Load(scales), s1 = Vector512.Load(scales + 16);
        uint* words = panels.Words(block) + from / 8 * 32;
        for (; count >= 8; count -= 8, words += 32, to += 8 * 32)
        {
            Sse.Prefetch0((byte*)words + IntegersAhead);
            Sse.Prefetch0((byte*)words + IntegersAhead + 64);
            Vector512<int> w0 = Vector512.Load((int*)words), w1 = Vector512.Load((int*)words + 16);
            Put(table, w0, w1, s0, s1, to);
            Put(table, w0 >>> 8, w1 >>> 8, s0, s1, to + 32);
            Put(table, w0 >>> 16, w1 >>> 16, s0, s1, to + 64);
            Put(table, w0 >>> 24, w1 >>> 24, s0, s1, to + 96);
            Put(table, w0 >>> 4, w1 >>> 4, s0, s1, to + 128);
            Put(table, w0 >>> 12, w1 >>> 12, s0, s1, to + 160);
            Put(table, w0 >>> 20, w1 >>> 20, s0, s1, to + 192);
            Put(table, w0 >>> 28, w1 >>> 28, s0, s1, to + 224);
        }
        if (count == 0) return;
        Vector512<int> r0 = Vector512.Load((int*)words), r1 = Vector512.Load((int*)words + 16);
        for (int k = 0; k < count; k++)
        {
            int shift = k < 4 ? 8 * k : 8 * (k - 4) + 4;
            Put(table, r0 >>> shift, r1 >>> shift, s0, s1, to + k * 32);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<float> table, Vector512<int> first, Vector512<int> second, Vector512<float> s0, Vector512<float> s1,
        float* to)
    {
        (Avx512F.PermuteVar16x32(table, first) * s0).Store(to);
        (Avx512F.PermuteVar16x32(table, second) * s1).Store(to + 16);
    }
}
