using System.Numerics;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Tests.Kernels;

[TestClass]
public sealed unsafe class RowsTests
{
    [TestMethod]
    public void Softmax_of_random_shapes_matches_the_reference() => Kinds.ForFloats(new Softmaxes());

    [TestMethod]
    public void Further_inputs_broadcast_and_types_mix()
    {
        var random = new Random(11);
        for (int round = 0; round < 300; round++)
        {
            using var forced = Isa.Force(Kinds.Levels[round % 4]);
            using var threads = Workers.Force((round % 3) + 1);
            long[] dims = Enumerable.Range(0, random.Next(1, 5)).Select(_ => (long)random.Next(round % 9 == 0 ? 0 : 1, 9)).ToArray();
            int rowStart = random.Next(dims.Length + 1), rowRank = random.Next(dims.Length - rowStart + 1);
            long[] scaleDims = Narrowed(dims, random), shiftDims = Narrowed(dims, random);
            float[] x = Values(dims), shift = Values(shiftDims);
            Half[] scale = Array.ConvertAll(Values(scaleDims), v => (Half)v);
            using var y = new GuardedBuffer(Kinds.Product(dims) * sizeof(double));
            bool absent = round % 4 == 0;
            fixed (float* px = x, pb = shift)
            fixed (Half* pa = scale)
            {
                Operand b = absent ? Operand.Absent : new(pb, ElementType.Float, shiftDims);
                Rows.Run<float, AffineKernel>(default, [new(px, ElementType.Float, dims), new(pa, ElementType.Float16, scaleDims), b],
                    [new(y.Data, ElementType.Double, dims)], rowStart, rowRank);
            }

            for (int i = 0; i < x.Length; i++)
            {
                float expected = x[i] * (float)scale[Place(i, scaleDims, dims)];
                if (!absent) expected += shift[Place(i, shiftDims, dims)];
                Assert.AreEqual((double)expected, y.Span<double>()[i],
                    $"[{string.Join(",", dims)}] rows {rowStart}+{rowRank} scale [{string.Join(",", scaleDims)}]");
            }

            y.CheckCanaries();
        }

        float[] Values(long[] dims) => Enumerable.Range(0, (int)Kinds.Product(dims)).Select(_ => (float)random.Next(-100, 100)).ToArray();

        static long[] Narrowed(long[] shape, Random random)
        {
            long[] dims = shape[random.Next(random.Next(3) == 0 ? shape.Length + 1 : 1)..];
            for (int i = 0; i < dims.Length; i++)
                if (random.Next(3) == 0) dims[i] = 1;
            return dims;
        }

        static long Place(long flat, long[] dims, long[] shape)
        {
            long place = 0, stride = 1;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                int own = axis - (shape.Length - dims.Length);
                if (own >= 0 && dims[own] != 1) place += flat % shape[axis] * stride;
                if (own >= 0) stride *= dims[own];
                flat /= shape[axis];
            }

            return place;
        }
    }

    [TestMethod]
    public void Strided_rows_work_in_place()
    {
        float[] x = Enumerable.Range(0, 40 * 70).Select(i => (float)Math.Sin(i)).ToArray(), y = new float[x.Length];
        fixed (float* px = x, py = y)
        {
            Operand input = new(px, ElementType.Float, [40, 70]), output = new(py, ElementType.Float, [40, 70]);
            Rows.Run<float, SoftmaxKernel>(default, [input], [output], 0, 1);
            Rows.Run<float, SoftmaxKernel>(default, [input], [input], 0, 1);
        }

        Kinds.AssertSame<float>(y, x, "in place");
    }

    [TestMethod]
    public void Strides_do_not_change_bits()
    {
        const int rows = 70, length = 333;
        float[] x = Enumerable.Range(0, rows * length).Select(i =>
            (float)Math.Sin(i)).ToArray(), turned = new float[x.Length], y = new float[x.Length], z = new float[x.Length];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < length; j++) turned[(j * rows) + i] = x[(i * length) + j];
        foreach (IsaLevel level in Kinds.Levels)
        {
            using var forced = Isa.Force(level);
            fixed (float* px = x, pt = turned, py = y, pz = z)
            {
                Rows.Run<float, SoftmaxKernel>(default, [new(px, ElementType.Float, [rows, length])], [new(py, ElementType.Float, [rows,
                    length])], 1, 1);
                Rows.Run<float, SoftmaxKernel>(default, [new(pt, ElementType.Float, [length, rows])], [new(pz, ElementType.Float, [length,
                    rows])], 0, 1);
            }

            for (int i = 0; i < rows; i++)
                for (int j = 0; j < length; j++) Assert.AreEqual(y[(i * length) + j], z[(j * rows) + i]);
        }
    }

    [TestMethod]
    public void Empty_rows_still_reach_the_kernel()
    {
        float* sums = stackalloc float[] { 7, 7, 7 };
        Rows.Run<float, SumKernel>(default, [new(null, ElementType.Float, [3, 0])], [new(sums, ElementType.Float, [3, 1])], 1, 1);
        for (int i = 0; i < 3; i++) Assert.AreEqual(0, sums[i]);
        Rows.Run<float, SumKernel>(default, [new(null, ElementType.Float, [0, 3])], [new(sums, ElementType.Float, [0, 1])], 1, 1);
    }

    [TestMethod]
    public void Wrong_shapes_and_types_are_refused()
    {
        Operand x = new(null, ElementType.Float, [2, 3]);
        Assert.ThrowsExactly<ArgumentException>(
            () => Rows.Run<float, SumKernel>(default, [x], [new(null, ElementType.Float, [2, 2])], 1, 1));
        Assert.ThrowsExactly<ArgumentException>(
            () => Rows.Run<float, SumKernel>(default, [x, new(null, ElementType.Float, [2])], [x], 1, 1));
        Assert.ThrowsExactly<ArgumentException>(() => Rows.Run<float, SumKernel>(default, [x], [x], 1, 2));
        Assert.ThrowsExactly<ArgumentException>(() => Rows.Run<float, SumKernel>(default, [Operand.Absent], [x], 0, 0));
        Assert.ThrowsExactly<NotSupportedException>(() => Rows.Run<int, SumKernel>(default, [x], [x], 1, 1));
        float* memory = stackalloc float[6];
        Assert.ThrowsExactly<NotSupportedException>(() =>
        {
            float* data = stackalloc float[6];
            Rows.Run<float, SumKernel>(default, [new(data, ElementType.Int32, [2, 3])], [new(data, ElementType.Float, [2, 1])], 1, 1);
        });
    }

    private readonly struct SumKernel : IRowKernel
    {
        public void Row<V, T>(in RowSpans<T> row) where V : struct, ISimd<V, T> where T : unmanaged =>
            row.Output(0)[0] = RowMath.Sum<V, T>(row.Input(0));
    }

    private sealed class Softmaxes : IKindVisitor
    {
        public void Visit<T, C>(ElementType type)
            where T : unmanaged
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            var random = new Random(12);
            for (int round = 0; round < 240; round++)
            {
                long[] dims = Enumerable.Range(0, random.Next(1, 5)).Select(_ => (long)random.Next(1, round % 5 == 0 ? 60 : 12)).ToArray();
                if (Kinds.Product(dims) > 50_000) continue;
                int rowStart = random.Next(dims.Length), rowRank = random.Next(1, dims.Length - rowStart + 1);
                int n = (int)Kinds.Product(dims);
                using GuardedBuffer x = new((long)n * sizeof(T)), y = new((long)n * sizeof(T)), log = new((long)n * sizeof(float));
                Kinds.Fill<T, C>(x.Span<T>(), random, special: false);
                long[] oneDims = Array.ConvertAll([.. Enumerable.Range(0, dims.Length)], i =>
                    i >= rowStart && i < rowStart + rowRank ? 1 : dims[i]);
                T[]? first = null;
                foreach (int count in (int[])[1, 2, 3])
                {
                    using var forced = Isa.Force(Kinds.Levels[round % 4]);
                    using var threads = Workers.Force(count);
                    Operand second = round % 3 == 0 ? Operand.Absent : new(log.Data, ElementType.Float, oneDims);
                    Rows.Run<C, SoftmaxKernel>(default, [new(x.Data, type, dims)], [new(y.Data, type, dims), second], rowStart, rowRank);
                    first ??= y.Span<T>().ToArray();
                    Kinds.AssertSame<T>(first, y.Span<T>(), $"{count} threads");
                }

                y.CheckCanaries();
                log.CheckCanaries();
                Check<T, C>(x.Span<T>(), y.Span<T>(), round % 3 == 0 ? [] : log.Span<float>(), dims, rowStart, rowRank);
            }
        }

        private static void Check<T, C>(Span<T> x, Span<T> y, Span<float> log, long[] dims, int rowStart, int rowRank)
            where T : unmanaged
            where C : unmanaged, INumber<C>
        {
            long before = Kinds.Product(dims[..rowStart]), length = Kinds.Product(dims[rowStart..(rowStart + rowRank)]),
                after = Kinds.Product(dims[(rowStart + rowRank)..]);
            double tolerance = typeof(T) == typeof(Half) ? 1e-3
                : typeof(T) == typeof(BFloat16) ? 5e-3
                : typeof(T) == typeof(double) ? 1e-13
                : 2e-6;
            for (long i = 0; i < before; i++)
            {
                for (long k = 0; k < after; k++)
                {
                    double sum = 0;
                    for (long j = 0; j < length; j++) sum += Math.Exp(At(x, i, j, k));
                    for (long j = 0; j < length; j++)
                    {
                        double exact = Math.Exp(At(x, i, j, k)) / sum;
                        Assert.IsLessThanOrEqualTo((tolerance * exact) + 1e-7, Math.Abs(At(y, i, j, k) - exact),
                            $"[{string.Join(",", dims)}] rows {rowStart}+{rowRank}");
                    }

                    if (log.Length != 0) Assert.IsLessThan(1e-5, Math.Abs(log[(int)((i * after) + k)] - Math.Log(sum)));
                }
            }

            double At(Span<T> values, long i, long j, long k) =>
                double.CreateTruncating(Kinds.To<T, C>(values[(int)((((i * length) + j) * after) + k)]));
        }
    }
}
