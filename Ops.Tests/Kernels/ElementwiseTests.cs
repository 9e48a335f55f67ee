using System.Numerics;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Tests.Kernels;

[TestClass]
public sealed unsafe class ElementwiseTests
{
    [TestMethod]
    public void Every_length_of_every_type_at_every_level_stays_inside_its_buffers() => Kinds.ForAll(new Lengths());

    [TestMethod]
    public void Shapes_broadcast_as_the_reference_does() => Kinds.ForAll(new Shapes());

    [TestMethod]
    public void Thread_counts_and_levels_give_equal_bits() => Kinds.ForAll(new Threads());

    [TestMethod]
    public void Tails_have_the_bits_of_whole_vectors()
    {
        // The same element at every place of vectors and tails.
        foreach (IsaLevel level in Kinds.Levels)
        {
            using var forced = Isa.Force(level);
            for (int n = 1; n < 80; n++)
            {
                float[] x = Enumerable.Repeat(1.2345f, n).ToArray(), y = new float[n];
                fixed (float* px = x, py = y)
                    Elementwise.Unary<float, float, ExpKernel>(default, new(px, ElementType.Float, [n]), new(py, ElementType.Float, [n]));
                Assert.IsTrue(y.All(v => v == Simd1<float>.Exp(new(1.2345f)).Value));
            }
        }
    }

    [TestMethod]
    public void Bools_are_bytes()
    {
        byte[] x = [0, 1, 1, 0], y = [1, 1, 0, 0], z = new byte[4];
        fixed (byte* px = x, py = y, pz = z)
            Elementwise.Binary<byte, byte, AddKernel>(default, new(px, ElementType.Bool, [4]), new(py, ElementType.Bool, [4]), new(pz,
                ElementType.Bool, [4]));
        Assert.AreSequenceEqual((byte[])[1, 2, 1, 0], z);
    }

    [TestMethod]
    public void Outputs_past_the_caches_have_the_same_bits()
    {
        // Large enough for non-temporal stores; the start is not aligned to a vector.
        const int n = (17 * 1024 * 1024) + 5;
        float[] x = new float[n + 3], y = new float[n + 3];
        for (int i = 0; i < x.Length; i++) x[i] = i % 1000 - 500;
        fixed (float* px = x, py = y)
        {
            Elementwise.Unary<float, float, ReluKernel>(default, new(px + 1, ElementType.Float, [n]), new(py + 3, ElementType.Float, [n]));
            for (int i = 0; i < n; i++)
                if (y[i + 3] != Math.Max(x[i + 1], 0)) Assert.Fail($"{i}");
            Elementwise.Binary<float, float, AddKernel>(default, new(px + 1, ElementType.Float, [n]), new(px, ElementType.Float, []),
                new(py + 2, ElementType.Float, [n]));
            for (int i = 0; i < n; i++)
                if (y[i + 2] != x[i + 1] + x[0]) Assert.Fail($"{i}");
        }
    }

    [TestMethod]
    public void A_shape_that_does_not_broadcast_is_refused()
    {
        float* memory = stackalloc float[16];
        Assert.ThrowsExactly<ArgumentException>(() => Elementwise.Unary<float, float, ReluKernel>(default, new(null, ElementType.Float,
            [3]), new(null, ElementType.Float, [4])));
        Assert.ThrowsExactly<ArgumentException>(() => Elementwise.Unary<float, float, ReluKernel>(default, new(null, ElementType.Float, [2,
            4]), new(null, ElementType.Float, [4])));
        Assert.ThrowsExactly<ArgumentException>(() => Elementwise.Variadic<float, float, MeanKernel>(default, [], new(null,
            ElementType.Float, [4])));
    }

    private sealed class Lengths : IKindVisitor
    {
        public void Visit<T, C>(ElementType type)
            where T : unmanaged
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            int[] lengths = [.. Enumerable.Range(0, 257), 1023, 1024, 1025, 2047, 2049, 4095, 4097];
            foreach (IsaLevel level in Kinds.Levels)
            {
                using var forced = Isa.Force(level);
                foreach (int n in lengths) Check<T, C>(type, n, $"{type} {level} {n}");
            }
        }

        private static void Check<T, C>(ElementType type, int n, string what)
            where T : unmanaged
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            var random = new Random(n);
            long bytes = (long)n * sizeof(T);
            using GuardedBuffer a = new(bytes), b = new(bytes), c = new(bytes), y = new(bytes), flags = new(n), tests = new(n);
            Span<T> sa = a.Span<T>(), sb = b.Span<T>(), sc = c.Span<T>(), sy = y.Span<T>();
            Kinds.Fill<T, C>(sa, random);
            Kinds.Fill<T, C>(sb, random);
            Kinds.Fill<T, C>(sc, random);
            for (int i = 0; i < n; i++) flags.Span<byte>()[i] = (byte)random.Next(3);
            Operand oa = new(a.Data, type, [n]), ob = new(b.Data, type, [n]), oc = new(c.Data, type, [n]), oy = new(y.Data, type, [n]);
            Operand oflags = new(flags.Data, ElementType.Bool, [n]), otests = new(tests.Data, ElementType.Bool, [n]);
            C[] xa = Wide<T, C>(sa), xb = Wide<T, C>(sb), xc = Wide<T, C>(sc);

            Elementwise.Unary<T, C, ReluKernel>(default, oa, oy);
            Expect(sy, i => C.Max(xa[i], C.Zero), what + " relu");
            Elementwise.Binary<T, C, AddKernel>(default, oa, ob, oy);
            Expect(sy, i => xa[i] + xb[i], what + " add");
            Elementwise.Ternary<T, C, MultiplyAddKernel>(default, oa, ob, oc, oy);
            Expect(sy, i => (xa[i] * xb[i]) + xc[i], what + " multiply, add");
            Elementwise.Select<T, C, WhereKernel>(default, oflags, oa, ob, oy);
            Expect(sy, i => flags.Span<byte>()[i] != 0 ? xa[i] : xb[i], what + " where");
            Elementwise.Variadic<T, C, MeanKernel>(default, [oa], oy);
            Expect(sy, i => xa[i], what + " mean of one");
            if (typeof(T) == typeof(float) || typeof(C) != typeof(T))
            {
                Elementwise.Variadic<T, C, MeanKernel>(default, [oa, ob, oc], oy);
                Expect(sy, i => (xa[i] + xb[i] + xc[i]) / (C.One + C.One + C.One), what + " mean");
            }

            Elementwise.UnaryTest<T, C, PositiveKernel>(default, oa, otests);
            for (int i = 0; i < n; i++) Assert.AreEqual(xa[i] > C.Zero ? 1 : 0, tests.Span<byte>()[i], what + " positive");
            Elementwise.BinaryTest<T, C, LessKernel>(default, oa, ob, otests);
            for (int i = 0; i < n; i++) Assert.AreEqual(xa[i] < xb[i] ? 1 : 0, tests.Span<byte>()[i], what + " less");

            if (n > 0)
            {
                Operand scalar = new(b.Data, type, []);
                Elementwise.Binary<T, C, AddKernel>(default, oa, scalar, oy);
                Expect(sy, i => xa[i] + xb[0], what + " add a scalar");
                Elementwise.Binary<T, C, AddKernel>(default, scalar, oa, oy);
                Expect(sy, i => xb[0] + xa[i], what + " add to a scalar");
            }

            Elementwise.Binary<T, C, AddKernel>(default, oa, ob, oa);
            Expect(sa, i => xa[i] + xb[i], what + " add in place");
            Elementwise.Unary<T, C, ReluKernel>(default, ob, ob);
            Expect(sb, i => C.Max(xb[i], C.Zero), what + " relu in place");
            a.CheckCanaries();
            b.CheckCanaries();
            y.CheckCanaries();
            tests.CheckCanaries();
        }

        private static C[] Wide<T, C>(Span<T> x)
            where T : unmanaged
            where C : unmanaged => Array.ConvertAll(x.ToArray(), Kinds.To<T, C>);

        private static void Expect<T, C>(Span<T> actual, Func<int, C> expected, string what)
            where T : unmanaged
            where C : unmanaged
        {
            for (int i = 0; i < actual.Length; i++)
                if (!Kinds.Same(Kinds.To<C, T>(expected(i)), actual[i]))
                    Assert.Fail($"{what}: element {i} is {actual[i]}, not {expected(i)}");
        }
    }

    private sealed class Shapes : IKindVisitor
    {
        private static readonly long[] s_extents = [0, 1, 1, 2, 3, 5, 7, 17, 33, 50];

        public void Visit<T, C>(ElementType type)
            where T : unmanaged
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            var random = new Random(7);
            for (int round = 0; round < 150; round++)
            {
                using var forced = Isa.Force(Kinds.Levels[round % 4]);
                using var threads = Workers.Force((round % 3) + 1);
                long[] shape;
                do
                {
                    shape = new long[random.Next(7)];
                    for (int i = 0; i < shape.Length; i++) shape[i] = s_extents[random.Next(random.Next(4) == 0 ? 0 : 1, s_extents.Length)];
                }
                while (Kinds.Product(shape) > 60_000);

                Check<T, C>(type, shape, random);
            }
        }

        private static void Check<T, C>(ElementType type, long[] shape, Random random)
            where T : unmanaged
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            long[][] dims = [Narrowed(shape, random), Narrowed(shape, random), Narrowed(shape, random)];
            string what = $"{type} [{string.Join(",", shape)}] from {string.Join(" ", dims.Select(d => $"[{string.Join(",", d)}]"))}";
            int n = (int)Kinds.Product(shape);
            using var y = new GuardedBuffer((long)n * sizeof(T));
            using var tests = new GuardedBuffer(n);
            T[][] x = Array.ConvertAll(dims, d => new T[Kinds.Product(d)]);
            foreach (T[] values in x) Kinds.Fill<T, C>(values, random);
            byte[] flags = Array.ConvertAll(x[0], _ => (byte)random.Next(2));
            int[][] places = Array.ConvertAll(dims, d => Places(d, shape));
            C At(int operand, int i) => Kinds.To<T, C>(x[operand][places[operand][i]]);

            fixed (T* a = x[0], b = x[1], c = x[2])
            fixed (byte* f = flags)
            {
                Operand oa = new(a, type, dims[0]), ob = new(b, type, dims[1]), oc = new(c, type, dims[2]), oy = new(y.Data, type, shape);
                Elementwise.Unary<T, C, ReluKernel>(default, oa, oy);
                Expect(i => C.Max(At(0, i), C.Zero));
                Elementwise.Binary<T, C, AddKernel>(default, oa, ob, oy);
                Expect(i => At(0, i) + At(1, i));
                Elementwise.Ternary<T, C, MultiplyAddKernel>(default, oa, ob, oc, oy);
                Expect(i => (At(0, i) * At(1, i)) + At(2, i));
                Elementwise.Select<T, C, WhereKernel>(default, new(f, ElementType.Bool, dims[0]), ob, oc, oy);
                Expect(i => flags[places[0][i]] != 0 ? At(1, i) : At(2, i));
                if (typeof(T) == typeof(float) || typeof(T) != typeof(C))
                {
                    Elementwise.Variadic<T, C, MeanKernel>(default, [oa, ob, oc, oa], oy);
                    Expect(i => (At(0, i) + At(1, i) + At(2, i) + At(0, i)) / (C.One + C.One + C.One + C.One));
                }

                Elementwise.BinaryTest<T, C, LessKernel>(default, oa, ob, new(tests.Data, ElementType.Bool, shape));
                for (int i = 0; i < n; i++) Assert.AreEqual(At(0, i) < At(1, i) ? 1 : 0, tests.Span<byte>()[i], what);
            }

            y.CheckCanaries();
            tests.CheckCanaries();

            void Expect(Func<int, C> expected)
            {
                for (int i = 0; i < n; i++)
                    if (!Kinds.Same(Kinds.To<C, T>(expected(i)), y.Span<T>()[i]))
                        Assert.Fail($"{what}: element {i} is {y.Span<T>()[i]}, not {expected(i)}");
            }
        }

        /// <summary>A shape that broadcasts to the given one.</summary>
        private static long[] Narrowed(long[] shape, Random random)
        {
            long[] dims = shape[random.Next(random.Next(3) == 0 ? shape.Length + 1 : 1)..];
            for (int i = 0; i < dims.Length; i++)
                if (random.Next(3) == 0) dims[i] = 1;
            return dims;
        }

        /// <summary>Where each element of the shape is in an operand, by plain index arithmetic.</summary>
        private static int[] Places(long[] dims, long[] shape)
        {
            int[] places = new int[Kinds.Product(shape)];
            for (int flat = 0; flat < places.Length; flat++)
            {
                long rest = flat, place = 0, stride = 1;
                for (int axis = shape.Length - 1; axis >= 0; axis--)
                {
                    long index = rest % shape[axis];
                    rest /= shape[axis];
                    int own = axis - (shape.Length - dims.Length);
                    if (own < 0) continue;
                    if (dims[own] != 1) place += index * stride;
                    stride *= dims[own];
                }

                places[flat] = (int)place;
            }

            return places;
        }
    }

    private sealed class Threads : IKindVisitor
    {
        public void Visit<T, C>(ElementType type)
            where T : unmanaged
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            const int rows = 301, columns = 1003;
            var random = new Random(8);
            T[] a = new T[rows * columns], b = new T[columns], first = new T[a.Length], y = new T[a.Length];
            Kinds.Fill<T, C>(a, random);
            Kinds.Fill<T, C>(b, random);
            fixed (T* pa = a, pb = b, py = y)
            {
                foreach (IsaLevel level in Kinds.Levels)
                {
                    foreach (int count in (int[])[1, 2, 3])
                    {
                        using var forced = Isa.Force(level);
                        using var threads = Workers.Force(count);
                        Elementwise.Binary<T, C, AddKernel>(default, new(pa, type, [rows, columns]), new(pb, type, [columns]), new(py,
                            type, [rows, columns]));
                        if (level == IsaLevel.Scalar && count == 1) y.CopyTo(first, 0);
                        Kinds.AssertSame<T>(first, y, $"{type} {level} {count}");
                    }
                }
            }
        }
    }
}
