using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Threading;

namespace Ops.Tests.Kernels;

/// <summary>A contraction given by its shapes, and its exact result: one chain of multiply-adds per element.</summary>
internal sealed record ContractionCase(
    long[] A, bool TransposeA, long[] B, bool TransposeB, long[]? Addend, bool Packed, int Threads, int Seed)
{
    private const int MaxChecked = 20_000;

    /// <summary>The shape of y.</summary>
    public long[] Y => [.. Batch, .. A.Length == 1 ? [] : new[] { M }, .. B.Length == 1 ? [] : new[] { N }];

    private long M => A.Length == 1 ? 1 : TransposeA ? A[^1] : A[^2];

    private long N => B.Length == 1 ? 1 : TransposeB ? B[^2] : B[^1];

    private long K => A.Length == 1 ? A[0] : TransposeA ? A[^2] : A[^1];

    private long[] Batch
    {
        get
        {
            int rank = Math.Max(BatchOf(A).Length, BatchOf(B).Length);
            var batch = new long[rank];
            for (int i = 0; i < rank; i++)
            {
                long a = Extent(BatchOf(A), i, rank), b = Extent(BatchOf(B), i, rank);
                batch[i] = a == 1 ? b : a;
            }
            return batch;
        }
    }

    public override string ToString() =>
        $"[{string.Join(',', A)}]{(TransposeA ? "T" : "")} x [{string.Join(',', B)}]{(TransposeB ? "T" : "")}"
        + $" + {(Addend is null ? "nothing" : $"[{string.Join(',', Addend)}]")}, packed {Packed}, threads {Threads}, seed {Seed}";

    /// <summary>Runs it and compares every element (of a large y, a sample) with the chain.</summary>
    public void Check<T, C, N0>()
        where T : unmanaged
        where C : unmanaged
        where N0 : struct, IContractionArithmetic<T, C>
    {
        T[] result = Run<T, C, N0>(out T[] a, out T[] b, out T[] addend);
        Compare<T, C, N0>(result, a, b, addend);
    }

    /// <summary>Runs it; the inputs depend only on the seed and the shapes.</summary>
    public T[] Run<T, C, N0>()
        where T : unmanaged
        where C : unmanaged
        where N0 : struct, IContractionArithmetic<T, C> => Run<T, C, N0>(out _, out _, out _);

    private T[] Run<T, C, N0>(out T[] aValues, out T[] bValues, out T[] addendValues)
        where T : unmanaged
        where C : unmanaged
        where N0 : struct, IContractionArithmetic<T, C>
    {
        using var a = new ContractionTensor<T>(N0.Type, A);
        using var b = new ContractionTensor<T>(N0.Type, B);
        using var addend = new ContractionTensor<T>(N0.Type, Addend ?? []);
        using var y = new ContractionTensor<T>(N0.Type, Y);
        var random = new Random(Seed);
        foreach (ContractionTensor<T> tensor in new[] { a, b, addend })
            for (int i = 0; i < tensor.Length; i++) tensor.Values[i] = N0.Random(random);

        Operand third = Addend is null ? Operand.Absent : addend.Operand;
        using (Workers.Force(Threads))
        {
            ContractionEpilogue epilogue = default;
            if (Packed)
            {
                using PackedMatrix<C> packed = Contraction.Pack<T, C>(b.Operand, TransposeB);
                Contraction.Run<T, C, ContractionEpilogue>(epilogue, a.Operand, TransposeA, packed, third, y.Operand);
            }
            else
            {
                Contraction.Run<T, C, ContractionEpilogue>(epilogue, a.Operand, TransposeA, b.Operand, TransposeB, third, y.Operand);
            }
        }
        foreach (ContractionTensor<T> tensor in new[] { a, b, addend, y }) tensor.CheckGuards();
        (aValues, bValues, addendValues) = (a.Values.ToArray(), b.Values.ToArray(), addend.Values.ToArray());
        return y.Values.ToArray();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compare<T, C, N0>(T[] y, T[] a, T[] b, T[] addend)
        where T : unmanaged
        where C : unmanaged
        where N0 : struct, IContractionArithmetic<T, C>
    {
        long[] batch = Batch, dims = Y;
        long m = M, n = N, k = K, step = 1 + (y.Length / MaxChecked);
        for (long index = 0; index < y.Length; index += step)
        {
            long row = index / n % m, column = index % n, matrix = index / (m * n);
            long aAt = Offset(matrix, batch, BatchOf(A)) * m * k, bAt = Offset(matrix, batch, BatchOf(B)) * n * k;
            C sum = default;
            for (long i = 0; i < k; i++)
            {
                T left = a[aAt + (TransposeA && A.Length > 1 ? (i * m) + row : (row * k) + i)];
                T right = b[bAt + (TransposeB || B.Length == 1 ? (column * k) + i : (i * n) + column)];
                sum = N0.MultiplyAdd(N0.Widen(left), N0.Widen(right), sum);
            }
            C third = Addend is null ? default : N0.Widen(addend[Offset(index, dims, Addend)]);
            T expected = N0.Narrow(N0.Finish(sum, third));
            if (!Same(expected, y[index])) Assert.Fail($"{this}: at {index} {expected} was expected and {y[index]} computed.");
        }
    }

    /// <summary>Equal bits, or both NaN.</summary>
    internal static bool Same<T>(T left, T right) => left!.Equals(right) && left.ToString() == right!.ToString();

    private static long[] BatchOf(long[] dims) => dims.Length <= 2 ? [] : dims[..^2];

    private static long Extent(long[] dims, int axis, int rank) => axis < rank - dims.Length ? 1 : dims[axis - (rank - dims.Length)];

    /// <summary>The element of a broadcast tensor that belongs to an element of the whole.</summary>
    private static long Offset(long index, long[] whole, long[] part)
    {
        long offset = 0, size = 1;
        for (int axis = whole.Length - 1; axis >= 0; axis--)
        {
            long position = index % whole[axis], extent = Extent(part, axis, whole.Length);
            index /= whole[axis];
            if (extent == 1) continue;
            offset += position * size;
            size *= extent;
        }
        return offset;
    }
}
