using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Sums of products of 8-bit integers: exact in each block, the blocks added as floats over ascending k.</summary>
/// <remarks>A block adds <c>scale of the row * scale of the column * sum of integer * (integer - zero point)</c> by one fused multiply-add.</remarks>
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

    public void Multiply(in RowBlock block, int panel, int count, float* tiles, byte* room)
    {
        int tile = MicroKernel.MaxRows<V, float>() * Width;
        for (int i = 0; i < count; i++)
        {
            for (int row = block.Begin, number = 0; row < block.Begin + block.Rows; row++, number++)
            {
                float* to = tiles + ((nint)number * count + i) * tile;
                if (Width == 4 * Lanes) Whole(block.Group, panel + i, row, to);
                else if (Width >= Lanes) Part(block.Group, panel + i, row, to);
                else Plain(block.Group, panel + i, row, to);
            }
        }
    }

    /// <summary>A row times the 32 columns of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Whole(int group, int panel, int row, float* to)
    {
        byte* block = panels.Panel(group, panel);
        sbyte* x = rows.Integers(row);
        float* scales = rows.Scales(row);
        int* sums = rows.Sums(row);
        int words = panels.WordsOfBlock, step = (panels.BlockSize + 7) / 8 * 8;
        bool halves = panels.Bits == 4;
        Vector256<float> f0 = default, f1 = default, f2 = default, f3 = default;
        Vector256<byte> mask = Vector256.Create((byte)15);
        for (int b = 0; b < panels.Blocks; b++, block += panels.BlockBytes, x += step)
        {
            Vector256<int> c0, c1, c2, c3, d0 = default, d1 = default, d2 = default, d3 = default;
            if (panels.HasZeros)
            {
                Vector256<int> sum = Vector256.Create(-sums[b]);
                int* zeros = panels.Zeros(block);
                c0 = Vector256.Load(zeros) * sum;
                c1 = Vector256.Load(zeros + 8) * sum;
                c2 = Vector256.Load(zeros + 16) * sum;
                c3 = Vector256.Load(zeros + 24) * sum;
            }
            else
            {
                c0 = c1 = c2 = c3 = Vector256.Create(-panels.Offset * sums[b]);
            }
            byte* w = (byte*)panels.Words(block);
            int* q = (int*)x;
            if (halves)
            {
                for (int i = 0; i < words; i++, w += 128, q += 2)
                {
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch0(w + Ahead);
                        Sse.Prefetch0(w + Ahead + 64);
                    }
                    Vector256<sbyte> low = Vector256.Create(q[0]).AsSByte(), high = Vector256.Create(q[1]).AsSByte();
                    Vector256<byte> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 32), w2 = Vector256.Load(w + 64), w3 = Vector256.Load(w + 96);
                    c0 = Dot(c0, w0 & mask, low);
                    c1 = Dot(c1, w1 & mask, low);
                    c2 = Dot(c2, w2 & mask, low);
                    c3 = Dot(c3, w3 & mask, low);
                    d0 = Dot(d0, High(w0) & mask, high);
                    d1 = Dot(d1, High(w1) & mask, high);
                    d2 = Dot(d2, High(w2) & mask, high);
                    d3 = Dot(d3, High(w3) & mask, high);
                }
            }
            else
            {
                for (int i = 0; i < words; i++, w += 128, q++)
                {
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch0(w + Ahead);
                        Sse.Prefetch0(w + Ahead + 64);
                    }
                    Vector256<sbyte> some = Vector256.Create(q[0]).AsSByte();
                    c0 = Dot(c0, Vector256.Load(w), some);
                    c1 = Dot(c1, Vector256.Load(w + 32), some);
                    c2 = Dot(c2, Vector256.Load(w + 64), some);
                    c3 = Dot(c3, Vector256.Load(w + 96), some);
                }
            }
            float* columns = panels.Scales(block);
            Vector256<float> scale = Vector256.Create(scales[b]);
            f0 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(c0 + d0), Vector256.Load(columns) * scale, f0);
            f1 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(c1 + d1), Vector256.Load(columns + 8) * scale, f1);
            f2 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(c2 + d2), Vector256.Load(columns + 16) * scale, f2);
            f3 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(c3 + d3), Vector256.Load(columns + 24) * scale, f3);
        }
        f0.Store(to);
        f1.Store(to + 8);
        f2.Store(to + 16);
        f3.Store(to + 24);
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
                sum = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(product), Vector256.Load(panels.Scales(block) + lane) * Vector256.Create(rows.Scales(row)[b]), sum);
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
