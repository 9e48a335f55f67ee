using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Sums of products of 8-bit integers: exact in each block, the blocks added as floats over ascending k.</summary>
/// <remarks>A block adds <c>scale of the row * scale of the column * sum of integer * (integer - zero point)</c> by one fused
/// multiply-add.</remarks>
internal readonly unsafe struct IntegerEngine<V>(QuantizedRows rows, QuantizedPanels panels) : ITileEngine
    where V : struct, ISimd<V, float>
{
    /// <summary>The longest block whose sums fit 32 bits.</summary>
    public const int MaxBlock = 1 << 15;

    /// <summary>Columns of a group of lanes.</summary>
    private const int Lanes = 8;

    /// <summary>How far ahead of the integers to fetch.</summary>
    private const int Ahead = 2048;

    public static bool TakesSeveralPanels => false;

    public nint RoomBytes => 0;

    private static int Width => MicroKernel.PanelVectors * V.Count;

    public void Multiply<O>(in RowBlock block, int panel, int count, float* tiles, byte* room, in O sink)
        where O : struct, ITileSink
    {
        int tile = MicroKernel.MaxRows<V, float>() * Width;
        for (int i = 0; i < count; i++)
        {
            int end = block.Begin + block.Rows, row = block.Begin;
            float* to = tiles + (nint)i * tile;
            nint next = (nint)count * tile;
            for (; Width == 4 * Lanes && row + 1 < end; row += 2, to += 2 * next) Whole<Rows2>(block.Group, panel + i, row, to, to + next);
            for (; row < end; row++, to += next)
            {
                if (Width == 4 * Lanes) Whole<Rows1>(block.Group, panel + i, row, to, to);
                else if (Width >= Lanes) Part(block.Group, panel + i, row, to);
                else Plain(block.Group, panel + i, row, to);
            }
        }
    }

    /// <summary>A row, or two neighbours, times the 32 columns of a panel; the sums of a row are the same either way.</summary>
    /// <remarks>The sums of a block are all that registers hold; those over the blocks are kept where they belong.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Whole<R>(int group, int panel, int row, float* to, float* next)
        where R : struct, IRows
    {
        byte* block = panels.Panel(group, panel);
        sbyte* x = rows.Integers(row), y = R.Count > 1 ? rows.Integers(row + 1) : x;
        float* xScales = rows.Scales(row), yScales = R.Count > 1 ? rows.Scales(row + 1) : xScales;
        int* xSums = rows.Sums(row), ySums = R.Count > 1 ? rows.Sums(row + 1) : xSums;
        int words = panels.WordsOfBlock, step = (panels.BlockSize + 7) / 8 * 8;
        bool halves = panels.Bits == 4;
        for (int i = 0; i < 4 * Lanes; i += Lanes)
        {
            Vector256<float>.Zero.Store(to + i);
            if (R.Count > 1) Vector256<float>.Zero.Store(next + i);
        }

        for (int b = 0; b < panels.Blocks; b++, block += panels.BlockBytes, x += step, y += step)
        {
            Vector256<int> c0, c1, c2, c3, d0 = default, d1 = default, d2 = default, d3 = default;
            if (panels.HasZeros)
            {
                int* zeros = panels.Zeros(block);
                Vector256<int> z0 = Vector256.Load(zeros), z1 = Vector256.Load(zeros + 8), z2 = Vector256.Load(zeros + 16),
                    z3 = Vector256.Load(zeros + 24);
                Vector256<int> sum = Vector256.Create(-xSums[b]);
                (c0, c1, c2, c3) = (z0 * sum, z1 * sum, z2 * sum, z3 * sum);
                if (R.Count > 1)
                {
                    sum = Vector256.Create(-ySums[b]);
                    (d0, d1, d2, d3) = (z0 * sum, z1 * sum, z2 * sum, z3 * sum);
                }
            }
            else
            {
                c0 = c1 = c2 = c3 = Vector256.Create(-panels.Offset * xSums[b]);
                if (R.Count > 1) d0 = d1 = d2 = d3 = Vector256.Create(-panels.Offset * ySums[b]);
            }

            byte* w = (byte*)panels.Words(block);
            int* p = (int*)x, q = (int*)y;
            if (halves)
            {
                Vector256<byte> mask = Vector256.Create((byte)15);
                for (int i = 0; i < words; i++, w += 128, p += 2, q += 2)
                {
                    Fetch(w);
                    Vector256<sbyte> p0 = Vector256.Create(p[0]).AsSByte(), p1 = Vector256.Create(p[1]).AsSByte();
                    Vector256<sbyte> q0 = R.Count > 1 ? Vector256.Create(q[0]).AsSByte() : p0,
                        q1 = R.Count > 1 ? Vector256.Create(q[1]).AsSByte() : p1;
                    (Vector256<byte> low, Vector256<byte> high) = Halves(w, mask);
                    c0 = Dot(Dot(c0, low, p0), high, p1);
                    if (R.Count > 1) d0 = Dot(Dot(d0, low, q0), high, q1);
                    (low, high) = Halves(w + 32, mask);
                    c1 = Dot(Dot(c1, low, p0), high, p1);
                    if (R.Count > 1) d1 = Dot(Dot(d1, low, q0), high, q1);
                    (low, high) = Halves(w + 64, mask);
                    c2 = Dot(Dot(c2, low, p0), high, p1);
                    if (R.Count > 1) d2 = Dot(Dot(d2, low, q0), high, q1);
                    (low, high) = Halves(w + 96, mask);
                    c3 = Dot(Dot(c3, low, p0), high, p1);
                    if (R.Count > 1) d3 = Dot(Dot(d3, low, q0), high, q1);
                }
            }
            else
            {
                for (int i = 0; i < words; i++, w += 128, p++, q++)
                {
                    Fetch(w);
                    Vector256<sbyte> some = Vector256.Create(p[0]).AsSByte(),
                        others = R.Count > 1 ? Vector256.Create(q[0]).AsSByte() : some;
                    Vector256<byte> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 32), w2 = Vector256.Load(w + 64),
                        w3 = Vector256.Load(w + 96);
                    (c0, c1, c2, c3) = (Dot(c0, w0, some), Dot(c1, w1, some), Dot(c2, w2, some), Dot(c3, w3, some));
                    if (R.Count > 1)
                        (d0, d1, d2, d3) = (Dot(d0, w0, others), Dot(d1, w1, others), Dot(d2, w2, others), Dot(d3, w3, others));
                }
            }

            float* columns = panels.Scales(block);
            Vector256<float> s0 = Vector256.Load(columns), s1 = Vector256.Load(columns + 8), s2 = Vector256.Load(columns + 16),
                s3 = Vector256.Load(columns + 24);
            Vector256<float> scale = Vector256.Create(xScales[b]);
            Add(c0, s0 * scale, to);
            Add(c1, s1 * scale, to + 8);
            Add(c2, s2 * scale, to + 16);
            Add(c3, s3 * scale, to + 24);
            if (R.Count > 1)
            {
                scale = Vector256.Create(yScales[b]);
                Add(d0, s0 * scale, next);
                Add(d1, s1 * scale, next + 8);
                Add(d2, s2 * scale, next + 16);
                Add(d3, s3 * scale, next + 24);
            }
        }
    }

    /// <summary>Adds the sums of a block to those before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<int> sums, Vector256<float> scales, float* to) =>
        Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(sums), scales, Vector256.Load(to)).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(byte* words)
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch0(words + Ahead);
        Sse.Prefetch0(words + Ahead + 64);
    }

    /// <summary>A row times the columns of a narrower panel, 8 at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Part(int group, int panel, int row, float* to)
    {
        int words = panels.WordsOfBlock, step = (panels.BlockSize + 7) / 8 * 8;
        Vector256<byte> mask = Vector256.Create((byte)15);
        for (int lane = 0; lane < Width; lane += Lanes)
        {
            byte* block = panels.Panel(group, panel);
            sbyte* x = rows.Integers(row);
            Vector256<float> sum = default;
            for (int b = 0; b < panels.Blocks; b++, block += panels.BlockBytes, x += step)
            {
                Vector256<int> zero = panels.HasZeros ? Vector256.Load(panels.Zeros(block) + lane) : Vector256.Create(panels.Offset);
                Vector256<int> product = zero * Vector256.Create(-rows.Sums(row)[b]);
                uint* w = panels.Words(block) + lane;
                int* q = (int*)x;
                for (int i = 0; i < words; i++, w += Width)
                {
                    Vector256<byte> some = Vector256.Load((byte*)w);
                    if (panels.Bits == 4)
                    {
                        product = Dot(product, some & mask, Vector256.Create(q[2 * i]).AsSByte());
                        product = Dot(product, High(some) & mask, Vector256.Create(q[2 * i + 1]).AsSByte());
                    }
                    else
                    {
                        product = Dot(product, some, Vector256.Create(q[i]).AsSByte());
                    }
                }
                sum = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(product),
                    Vector256.Load(panels.Scales(block) + lane) * Vector256.Create(rows.Scales(row)[b]), sum);
            }
            sum.Store(to + lane);
        }
    }

    /// <summary>A row times a panel of a few columns.</summary>
    private void Plain(int group, int panel, int row, float* to)
    {
        int unit = QuantizedExperts.UnitOf(panels.Bits), step = (panels.BlockSize + 7) / 8 * 8;
        for (int lane = 0; lane < Width; lane++)
        {
            float sum = 0;
            for (int b = 0; b < panels.Blocks; b++)
            {
                byte* block = panels.Block(group, panel, b);
                sbyte* x = rows.Integers(row) + b * step;
                int product = -(panels.HasZeros ? panels.Zeros(block)[lane] : panels.Offset) * rows.Sums(row)[b];
                for (int k = 0; k < panels.WordsOfBlock * unit && k < step; k++)
                {
                    uint word = panels.Words(block)[k / unit * Width + lane];
                    int place = k % unit, shift = panels.Bits == 8 ? 8 * place : place < 4 ? 8 * place : 8 * (place - 4) + 4;
                    product += (int)(word >> shift & ((1u << panels.Bits) - 1)) * x[k];
                }
                sum = float.FusedMultiplyAdd(product, panels.Scales(block)[lane] * rows.Scales(row)[b], sum);
            }
            to[lane] = sum;
        }
    }

    /// <summary>The low and the high halves of 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<byte> Low, Vector256<byte> High) Halves(byte* words, Vector256<byte> mask)
    {
        Vector256<byte> all = Vector256.Load(words);
        return (all & mask, High(all) & mask);
    }

    /// <summary>The high halves of bytes, as their low halves; the rest is not clean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> High(Vector256<byte> value) => (value.AsUInt16() >>> 4).AsByte();

    /// <summary>Adds to each lane the products of its four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot(Vector256<int> sum, Vector256<byte> left, Vector256<sbyte> right)
    {
        if (AvxVnni.IsSupported) return AvxVnni.MultiplyWideningAndAdd(sum, left, right);
        // Products of bytes fit 16 bits, their sums do not.
        Vector256<short> even = (left.AsInt16() & Vector256.Create((short)255)) * (right.AsInt16() << 8 >> 8);
        Vector256<short> odd = (left.AsUInt16() >>> 8).AsInt16() * (right.AsInt16() >> 8);
        return sum + (even.AsInt32() << 16 >> 16) + (even.AsInt32() >> 16) + (odd.AsInt32() << 16 >> 16) + (odd.AsInt32() >> 16);
    }
}
