using Ops.Schemas;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Operators;

/// <summary>Ops along an axis, conversions and reductions that need whole rows, against loops in double precision.</summary>
[TestClass]
public sealed class AxisOpTests
{
    private static readonly ElementType[] Numbers =
    [
        ElementType.Float, ElementType.Double, ElementType.Float16, ElementType.BFloat16, ElementType.Int8, ElementType.UInt8,
        ElementType.Int16,
        ElementType.UInt16, ElementType.Int32, ElementType.UInt32, ElementType.Int64, ElementType.UInt64,
    ];

    public static IEnumerable<object[]> Types => Numbers.Select(t => new object[] { t });

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void ExtremesAreFoundWithTies(ElementType type)
    {
        var random = new Random(1);
        for (int round = 0; round < 20; round++)
        {
            (TensorValue x, double[] values, long[] dims, int axis, long inner, long outer) = Sample(random, type);
            long length = dims[axis];
            if (length == 0) continue;
            bool last = random.Next(2) == 0;
            foreach (bool greatest in new[] { true, false })
            {
                TensorValue y = Run(greatest ? "ArgMax" : "ArgMin", [x], ("axis", (long)axis), ("keepdims", 0L),
                    ("select_last_index", last ? 1L : 0L))[0];
                for (long column = 0; column < outer * inner; column++)
                {
                    double[] all = Column(values, column, length, inner);
                    double best = greatest ? all.Max() : all.Min();
                    Assert.AreEqual((long)(last ? Array.LastIndexOf(all, best) : Array.IndexOf(all, best)), y.Span<long>()[(int)column]);
                }

                long k = random.Next((int)length + 1);
                TensorValue[] top = Run("TopK", [x, TensorValue.From<long>([k], 1)], 2, ("axis", (long)axis),
                    ("largest", greatest ? 1L : 0L));
                double[] found = Elements.Reals(top[0]);
                for (long column = 0; column < outer * inner; column++)
                {
                    double[] all = Column(values, column, length, inner);
                    int[] order = [.. Enumerable.Range(0, all.Length).OrderBy(i => greatest ? -all[i] : all[i]).ThenBy(i => i)
                        .Take((int)k)];
                    for (int i = 0; i < k; i++)
                    {
                        long place = (((column / inner * k) + i) * inner) + (column % inner);
                        Assert.AreEqual(order[i], top[1].Span<long>()[(int)place]);
                        Assert.AreEqual(all[order[i]], found[place]);
                    }
                }
            }
        }
    }

    [TestMethod]
    public void NaNWins()
    {
        TensorValue x = TensorValue.From<float>([1, float.NaN, 3, float.NaN], 4);
        Assert.AreEqual(1L, Run("ArgMax", [x])[0].Span<long>()[0]);
        Assert.AreEqual(1L, Run("ArgMin", [x])[0].Span<long>()[0]);
        CollectionAssert.AreEqual(new long[] { 1, 3, 2 }, Run("TopK", [x, TensorValue.From<long>([3], 1)], 2)[1].Span<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 2, 1 },
            Run("TopK", [x, TensorValue.From<long>([3], 1)], 2, ("largest", 0L))[1].Span<long>().ToArray());
    }

    [TestMethod]
    [DataRow(ElementType.Float)]
    [DataRow(ElementType.Float16)]
    [DataRow(ElementType.BFloat16)]
    [DataRow(ElementType.Int32)]
    [DataRow(ElementType.UInt64)]
    public void SumsRun(ElementType type)
    {
        var random = new Random(2);
        for (int round = 0; round < 30; round++)
        {
            (TensorValue x, double[] values, long[] dims, int axis, long inner, long outer) = Sample(random, type);
            bool exclusive = random.Next(2) == 0, reverse = random.Next(2) == 0;
            TensorValue place = TensorValue.From<long>([random.Next(2) == 0 ? axis : axis - dims.Length], []);
            double[] sums =
                Elements.Reals(Run("CumSum", [x, place], ("exclusive", exclusive ? 1L : 0L), ("reverse", reverse ? 1L : 0L))[0]);
            for (long column = 0; column < outer * inner; column++)
            {
                double[] all = Column(values, column, dims[axis], inner);
                for (int i = 0; i < all.Length; i++)
                {
                    IEnumerable<double> part = reverse ? all[(exclusive ? i + 1 : i)..] : all[..(exclusive ? i : i + 1)];
                    double sum = Elements.Reals(Elements.Of(type, [part.Sum()], 1))[0];
                    Assert.AreEqual(sum, sums[(((column / inner * dims[axis]) + i) * inner) + (column % inner)]);
                }
            }
        }
    }

    [TestMethod]
    public void ConversionsBetweenAllNumbersKeepWhatFits()
    {
        double[] values = [0, 1, 2, 5, 100, 7];
        foreach (ElementType from in Numbers)
            foreach (ElementType to in Numbers)
                CollectionAssert.AreEqual(values, Elements.Reals(Cast(Elements.Of(from, values, values.Length), to)), $"{from} to {to}");
    }

    [TestMethod]
    public void FloatsAreTruncatedAndSaturated()
    {
        TensorValue x = TensorValue.From<float>([1.9f, -1.9f, 300, -300, float.NaN, float.PositiveInfinity], 6);
        CollectionAssert.AreEqual(new sbyte[] { 1, -1, 127, -128, 0, 127 }, Cast(x, ElementType.Int8).Span<sbyte>().ToArray());
        CollectionAssert.AreEqual(new byte[] { 1, 0, 255, 0, 0, 255 }, Cast(x, ElementType.UInt8).Span<byte>().ToArray());
        CollectionAssert.AreEqual(new[] { true, true, true, true, true, true }, Cast(x, ElementType.Bool).Span<bool>().ToArray());
        TensorValue wide = TensorValue.From<int>([257, -1, 128], 3);
        CollectionAssert.AreEqual(new byte[] { 1, 255, 128 }, Cast(wide, ElementType.UInt8).Span<byte>().ToArray(), "integers wrap");
    }

    [TestMethod]
    public void LongRowsConvertAsSingleElementsDo()
    {
        var random = new Random(5);
        float[] values = [.. Enumerable.Range(0, 5000).Select(i => (i % 50) switch
        {
            0 => float.NaN, 1 => float.PositiveInfinity, 2 => float.NegativeInfinity, 3 => BitConverter.UInt32BitsToSingle(0x7F80_0001),
            4 => float.MaxValue, _ => (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-4, 36))),
        })];
        TensorValue all = TensorValue.From<float>(values, values.Length);
        foreach (ElementType to in Numbers)
        {
            TensorValue converted = Cast(all, to);
            int width = to.Bits() / 8;
            for (int i = 0; i < values.Length; i++)
            {
                TensorValue one = Cast(TensorValue.From<float>([values[i]], 1), to);
                if (to.IsFloat() && double.IsNaN(one.RealAt(0))) Assert.IsTrue(double.IsNaN(converted.RealAt(i)), $"{to} of {values[i]}");
                else Assert.IsTrue(converted.Bytes.Slice(i * width, width).SequenceEqual(one.Bytes), $"{to} of {values[i]}");
            }
        }
    }

    [TestMethod]
    [DataRow(ElementType.Float8E4M3FN)]
    [DataRow(ElementType.Float8E4M3FNUZ)]
    [DataRow(ElementType.Float8E5M2)]
    [DataRow(ElementType.Float8E5M2FNUZ)]
    [DataRow(ElementType.Float4E2M1)]
    public void SmallFloatsComeBackAndRoundToTheNearest(ElementType type)
    {
        int codes = 1 << type.Bits();
        TensorValue all = TensorValue.Allocate(type, [codes], clear: true);
        for (int i = 0; i < codes; i++) all.Bytes[i * type.Bits() / 8] |= (byte)(type.Bits() == 4 ? i << (i % 2 * 4) : i);
        TensorValue wide = Cast(all, ElementType.Float), back = Cast(wide, type);
        double[] values = [.. Enumerable.Range(0, codes).Select(i => all.RealAt(i))];
        for (int i = 0; i < codes; i++)
            if (double.IsFinite(values[i])) Assert.AreEqual(values[i], back.RealAt(i), $"code {i}");

        double[] finite = [.. values.Where(double.IsFinite).Distinct().Order()];
        var random = new Random(3);
        float[] numbers =
            [.. Enumerable.Range(0, 2000).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-12, 18))))];
        TensorValue rounded = Cast(TensorValue.From<float>(numbers, numbers.Length), type);
        for (int i = 0; i < numbers.Length; i++)
        {
            double nearest = finite.Min(v => Math.Abs(v - numbers[i]));
            Assert.AreEqual(nearest, Math.Abs(rounded.RealAt(i) - numbers[i]), $"{numbers[i]} became {rounded.RealAt(i)}");
        }
    }

    [TestMethod]
    public void LogSumExpIsStableOverAnyAxes()
    {
        var random = new Random(4);
        for (int round = 0; round < 30; round++)
        {
            long[] dims = [.. Enumerable.Range(0, 4).Select(_ => (long)random.Next(1, 5))];
            double[] values =
                [.. Enumerable.Range(0, (int)TensorValue.CountElements(dims)).Select(_ => (random.NextDouble() - 0.5) * 4000)];
            long[] axes = [.. Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0).Select(a => (long)a)];
            if (axes.Length == 0) continue;
            TensorValue y = Run("ReduceLogSumExp",
                [Elements.Of(ElementType.Double, values, dims), TensorValue.From<long>(axes, axes.Length)])[0];
            var rows = new Dictionary<long, List<double>>();
            for (long i = 0; i < values.Length; i++)
            {
                long place = 0, rest = i, scale = 1;
                for (int axis = 3; axis >= 0; axis--)
                {
                    if (!axes.Contains(axis))
                    {
                        place += rest % dims[axis] * scale;
                        scale *= dims[axis];
                    }

                    rest /= dims[axis];
                }

                if (!rows.TryGetValue(place, out List<double>? row)) rows[place] = row = [];
                row.Add(values[i]);
            }

            double[] results = Elements.Reals(y);
            Assert.HasCount(rows.Count, results);
            foreach ((long place, List<double> row) in rows)
            {
                double greatest = row.Max();
                Assert.AreEqual(greatest + Math.Log(row.Sum(v => Math.Exp(v - greatest))), results[place], 1e-9);
            }
        }

        foreach (float infinity in new[] { float.PositiveInfinity, float.NegativeInfinity })
            Assert.AreEqual(infinity, Run("ReduceLogSumExp", [TensorValue.From<float>([infinity, infinity], 2)])[0].Span<float>()[0]);
    }

    private static double[] Column(double[] values, long column, long length, long inner)
    {
        var all = new double[length];
        for (long i = 0; i < length; i++) all[i] = values[(((column / inner * length) + i) * inner) + (column % inner)];
        return all;
    }

    private static (TensorValue X, double[] Values, long[] Dims, int Axis, long Inner, long Outer) Sample(Random random, ElementType type)
    {
        long[] dims =
            [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(6) switch { 0 => 1L, 1 => 9, _ => random.Next(6) })];
        if (random.Next(6) == 0) dims = [3, 7, 300];
        int axis = random.Next(dims.Length);
        double[] values = [.. Enumerable.Range(0, (int)TensorValue.CountElements(dims)).Select(_ => (double)random.Next(0, 12))];
        return (Elements.Of(type, values, dims), values, dims, axis, TensorValue.CountElements(dims.AsSpan(axis + 1)),
            TensorValue.CountElements(dims.AsSpan(0, axis)));
    }

    private static TensorValue Cast(TensorValue x, ElementType to) => Run("Cast", [x], ("to", (long)to))[0];

    private static TensorValue[] Run(string op, TensorValue[] inputs, params (string Name, object Value)[] attributes) =>
        Run(op, inputs, 1, attributes);

    private static TensorValue[] Run(string op, TensorValue[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        var call = new OpCall(inputs, new AttributeValues(attributes.ToDictionary(a => a.Name, a => a.Value)),
            [.. Enumerable.Repeat(true, outputs)]);
        OpRegistry.Get("ai.onnx", op, long.MaxValue).Run!(call);
        return [.. call.Outputs.Select(o => o!)];
    }
}
