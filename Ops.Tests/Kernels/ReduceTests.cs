using System.Numerics;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Tests.Kernels;

[TestClass]
public sealed unsafe class ReduceTests
{
    [TestMethod]
    public void Random_shapes_and_axes_match_the_reference() => Kinds.ForAll(new Shapes());

    [TestMethod]
    public void Every_length_stays_inside_its_buffers() => Kinds.ForAll(new Lengths());

    [TestMethod]
    [DataRow(new long[] { 3_000_001 }, new long[] { 0 })]
    [DataRow(new long[] { 3, 700_001 }, new long[] { 1 })]
    [DataRow(new long[] { 60_001, 37 }, new long[] { 0 })]
    [DataRow(new long[] { 700, 3001 }, new long[] { 0 })]
    [DataRow(new long[] { 31, 50, 1500 }, new long[] { 0, 2 })]
    [DataRow(new long[] { 3001, 2, 300 }, new long[] { 0, 2 })]
    [DataRow(new long[] { 20_000, 40, 3 }, new long[] { 0, 2 })]
    [DataRow(new long[] { 20_000, 10, 7 }, new long[] { 2 })]
    [DataRow(new long[] { 7, 5000, 9, 11 }, new long[] { 1, 3 })]
    [DataRow(new long[] { 300_000, 3 }, new long[] { 0 })]
    public void Large_sums_are_precise_and_independent_of_threads(long[] dims, long[] axes)
    {
        var random = new Random(9);
        float[] x = new float[Kinds.Product(dims)];
        for (int i = 0; i < x.Length; i++) x[i] = random.NextSingle();
        double[] exact = Reference(x, dims, axes, 0.0, (s, v) => s + v);
        foreach (IsaLevel level in Kinds.Levels)
        {
            float[]? first = null;
            foreach (int count in (int[])[1, 2, 3])
            {
                using var forced = Isa.Force(level);
                using var threads = Workers.Force(count);
                float[] y = new float[exact.Length];
                fixed (float* px = x, py = y)
                    Reduce.Run<float, float, SumReduction>(default, new(px, ElementType.Float, dims), axes, new(py, ElementType.Float,
                        [y.Length]));
                for (int i = 0; i < y.Length; i++) Assert.IsLessThan(1e-6, Math.Abs(y[i] - exact[i]) / exact[i], $"{level}");
                Kinds.AssertSame<float>(first ??= y, y, $"{level} {count}");
            }
        }
    }

    [TestMethod]
    public void Ten_million_equal_elements_sum_precisely()
    {
        float[] x = Enumerable.Repeat(0.1f, 10_000_000).ToArray();
        foreach (IsaLevel level in Kinds.Levels)
        {
            using var forced = Isa.Force(level);
            float sum;
            fixed (float* px = x)
                Reduce.Run<float, float, SumReduction>(
                    default, new(px, ElementType.Float, [x.Length]), [0], new(&sum, ElementType.Float, []));
            Assert.IsLessThan(1e-6, Math.Abs((sum / (0.1f * 1e7)) - 1), $"{level} {sum}");
        }
    }

    [TestMethod]
    public void No_elements_give_the_start()
    {
        float* y = stackalloc float[] { 1, 1, 1 };
        Operand empty = new(null, ElementType.Float, [3, 0]);
        Reduce.Run<float, float, SumReduction>(default, empty, [1], new(y, ElementType.Float, [3, 1]));
        for (int i = 0; i < 3; i++) Assert.AreEqual(0, y[i]);
        Reduce.Run<float, float, MaxReduction>(default, empty, [1], new(y, ElementType.Float, [3]));
        for (int i = 0; i < 3; i++) Assert.AreEqual(float.NegativeInfinity, y[i]);
        Reduce.Run<float, float, SumReduction>(new(mean: true), empty, [0, 1], new(y, ElementType.Float, []));
        Assert.IsTrue(float.IsNaN(y[0]));
        Reduce.Run<float, float, SumReduction>(default, empty, [0], new(y, ElementType.Float, [0]));
    }

    [TestMethod]
    public void No_axes_reduce_every_element_by_itself()
    {
        float* x = stackalloc float[] { 1, -2, 3, 4 }, y = stackalloc float[4];
        Reduce.Run<float, float, SumReduction>(new(mean: true), new(x, ElementType.Float, [2, 2]), [], new(y, ElementType.Float, [2, 2]));
        for (int i = 0; i < 4; i++) Assert.AreEqual(x[i], y[i]);
    }

    [TestMethod]
    public void Means_of_sixteen_bits_are_computed_in_float()
    {
        // 2048 ones and one more: a half could not count them.
        Half[] x = Enumerable.Repeat((Half)1, 4096).ToArray();
        x[0] = (Half)2;
        Half mean;
        fixed (Half* px = x)
            Reduce.Run<Half, float, SumReduction>(
                new(mean: true), new(px, ElementType.Float16, [4096]), [0], new(&mean, ElementType.Float16, []));
        Assert.AreEqual((Half)(4097f / 4096), mean);
    }

    [TestMethod]
    public void Bools_have_a_maximum()
    {
        byte* x = stackalloc byte[] { 0, 0, 1, 0, 0, 0 };
        byte* y = stackalloc byte[2];
        Reduce.Run<byte, byte, MaxReduction>(default, new(x, ElementType.Bool, [2, 3]), [1], new(y, ElementType.Bool, [2]));
        Assert.AreEqual((1, 0), (y[0], y[1]));
    }

    [TestMethod]
    public void Wrong_axes_and_outputs_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Reduce.Run<float, float, SumReduction>(default, new(null, ElementType.Float, [2]),
            [1], new(null, ElementType.Float, [])));
        Assert.ThrowsExactly<ArgumentException>(() => Reduce.Run<float, float, SumReduction>(default, new(null, ElementType.Float, [2]),
            [0], new(null, ElementType.Float, [2])));
    }

    private static A[] Reference<T, A>(T[] x, long[] dims, long[] axes, A start, Func<A, T, A> absorb)
    {
        long[] kept = Array.ConvertAll([.. Enumerable.Range(0, dims.Length)], i => axes.Contains(i) ? 1 : dims[i]);
        A[] y = Enumerable.Repeat(start, (int)Kinds.Product(kept)).ToArray();
        for (int flat = 0; flat < x.Length; flat++)
        {
            long rest = flat, place = 0, stride = 1;
            for (int axis = dims.Length - 1; axis >= 0; axis--)
            {
                if (kept[axis] != 1) place += rest % dims[axis] * stride;
                stride *= kept[axis];
                rest /= dims[axis];
            }

            y[place] = absorb(y[place], x[flat]);
        }

        return y;
    }

    private static C Least<C>()
        where C : unmanaged, INumber<C>, IMinMaxValue<C> =>
        typeof(C) == typeof(float) || typeof(C) == typeof(double) ? C.CreateSaturating(double.NegativeInfinity) : C.MinValue;

    private sealed class Shapes : IKindVisitor
    {
        private static readonly long[] s_extents = [0, 1, 1, 2, 3, 5, 8, 17, 33, 70, 300];

        public void Visit<T, C>(ElementType type)
            where T : unmanaged
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            var random = new Random(10);
            for (int round = 0; round < 300; round++)
            {
                using var forced = Isa.Force(Kinds.Levels[round % 4]);
                using var threads = Workers.Force((round % 3) + 1);
                long[] dims;
                do
                {
                    dims = new long[random.Next(7)];
                    for (int i = 0; i < dims.Length; i++) dims[i] = s_extents[random.Next(random.Next(4) == 0 ? 0 : 1, s_extents.Length)];
                }
                while (Kinds.Product(dims) > 60_000);

                long[] axes = [.. Enumerable.Range(0, dims.Length).Where(_ => random.Next(2) == 0).Select(i => (long)i)];
                T[] x = new T[Kinds.Product(dims)];
                Kinds.Fill<T, C>(x, random);
                string what = $"{type} {Isa.Level} [{string.Join(",", dims)}] over [{string.Join(",", axes)}]";

                C[] max = Reference(x, dims, axes, Least<C>(), (m, v) => C.Max(m, Kinds.To<T, C>(v)));
                using var y = new GuardedBuffer((long)max.Length * sizeof(T));
                fixed (T* px = x) Reduce.Run<T, C, MaxReduction>(default, new(px, type, dims), axes, new(y.Data, type, [max.Length]));
                Kinds.AssertSame<T>(Array.ConvertAll(max, Kinds.To<C, T>), y.Span<T>(), what + " max");

                Kinds.Fill<T, C>(x, random, special: false);
                C[] sum = Reference(x, dims, axes, C.Zero, (s, v) => s + Kinds.To<T, C>(v));
                double[] scale = Reference(x, dims, axes, 1e-6, (s, v) => s + Math.Abs(double.CreateTruncating(Kinds.To<T, C>(v))));
                fixed (T* px = x) Reduce.Run<T, C, SumReduction>(default, new(px, type, dims), axes, new(y.Data, type, [max.Length]));
                double tolerance = sizeof(T) == 2 ? 5e-3 : 2e-6;
                for (int i = 0; i < sum.Length; i++)
                {
                    C actual = Kinds.To<T, C>(y.Span<T>()[i]);
                    double difference = Math.Abs(double.CreateTruncating(actual) - double.CreateTruncating(sum[i]));
                    bool close = actual == sum[i] || difference <= tolerance * scale[i];
                    bool exact = typeof(C) != typeof(float) && typeof(C) != typeof(double);
                    if (exact ? actual != sum[i] : !close) Assert.Fail($"{what}: sum {i} is {actual}, not {sum[i]}");
                }

                y.CheckCanaries();
            }
        }
    }

    private sealed class Lengths : IKindVisitor
    {
        public void Visit<T, C>(ElementType type)
            where T : unmanaged
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            foreach (IsaLevel level in Kinds.Levels)
            {
                using var forced = Isa.Force(level);
                for (int n = 0; n <= 300; n++)
                {
                    using GuardedBuffer x = new((long)n * 3 * sizeof(T)), y = new((long)n * sizeof(T)), z = new(3 * sizeof(T));
                    Kinds.Fill<T, C>(x.Span<T>(), new Random(n));
                    Reduce.Run<T, C, MaxReduction>(default, new(x.Data, type, [3, n]), [0], new(y.Data, type, [n]));
                    Reduce.Run<T, C, MaxReduction>(default, new(x.Data, type, [3, n]), [1], new(z.Data, type, [3]));
                    C[] columns = Reference(x.Span<T>().ToArray(), [3, n], [0], Least<C>(), (m, v) => C.Max(m, Kinds.To<T, C>(v)));
                    C[] rows = Reference(x.Span<T>().ToArray(), [3, n], [1], Least<C>(), (m, v) => C.Max(m, Kinds.To<T, C>(v)));
                    Kinds.AssertSame<T>(Array.ConvertAll(columns, Kinds.To<C, T>), y.Span<T>(), $"{type} {level} {n} columns");
                    Kinds.AssertSame<T>(Array.ConvertAll(rows, Kinds.To<C, T>), z.Span<T>(), $"{type} {level} {n} rows");
                    y.CheckCanaries();
                    z.CheckCanaries();
                }
            }
        }
    }
}
