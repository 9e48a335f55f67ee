using Ops.Experimental;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Kernels;

/// <summary>Sequences with new tokens, and the pages they are kept in. What a sequence holds depends on nothing but its number and the
/// seed.</summary>
internal sealed record PagedCase
{
    public ElementType Type { get; init; } = ElementType.Float;
    public bool IsInt8 { get; init; }
    public bool HasHeadScales { get; init; }
    public int Hkv { get; init; } = 2;
    public int Group { get; init; } = 2;
    public int E { get; init; } = 16;
    public int Ev { get; init; } = 16;
    public int PageSize { get; init; } = 16;
    public bool IsCausal { get; init; } = true;
    public long Left { get; init; } = -1;
    public float Softcap { get; init; }
    public float? Scale { get; init; }
    public bool HasSinks { get; init; }
    public int Seed { get; init; } = 1;

    /// <summary>The new tokens of each sequence, and its length with them.</summary>
    public int[] New { get; init; } = [1];
    public int[] Lengths { get; init; } = [5];

    /// <summary>Which sequence's content each one has, if not its own.</summary>
    public int[]? Contents { get; init; }

    /// <summary>Where chance puts the pages.</summary>
    public int Layout { get; init; } = 1;

    /// <summary>New tokens whose slot is -1, by number; their positions hold what they would have written.</summary>
    public int[] Unwritten { get; init; } = [];

    /// <summary>Whether what no query sees is unmapped where a whole page is.</summary>
    public bool Unmaps { get; init; } = true;

    /// <summary>The graph that modifies scores, and the same as a function of score, head, query and key.</summary>
    public Graph? Modifier { get; init; }
    public Func<double, int, int, int, double> Modify { get; init; } = (s, _, _, _) => s;

    public int Hq => Hkv * Group;
    public int N => New.Sum();
    public double EffectiveScale => Scale ?? (float)(1 / Math.Sqrt(E));
    public ElementType CacheType => IsInt8 ? ElementType.Int8 : Type;

    public float KeyScale(int head) => 0.011f + (HasHeadScales ? 0.003f * head : 0);
    public float ValueScale(int head) => 0.009f + (HasHeadScales ? 0.002f * head : 0);
    public float Sink(int head) => 0.5f * head - 1;

    /// <summary>An element of a key (kind 0), a value (1) or a query (2), rounded to the type of tokens.</summary>
    public double Content(int kind, int sequence, int position, int head, int element)
    {
        ulong x = (ulong)(((kind * 31 + (Contents?[sequence] ?? sequence)) * 100003 + position) * 64 + head) * 1000 + (ulong)element
            + (ulong)Seed * 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        double value = ((x ^ (x >> 31)) >> 11) / (double)(1UL << 53) * 2 - 1;
        return Type switch
        {
            ElementType.Float => (float)value,
            ElementType.Float16 => (double)(Half)value,
            _ => (float)(BFloat16)(float)value
        };
    }

    /// <summary>What a cache holds of an element.</summary>
    public double Stored(int kind, int sequence, int position, int head, int element)
    {
        var x = (float)Content(kind, sequence, position, head, element);
        return IsInt8
            ? Math.Clamp(MathF.Round(x / (kind == 0 ? KeyScale(head) : ValueScale(head)), MidpointRounding.ToEven), -128, 127) : x;
    }

    /// <summary>The first key that any query of a sequence sees.</summary>
    public long FirstSeen(int sequence) => Left < 0 ? 0 : Math.Max(0, Lengths[sequence] - New[sequence] - Left);

    /// <summary>The inputs of a call; garbage, NaN if there is one, is wherever nobody may look.</summary>
    public TensorValue?[] Inputs()
    {
        int pagesOf(int b) => (Lengths[b] + PageSize - 1) / PageSize;
        int maxPages = Lengths.Length == 0 ? 0 : Enumerable.Range(0, Lengths.Length).Max(pagesOf) + Layout % 2,
            pages = Enumerable.Range(0, Lengths.Length).Sum(pagesOf) + 3;
        var random = new Random(Layout);
        int[] physical = [.. Enumerable.Range(0, pages).OrderBy(_ => random.Next())];
        var table = new int[Lengths.Length * maxPages];
        Array.Fill(table, -1);
        var keys = new double[pages * Hkv * PageSize * E];
        var values = new double[pages * Hkv * PageSize * Ev];
        Array.Fill(keys, IsInt8 ? 101 : double.NaN);
        Array.Fill(values, IsInt8 ? -77 : double.NaN);
        var slots = new long[N];
        for (int b = 0, next = 0, token = 0; b < Lengths.Length; b++)
        {
            for (int p = 0; p < pagesOf(b); p++)
            {
                int page = physical[next++];
                if (!Unmaps || (p + 1) * PageSize > FirstSeen(b) && New[b] > 0) table[b * maxPages + p] = page;
                for (int j = p * PageSize; j < Math.Min(Lengths[b], (p + 1) * PageSize); j++)
                {
                    int added = j - (Lengths[b] - New[b]);
                    bool isUnwritten = added >= 0 && Unwritten.Contains(token + added);
                    if (added >= 0) slots[token + added] = isUnwritten ? -1 : (long)page * PageSize + j % PageSize;
                    if (j < FirstSeen(b) || added >= 0 && !isUnwritten) continue;
                    for (int h = 0; h < Hkv; h++)
                    {
                        for (int e = 0; e < E; e++) keys[((page * Hkv + h) * PageSize + j % PageSize) * E + e] = Stored(0, b, j, h, e);
                        for (int e = 0; e < Ev; e++) values[((page * Hkv + h) * PageSize + j % PageSize) * Ev + e] = Stored(1, b, j, h, e);
                    }
                }
            }

            token += New[b];
        }

        TensorValue Tokens(int kind, int heads, int width)
        {
            var items = new List<double>();
            for (int b = 0; b < New.Length; b++)
                for (int t = 0; t < New[b]; t++)
                    for (int h = 0; h < heads; h++)
                        for (int e = 0; e < width; e++) items.Add(Content(kind, b, Lengths[b] - New[b] + t, h, e));
            return AttentionTensor.Of(Type, [N, heads, width], i => items[(int)i]);
        }

        int start = 0;
        int[] starts = [0, .. New.Select(n => start += n)];
        TensorValue? Scales(Func<int, float> of) =>
            !IsInt8 ? null : Vector<float>([.. Enumerable.Range(0, HasHeadScales ? Hkv : 1).Select(of)]);
        return
        [
            Tokens(2, Hq, E), Tokens(0, Hkv, E), Tokens(1, Hkv, Ev),
            AttentionTensor.Of(CacheType, [pages, Hkv, PageSize, E], i => keys[i]),
            AttentionTensor.Of(CacheType, [pages, Hkv, PageSize, Ev], i => values[i]),
            Vector<int>(starts), Vector<int>(Lengths), TensorValue.From<int>(table, Lengths.Length, maxPages), Vector<long>(slots),
            Scales(KeyScale), Scales(ValueScale), HasSinks ? Vector<float>([.. Enumerable.Range(0, Hq).Select(Sink)]) : null,
        ];
    }

    internal static TensorValue Vector<T>(T[] items) where T : unmanaged => TensorValue.From<T>(items, items.Length);

    public AttributeValues Attributes()
    {
        var attributes = new Dictionary<string, object>();
        if (!IsCausal) attributes["is_causal"] = 0L;
        if (Left != -1) attributes["left_window_size"] = Left;
        if (Softcap != 0) attributes["softcap"] = Softcap;
        if (Scale is { } scale) attributes["scale"] = scale;
        if (Modifier is not null) attributes["score_mod"] = Modifier;
        return new AttributeValues(attributes);
    }

    public OpCall Call(TensorValue?[]? inputs = null, bool donates = false) =>
        new(inputs ?? Inputs(), Attributes(), [true, true, true, true]) { Donated = donates ? [false, false, false, true, true] : [] };

    /// <summary>Y, the caches and lse.</summary>
    public TensorValue?[] Run(TensorValue?[]? inputs = null, bool donates = false)
    {
        OpCall call = Call(inputs, donates);
        PagedAttention.Definition1.Run!(call);
        return call.Outputs;
    }

    /// <summary>A case drawn from everything that may be combined.</summary>
    public static PagedCase Draw(Random random, ElementType type)
    {
        T Pick<T>(params T[] from) => from[random.Next(from.Length)];
        int sequences = Pick(1, 1, 2, 3);
        int[] lengths = [.. Enumerable.Range(0, sequences).Select(_ => Pick(0, 1, 7, 31, 33, 100, 255, 256, 257, 300, 530))];
        var drawn = new PagedCase
        {
            Type = type,
            IsInt8 = random.Next(3) == 0,
            HasHeadScales = random.Next(2) == 0,
            Hkv = Pick(1, 2, 3),
            Group = Pick(1, 2, 4, 8),
            E = Pick(1, 5, 16, 32, 48, 64),
            Ev = Pick(1, 5, 16, 32, 64),
            PageSize = Pick(1, 3, 16, 16, 32, 50, 256),
            IsCausal = random.Next(3) != 0,
            Left = Pick(-1, -1, 0, 3, 40, 290),
            Softcap = Pick(0, 0, 1.5f),
            Scale = Pick<float?>(null, 0.7f),
            HasSinks = random.Next(3) == 0,
            Lengths = lengths,
            New = [.. lengths.Select(l => Math.Min(l, Pick(0, 1, 1, 2, 17, 40)))],
            Layout = random.Next(),
            Seed = random.Next(1000),
            Unmaps = random.Next(2) == 0,
        };
        return drawn with { Unwritten = [.. Enumerable.Range(0, drawn.N).Where(_ => random.Next(10) == 0)] };
    }

    public override string ToString() =>
        $"{Type} int8 {IsInt8}/{HasHeadScales} heads {Hkv}x{Group} widths {E},{Ev} pages {PageSize} causal {IsCausal} left {Left} softcap {Softcap} sinks {HasSinks} new [{string.Join(", ", New)}] of [{string.Join(", ", Lengths)}] layout {Layout} seed {Seed} unwritten [{string.Join(", ", Unwritten)}]";
}
