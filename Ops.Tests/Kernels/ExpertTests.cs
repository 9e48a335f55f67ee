using Ops.Graphs;
using Ops.Schemas;
using Ops.Simd;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Kernels;

[TestClass]
[DoNotParallelize]
public sealed class ExpertTests
{
    private static readonly IsaLevel[] Levels = [IsaLevel.Bits512, IsaLevel.Bits256, IsaLevel.Bits128, IsaLevel.Scalar];

    public static IEnumerable<object[]> AllLevels => from level in Levels select new object[] { level };

    [TestMethod]
    [DynamicData(nameof(AllLevels))]
    public void KernelsGiveTheSumsOfTheDefinition(IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        var random = new Random(11);
        for (int i = 0; i < 120; i++)
        {
            ExpertCase drawn = ExpertCase.Random(random, quantized: i % 3 == 2);
            AssertNear(drawn, drawn.Run());
        }
    }

    [TestMethod]
    public void BodiesGiveTheSumsOfTheDefinition()
    {
        var random = new Random(12);
        for (int i = 0; i < 60; i++)
        {
            ExpertCase drawn = ExpertCase.Random(random, quantized: i % 3 == 2);
            AssertNear(drawn, drawn.RunGraph(ExecutionPath.Decomposed));
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllLevels))]
    public void PackedWeightsGiveTheSameBits(IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        var random = new Random(13);
        for (int i = 0; i < 40; i++)
        {
            ExpertCase drawn = ExpertCase.Random(random, quantized: i % 3 == 2);
            AssertSame(drawn, drawn.Run(), drawn.RunGraph());
        }
    }

    [TestMethod]
    public void QuantisedWeightsGiveTheBitsOfTheFloatsTheyStandFor()
    {
        var random = new Random(14);
        for (int i = 0; i < 40; i++)
        {
            ExpertCase drawn = ExpertCase.Random(random, quantized: true);
            if (drawn.Type != ElementType.Float) continue;
            TensorValue wIn = Floats(drawn, 2, 3, 9), wOut = Floats(drawn, 4, 5, 10);
            ExpertCase plain = drawn with
            {
                Quantized = ElementType.Undefined,
                Inputs = [drawn.Inputs[0], drawn.Inputs[1], wIn, wOut, .. drawn.Inputs[6..9]]
            };
            AssertSame(drawn, drawn.Run(), plain.Run());
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllLevels))]
    public void BitsDependOnNeitherThreadsNorBatch(IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        var random = new Random(15);
        foreach (ExpertCase drawn in Large(random))
        {
            TensorValue[] whole = drawn.Run();
            foreach (int threads in new[] { 1, 2, 5 })
            {
                using Workers count = new(threads);
                AssertSame(drawn, whole, drawn.Run());
            }
            // Alone, and in another order.
            foreach (int[] rows in new[] { [drawn.M / 2], Enumerable.Range(0, drawn.M).Reverse().ToArray(), [drawn.M - 1, 0] })
            {
                TensorValue[] some = (drawn with
                {
                    M = rows.Length,
                    Inputs = [Rows(drawn.Inputs[0]!, rows), Rows(drawn.Inputs[1]!, rows), .. drawn.Inputs[2..]]
                }).Run();
                for (int o = 0; o < 3; o++)
                    CollectionAssert.AreEqual(Rows(whole[o], rows).Bytes.ToArray(), some[o].Bytes.ToArray(), $"output {o} of {drawn}");
            }
        }
    }

    [TestMethod]
    public void IntegerProductsAreNearAndTheSameAtAnyWidth()
    {
        var random = new Random(16);
        for (int i = 0; i < 40; i++)
        {
            // Weights that are sums over experts depend on the width.
            ExpertCase drawn = ExpertCase.Random(random, quantized: true) with { Accuracy = 4, Scoring = "sigmoid", Normalize = false };
            TensorValue[] widest = drawn.Run();
            (double[] y, long[] experts, _) = ExpertReference.Run(drawn);
            CollectionAssert.AreEqual(experts, widest[1].Span<long>().ToArray(), drawn.ToString());
            // Each product is off by up to half a step of 127 in each factor's block.
            double largest = y.Select(Math.Abs).Append(1).Max(), error = 0;
            for (int k = 0; k < y.Length; k++) error += Math.Pow(y[k] - ExpertCase.At(widest[0], k), 2) / y.Length;
            Assert.IsLessThan(0.05 * largest, Math.Sqrt(error), drawn.ToString());
            foreach (IsaLevel level in Levels)
            {
                using Isa.Forced forced = Isa.Force(level);
                AssertSame(drawn, widest, drawn.Run());
            }
        }
    }

    [TestMethod]
    public void AGroupedProductReadsTheIntegersThatADequantizationStandsFor()
    {
        var random = new Random(17);
        foreach (ElementType type in new[] { ElementType.Int4, ElementType.UInt8 })
        {
            ExpertCase drawn = new ExpertCase
            {
                M = 9, H = 70, I = 21, G = 3, Activation = "identity", Quantized = type, BlockSize = 16
            }.Filled(random, zeros: true);
            TensorValue groups = TensorValue.From<long>([.. Enumerable.Range(0, 18).Select(_ => (long)random.Next(3))], 9, 2);
            Node dequantize = new()
            {
                Op = "DequantizeLinear", Domain = "ai.onnx", Opset = 29, Inputs = ["w", "s", "z"], Outputs = ["real"],
                Attributes = new(new Dictionary<string, object> { ["axis"] = 1L, ["block_size"] = 16L }),
            };
            Node product = new() { Op = "GroupedMatMul", Domain = "ai.onnx", Opset = 29, Inputs = ["x", "real", "g"], Outputs = ["y"] };
            GraphRun Run(ExecutionPath path) => new GraphExecutor(new Graph
            {
                Inputs = [new("x", ValueKind.Tensor, drawn.Inputs[0]!.ToTensorType()), new("g", ValueKind.Tensor, groups.ToTensorType())],
                Outputs = [new("y", ValueKind.Tensor, Ops.Specs.Inference.TensorType.Unknown)],
                Nodes = [dequantize, product],
                Constants = new Dictionary<string, TensorValue>
                {
                    ["w"] = drawn.Inputs[2]!, ["s"] = drawn.Inputs[3]!, ["z"] = drawn.Inputs[9]!
                },
            }, new ExecutionOptions { Path = path }).Run(new Dictionary<string, TensorValue?> { ["x"] = drawn.Inputs[0], ["g"] = groups });
            GraphRun fused = Run(ExecutionPath.Auto), parts = Run(ExecutionPath.Decomposed);
            Assert.HasCount(1, fused.Nodes);
            ReadOnlySpan<float> a = fused.Outputs[0]!.Span<float>(), b = parts.Outputs[0]!.Span<float>();
            for (int i = 0; i < a.Length; i++) Assert.AreEqual(b[i], a[i], 1e-4f);
        }
    }

    [TestMethod]
    public void ACallersActivationIsTheBuiltInOne()
    {
        var random = new Random(18);
        foreach (ElementType type in new[] { ElementType.Float, ElementType.BFloat16 })
        {
            foreach (ElementType quantized in new[] { ElementType.Undefined, ElementType.Int4 })
            {
                ExpertCase builtIn = new ExpertCase { M = 17, H = 40, I = 45, G = 4, Type = type, Quantized = quantized }.Filled(random,
                    true, true);
                AssertNear(builtIn, (builtIn with { ActivationMod = SwiGlu(type, "Sigmoid") }).Run());
                AssertNear(builtIn, (builtIn with { ActivationMod = SwiGlu(type, "Sigmoid") }).RunGraph(ExecutionPath.Decomposed));
                // A softmax looks at whole rows: nothing of a tile can have it, and the graph runs as it is.
                ExpertCase whole = builtIn with { ActivationMod = SwiGlu(type, "Softmax") };
                TensorValue[] kernel = whole.Run(), body = whole.RunGraph(ExecutionPath.Decomposed);
                for (int i = 0; i < kernel[0].Length; i++)
                    Assert.AreEqual(ExpertCase.At(body[0], i), ExpertCase.At(kernel[0], i), type == ElementType.Float ? 1e-4 : 0.2);
            }
        }
    }

    [TestMethod]
    [DataRow(12)]
    [DataRow(700)]
    public void ARoutersGraphChangesTheLogits(int rows)
    {
        ExpertCase plain = new ExpertCase { M = rows, G = 5 }.Filled(new Random(19));
        var type = new Ops.Specs.Inference.TensorType(ElementType.Float, Ops.Specs.Symbolic.Seq.Of<Ops.Specs.Symbolic.Dim>(rows, 5));
        Graph negate = new()
        {
            Inputs = [new("z", ValueKind.Tensor, type)], Outputs = [new("r", ValueKind.Tensor, type)],
            Nodes = [new Node { Op = "Neg", Domain = "ai.onnx", Opset = 20, Inputs = ["z"], Outputs = ["r"] }],
        };
        TensorValue logits = TensorValue.Allocate(ElementType.Float, [rows, 5]);
        for (int i = 0; i < rows * 5; i++) logits.Span<float>()[i] = -(float)ExpertCase.At(plain.Inputs[1]!, i);
        AssertSame(plain, (plain with { Inputs = [plain.Inputs[0], logits, .. plain.Inputs[2..]] }).Run(),
            (plain with { RouterMod = negate }).Run());
    }

    [TestMethod]
    [DataRow("Mixtral", 8, 2)]
    [DataRow("Qwen3", 128, 8)]
    [DataRow("DeepSeekV2", 160, 6)]
    [DataRow("DeepSeekV3", 256, 8)]
    [DataRow("GptOss", 32, 4)]
    [DataRow("Llama4", 16, 1)]
    public void PresetsRouteAsTheirModelsDo(string name, int experts, int chosen)
    {
        OpPreset preset = OpRegistry.Get("opspec.experimental", "MoE", 1).Schema.Presets.Single(p => p.Name == name);
        AttributeValues a = preset.Attributes;
        Assert.AreEqual(chosen, (int)a.Int("k")!);
        ExpertCase drawn = new ExpertCase
        {
            M = 5, H = 8, I = 6, G = experts, K = chosen, Scoring = a.String("scoring"), Normalize = a.Bool("normalize")
                ?? false, Scale = a.Float("routed_scale") ?? 1,
            Groups = (int)(a.Int("num_groups")
                ?? 1), TopGroups = (int)(a.Int("top_groups") ?? 1), TopTwo = a.String("group_score") == "top2_sum",
            Activation = a.String("activation")!, Interleaved = a.String("glu_layout") == "interleaved",
        }.Filled(new Random(20));
        AssertNear(drawn, drawn.Run());
    }

    [TestMethod]
    [DataRow("k-range", 0L, 1L, 1L)]
    [DataRow("k-range", 3L, 2L, 1L)]
    [DataRow("groups-divide-experts", 1L, 3L, 1L)]
    [DataRow("top_groups-range", 1L, 2L, 3L)]
    public void ChoicesThatCannotBeMadeAreRefused(string rule, long k, long groups, long top)
    {
        ExpertCase drawn = new ExpertCase { G = 4, K = (int)k, Groups = (int)groups, TopGroups = (int)top }.Filled(new Random(21));
        OpException refused = Assert.ThrowsExactly<OpException>(() => drawn.Run());
        Assert.AreEqual(rule, refused.Rule, refused.Message);
    }

    [TestMethod]
    public void AnActivationIsGivenByNameOrAsAGraph()
    {
        ExpertCase drawn = new ExpertCase().Filled(new Random(22));
        var attributes = new AttributeValues(new Dictionary<string, object>
        {
            ["k"] = 2L, ["activation"] = "swiglu", ["activation_mod"] = SwiGlu(ElementType.Float, "Sigmoid")
        });
        Assert.AreEqual("one-activation",
            Assert.ThrowsExactly<OpException>(() => drawn.Definition.Run!(new OpCall(drawn.Inputs, attributes, [true]))).Rule);
    }

    private static Graph SwiGlu(ElementType element, string share)
    {
        Node Step(string op, string output, params string[] inputs) =>
            new() { Op = op, Domain = "ai.onnx", Opset = 20, Inputs = inputs, Outputs = [output] };
        var type = new Ops.Specs.Inference.TensorType(element,
            Ops.Specs.Symbolic.Seq.Of<Ops.Specs.Symbolic.Dim>(Ops.Specs.Symbolic.Dim.Symbol("n"), 45));
        return new Graph
        {
            Inputs = [new("gate", ValueKind.Tensor, type), new("up", ValueKind.Tensor, type)], Outputs = [new("r", ValueKind.Tensor, type)],
            Nodes = [Step(share, "s", "gate"), Step("Mul", "g", "gate", "s"), Step("Mul", "r", "g", "up")],
        };
    }

    private static IEnumerable<ExpertCase> Large(Random random) =>
    [
        new ExpertCase { M = 130, H = 200, I = 96, G = 4, K = 2 }.Filled(random, true, true, true),
        new ExpertCase
        {
            M = 37,
            H = 70,
            I = 70,
            G = 6,
            K = 3,
            Groups = 3,
            TopGroups = 2,
            TopTwo = true,
            Scoring = "sigmoid",
            Activation = "gelu",
            Type = ElementType.BFloat16
        }.Filled(random, true),
        new ExpertCase { M = 40, H = 128, I = 160, G = 3, K = 2, Interleaved = true, Quantized = ElementType.Int4 }.Filled(random,
            zeros: true),
        new ExpertCase { M = 40, H = 128, I = 160, G = 3, K = 2, Quantized = ElementType.Int4, Accuracy = 4 }.Filled(random),
        new ExpertCase { M = 21, H = 96, I = 64, G = 3, K = 1, Quantized = ElementType.UInt8, Accuracy = 4 }.Filled(random, zeros: true),
    ];

    private static TensorValue Rows(TensorValue tensor, int[] rows)
    {
        TensorValue some = TensorValue.Allocate(tensor.Type, [rows.Length, tensor.Dims[1]]);
        int size = tensor.Dims[0] == 0 ? 0 : tensor.ByteCount / (int)tensor.Dims[0];
        for (int i = 0; i < rows.Length; i++) tensor.Bytes.Slice(rows[i] * size, size).CopyTo(some.Bytes[(i * size)..]);
        return some;
    }

    private static TensorValue Floats(ExpertCase drawn, int weights, int scales, int zeros)
    {
        TensorValue w = drawn.Inputs[weights]!, s = drawn.Inputs[scales]!, real = TensorValue.Allocate(ElementType.Float, w.Dims);
        for (int i = 0; i < w.Length; i++)
        {
            long column = i % w.Dims[2], k = i / w.Dims[2] % w.Dims[1], g = i / w.Dims[2] / w.Dims[1],
                at = (g * s.Dims[1] + k / drawn.BlockSize) * s.Dims[2] + column;
            real.Span<float>()[i] =
                ((float)ExpertCase.At(w, i) - (drawn.Inputs[zeros] is { } z ? (float)ExpertCase.At(z, at) : 0)) * s.Span<float>()[(int)at];
        }
        return real;
    }

    private static void AssertSame(ExpertCase drawn, TensorValue[] left, TensorValue[] right)
    {
        for (int o = 0; o < left.Length; o++)
            CollectionAssert.AreEqual(left[o].Bytes.ToArray(), right[o].Bytes.ToArray(), $"output {o} of {drawn}");
    }

    private static void AssertNear(ExpertCase drawn, TensorValue[] actual)
    {
        (double[] y, long[] experts, double[] weights) = ExpertReference.Run(drawn);
        CollectionAssert.AreEqual(experts, actual[1].Span<long>().ToArray(), $"experts of {drawn}");
        double tolerance = drawn.Type switch { ElementType.Float => 2e-5, ElementType.Float16 => 2e-2, _ => 0.15 };
        for (int i = 0; i < weights.Length; i++)
            Assert.AreEqual(weights[i], actual[2].Span<float>()[i], 1e-5 * Math.Max(1, Math.Abs(weights[i])), $"weight {i} of {drawn}");
        // What 16 bits round away between the steps of a body is in proportion to the largest values, not to each.
        double largest = y.Select(Math.Abs).Append(1).Max();
        for (int i = 0; i < y.Length; i++)
            Assert.AreEqual(y[i], ExpertCase.At(actual[0], i), tolerance * largest, $"element {i} of {drawn}");
    }

    /// <summary>A number of threads for a while.</summary>
    private sealed class Workers(int count) : IDisposable
    {
        private readonly Threading.Workers.Forced forced = Threading.Workers.Force(count);

        public void Dispose() => forced.Dispose();
    }
}
