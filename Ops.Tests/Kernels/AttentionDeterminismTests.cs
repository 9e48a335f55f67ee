using Ops.Simd;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Threading;

namespace Ops.Tests.Kernels;

[TestClass]
[DoNotParallelize]
public sealed class AttentionDeterminismTests
{
    private static readonly IsaLevel[] Levels = [IsaLevel.Bits512, IsaLevel.Bits256, IsaLevel.Bits128, IsaLevel.Scalar];

    public static IEnumerable<object[]> AllLevels => from level in Levels select new object[] { level };

    [TestMethod]
    [DynamicData(nameof(AllLevels))]
    public void BitsDoNotDependOnTheThreads(IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        var random = new Random(7);
        AttentionCase[] cases =
        [
            // The first ones have fewer panels than threads, so that cells are split.
            new AttentionCase { Group = 4, S = 2000, E = 32, Ev = 64 },
            new AttentionCase { Group = 3, L = 2, S = 1500, E = 32, Ev = 33, Causal = true, Softcap = 5, WantsScores = true, Mode = 3 },
            new AttentionCase
            {
                B = 3,
                Group = 1,
                S = 9000,
                E = 16,
                Ev = 32,
                Left = 3000,
                Type = ElementType.BFloat16,
                ValueType = ElementType.BFloat16
            },
            new AttentionCase { Hkv = 2, Group = 2, L = 300, S = 700, E = 32, Ev = 40, Causal = true },
        ];
        foreach (AttentionCase drawn in cases)
        {
            AttentionCase filled = (drawn.Causal ? drawn.WithPast(500, random) : drawn).Filled(random, 3);
            byte[][] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
            {
                using Workers.Forced count = Workers.Force(threads);
                return filled.Run()[0]!.Bytes.ToArray();
            })];
            foreach (byte[] result in results) CollectionAssert.AreEqual(results[0], result, drawn.ToString());
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllLevels))]
    public void ADecodeStepGivesTheBitsOfThePrefill(IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        var random = new Random(8);
        foreach (int window in new[] { -1, 40, 400 })
        {
            foreach (float softcap in new[] { 0f, 4f })
            {
                AttentionCase whole = new AttentionCase
                {
                    B = 2,
                    Hkv = 2,
                    Group = 4,
                    L = 700,
                    S = 700,
                    E = 24,
                    Ev = 64,
                    Causal = true,
                    Left = window,
                    Softcap = softcap
                }.Filled(random, 3);
                TensorValue y = whole.Run()[0]!;
                foreach (int i in new[] { 0, 1, 31, 255, 256, 300, 699 })
                {
                    // The step's own key is new, all before it are the cache's.
                    AttentionCase step = whole with
                    {
                        L = 1,
                        S = 1,
                        Q = Rows(whole.Q!, i, 1),
                        K = Rows(whole.K!, i, 1),
                        V = Rows(whole.V!, i, 1),
                        PastKey = Rows(whole.K!, 0, i),
                        PastValue = Rows(whole.V!, 0, i),
                    };
                    CollectionAssert.AreEqual(Rows(y, i, 1).Bytes.ToArray(), step.Run()[0]!.Bytes.ToArray(),
                        $"row {i}, window {window}, softcap {softcap}");
                }
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllLevels))]
    public void BitsDoNotDependOnTheBatch(IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        var random = new Random(9);
        AttentionCase batch =
            new AttentionCase { B = 3, Hkv = 2, Group = 2, L = 20, S = 600, E = 24, Ev = 40, Causal = true }.Filled(random, 3) with
        {
            Valid = AttentionTensor.Of(ElementType.Int64, [3], b => 600 - 170 * b),
        };
        byte[] together = batch.Run()[0]!.Bytes.ToArray();
        for (int b = 0; b < 3; b++)
        {
            AttentionCase alone = batch with { B = 1, Q = Part(batch.Q!,
                b), K = Part(batch.K!, b), V = Part(batch.V!, b), Valid = AttentionTensor.Of(ElementType.Int64, [1], _ => 600 - 170 * b) };
            byte[] own = alone.Run()[0]!.Bytes.ToArray();
            CollectionAssert.AreEqual(together[(b * own.Length)..((b + 1) * own.Length)], own, $"sequence {b}");
        }
    }

    /// <summary>Some rows of every head of a 4-D float tensor.</summary>
    private static TensorValue Rows(TensorValue tensor, int first, int count)
    {
        long rows = tensor.Dims[2], width = tensor.Dims[3];
        double[] values = AttentionTensor.Doubles(tensor);
        return AttentionTensor.Of(tensor.Type, [tensor.Dims[0], tensor.Dims[1], count, width],
            at => values[(at / (count * width) * rows + first + at / width % count) * width + at % width]);
    }

    /// <summary>One sequence.</summary>
    private static TensorValue Part(TensorValue tensor, int batch)
    {
        long length = tensor.Length / tensor.Dims[0];
        double[] values = AttentionTensor.Doubles(tensor);
        return AttentionTensor.Of(tensor.Type, [1, .. tensor.Dims[1..]], at => values[batch * length + at]);
    }
}
