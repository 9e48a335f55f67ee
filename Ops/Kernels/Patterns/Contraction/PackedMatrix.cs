using Ops.Simd;

namespace Ops.Kernels;

/// <summary>The right operand of a contraction, packed.</summary>
/// <typeparam name="C">What the contraction computes with; 16-bit floats are packed as float.</typeparam>
public sealed unsafe class PackedMatrix<C> : PackedOperand
    where C : unmanaged
{
    internal PackedMatrix(IsaLevel level, in MatrixOperand shape, int panelWidth)
        : base(level, checked((nuint)(shape.Batches * SizeOf(shape, panelWidth) * sizeof(C))))
    {
        Shape = shape;
        MatrixSize = SizeOf(shape, panelWidth);
    }

    /// <summary>The shape before packing.</summary>
    internal MatrixOperand Shape { get; }

    /// <summary>Elements from one matrix of the batch to the next.</summary>
    internal long MatrixSize { get; }

    /// <summary>The first panel of the first matrix.</summary>
    internal C* Data => Memory != null ? (C*)Memory : throw new ObjectDisposedException(nameof(PackedMatrix<C>));

    private static long SizeOf(in MatrixOperand shape, int panelWidth) =>
        checked(((long)shape.Lanes + panelWidth - 1) / panelWidth * panelWidth * shape.Depth);
}
