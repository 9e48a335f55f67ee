using Ops.Simd;

namespace Ops.Kernels;

/// <summary>A product of each row with the matrices of the groups it picks.</summary>
internal static unsafe class GroupedProduct
{
    /// <summary>The bytes of packed rows that are worked on at once.</summary>
    private const long MaxRowBytes = 256 << 20;

    /// <summary>y[m, j, :] = x[m, :] weights[indices[m, j], :, :] + bias[indices[m, j], :].</summary>
    /// <param name="x">T[M, K].</param>
    /// <param name="weights">T[G, K, N].</param>
    /// <param name="indices">int64[M, k], each in 0..&lt;G.</param>
    /// <param name="bias">T[G, N], or absent.</param>
    /// <param name="y">T[M, k, N].</param>
    /// <remarks>Each element is one chain of fused multiply-adds over ascending K, then the bias, whatever the other rows and the
    /// threads.</remarks>
    public static void Run<T>(in Operand x, in Operand weights, in Operand indices, in Operand bias, in Operand y)
        where T : unmanaged
    {
        if (y.Length == 0) return;
        PackedOperand? packed = weights.Packed;
        switch (packed?.Level ?? Isa.Level)
        {
            case IsaLevel.Bits512: Run<Simd512<float>, Simd512<uint>, T>(x, weights, indices, bias, y); break;
            case IsaLevel.Bits256: Run<Simd256<float>, Simd256<uint>, T>(x, weights, indices, bias, y); break;
            case IsaLevel.Bits128: Run<Simd128<float>, Simd128<uint>, T>(x, weights, indices, bias, y); break;
            default: Run<Simd1<float>, Simd1<uint>, T>(x, weights, indices, bias, y); break;
        }
        GC.KeepAlive(packed);
    }

    /// <summary>The columns of plain weights T[G, K, N].</summary>
    public static GroupedColumns ColumnsOf(in Operand weights) => new(checked((int)weights.Dims[2]), 1, false);

    private static void Run<V, U, T>(in Operand x, in Operand weights, in Operand indices, in Operand bias, in Operand y)
        where V : struct, ISimd<V, float>
        where U : struct, ISimd<U, uint>
        where T : unmanaged
    {
        int depth = checked((int)weights.Dims[1]);
        if (weights.Packed is QuantizedExperts quantised)
            Run<V, T, QuantizedEngine<V, U>>(new(null, quantised.Source), x, weights, indices, bias, y);
        else if (weights.Packed is PackedExperts packed)
            Run<V, T, FloatEngine<V, PackedColumns>>(new(null, depth, packed.Source), x, weights, indices, bias, y);
        else
            Run<V, T, FloatEngine<V, StoredColumns<V, T>>>(new(null, depth, new((T*)weights.Data, ColumnsOf(weights), depth)), x, weights,
                indices, bias, y);
    }

    private static void Run<V, T, E>(E engine, in Operand x, in Operand weights, in Operand indices, in Operand bias, in Operand y)
        where V : struct, ISimd<V, float>
        where T : unmanaged
        where E : struct, IFloatEngine<E>
    {
        long rows = indices.Dims[0];
        int groups = checked((int)weights.Dims[0]), depth = checked((int)weights.Dims[1]), columns = checked((int)weights.Dims[2]),
            picks = checked((int)indices.Dims[1]);
        int chunk = (int)long.Clamp(MaxRowBytes / sizeof(float) / long.Max(1, (long)picks * depth), 1, int.MaxValue / picks);
        for (long first = 0; first < rows; first += chunk)
        {
            int some = (int)long.Min(chunk, rows - first) * picks;
            int threads = GroupedContraction<V>.Threads(some, depth, columns);
            using PackingBuffer buffer = PackingBuffer.Rent(RowGroups.Bytes(groups, some) + (nint)some * depth * sizeof(float));
            float* packed = (float*)buffer.Data;
            var sorted = RowGroups.Sort(groups, (long*)indices.Data + first * picks, some, GroupedContraction<V>.MaxRows,
                GroupedContraction<V>.BlockRows(depth), packed + (nint)some * depth);
            var sink = new PickSink<V, T>(sorted.Picks, columns, bias.IsAbsent ? null : (T*)bias.Data,
                (T*)y.Data + first * picks * columns);
            GroupedContraction<V>.PackAndRun(sorted, (T*)x.Data + first * depth, picks, depth, packed,
                new GroupedColumns(columns, 1, false).Panels(GroupedContraction<V>.Width), 1, engine.On(packed), sink, threads);
        }
    }
}
