using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Kernels;

/// <summary>A call of MoE or QMoE with drawn tensors.</summary>
internal sealed record ExpertCase
{
    public static readonly string[] Activations = ["identity", "relu", "relu2", "gelu", "gelu_tanh", "silu", "swiglu", "geglu",
        "swigluoai"];

    public int M { get; init; } = 3;

    public int H { get; init; } = 16;

    public int I { get; init; } = 24;

    public int G { get; init; } = 4;

    public int K { get; init; } = 2;

    public string? Scoring { get; init; }

    public bool Normalize { get; init; }

    public float Scale { get; init; } = 1;

    public int Groups { get; init; } = 1;

    public int TopGroups { get; init; } = 1;

    public bool TopTwo { get; init; }

    public string Activation { get; init; } = "swiglu";

    public bool Interleaved { get; init; }

    public ElementType Type { get; init; } = ElementType.Float;

    /// <summary>The type of quantised weights; <see cref="ElementType.Undefined"/> for MoE.</summary>
    public ElementType Quantized { get; init; }

    public int BlockSize { get; init; } = 32;

    public int Accuracy { get; init; }

    public object? ActivationMod { get; init; }

    public object? RouterMod { get; init; }

    /// <summary>The inputs in the order of the op.</summary>
    public TensorValue?[] Inputs { get; init; } = [];

    public bool IsQuantized => Quantized != ElementType.Undefined;

    public int F => ActivationMod is Graph graph ? graph.Inputs.Count : Activation is "swiglu" or "geglu" or "swigluoai" ? 2 : 1;

    public string Op => IsQuantized ? "QMoE" : "MoE";

    public OpDefinition Definition => OpRegistry.Get("opspec.experimental", Op, 1);

    public AttributeValues Attributes
    {
        get
        {
            var values = new Dictionary<string, object> { ["k"] = (long)K };
            if (Scoring is not null) values["scoring"] = Scoring;
            if (Normalize) values["normalize"] = 1L;
            if (Scale != 1) values["routed_scale"] = Scale;
            if (Groups != 1) values["num_groups"] = (long)Groups;
            if (TopGroups != 1) values["top_groups"] = (long)TopGroups;
            if (TopTwo) values["group_score"] = "top2_sum";
            if (ActivationMod is not null) values["activation_mod"] = ActivationMod;
            else if (Activation != "swiglu") values["activation"] = Activation;
            if (RouterMod is not null) values["router_mod"] = RouterMod;
            if (Interleaved) values["glu_layout"] = "interleaved";
            if (IsQuantized) values["block_size"] = (long)BlockSize;
            if (Accuracy != 0) values["accuracy"] = (long)Accuracy;
            return new AttributeValues(values);
        }
    }

    /// <summary>A random call.</summary>
    public static ExpertCase Random(Random random, bool quantized = false)
    {
        int groups = random.Next(3) == 0 ? random.Next(2, 4) : 1, per = random.Next(1, 5), top = random.Next(1, groups + 1);
        ElementType[] types = [ElementType.Float, ElementType.Float, ElementType.Float16, ElementType.BFloat16];
        ElementType[] integers = [ElementType.Int8, ElementType.UInt8, ElementType.Int4, ElementType.UInt4];
        return new ExpertCase
        {
            M = random.Next(6) switch { 0 => 0, 1 => 1, 2 => random.Next(20, 70), _ => random.Next(2, 9) },
            H = random.Next(5) == 0 ? random.Next(1, 5) : random.Next(1, 90),
            I = random.Next(5) == 0 ? random.Next(1, 5) : random.Next(1, 90),
            G = groups * per,
            K = random.Next(1, top * per + 1),
            Scoring = new[] { null, "softmax", "softmax_topk", "sigmoid" }[random.Next(4)],
            Normalize = random.Next(2) == 0,
            Scale = random.Next(2) == 0 ? 1 : 2.5f,
            Groups = groups,
            TopGroups = top,
            TopTwo = random.Next(2) == 0,
            Activation = Activations[random.Next(Activations.Length)],
            Interleaved = random.Next(2) == 0,
            Type = types[random.Next(4)],
            Quantized = quantized ? integers[random.Next(4)] : ElementType.Undefined,
            BlockSize = new[] { 16, 32, 64, 5, 128 }[random.Next(5)],
        }.Filled(random, random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0);
    }

    /// <summary>With drawn tensors. Logits come in steps, so that there are ties and no near ones.</summary>
    public ExpertCase Filled(Random random, bool biasIn = false, bool biasOut = false, bool selection = false, bool zeros = false)
    {
        TensorValue x = Real(random, Type, 1, M, H), logits = Real(random, Type, 0, M, G);
        TensorValue? bIn = biasIn ? Real(random, Type, 1, G, F * I) : null, bOut = biasOut ? Real(random, Type, 1, G, H) : null;
        TensorValue? bias = selection ? Real(random, ElementType.Float, 0, G) : null;
        if (!IsQuantized)
            return this with { Inputs =
                [x, logits, Real(random, Type, 0.3, G, H, F * I), Real(random, Type, 0.3, G, I, H), bIn, bOut, bias] };
        int blocksIn = (H + BlockSize - 1) / BlockSize, blocksOut = (I + BlockSize - 1) / BlockSize;
        return this with
        {
            Inputs =
            [
                x, logits, Integers(random, G, H, F * I), Real(random, ElementType.Float, 0.02, G, blocksIn, F * I),
                Integers(random, G, I, H),
                Real(random, ElementType.Float, 0.02, G, blocksOut, H), bIn, bOut, bias,
                zeros ? Integers(random, G, blocksIn, F * I) : null, zeros ? Integers(random, G, blocksOut, H) : null,
            ],
        };
    }

    /// <summary>Runs the kernel on the inputs as they are.</summary>
    public TensorValue[] Run()
    {
        var call = new OpCall(Inputs, Attributes, [true, true, true]);
        Definition.Run!(call);
        return [.. call.Outputs.Select(o => o!)];
    }

    /// <summary>Runs a graph of the op whose weights are constants.</summary>
    public TensorValue[] RunGraph(ExecutionPath path = ExecutionPath.Auto)
    {
        string[] names = [.. Inputs.Select((input, i) => input is null ? "" : $"in{i}")];
        var node = new Node
        {
            Op = Op,
            Domain = "opspec.experimental",
            Opset = 1,
            Inputs = names,
            Outputs = ["y", "e", "w"],
            Attributes = Attributes
        };
        var graph = new Graph
        {
            Inputs = [new("in0", ValueKind.Tensor, Inputs[0]!.ToTensorType()), new("in1", ValueKind.Tensor, Inputs[1]!.ToTensorType())],
            Outputs = [.. node.Outputs.Select(o => new GraphValue(o, ValueKind.Tensor, TensorType.Unknown))],
            Nodes = [node],
            Constants = names.Zip(Inputs).Skip(2).Where(p => p.Second is not null).ToDictionary(p => p.First, p => p.Second!),
        };
        return [.. new GraphExecutor(graph, new ExecutionOptions { Path = path }).Run(new Dictionary<string, TensorValue?>
        {
            ["in0"] = Inputs[0], ["in1"] = Inputs[1]
        }).Outputs
            .Select(o => o!)];
    }

    public override string ToString() =>
        $"{Op} {Type} {Quantized} M={M} H={H} I={I} G={G} k={K} {Scoring} normalize={Normalize} scale={Scale} groups={Groups}/{TopGroups} top2={TopTwo} {Activation} "
        + $"interleaved={Interleaved} block={BlockSize} accuracy={Accuracy} inputs={string.Concat(Inputs.Select(i => i is null ? "-" : "+"))}";

    /// <summary>An element as a double.</summary>
    public static double At(TensorValue tensor, long index) => tensor.Type switch
    {
        ElementType.Float => tensor.Span<float>()[(int)index],
        ElementType.Float16 => (double)tensor.Span<Half>()[(int)index],
        ElementType.BFloat16 => (float)tensor.Span<BFloat16>()[(int)index],
        ElementType.Int8 => (sbyte)tensor.Bytes[(int)index],
        ElementType.UInt8 => tensor.Bytes[(int)index],
        ElementType.UInt4 => tensor.Bytes[(int)(index / 2)] >> (int)(index % 2 * 4) & 15,
        ElementType.Int4 => ((tensor.Bytes[(int)(index / 2)] >> (int)(index % 2 * 4) & 15) ^ 8) - 8,
        _ => tensor.Span<long>()[(int)index],
    };

    private TensorValue Integers(Random random, params long[] dims)
    {
        TensorValue tensor = TensorValue.Allocate(Quantized, dims, clear: true);
        random.NextBytes(tensor.Bytes);
        return tensor;
    }

    /// <summary>Reals up to a size, or multiples of a quarter for 0.</summary>
    private static TensorValue Real(Random random, ElementType type, double size, params long[] dims)
    {
        TensorValue tensor = TensorValue.Allocate(type, dims, clear: true);
        for (int i = 0; i < tensor.Length; i++)
        {
            float value = size == 0 ? random.Next(-8, 9) / 4f : (float)(size * (random.NextDouble() * 2 - 1));
            if (type == ElementType.Float) tensor.Span<float>()[i] = value;
            else if (type == ElementType.Float16) tensor.Span<Half>()[i] = (Half)value;
            else tensor.Span<BFloat16>()[i] = (BFloat16)value;
        }
        return tensor;
    }
}
