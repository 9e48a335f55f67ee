using System.Runtime.Intrinsics;
using Ops.Simd;

namespace Ops.Tests.Kernels;

/// <summary>The elementary functions: accuracy, special values, and equal bits at every width.</summary>
[TestClass]
public sealed unsafe class MathTests
{
    private static readonly float[] s_specials =
    [
        0, -0f, 1, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue,
            float.MinValue,
        1e-38f, -1e-38f, 1e-40f, 88.7f, 88.8f, -87.5f, -95f, -103.9f, -104.1f, 127.99f, 128f, -149f, -151f, 0.625f, 0.95f, 4f, 9f,
            0.70710677f, 0.70710683f, 1.4142135f,
        1.4142137f,
    ];

    [TestMethod]
    [DataRow("Exp", -87.0, 88.7)]
    [DataRow("Exp2", -126.0, 127.9)]
    [DataRow("Expm1", -20.0, 88.0)]
    [DataRow("Expm1", -0.01, 0.01)]
    [DataRow("Log", 1e-38, 3e38)]
    [DataRow("Log", 0.5, 2.0)]
    [DataRow("Log1p", -0.999, 10.0)]
    [DataRow("Log1p", -1e-4, 1e-4)]
    [DataRow("Tanh", -10.0, 10.0)]
    [DataRow("Tanh", -1e-3, 1e-3)]
    [DataRow("Erf", -5.0, 5.0)]
    [DataRow("Erf", -1e-3, 1e-3)]
    [DataRow("Sin", -4.0, 4.0)]
    [DataRow("Sin", -1.1e6, 1.1e6)]
    [DataRow("Sin", -1e-3, 1e-3)]
    [DataRow("Cos", -4.0, 4.0)]
    [DataRow("Cos", -1.1e6, 1.1e6)]
    [DataRow("Tan", -4.0, 4.0)]
    [DataRow("Tan", -1.1e6, 1.1e6)]
    public void Float_is_accurate(string name, double low, double high)
    {
        float[] x = Samples(low, high).Select(v => (float)v).ToArray(), y = new float[x.Length];
        Apply<Simd1<float>, float>(name, x, y);
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double exact = Exact(name, x[i]);
            double error = exact == 0 ? Math.Abs(y[i]) : Math.Abs((y[i] - exact) / exact);
            worst = Math.Max(worst, double.IsNaN(error) ? double.PositiveInfinity : error);
        }

        Console.WriteLine($"{name} [{low}, {high}]: {worst:E2}");
        Assert.IsLessThan(2.5e-7, worst);
    }

    [TestMethod]
    [DataRow("Exp", -708.0, 709.7)]
    [DataRow("Exp2", -1022.0, 1023.9)]
    [DataRow("Expm1", -40.0, 709.0)]
    [DataRow("Log", 1e-300, 1e300)]
    [DataRow("Log", 0.5, 2.0)]
    [DataRow("Log1p", -0.999, 10.0)]
    [DataRow("Log1p", -1e-4, 1e-4)]
    [DataRow("Tanh", -20.0, 20.0)]
    [DataRow("Tanh", -1e-3, 1e-3)]
    [DataRow("Erf", -6.0, 6.0)]
    [DataRow("Erf", -1e-3, 1e-3)]
    public void Double_is_accurate(string name, double low, double high)
    {
        double[] x = Samples(low, high).ToArray(), y = new double[x.Length];
        Apply<Simd1<double>, double>(name, x, y);
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double exact = Exact(name, x[i]);
            double error = exact == 0 ? Math.Abs(y[i]) : Math.Abs((y[i] - exact) / exact);
            worst = Math.Max(worst, double.IsNaN(error) ? double.PositiveInfinity : error);
        }

        Console.WriteLine($"{name} [{low}, {high}]: {worst:E2}");
        Assert.IsLessThan(1e-14, worst);
    }

    [TestMethod]
    [DataRow("Exp"), DataRow("Exp2"), DataRow("Expm1"), DataRow("Log"), DataRow("Log1p"), DataRow("Tanh"), DataRow("Erf")]
    [DataRow("Sin"), DataRow("Cos"), DataRow("Tan"), DataRow("Asin"), DataRow("Acos"), DataRow("Atan")]
    [DataRow("Sinh"), DataRow("Cosh"), DataRow("Asinh"), DataRow("Acosh"), DataRow("Atanh"), DataRow("Sqrt")]
    [DataRow("Floor"), DataRow("Ceiling"), DataRow("Round"), DataRow("Truncate"), DataRow("ExpOver"), DataRow("Exp2Over")]
    [DataRow("QuickTanh"), DataRow("QuickExp"), DataRow("Gelu")]
    public void Bits_are_equal_at_every_width(string name)
    {
        var random = new Random(4);
        float[] x = [.. s_specials, .. Enumerable.Range(0, 4064).Select(_ => BitConverter.Int32BitsToSingle((int)random.NextInt64())),
            .. Enumerable.Range(0, 4096).Select(_ => (float)((random.NextDouble() * 20) - 10))];
        CheckWidths(name, x);
        CheckWidths(name, Array.ConvertAll(x, v => v * 1.000000000123));
        CheckWidths(name, [.. Enumerable.Range(0, 4096).Select(_ =>
            BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)))]);
    }

    [TestMethod]
    public void Special_values_are_right()
    {
        foreach (string name in (string[])["Exp", "Exp2", "Expm1", "Log", "Log1p", "Tanh", "Erf", "Sin", "Cos", "Tan"])
        {
            float[] x = [0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, -1, -2, 200, -200, float.MaxValue,
                float.MinValue], y = new float[x.Length];
            Apply<Simd1<float>, float>(name, x, y);
            for (int i = 0; i < x.Length; i++)
            {
                float exact = (float)Exact(name, x[i]);
                bool close = Kinds.Same(exact, y[i]) || (exact != 0 && float.IsFinite(exact) && Math.Abs((y[i] - exact) / exact) < 3e-7);
                Assert.IsTrue(close, $"{name}({x[i]}) = {y[i]}, not {exact}");
            }

            double[] dx = [0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1, -2, 2000, -2000, double.MaxValue,
                double.MinValue], dy = new double[dx.Length];
            Apply<Simd1<double>, double>(name, dx, dy);
            for (int i = 0; i < dx.Length; i++)
            {
                double exact = Exact(name, dx[i]);
                bool close = Kinds.Same(exact,
                    dy[i]) || (exact != 0 && double.IsFinite(exact) && Math.Abs((dy[i] - exact) / exact) < 1e-14);
                Assert.IsTrue(close, $"{name}({dx[i]}) = {dy[i]}, not {exact}");
            }
        }
    }

    [TestMethod]
    public void The_quick_tanh_is_accurate_for_every_exponent()
    {
        // From the least subnormal to where the result is 1, and beyond.
        float[] x = [.. Enumerable.Range(0, 254)
            .SelectMany(e => Enumerable.Range(0, 512).Select(m => BitConverter.Int32BitsToSingle((e << 23) + (m << 14) + m)))],
            y = new float[x.Length];
        Apply<Simd1<float>, float>("QuickTanh", x, y);
        for (int i = 0; i < x.Length; i++)
        {
            double exact = Math.Tanh(x[i]);
            // The least results are multiples of the least float.
            Assert.IsLessThanOrEqualTo(Math.Max(3.5e-7 * exact, float.Epsilon), Math.Abs(y[i] - exact), $"{x[i]}: {y[i]}, not {exact}");
            Assert.IsLessThanOrEqualTo(1f, y[i]);
        }
        Apply<Simd1<float>, float>("QuickTanh", [float.NaN, -0f, float.NegativeInfinity, -3], y);
        Assert.IsTrue(float.IsNaN(y[0]) && float.IsNegative(y[1]) && y[1] == 0 && y[2] == -1);
    }

    [TestMethod]
    public void Gelu_is_accurate_for_every_exponent()
    {
        float[] x = [.. Enumerable.Range(0, 254)
            .SelectMany(e => Enumerable.Range(0, 256).Select(m => BitConverter.Int32BitsToSingle((e << 23) + (m << 15) + m))),
            .. Samples(0, 7).Select(v => (float)v)];
        x = [.. x, .. x.Select(v => -v)];
        float[] y = new float[x.Length];
        Apply<Simd1<float>, float>("Gelu", x, y);
        for (int i = 0; i < x.Length; i++)
        {
            double exact = 0.5 * x[i] * (1 + Erf(x[i] / Math.Sqrt(2)));
            Assert.IsLessThanOrEqualTo(Math.Max(2.5e-7 * Math.Abs((double)x[i]), float.Epsilon), Math.Abs(y[i] - exact),
                $"{x[i]}: {y[i]}, not {exact}");
            if (Math.Abs(x[i]) >= 5.4f) Assert.AreEqual(Math.Max(x[i], 0), y[i]);
        }
        Apply<Simd1<float>, float>("Gelu", [float.NaN, float.PositiveInfinity, 0], y);
        Assert.IsTrue(float.IsNaN(y[0]) && float.IsPositiveInfinity(y[1]) && y[2] == 0);
    }

    [TestMethod]
    public void The_quick_exponential_is_accurate()
    {
        float[] x = [.. Samples(-87, 0.5).Select(v => (float)v)], y = new float[x.Length];
        Apply<Simd1<float>, float>("QuickExp", x, y);
        for (int i = 0; i < x.Length; i++)
        {
            double exact = Math.Exp(x[i]);
            Assert.IsLessThan(5e-7 * exact, Math.Abs(y[i] - exact), $"{x[i]}: {y[i]}, not {exact}");
        }
        Apply<Simd1<float>, float>("QuickExp", [float.NaN, 0, -0f, float.NegativeInfinity, -103, -1000, float.MinValue, 100], y);
        Assert.IsTrue(float.IsNaN(y[0]));
        CollectionAssert.AreEqual(new[] { 1, 1, 0, float.Epsilon, 0, 0, float.PositiveInfinity }, y[1..8]);
    }

    [TestMethod]
    [DataRow("ExpOver", -87.0, 80.0, 5e-7)]
    [DataRow("Exp2Over", -125.0, 120.0, 2.5e-7)]
    public void Weights_are_accurate(string name, double low, double high, double tolerance)
    {
        float[] x = [.. Samples(low, high).Select(v => (float)v)], y = new float[x.Length];
        Apply<Simd1<float>, float>(name, x, y);
        for (int i = 0; i < x.Length; i++)
            Assert.IsLessThan(tolerance * Exact(name, x[i]), Math.Abs(y[i] - Exact(name, x[i])), $"{x[i]}: {y[i]}");
        double[] wide = [.. Samples(low, high)], doubles = new double[wide.Length];
        Apply<Simd1<double>, double>(name, wide, doubles);
        for (int i = 0; i < wide.Length; i++)
            Assert.IsLessThan(1e-14 * Exact(name, wide[i]), Math.Abs(doubles[i] - Exact(name, wide[i])), $"{wide[i]}: {doubles[i]}");

        Apply<Simd1<float>, float>(name, [float.NaN, 0, -0f, float.NegativeInfinity, -1000, -2000000], y);
        Apply<Simd1<double>, double>(name, [double.NaN, 0, -0.0, double.NegativeInfinity, -2000, -2000000], doubles);
        Assert.IsTrue(float.IsNaN(y[0]) && double.IsNaN(doubles[0]));
        CollectionAssert.AreEqual(new float[] { 1, 1, 0, 0, 0 }, y[1..6]);
        CollectionAssert.AreEqual(new double[] { 1, 1, 0, 0, 0 }, doubles[1..6]);

        // Whole powers that are taken off change no other bit.
        Assert.AreEqual(y[1] / 8, Simd1<float>.Exp2Over(new(0), new(3)).Value);
        Assert.AreEqual(Simd1<float>.ExpOver(new(59.5f), new(0)).Value,
            Simd1<float>.ExpOver(new(59.5f), new(86)).Value * MathF.ScaleB(1, 86));
        Assert.AreEqual(Simd1<float>.Exp2Over(new(59.3f), new(0)).Value,
            Simd1<float>.Exp2Over(new(59.3f), new(60)).Value * MathF.ScaleB(1, 60));
    }

    [TestMethod]
    public void Powers_are_accurate()
    {
        var random = new Random(8);
        double worst = 0;
        for (int i = 0; i < 400_000; i++)
        {
            float x = i % 2 == 0
                ? (float)Math.Exp((random.NextDouble() - 0.5) * 170) : 1 + (float)(random.NextDouble() - 0.5) / (1 << random.Next(20));
            float y = (float)((random.NextDouble() - 0.5) * (i % 3 == 0 ? 2000 : 8));
            if (i % 7 == 0) y = random.Next(-6, 7) / 2f;
            double exact = Math.Pow(x, y);
            if (exact is > 3.4e38 or < 1.2e-38) continue;
            worst = Math.Max(worst, Math.Abs((Simd1<float>.Pow(new(x), new(y)).Value - exact) / exact));
        }
        Console.WriteLine($"{worst:E2}");
        Assert.IsLessThan(2.5e-7, worst);
        for (int n = -200; n <= 200; n++)
            for (int power = 0; power <= 3; power++)
                Assert.AreEqual((float)Math.Pow(n, power), Simd1<float>.Pow(new(n), new(power)).Value, $"{n}^{power}");
    }

    [TestMethod]
    public void Special_powers_are_those_of_the_standard()
    {
        float[] values = [.. s_specials, 2, -2, 3, -3, 0.5f, -0.5f, 2.5f, -2.5f, 16777215, -16777215, 1e30f, -1e30f];
        float[] wide = new float[16];
        foreach (float x in values)
        {
            foreach (float y in values)
            {
                float exact = MathF.Pow(x, y), power = Simd1<float>.Pow(new(x), new(y)).Value;
                bool close = Kinds.Same(exact, power) || exact != 0 && float.IsFinite(exact) && Math.Abs((power - exact) / exact) < 3e-7
                    || Math.Abs(exact) < 1e-36 && Math.Abs(power - exact) <= float.Epsilon;
                Assert.IsTrue(close, $"{x}^{y} = {power}, not {exact}");
                fixed (float* to = wide)
                {
                    Simd512<float>.Store(Simd512<float>.Pow(Simd512<float>.Create(x), Simd512<float>.Create(y)), to);
                    Assert.IsTrue(Kinds.Same(power, wide[5]), $"{x}^{y}");
                    Simd256<float>.Store(Simd256<float>.Pow(Simd256<float>.Create(x), Simd256<float>.Create(y)), to);
                    Assert.IsTrue(Kinds.Same(power, wide[5]), $"{x}^{y}");
                }
            }
        }
    }

    [TestMethod]
    public void Subnormal_results_and_arguments_are_kept()
    {
        float[] x = [-88f, -95f, -100f, -103f], y = new float[4];
        Apply<Simd1<float>, float>("Exp", x, y);
        for (int i = 0; i < 4; i++) Assert.IsLessThanOrEqualTo(float.Epsilon, Math.Abs(y[i] - (float)Math.Exp(x[i])), $"{x[i]}");
        x = [1e-40f, float.Epsilon, 1.17e-38f, 3e-45f];
        Apply<Simd1<float>, float>("Log", x, y);
        for (int i = 0; i < 4; i++) Assert.IsLessThan(1e-5, Math.Abs(y[i] - Math.Log(x[i])), $"{x[i]}");
    }

    [TestMethod]
    public void Portable_scaling_matches_the_instructions()
    {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            int n = random.Next(-160, 160), wide = random.Next(-1100, 1100);
            double m = 1 + random.NextDouble();
            Assert.AreEqual((float)((double)(float)m * Math.ScaleB(1, n)), PowerOfTwo128.Portable.Scale(Vector128.Create((float)m),
                Vector128.Create((float)n)).ToScalar());
            Assert.AreEqual((float)((double)(float)m * Math.ScaleB(1, n)), Simd1<float>.Scale(new((float)m), new(n)).Value);
            Assert.AreEqual(Math.ScaleB(m, wide), PowerOfTwo256.Portable.Scale(Vector256.Create(m),
                Vector256.Create((double)wide)).ToScalar());
            Assert.AreEqual(Math.ScaleB(m, wide), Simd512<double>.First(Simd512<double>.Scale(Simd512<double>.Create(m),
                Simd512<double>.Create(wide))));
            float x = BitConverter.Int32BitsToSingle(random.Next(1, 0x7F800000));
            Assert.AreEqual((float)Math.ILogB(x), PowerOfTwo128.Portable.Exponent(Vector128.Create(x)).ToScalar());
            Assert.AreEqual((float)Math.ILogB(x), Simd1<float>.Exponent(new(x)).Value);
            double y = BitConverter.Int64BitsToDouble(random.NextInt64(1, 0x7FF0000000000000));
            Assert.AreEqual((double)Math.ILogB(y), PowerOfTwo512.Portable.Exponent(Vector512.Create(y)).ToScalar());
            Assert.AreEqual((double)Math.ILogB(y), Simd1<double>.Exponent(new(y)).Value);
            double z = (m - 1.5) * (1 << random.Next(24));
            Assert.AreEqual((float)z - MathF.Round((float)z), PowerOfTwo128.Portable.Residue(Vector128.Create((float)z)).ToScalar());
            Assert.AreEqual((float)z - MathF.Round((float)z), PowerOfTwo512.Residue(Vector512.Create((float)z)).ToScalar());
            Assert.AreEqual(z - Math.Round(z), PowerOfTwo512.Portable.Residue(Vector512.Create(z)).ToScalar());
            Assert.AreEqual(z - Math.Round(z), PowerOfTwo256.Residue(Vector256.Create(z)).ToScalar());
        }
    }

    private static void CheckWidths<T>(string name, T[] x)
        where T : unmanaged
    {
        T[] scalar = new T[x.Length], wide = new T[x.Length];
        Apply<Simd1<T>, T>(name, x, scalar);
        Apply<Simd128<T>, T>(name, x, wide);
        Kinds.AssertSame<T>(scalar, wide, $"{name} 128");
        Apply<Simd256<T>, T>(name, x, wide);
        Kinds.AssertSame<T>(scalar, wide, $"{name} 256");
        Apply<Simd512<T>, T>(name, x, wide);
        Kinds.AssertSame<T>(scalar, wide, $"{name} 512");
    }

    private static void Apply<V, T>(string name, T[] x, T[] y)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        Func<V, V> f = name switch
        {
            "Exp" => V.Exp, "Exp2" => V.Exp2, "Expm1" => V.Expm1, "Log" => V.Log, "Log1p" => V.Log1p, "Tanh" => V.Tanh, "Erf" => V.Erf,
            "ExpOver" => x => V.ExpOver(x, V.Zero), "Exp2Over" => x => V.Exp2Over(x, V.Zero),
            "QuickTanh" => Ops.Kernels.Activations.QuickTanh<V, T>, "QuickExp" => Ops.Kernels.Activations.QuickExp<V, T>,
            "Gelu" => Ops.Kernels.Activations.Gelu<V, T>,
            "Sin" => V.Sin, "Cos" => V.Cos, "Tan" => V.Tan, "Asin" => V.Asin, "Acos" => V.Acos, "Atan" => V.Atan,
            "Sinh" => V.Sinh, "Cosh" => V.Cosh, "Asinh" => V.Asinh, "Acosh" => V.Acosh, "Atanh" => V.Atanh, "Sqrt" => V.Sqrt,
            "Floor" => V.Floor, "Ceiling" => V.Ceiling, "Round" => V.Round, "Truncate" => V.Truncate,
            _ => throw new ArgumentException(name),
        };
        fixed (T* from = x)
        fixed (T* to = y)
        {
            int i = 0;
            for (; i + V.Count <= x.Length; i += V.Count) V.Store(f(V.Load(from + i)), to + i);
            if (i < x.Length) V.StorePartial(f(V.LoadPartial(from + i, x.Length - i)), to + i, x.Length - i);
        }
    }

    private static IEnumerable<double> Samples(double low, double high)
    {
        var random = new Random(6);
        bool logarithmic = low > 0 && high / low > 1000;
        for (int i = 0; i < 200_000; i++)
        {
            double t = random.NextDouble();
            yield return logarithmic ? Math.Exp(Math.Log(low) + ((Math.Log(high) - Math.Log(low)) * t)) : low + ((high - low) * t);
        }
    }

    private static double Exact(string name, double x) => name switch
    {
        "Exp" or "QuickExp" or "ExpOver" => Math.Exp(x),
        "Exp2" or "Exp2Over" => Math.Pow(2, x),
        "Expm1" => Expm1(x),
        "Log" => Math.Log(x),
        "Log1p" => Log1p(x),
        "Tanh" or "QuickTanh" => Math.Tanh(x),
        "Sin" => Math.Sin(x),
        "Cos" => Math.Cos(x),
        "Tan" => Math.Tan(x),
        "Erf" => Erf(x),
        _ => throw new ArgumentException(name),
    };

    private static double Expm1(double x)
    {
        if (Math.Abs(x) > 0.5) return Math.Exp(x) - 1;
        double term = x, sum = x;
        for (int n = 2; n < 25; n++) sum += term *= x / n;
        return x == 0 ? x : sum;
    }

    private static double Log1p(double x)
    {
        if (Math.Abs(x) > 0.1) return Math.Log(1 + x);
        if (x == 0) return x;
        double s = x / (2 + x), square = s * s, term = s, sum = 0;
        for (int n = 1; n < 40; n += 2, term *= square) sum += term / n;
        return 2 * sum;
    }

    /// <summary>The series near 0; a continued fraction of the complement beyond.</summary>
    private static double Erf(double x)
    {
        if (double.IsNaN(x) || x == 0) return x;
        double a = Math.Abs(x);
        if (a > 7) return Math.Sign(x);
        if (a < 2.5)
        {
            // e^(-x^2) times a series of positive terms: nothing cancels.
            double term = a, sum = a;
            for (int n = 1; n < 200; n++) sum += term *= 2 * a * a / ((2 * n) + 1);
            return Math.Sign(x) * 2 / Math.Sqrt(Math.PI) * Math.Exp(-a * a) * sum;
        }

        double fraction = 0;
        for (int n = 120; n > 0; n--) fraction = n / 2.0 / (a + fraction);
        return Math.Sign(x) * (1 - (Math.Exp(-a * a) / Math.Sqrt(Math.PI) / (a + fraction)));
    }
}
