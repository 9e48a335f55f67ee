using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Row by row: softmax, normalisations, and whatever else needs a whole row at once.</summary>
public static unsafe class Rows
{
    /// <summary>Fewer elements than this per thread are not worth waking one.</summary>
    private const long MinGrain = 16 * 1024;

    /// <summary>The bytes of a row that make it worth writing past the caches.</summary>
    private const long MinStreamedRow = 1024;

    /// <summary>Calls the kernel once per row.</summary>
    /// <param name="kernel">The function of a row.</param>
    /// <param name="inputs">
    /// The first one's shape is the space: the axes of a row, and all others to iterate over. Further inputs broadcast to it, aligned at
    /// the
    /// right; the kernel sees them at the row's full length. Any may be absent but the first.
    /// </param>
    /// <param name="outputs">Shaped as the space, or with extents 1 on all axes of the row (the kernel then sees one element). Any may be
    /// absent.</param>
    /// <param name="rowStart">The first axis of a row, from 0 to the rank.</param>
    /// <param name="rowRank">How many axes a row has; with 0 a row is one element.</param>
    /// <remarks>
    /// C is float or double. Operands are float, double, float16 or bfloat16, each of its own: converted on the way in, rounded once on the
    /// way
    /// out. An output may be the same memory as an input if both have the space's shape and one type; otherwise they must not overlap.
    /// Rows run on several threads. If a row is empty, the kernel still sees every row, with empty spans (one-element outputs have their
    /// element).
    /// </remarks>
    /// <exception cref="ArgumentException">The axes are outside of the space, or a shape does not fit it.</exception>
    /// <exception cref="NotSupportedException">C or an operand's type is none of the above.</exception>
    public static void Run<C, K>(in K kernel, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs, int rowStart, int rowRank)
        where C : unmanaged
        where K : struct, IRowKernel
    {
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: Run<Simd512<C>, C, K>(kernel, inputs, outputs, rowStart, rowRank); break;
            case IsaLevel.Bits256: Run<Simd256<C>, C, K>(kernel, inputs, outputs, rowStart, rowRank); break;
            case IsaLevel.Bits128: Run<Simd128<C>, C, K>(kernel, inputs, outputs, rowStart, rowRank); break;
            default: Run<Simd1<C>, C, K>(kernel, inputs, outputs, rowStart, rowRank); break;
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V, C, K>(in K kernel, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs, int rowStart, int rowRank)
        where V : struct, ISimd<V, C>
        where C : unmanaged
        where K : struct, IRowKernel
    {
        if (inputs.IsEmpty || inputs[0].IsAbsent)
            throw new ArgumentException("The first input gives the rows; it must be there.", nameof(inputs));
        long[] space = inputs[0].Dims;
        int rank = space.Length;
        if (rowStart < 0 || rowRank < 0 || rowStart + rowRank > rank)
            throw new ArgumentException($"A shape of rank {rank} has no axes {rowStart} to {rowStart + rowRank - 1}.", nameof(rowStart));

        // The axes in the order: across the rows, along the row.
        int across = rank - rowRank, count = inputs.Length + outputs.Length;
        long* extents = stackalloc long[rank + 1];
        long* strides = stackalloc long[(rank * count) + 1];
        long rows = 1, length = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            int place = Place(axis, rowStart, rowRank, across);
            extents[place] = space[axis];
            if (place < across) rows = checked(rows * space[axis]);
            else length = checked(length * space[axis]);
        }

        if (length > int.MaxValue) throw new ArgumentException($"A row of {length} elements is too long.", nameof(inputs));
        RowOperand* operands = stackalloc RowOperand[count];
        for (int i = 0; i < count; i++)
        {
            bool isInput = i < inputs.Length;
            Operand operand = isInput ? inputs[i] : outputs[i - inputs.Length];
            operands[i] = default;
            if (operand.IsAbsent) continue;

            long* own = strides + (i * rank);
            SetStrides(operand.Dims, space, rowStart, rowRank, across, own);
            ref RowOperand view = ref operands[i];
            view.Data = (byte*)operand.Data;
            view.Type = operand.Type;
            view.Length = isInput || !IsOne(operand.Dims, rank, rowStart, rowRank) ? (int)length : 1;
            view.Along = new RowAxes(extents + across, own + across, rowRank);
            view.Across = new RowAxes(extents, own, across);
            view.IsDirect = operand.Type == RowTransfer<V, C>.Native && (view.Along.Step == 1 || view.Length <= 1);
            if (isInput) continue;
            CheckOutput(operand.Dims, space, rowStart, rowRank);
            view.IsStreamed = view.IsDirect && view.Length * (long)sizeof(C) >= MinStreamedRow
                && operand.Length * sizeof(C) >= Elementwise.StreamedBytes
                && (nint)operand.Data % sizeof(C) == 0 && !IsInput(operand.Data, inputs);
            view.IsDirect &= !view.IsStreamed;
        }

        if (rows == 0) return;
        var body = new RowsBody<V, C, K>(kernel, operands, inputs.Length, outputs.Length, rows, (int)length, MinGrain);
        Workers.Run(body.Parts, ref body);
    }

    private static bool IsInput(void* data, ReadOnlySpan<Operand> inputs)
    {
        foreach (Operand input in inputs)
            if (input.Data == data) return true;
        return false;
    }

    /// <summary>Where an axis of the space goes.</summary>
    private static int Place(int axis, int rowStart, int rowRank, int across) =>
        axis < rowStart ? axis : axis < rowStart + rowRank ? across + axis - rowStart : axis - rowRank;

    private static void SetStrides(long[] dims, long[] space, int rowStart, int rowRank, int across, long* strides)
    {
        int missing = space.Length - dims.Length;
        if (missing < 0) throw Mismatch(dims, space);
        long stride = 1;
        for (int axis = space.Length - 1; axis >= 0; axis--)
        {
            long extent = axis >= missing ? dims[axis - missing] : 1;
            if (extent != 1 && extent != space[axis]) throw Mismatch(dims, space);
            strides[Place(axis, rowStart, rowRank, across)] = extent == 1 && space[axis] != 1 ? 0 : stride;
            stride *= extent;
        }
    }

    /// <summary>Whether an operand has extent 1 on all axes of the row though rows of the space may be longer.</summary>
    private static bool IsOne(long[] dims, int rank, int rowStart, int rowRank)
    {
        for (int axis = rowStart; axis < rowStart + rowRank; axis++)
        {
            int own = axis - (rank - dims.Length);
            if (own >= 0 && dims[own] != 1) return false;
        }

        return true;
    }

    private static void CheckOutput(long[] dims, long[] space, int rowStart, int rowRank)
    {
        bool one = IsOne(dims, space.Length, rowStart, rowRank);
        for (int axis = 0; axis < space.Length; axis++)
        {
            int own = axis - (space.Length - dims.Length);
            long extent = own >= 0 ? dims[own] : 1;
            bool isRow = axis >= rowStart && axis < rowStart + rowRank;
            if (extent != (isRow && one ? 1 : space[axis])) throw Mismatch(dims, space);
        }
    }

    private static ArgumentException Mismatch(long[] dims, long[] space) =>
        new($"[{string.Join(", ", dims)}] does not fit the rows of [{string.Join(", ", space)}].");
}
