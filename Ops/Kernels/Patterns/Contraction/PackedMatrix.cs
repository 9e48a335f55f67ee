using System.Runtime.InteropServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>The right operand of a contraction in the order its inner loops read it. Packing a constant once saves doing it in each call.</summary>
/// <typeparam name="C">What the contraction computes with; 16-bit floats are packed as float.</typeparam>
/// <remarks>It belongs to the vector width it was packed for, and so do the contractions that use it. No call may be under way when it is disposed.</remarks>
public sealed unsafe class PackedMatrix<C> : IDisposable
    where C : unmanaged
{
    private C* _data;

    internal PackedMatrix(IsaLevel level, in MatrixOperand shape, int panelWidth)
    {
        Level = level;
        Shape = shape;
        MatrixSize = checked(((long)shape.Lanes + panelWidth - 1) / panelWidth * panelWidth * shape.Depth);
        nuint bytes = checked((nuint)(shape.Batches * MatrixSize * sizeof(C)));
        _data = (C*)NativeMemory.AlignedAlloc(nuint.Max(bytes, 64), 64);
    }

    /// <summary>Frees what was not disposed.</summary>
    ~PackedMatrix() => Free();

    /// <summary>The vector width it is packed for.</summary>
    public IsaLevel Level { get; }

    /// <summary>The shape before packing.</summary>
    internal MatrixOperand Shape { get; }

    /// <summary>Elements from one matrix of the batch to the next.</summary>
    internal long MatrixSize { get; }

    /// <summary>The first panel of the first matrix.</summary>
    internal C* Data => _data != null ? _data : throw new ObjectDisposedException(nameof(PackedMatrix<C>));

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
