using Ops.Schemas;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Kernels;

/// <summary>One call of Attention: what varies, its tensors, and how it is run.</summary>
internal sealed record AttentionCase
{
    public int Version { get; init; } = 25;
    public ElementType Type { get; init; } = ElementType.Float;
    public ElementType ValueType { get; init; } = ElementType.Float;
    public bool Packed { get; init; }
    public int B { get; init; } = 1;
    public int Hkv { get; init; } = 1;
    public int Group { get; init; } = 1;
    public int L { get; init; } = 1;
    public int S { get; init; } = 1;
    public int E { get; init; } = 8;
    public int Ev { get; init; } = 8;
    public bool Causal { get; init; }
    public long Left { get; init; } = -1;
    public long Right { get; init; } = -1;
    public float Softcap { get; init; }
    public float? Scale { get; init; }
    public int Mode { get; init; }
    public bool WantsScores { get; init; }
    public bool WantsPresent { get; init; }

    public TensorValue? Q { get; init; }
    public TensorValue? K { get; init; }
    public TensorValue? V { get; init; }
    public TensorValue? Mask { get; init; }
    public TensorValue? PastKey { get; init; }
    public TensorValue? PastValue { get; init; }
    public TensorValue? Valid { get; init; }

    public int Hq => Hkv * Group;
    public int Past => PastKey is null ? 0 : (int)PastKey.Dims[2];
    public int Total => Past + S;
    public double EffectiveScale => Scale ?? 1 / Math.Sqrt(E);

    /// <summary>The same call with random operands.</summary>
    public AttentionCase Filled(Random random, double spread = 1) => this with
    {
        Q = AttentionTensor.Of(Type, Packed ? [B, L, Hq * E] : [B, Hq, L, E], _ => spread * (random.NextDouble() * 2 - 1)),
        K = AttentionTensor.Random(Type, Packed ? [B, S, Hkv * E] : [B, Hkv, S, E], random),
        V = AttentionTensor.Random(ValueType, Packed ? [B, S, Hkv * Ev] : [B, Hkv, S, Ev], random),
    };

    /// <summary>The same call with a cache before its keys.</summary>
    public AttentionCase WithPast(int past, Random random) => this with
    {
        PastKey = AttentionTensor.Random(Type, [B, Hkv, past, E], random),
        PastValue = AttentionTensor.Random(ValueType, [B, Hkv, past, Ev], random),
    };

    /// <summary>Runs the op: Y, present key, present value, scores.</summary>
    public TensorValue?[] Run()
    {
        var attributes = new Dictionary<string, object>();
        if (Packed)
        {
            attributes["q_num_heads"] = (long)Hq;
            attributes["kv_num_heads"] = (long)Hkv;
        }

        if (Causal) attributes["is_causal"] = 1L;
        if (Left != -1) attributes["left_window_size"] = Left;
        if (Right != -1) attributes["right_window_size"] = Right;
        if (Softcap != 0) attributes["softcap"] = Softcap;
        if (Scale is { } scale) attributes["scale"] = scale;
        if (Mode != 0) attributes["qk_matmul_output_mode"] = (long)Mode;
        TensorValue?[] inputs = [Q, K, V, Mask, PastKey, PastValue, Valid];
        var call = new OpCall(Version == 23 ? inputs[..6] : inputs, new AttributeValues(attributes),
            [true, WantsPresent, WantsPresent, WantsScores]);
        OpDefinition definition = Version switch
        {
            23 => Attention.Definition23,
            24 => Attention.Definition24,
            _ => Attention.Definition25
        };
        definition.Run!(call);
        return call.Outputs;
    }

    /// <summary>A case drawn from everything that may be combined.</summary>
    public static AttentionCase Draw(Random random, ElementType type)
    {
        T Pick<T>(params T[] from) => from[random.Next(from.Length)];
        bool Maybe(int oneIn) => random.Next(oneIn) == 0;
        int version = Pick(23, 24, 25);
        bool isDouble = type == ElementType.Double;
        var drawn = new AttentionCase
        {
            Version = version,
            Type = type,
            ValueType = Maybe(6) ? Pick(ElementType.Float, ElementType.Float16, ElementType.BFloat16, ElementType.Double) : type,
            Packed = Maybe(2),
            B = Maybe(20) ? 0 : Pick(1, 2, 3),
            Hkv = Pick(1, 2, 3),
            Group = Pick(1, 2, 4),
            L = Maybe(20) ? 0 : Pick(1, 1, 2, 7, 15, 33, 70),
            S = Maybe(15) ? 0 : Pick(1, 5, 31, 64, 255, 256, 257, 300, 520),
            E = Pick(1, 3, 8, 16, 33, 64),
            Ev = Pick(1, 3, 8, 16, 32, 33, 64),
            Causal = Maybe(2),
            Left = version == 25 && Maybe(2) ? Pick(0, 1, 5, 100, 300) : -1,
            Right = version == 25 && Maybe(2) ? Pick(0, 1, 5, 100, 300) : -1,
            Softcap = Maybe(3) ? 2.5f : 0,
            Scale = Maybe(2) ? 0.3f : null,
            Mode = Pick(0, 1, 2, 3),
            WantsScores = Maybe(2),
        };
        drawn = drawn.Filled(random, isDouble ? 4 : 2);
        bool isOutside = version >= 24 && Maybe(3);
        if (isOutside)
        {
            drawn = drawn with { Valid = AttentionTensor.Of(ElementType.Int64, [drawn.B], _ => random.Next(drawn.S + 1)) };
        }
        else
        {
            drawn = drawn with { WantsPresent = Maybe(2) };
            if (Maybe(2)) drawn = drawn.WithPast(Pick(0, 1, 17, 250, 256), random);
        }

        return Maybe(2) ? drawn.WithMask(random, Maybe(2) ? ElementType.Bool : type) : drawn;
    }

    private AttentionCase WithMask(Random random, ElementType type)
    {
        long[] full = [B, Hq, L, Total];
        int rank = random.Next(Version == 23 ? 0 : 1, 5);
        long[] dims = full[^rank..];
        for (int axis = 0; axis < rank; axis++)
            if (random.Next(3) == 0 && (axis < rank - 1 || Version == 23)) dims[axis] = 1;
        if (Version >= 24 && random.Next(2) == 0)
        {
            int needed = Valid is null ? 0 : (int)AttentionTensor.Doubles(Valid).Append(0).Max();
            dims[^1] = random.Next(needed, Total + 1);
        }

        long row = rank == 0 ? 1 : Math.Max(1, dims[^1]);
        int style = random.Next(3), share = random.Next(2, 6);
        var hidden = new Dictionary<long, bool>();
        double Value(long i)
        {
            if (!hidden.TryGetValue(i / row, out bool isHidden)) hidden[i / row] = isHidden = random.Next(4) == 0;
            bool masks = (style == 0 && isHidden) || (style <= 1 && random.Next(share) == 0);
            return type == ElementType.Bool ? masks ? 0 : 1 : masks ? double.NegativeInfinity : random.NextDouble() * 2 - 1;
        }

        return this with { Mask = AttentionTensor.Of(type, dims, Value) };
    }
}
