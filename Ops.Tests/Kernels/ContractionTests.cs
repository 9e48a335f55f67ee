using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Tests.Kernels;

[TestClass]
[DoNotParallelize]
public sealed class ContractionTests
{
    private static readonly long[] Extents = [0, 1, 2, 3, 5, 13, 14, 15, 31, 32, 33, 64, 100, 257];

    private static readonly ElementType[] Types =
    [
        ElementType.Float, ElementType.Double, ElementType.Float16, ElementType.BFloat16,
        ElementType.Int32, ElementType.UInt32, ElementType.Int64, ElementType.UInt64,
    ];

    private static readonly IsaLevel[] Levels = [IsaLevel.Bits512, IsaLevel.Bits256, IsaLevel.Bits128, IsaLevel.Scalar];

    public static IEnumerable<object[]> TypesAndLevels => from type in Types from level in Levels select new object[] { type, level };

    public static IEnumerable<object[]> AllLevels => from level in Levels select new object[] { level };

    [TestMethod]
    [DynamicData(nameof(TypesAndLevels))]
    public void EveryElementIsOneChainOfMultiplyAdds(ElementType type, IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        var random = new Random(((int)type * 1000) + (int)level);
        for (int i = 0; i < 80; i++) Check(type, Sample(random));
    }

    [TestMethod]
    [DynamicData(nameof(AllLevels))]
    public void EverySmallShapeIsRight(IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        foreach (long m in Extents.Where(extent => extent <= 33))
            foreach (long n in new long[] { 1, 2, 5, 33, 100 })
                foreach (long k in new long[] { 0, 1, 3, 14 })
                    for (int bits = 0; bits < 8; bits++)
                        Check(ElementType.Float, Matrices(m, n, k, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, 1));
    }

    [TestMethod]
    [DynamicData(nameof(TypesAndLevels))]
    public void BlocksOfEveryKindMeet(ElementType type, IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        // Several blocks of rows; several parts of k; several chunks of columns; one row, and one column.
        Check(type, Matrices(301, 70, 40, false, false, false, 2));
        Check(type, Matrices(301, 70, 40, true, true, false, 2));
        Check(type, Matrices(33, 130, 5001, false, false, false, 1));
        Check(type, Matrices(3, 300, 4500, false, true, true, 1));
        Check(type, Matrices(1, 1030, 600, false, false, false, 2));
        Check(type, Matrices(1030, 1, 600, false, true, false, 2));
        if (level == IsaLevel.Bits512) Check(type, Matrices(150, 700, 4100, false, false, false, 2));
    }

    [TestMethod]
    public void VectorsActAsARowAndAColumn()
    {
        foreach (bool packed in new[] { false, true })
        {
            foreach (ElementType type in Types)
            {
                Check(type, new([7], false, [7], false, null, packed, 1, 1));
                Check(type, new([7], false, [7], false, [], packed, 1, 2));
                Check(type, new([7], false, [7, 50], false, [50], packed, 1, 3));
                Check(type, new([7], false, [50, 7], true, [1], packed, 1, 4));
                Check(type, new([7], true, [3, 7, 50], false, [3, 1], packed, 1, 5));
                Check(type, new([50, 7], false, [7], false, [50], packed, 1, 6));
                Check(type, new([2, 7, 50], true, [7], true, [2, 1], packed, 1, 7));
                Check(type, new([0], false, [0, 5], false, [5], packed, 1, 8));
            }
        }
    }

    [TestMethod]
    public void BatchesBroadcast()
    {
        long[][] batches = [[], [1], [3], [2, 1], [1, 3], [2, 3], [2, 1, 3], [1, 1, 1], [2, 4, 1], [0], [2, 0, 1]];
        int seed = 0;
        foreach (long[] left in batches)
        {
            foreach (long[] right in batches)
            {
                if (!Broadcast(left, right)) continue;
                foreach (bool packed in new[] { false, true })
                {
                    seed++;
                    Check(ElementType.Float, new([.. left, 5, 9], false, [.. right, 9, 35], false, [35], packed, 1 + (seed % 3), seed));
                    Check(ElementType.Int32, new([.. left, 9, 1], true, [.. right, 4, 9], true, null, packed, 1, seed));
                    Check(ElementType.BFloat16, new([.. left, 4, 9], false, [.. right, 9, 1], false, [4, 1], packed, 1, seed));
                }
            }
        }
    }

    [TestMethod]
    public void ManyProductsShareTheThreads()
    {
        Check(ElementType.Float, new([40, 30, 40], false, [40, 40, 50], false, [40, 1, 50], false, 3, 1));
        Check(ElementType.Float, new([5, 8, 30, 40], false, [8, 40, 50], false, [8, 30, 1], true, 3, 2));
        Check(ElementType.Float, new([2, 200, 100], false, [2, 100, 90], false, [], false, 4, 3));
    }

    [TestMethod]
    [DynamicData(nameof(AllLevels))]
    public void ARowDoesNotDependOnTheOthers(IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        const int n = 203, k = 2500;
        using var a = new ContractionTensor<float>(ElementType.Float, 150, k);
        using var b = new ContractionTensor<float>(ElementType.Float, k, n);
        var random = new Random(1);
        foreach (ref float value in a.Values) value = random.NextSingle() - 0.5f;
        foreach (ref float value in b.Values) value = random.NextSingle() - 0.5f;
        using PackedMatrix<float> packed = Contraction.Pack<float, float>(b.Operand, false);
        float[]? expected = null;
        foreach (int m in new[] { 150, 1, 2, 3, 4, 14, 15, 29, 57 })
        {
            foreach (int threads in new[] { 1, 2, 3, 5 })
            {
                using Workers.Forced count = Workers.Force(threads);
                foreach (bool usePacked in new[] { false, true })
                {
                    using var y = new ContractionTensor<float>(ElementType.Float, m, n);
                    using var head = new ContractionTensor<float>(ElementType.Float, m, k);
                    a.Values[..(m * k)].CopyTo(head.Values);
                    ContractionEpilogue epilogue = default;
                    if (usePacked)
                        Contraction.Run<float, float, ContractionEpilogue>(
                            epilogue, head.Operand, false, packed, Operand.Absent, y.Operand);
                    else
                        Contraction.Run<float, float, ContractionEpilogue>(
                            epilogue, head.Operand, false, b.Operand, false, Operand.Absent, y.Operand);
                    y.CheckGuards();
                    expected ??= y.Values.ToArray();
                    Assert.IsTrue(y.Values.SequenceEqual(expected.AsSpan(0, m * n)), $"{m} rows, {threads} threads, packed {usePacked}");
                }
            }
        }
    }

    [TestMethod]
    public void NothingIsSkippedBesideNaNAndInfinity()
    {
        using var a = new ContractionTensor<float>(ElementType.Float, 3, 2);
        using var b = new ContractionTensor<float>(ElementType.Float, 2, 3);
        using var y = new ContractionTensor<float>(ElementType.Float, 3, 3);
        new[] { 0f, 1f, float.PositiveInfinity, 1f, float.NaN, 0f }.CopyTo(a.Values);
        new[] { float.PositiveInfinity, 2f, float.NaN, 1f, float.NegativeInfinity, 0f }.CopyTo(b.Values);
        foreach (IsaLevel level in Levels)
        {
            using Isa.Forced forced = Isa.Force(level);
            Contraction.Run<float, float, ContractionEpilogue>(default, a.Operand, false, b.Operand, false, Operand.Absent, y.Operand);
            float[] expected =
            [
                float.NaN, float.NegativeInfinity, float.NaN, float.PositiveInfinity, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN,
            ];
            CollectionAssert.AreEqual(expected, y.Values.ToArray());
        }
    }

    [TestMethod]
    public void AnAddendMayBeTheResult()
    {
        using var a = new ContractionTensor<double>(ElementType.Double, 40, 3000);
        using var b = new ContractionTensor<double>(ElementType.Double, 3000, 70);
        using var y = new ContractionTensor<double>(ElementType.Double, 40, 70);
        a.Values.Fill(1);
        b.Values.Fill(2);
        y.Values.Fill(5);
        Contraction.Run<double, double, ContractionEpilogue>(default, a.Operand, false, b.Operand, false, y.Operand, y.Operand);
        Assert.IsFalse(y.Values.ContainsAnyExcept(12015.0));
    }

    [TestMethod]
    public void APackedMatrixKeepsItsWidth()
    {
        using var a = new ContractionTensor<float>(ElementType.Float, 2, 3);
        using var b = new ContractionTensor<float>(ElementType.Float, 3, 40);
        using var y = new ContractionTensor<float>(ElementType.Float, 2, 40);
        a.Values.Fill(1);
        b.Values.Fill(2);
        PackedMatrix<float> packed;
        using (Isa.Force(IsaLevel.Bits128)) packed = Contraction.Pack<float, float>(b.Operand, false);
        Contraction.Run<float, float, ContractionEpilogue>(default, a.Operand, false, packed, Operand.Absent, y.Operand);
        Assert.IsFalse(y.Values.ContainsAnyExcept(12f));
        packed.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(
            () => Contraction.Run<float, float, ContractionEpilogue>(default, a.Operand, false, packed, Operand.Absent, y.Operand));
    }

    [TestMethod]
    public void ShapesThatDoNotFitAreRefused()
    {
        Refuse([2, 3], [4, 5], null, [2, 5]);
        Refuse([2, 3], [3, 5], null, [2, 6]);
        Refuse([2, 3], [3, 5], null, [1, 2, 5]);
        Refuse([2, 3], [3, 5], [2, 1, 5], [2, 5]);
        Refuse([2, 3], [3, 5], [4], [2, 5]);
        Refuse([2, 2, 3], [3, 3, 5], null, [2, 2, 5]);
        Refuse([1, 2, 3], [1, 3, 5], null, [7, 2, 5]);
        Refuse([], [3, 5], null, [5]);
    }

    [TestMethod]
    public void SteadyStateAllocatesNothing()
    {
        using var a = new ContractionTensor<float>(ElementType.Float, 2, 200, 300);
        using var b = new ContractionTensor<float>(ElementType.Float, 2, 300, 100);
        using var y = new ContractionTensor<float>(ElementType.Float, 2, 200, 100);
        a.Values.Fill(1);
        b.Values.Fill(1);
        Operand left = a.Operand, right = b.Operand, result = y.Operand;
        using Workers.Forced forced = Workers.Force(1);
        long before = 0;
        for (int i = 0; i < 3; i++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            Contraction.Run<float, float, ContractionEpilogue>(default, left, false, right, false, Operand.Absent, result);
        }
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Refuse(long[] a, long[] b, long[]? addend, long[] y)
    {
        using var left = new ContractionTensor<float>(ElementType.Float, a);
        using var right = new ContractionTensor<float>(ElementType.Float, b);
        using var third = new ContractionTensor<float>(ElementType.Float, addend ?? []);
        using var result = new ContractionTensor<float>(ElementType.Float, y);
        Assert.Throws<ArgumentException>(() => Contraction.Run<float, float, ContractionEpilogue>(
            default, left.Operand, false, right.Operand, false, addend is null ? Operand.Absent : third.Operand, result.Operand));
        result.CheckGuards();
    }

    private static ContractionCase Matrices(long m, long n, long k, bool transposeA, bool transposeB, bool packed, int threads) =>
        new(transposeA ? [k, m] : [m, k], transposeA, transposeB ? [n, k] : [k, n], transposeB, [n], packed, threads, (int)(m + n + k));

    private static ContractionCase Sample(Random random)
    {
        long m = Pick(random, Extents), n = Pick(random, Extents), k = Pick(random, Extents);
        bool transposeA = random.Next(2) == 0, transposeB = random.Next(2) == 0;
        int rank = m * n * k < 50_000 ? random.Next(4) : 0;
        long[] batch = [.. Enumerable.Range(0, rank).Select(_ => random.Next(12) == 0 ? 0L : random.Next(1, 4))];
        long[] left = Part(random, batch), right = Part(random, batch);
        long[] a = [.. left, .. transposeA ? new[] { k, m } : [m, k]], b = [.. right, .. transposeB ? new[] { n, k } : [k, n]];
        var bare = new ContractionCase(a, transposeA, b, transposeB, null, random.Next(3) == 0, random.Next(1, 4), random.Next());
        long[] y = bare.Y;
        long[]? addend = random.Next(7) switch
        {
            0 => null,
            1 => [],
            2 => [n],
            3 => [m, 1],
            4 => [m, n],
            5 => y,
            _ => [.. y.Select(extent => random.Next(2) == 0 ? 1 : extent)],
        };
        return bare with { Addend = addend };
    }

    /// <summary>Something that broadcasts to the whole.</summary>
    private static long[] Part(Random random, long[] whole) =>
        [.. whole.Select(extent => random.Next(3) == 0 ? 1 : extent).Skip(random.Next(3) == 0 ? random.Next(whole.Length + 1) : 0)];

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];

    private static bool Broadcast(long[] left, long[] right)
    {
        for (int i = 1; i <= Math.Min(left.Length, right.Length); i++)
            if (left[^i] != right[^i] && left[^i] != 1 && right[^i] != 1) return false;
        return true;
    }

    private static void Check(ElementType type, ContractionCase test)
    {
        switch (type)
        {
            case ElementType.Float: test.Check<float, float, SingleArithmetic>(); break;
            case ElementType.Double: test.Check<double, double, DoubleArithmetic>(); break;
            case ElementType.Float16: test.Check<Half, float, HalfArithmetic>(); break;
            case ElementType.BFloat16: test.Check<BFloat16, float, BFloat16Arithmetic>(); break;
            case ElementType.Int32: test.Check<int, int, IntegerArithmetic<int>>(); break;
            case ElementType.UInt32: test.Check<uint, uint, IntegerArithmetic<uint>>(); break;
            case ElementType.Int64: test.Check<long, long, IntegerArithmetic<long>>(); break;
            case ElementType.UInt64: test.Check<ulong, ulong, IntegerArithmetic<ulong>>(); break;
            default: throw new ArgumentOutOfRangeException(nameof(type));
        }
    }
}
