using System.Numerics;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Types;

namespace Ops.Tests.Kernels;

[TestClass]
public sealed unsafe class RowMathTests
{
    [TestMethod]
    public void Helpers_match_plain_loops_at_every_length()
    {
        Check<Simd1<float>, float>(1e-5);
        Check<Simd128<float>, float>(1e-5);
        Check<Simd256<float>, float>(1e-5);
        Check<Simd512<float>, float>(1e-5);
        Check<Simd1<double>, double>(1e-13);
        Check<Simd128<double>, double>(1e-13);
        Check<Simd256<double>, double>(1e-13);
        Check<Simd512<double>, double>(1e-13);
    }

    [TestMethod]
    public void Nothing_has_neutral_results()
    {
        Assert.AreEqual(0, RowMath.Sum<Simd256<float>, float>([]));
        Assert.AreEqual(float.NegativeInfinity, RowMath.Max<Simd256<float>, float>([]));
        Assert.AreEqual(float.PositiveInfinity, RowMath.Min<Simd256<float>, float>([]));
        Assert.IsTrue(float.IsNaN(RowMath.Max<Simd512<float>, float>([1, float.NaN, 3])));
    }

    [TestMethod]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => RowMath.Dot<Simd256<float>, float>([1], [1, 2]));
        Assert.ThrowsExactly<ArgumentException>(() => RowMath.Scale<Simd256<float>, float>([1, 2], 1, new float[1]));
        Assert.ThrowsExactly<ArgumentException>(() => RowMath.Normalize<Simd256<float>, float>([1, 2], 1, 1, [1, 2], [1], new float[2]));
        Assert.ThrowsExactly<ArgumentException>(() => RowMath.Normalize<Simd256<float>, float>([1, 2], 1, 1, [1, 2], [1, 2], new float[1]));
        Assert.ThrowsExactly<ArgumentException>(() => RowMath.ExpSum<Simd256<float>, float>([1, 2], 1, new float[1]));
    }

    private static void Check<V, T>(double tolerance)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        foreach (int n in (int[])[.. Enumerable.Range(0, 257), 1023, 2048, 5000, 100_001])
        {
            using GuardedBuffer a = new((long)n * sizeof(T)), b = new((long)n * sizeof(T)), y = new((long)n * sizeof(T));
            Span<T> x = a.Span<T>(), z = b.Span<T>(), to = y.Span<T>();
            Kinds.Fill<T, T>(x, new Random(n), special: false);
            Kinds.Fill<T, T>(z, new Random(n + 1), special: false);
            double[] wide = Array.ConvertAll(x.ToArray(), double.CreateTruncating), other = Array.ConvertAll(z.ToArray(),
                double.CreateTruncating);
            T two = T.One + T.One;
            Close(wide.Sum(), wide.Sum(Math.Abs), RowMath.Sum<V, T>(x));
            Close(wide.Sum(v => v * v), wide.Sum(v => v * v), RowMath.SumOfSquares<V, T>(x));
            Close(wide.Sum(v => (v - 2) * (v - 2)), wide.Sum(v => (v - 2) * (v - 2)), RowMath.SumOfSquaredDifferences<V, T>(x, two));
            Close(wide.Zip(other).Sum(p => p.First * p.Second), wide.Zip(other).Sum(p => Math.Abs(p.First * p.Second)),
                RowMath.Dot<V, T>(x, z));
            if (n > 0)
            {
                Assert.AreEqual(x.ToArray().Max(), RowMath.Max<V, T>(x));
                Assert.AreEqual(x.ToArray().Min(), RowMath.Min<V, T>(x));
            }

            T sum = RowMath.ExpSum<V, T>(x, two, to);
            Close(wide.Sum(v => Math.Exp(v - 2)), wide.Sum(v => Math.Exp(v - 2)), sum);
            Assert.AreEqual(sum, RowMath.ExpSum<V, T>(x, two));
            for (int i = 0; i < n; i++) Close(Math.Exp(wide[i] - 2), Math.Exp(wide[i] - 2), to[i]);
            RowMath.Scale<V, T>(x, two, to);
            for (int i = 0; i < n; i++) Assert.AreEqual(x[i] * two, to[i]);
            RowMath.Add<V, T>(x, two, to);
            for (int i = 0; i < n; i++) Assert.AreEqual(x[i] + two, to[i]);
            RowMath.Normalize<V, T>(x, two, two, to);
            for (int i = 0; i < n; i++) Assert.AreEqual((x[i] - two) * two, to[i]);
            RowMath.Scale<V, T>(x, two, z, to);
            for (int i = 0; i < n; i++) Assert.AreEqual(x[i] * two * z[i], to[i]);
            RowMath.Normalize<V, T>(x, two, two, z, to);
            for (int i = 0; i < n; i++) Assert.AreEqual((x[i] - two) * two * z[i], to[i]);
            RowMath.Normalize<V, T>(x, two, two, z, x, to);
            for (int i = 0; i < n; i++) Assert.AreEqual((x[i] - two) * two * z[i] + x[i], to[i]);
            RowMath.Multiply<V, T>(x, z, to);
            for (int i = 0; i < n; i++) Assert.AreEqual(x[i] * z[i], to[i]);
            RowMath.Add<V, T>(x, z, to);
            for (int i = 0; i < n; i++) Assert.AreEqual(x[i] + z[i], to[i]);
            y.CheckCanaries();
        }

        void Close(double exact, double scale, T actual) =>
            Assert.IsLessThanOrEqualTo(tolerance * (scale + 1e-30), Math.Abs(double.CreateTruncating(actual) - exact));
    }
}
