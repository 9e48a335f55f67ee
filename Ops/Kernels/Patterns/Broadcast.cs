using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <summary>Operands walked in the order of one shape, axes collapsed as far as all operands allow.</summary>
/// <remarks>The innermost axis has stride 1 or 0 in every operand. The memory of the plan is the caller's.</remarks>
internal readonly unsafe struct Broadcast
{
    /// <summary>How many axes are left; at least 1.</summary>
    internal readonly int Rank;

    /// <summary>How many operands are walked.</summary>
    internal readonly int Operands;

    /// <summary>How many elements the shape has.</summary>
    internal readonly long Length;

    private readonly long* _memory;

    private Broadcast(int rank, int operands, long length, long* memory)
    {
        Rank = rank;
        Operands = operands;
        Length = length;
        _memory = memory;
    }

    /// <summary>Extents of the axes, outermost first.</summary>
    internal long* Extents => _memory;

    /// <summary>How many steps the innermost axis has.</summary>
    internal long Inner => _memory[Rank - 1];

    /// <summary>Strides of operand <paramref name="i"/> in elements, outermost first; 0 along axes it repeats on.</summary>
    internal long* Strides(int i) => _memory + ((i + 1) * Rank);

    /// <summary>How much memory <see cref="Create"/> needs, in elements of long.</summary>
    internal static int MemoryFor(int rank, int operands) => Math.Max(rank, 1) * (operands + 1);

    /// <summary>Plans to walk <paramref name="operands"/> by <paramref name="dims"/>.</summary>
    /// <exception cref="ArgumentException">An operand does not broadcast to the shape.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Broadcast Create(long[] dims, ReadOnlySpan<Operand> operands, long* memory)
    {
        int stride = Math.Max(dims.Length, 1), rank = 0, count = operands.Length;
        long length = 1;

        // Innermost first: an axis joins the one inside it if every operand goes on where that one ends.
        for (int axis = dims.Length - 1; axis >= 0; axis--)
        {
            long extent = dims[axis];
            length = checked(length * extent);
            if (extent == 1) continue;
            bool joins = rank > 0;
            for (int i = 0; i < count && joins; i++)
                joins = Step(operands[i].Dims, axis - dims.Length, extent) == memory[((i + 1) * stride) + rank - 1] * memory[rank - 1];
            if (joins)
            {
                memory[rank - 1] *= extent;
                continue;
            }

            memory[rank] = extent;
            for (int i = 0; i < count; i++) memory[((i + 1) * stride) + rank] = Step(operands[i].Dims, axis - dims.Length, extent);
            rank++;
        }

        foreach (Operand operand in operands) Check(operand.Dims, dims);
        if (rank == 0)
        {
            memory[0] = 1;
            for (int i = 1; i <= count; i++) memory[i * stride] = 1;
            rank = 1;
        }

        for (int row = 0; row <= count; row++)
        {
            new Span<long>(memory + (row * stride), rank).Reverse();
            if (rank != stride) new Span<long>(memory + (row * stride), rank).CopyTo(new Span<long>(memory + (row * rank), rank));
        }

        return new Broadcast(rank, count, length, memory);
    }

    /// <summary>Whether operand <paramref name="i"/> lies as the shape does.</summary>
    internal bool IsDense(int i)
    {
        long* strides = Strides(i);
        long expected = 1;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            if (strides[axis] != expected) return false;
            expected *= Extents[axis];
        }

        return true;
    }

    /// <summary>Whether operand <paramref name="i"/> is the same in every run of the innermost axis.</summary>
    internal bool RepeatsByRun(int i)
    {
        for (int axis = 0; axis < Rank - 1; axis++)
            if (Strides(i)[axis] != 0) return false;
        return true;
    }

    /// <summary>
    /// The stride of an operand along the axis that lies <paramref name="fromEnd"/> (negative) from the end of the shape.
    /// </summary>
    private static long Step(long[] dims, int fromEnd, long extent)
    {
        int axis = dims.Length + fromEnd;
        if (axis < 0 || (dims[axis] == 1 && extent != 1)) return 0;
        long step = 1;
        for (int inner = axis + 1; inner < dims.Length; inner++) step *= dims[inner];
        return step;
    }

    private static void Check(long[] dims, long[] shape)
    {
        int missing = shape.Length - dims.Length;
        bool fits = missing >= 0;
        for (int axis = 0; fits && axis < dims.Length; axis++) fits = dims[axis] == 1 || dims[axis] == shape[axis + missing];
        if (!fits) throw new ArgumentException($"[{string.Join(", ", dims)}] does not broadcast to [{string.Join(", ", shape)}].");
    }
}
