using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Sums of products over one axis: matrix products of any batch, storage order and element type, with an epilogue.</summary>
/// <remarks>
/// Each element of y is <c>epilogue(sum over k of a[i, k] b[k, j], addend)</c>. The sum is one chain of fused multiply-adds (integers: of
/// wrapping products and sums) over ascending k from 0, whatever the shapes, the batch, the packing and the number of threads; 16-bit
/// floats are widened to float and rounded once, after the epilogue.
/// </remarks>
public static unsafe class Contraction
{
    /// <summary>Computes y = epilogue(a b, addend).</summary>
    /// <typeparam name="T">The elements in memory.</typeparam>
    /// <typeparam name="C">What to compute with: float for 16-bit floats, else <typeparamref name="T"/>.</typeparam>
    /// <typeparam name="K">The epilogue.</typeparam>
    /// <param name="epilogue">What becomes of each sum.</param>
    /// <param name="a">[...batch, M, K], or [K], a single row that y does not show.</param>
    /// <param name="transposeA">Whether a is [...batch, K, M] instead.</param>
    /// <param name="b">[...batch, K, N], or [K], a single column that y does not show.</param>
    /// <param name="transposeB">Whether b is [...batch, N, K] instead.</param>
    /// <param name="addend">Absent, or broadcast to the shape of y. It may be y itself.</param>
    /// <param name="y">[...batch, M, N], its batch being the broadcast of the others'.</param>
    public static void Run<T, C, K>(
        in K epilogue, in Operand a, bool transposeA, in Operand b, bool transposeB, in Operand addend, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IContractionKernel
    {
        MatrixOperand left = MatrixOperand.Of(a, transposeA), right = MatrixOperand.Of(b, !transposeB);
        if (b.Packed is PackedMatrix<C> packed && packed.Level == Isa.Level && packed.Shape.IsLike(right))
        {
            Run<T, C, K>(epilogue, a, transposeA, packed, addend, y);
            return;
        }
        Run<T, C, K>(Isa.Level, epilogue, a, left, b.Data, null, right, addend, y);
    }

    /// <summary>Computes y = epilogue(a b, addend) with a packed b.</summary>
    /// <typeparam name="T">The elements in memory.</typeparam>
    /// <typeparam name="C">What to compute with: float for 16-bit floats, else <typeparamref name="T"/>.</typeparam>
    /// <typeparam name="K">The epilogue.</typeparam>
    /// <param name="epilogue">What becomes of each sum.</param>
    /// <param name="a">[...batch, M, K], or [K], a single row that y does not show.</param>
    /// <param name="transposeA">Whether a is [...batch, K, M] instead.</param>
    /// <param name="b">What <see cref="Pack{T, C}"/> made of b.</param>
    /// <param name="addend">Absent, or broadcast to the shape of y. It may be y itself.</param>
    /// <param name="y">[...batch, M, N], its batch being the broadcast of the others'.</param>
    public static void Run<T, C, K>(in K epilogue, in Operand a, bool transposeA, PackedMatrix<C> b, in Operand addend, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IContractionKernel
    {
        Run<T, C, K>(b.Level, epilogue, a, MatrixOperand.Of(a, transposeA), null, b.Data, b.Shape, addend, y);
        GC.KeepAlive(b);
    }

    /// <summary>Whether packing b makes calls faster: a few columns are read faster as they are.</summary>
    public static bool IsWorthPacking(in Operand b, bool transposeB) =>
        b.Dims.Length > 1 && MatrixOperand.Of(b, !transposeB) is { Lanes: >= 16, Depth: > 0 };

    /// <summary>Packs a right operand for use in many calls.</summary>
    /// <typeparam name="T">The elements in memory.</typeparam>
    /// <typeparam name="C">What to compute with: float for 16-bit floats, else <typeparamref name="T"/>.</typeparam>
    /// <param name="b">[...batch, K, N], or [K], a single column.</param>
    /// <param name="transposeB">Whether b is [...batch, N, K] instead.</param>
    public static PackedMatrix<C> Pack<T, C>(in Operand b, bool transposeB)
        where T : unmanaged
        where C : unmanaged
    {
        MatrixOperand shape = MatrixOperand.Of(b, !transposeB);
        return Isa.Level switch
        {
            IsaLevel.Bits512 => Pack<T, C, Simd512<C>>(IsaLevel.Bits512, b, shape),
            IsaLevel.Bits256 => Pack<T, C, Simd256<C>>(IsaLevel.Bits256, b, shape),
            IsaLevel.Bits128 => Pack<T, C, Simd128<C>>(IsaLevel.Bits128, b, shape),
            _ => Pack<T, C, Simd1<C>>(IsaLevel.Scalar, b, shape),
        };
    }

    private static PackedMatrix<C> Pack<T, C, V>(IsaLevel level, in Operand b, in MatrixOperand shape)
        where T : unmanaged
        where C : unmanaged
        where V : struct, ISimd<V, C>
    {
        var packed = new PackedMatrix<C>(level, shape, MicroKernel.PanelVectors * V.Count);
        for (long batch = 0; batch < shape.Batches; batch++)
            PackedPanels<V, T, C>.Pack(
                (T*)b.Data + batch * shape.Size, shape.LaneStride, shape.DepthStride, shape.Lanes, shape.Depth,
                packed.Data + batch * packed.MatrixSize);
        return packed;
    }

    private static void Run<T, C, K>(
        IsaLevel level, in K epilogue, in Operand a, in MatrixOperand left, void* b, C* packed, in MatrixOperand right, in Operand addend,
        in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IContractionKernel
    {
        switch (level)
        {
            case IsaLevel.Bits512:
                ContractionBatches<T, C, Simd512<C>, K>.Run(epilogue, a, left, (T*)b, packed, right, addend, y);
                break;
            case IsaLevel.Bits256:
                ContractionBatches<T, C, Simd256<C>, K>.Run(epilogue, a, left, (T*)b, packed, right, addend, y);
                break;
            case IsaLevel.Bits128:
                ContractionBatches<T, C, Simd128<C>, K>.Run(epilogue, a, left, (T*)b, packed, right, addend, y);
                break;
            default:
                ContractionBatches<T, C, Simd1<C>, K>.Run(epilogue, a, left, (T*)b, packed, right, addend, y);
                break;
        }
    }
}
