using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Peers;
using Ops.Experimental;
using Ops.Schemas;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Attention over pages: beside contiguous keys and values, beside wider elements, and beside ONNX Runtime. Decode steps are
/// cold.</summary>
internal static class PagedCases
{
    internal const int QueryHeads = 32;
    private const int Heads = 8, Size = 128, PageSize = 16, DecodeLength = 4096, PrefillLength = 2048;

    public static IEnumerable<BenchmarkCase> All =>
    [
        Decode("float beside contiguous float", ElementType.Float, sets => new Peer { Run = Contiguous(sets) }),
        Decode("bfloat16 beside paged float", ElementType.BFloat16,
            sets => new Peer { Run = Pages(Paged(ElementType.Float, DecodeLength, 1, sets)) }),
        Decode("int8 beside paged float", ElementType.Int8,
            sets => new Peer { Run = Pages(Paged(ElementType.Float, DecodeLength, 1, sets)) }),
        Decode("float beside ONNX Runtime's Attention", ElementType.Float, sets => new Peer { Call = OrtAttention(sets) }),
        Decode("float beside ONNX Runtime's GroupQueryAttention, shared buffer", ElementType.Float,
            sets => new Peer { Call = OrtGroupQuery(sets) }),
        Prefill(),
    ];

    private static BenchmarkCase Decode(string what, ElementType cache, Func<int, Peer> peer)
    {
        double bytes = 2.0 * Heads * DecodeLength * Size * cache.Bits() / 8;
        int sets = Footprints.ColdSets((long)bytes);
        return new BenchmarkCase("paged", $"Paged decode {what} Hq={QueryHeads} Hkv={Heads} S={DecodeLength} D={Size} page={PageSize} cold",
            () =>
        {
            IReadOnlyList<TensorValue[]> inputs = Paged(cache, DecodeLength, 1, sets);
            Peer other = peer(Math.Max(sets, Footprints.ColdSets(2L * Heads * DecodeLength * Size * sizeof(float))));
            return Subject(inputs, 1, other);
        }, new Limit(LimitKind.Read, bytes, (long)bytes * sets));
    }

    private static BenchmarkCase Prefill() =>
        new("paged", $"Paged prefill float beside contiguous Hq={QueryHeads} Hkv={Heads} L=S={PrefillLength} D={Size} page={PageSize}",
            () =>
            Subject(Paged(ElementType.Float, PrefillLength, PrefillLength, 1), PrefillLength,
                new Peer { Run = Contiguous(1, PrefillLength, PrefillLength) }),
            new Limit(LimitKind.Arithmetic, 2.0 * QueryHeads * PrefillLength * (PrefillLength + 1) * Size), Heavy: true);

    private static Subject Subject(IReadOnlyList<TensorValue[]> inputs, int tokens, Peer peer) => new()
    {
        Node = new PeerNode("PagedAttention", 1),
        Inputs = inputs,
        Outputs = [Floats.Empty(1, tokens, QueryHeads, Size)],
        Ours = (x, y) => Copy(Run(x)[0]!, y[0]),
        Against = peer.Against,
        PeerCall = peer.Call,
        Tolerance = 1e-4,
    };

    private static void Copy(TensorValue from, TensorValue to)
    {
        // Only decode steps in float are compared with anything.
        if (from.ByteCount == to.ByteCount && from.Dims[0] == 1) from.Bytes.CopyTo(to.Bytes);
    }

    private static TensorValue?[] Run(TensorValue[] inputs)
    {
        var call = new OpCall(inputs, AttributeValues.None, [true, true, true, false]) { Donated = [false, false, false, true, true] };
        PagedAttention.Definition1.Run!(call);
        return call.Outputs;
    }

    private static Action<int> Pages(IReadOnlyList<TensorValue[]> inputs) => call => Run(inputs[call % inputs.Count]);

    /// <summary>A decode step over so many keys in pages.</summary>
    internal static Action DecodeStep(int keys)
    {
        TensorValue[] inputs = Paged(ElementType.Float, keys, 1, 1)[0];
        return () => Run(inputs);
    }

    /// <summary>The same over contiguous keys.</summary>
    internal static Action ContiguousStep(int keys)
    {
        Action<int> step = Contiguous(1, keys);
        return () => step(0);
    }

    private static Action<int> Contiguous(int sets, int length = DecodeLength, int tokens = 1)
    {
        IReadOnlyList<TensorValue[]> inputs = [.. Enumerable.Range(0, sets)
            .Select(set => new[] { Queries(set, QueryHeads, tokens), Keys(set, length), Values(set, length) })];
        var attributes = new AttributeValues(new Dictionary<string, object> { ["is_causal"] = tokens > 1 ? 1L : 0L });
        return call => Attention.Definition24.Run!(new OpCall(inputs[call % sets], attributes, [true]));
    }

    private static PeerCall OrtAttention(int sets) => new(new PeerNode("Attention", 24),
        [.. Enumerable.Range(0, sets)
            .Select(set => new[] { Queries(set, QueryHeads, 1), Keys(set, DecodeLength), Values(set, DecodeLength) })],
        [Floats.Empty(1, QueryHeads, 1, Size)]);

    private static PeerCall OrtGroupQuery(int sets)
    {
        var attributes = new Dictionary<string, object> { ["num_heads"] = (long)QueryHeads, ["kv_num_heads"] = (long)Heads };
        return new(new PeerNode("GroupQueryAttention", 1, attributes) { Domain = "com.microsoft" },
            [.. Enumerable.Range(0, sets).Select(set =>
        {
            TensorValue keys = Keys(set, DecodeLength), values = Values(set, DecodeLength);
            return new[]
            {
                Flat(Queries(set, QueryHeads, 1)), Flat(Last(keys)), Flat(Last(values)), keys, values,
                TensorValue.From<int>([DecodeLength - 1], 1), TensorValue.From<int>([DecodeLength], 1),
            };
        })], [Floats.Empty(1, 1, QueryHeads * Size)]) { Shared = [3, 4] };
    }

    private static TensorValue Queries(int set, int heads, int rows) => Floats.Random((uint)(3 * set), 1, heads, rows, Size);

    private static TensorValue Keys(int set, int length) => Floats.Random((uint)(3 * set + 1), 1, Heads, length, Size);

    private static TensorValue Values(int set, int length) => Floats.Random((uint)(3 * set + 2), 1, Heads, length, Size);

    /// <summary>The last row of each head.</summary>
    private static TensorValue Last(TensorValue rows)
    {
        TensorValue last = Floats.Empty(1, Heads, Size);
        int length = (int)rows.Dims[2];
        for (int head = 0; head < Heads; head++)
            rows.Span<float>().Slice(((head + 1) * length - 1) * Size, Size).CopyTo(last.Span<float>()[(head * Size)..]);
        return last;
    }

    private static TensorValue Flat(TensorValue tensor) => TensorValue.From<float>(tensor.Span<float>(), 1, 1, tensor.Length);

    /// <summary>One sequence in shuffled pages for each set; the last tokens are new.</summary>
    private static IReadOnlyList<TensorValue[]> Paged(ElementType cache, int length, int tokens, int sets) =>
        [.. Enumerable.Range(0, sets).Select(set =>
    {
        int pages = length / PageSize;
        ElementType type = cache == ElementType.Int8 ? ElementType.Float : cache;
        var random = new Random(set);
        int[] table = [.. Enumerable.Range(0, pages).OrderBy(_ => random.Next())];
        long[] slots = [.. Enumerable.Range(length - tokens, tokens).Select(p => (long)table[p / PageSize] * PageSize + p % PageSize)];
        TensorValue keys = Keys(set, length), values = Values(set, length);
        TensorValue scale = TensorValue.From<float>([1f / 127], 1);
        return new TensorValue[]
        {
            Convert(TensorValue.From<float>(Queries(set, QueryHeads, tokens).Span<float>(), tokens, QueryHeads, Size), type),
            Convert(Tokens(keys, tokens), type), Convert(Tokens(values, tokens), type),
            Convert(Shuffled(keys, table), cache), Convert(Shuffled(values, table), cache),
            TensorValue.From<int>([0, tokens], 2), TensorValue.From<int>([length], 1), TensorValue.From<int>(table, 1, pages),
            TensorValue.From<long>(slots, tokens),
            cache == ElementType.Int8 ? scale : null!, cache == ElementType.Int8 ? scale : null!,
        };
    })];

    private static TensorValue Tokens(TensorValue rows, int tokens)
    {
        TensorValue result = Floats.Empty(tokens, Heads, Size);
        int length = (int)rows.Dims[2];
        for (int token = 0; token < tokens; token++)
            for (int head = 0; head < Heads; head++)
                rows.Span<float>().Slice((head * length + length - tokens + token) * Size, Size)
                    .CopyTo(result.Span<float>()[((token * Heads + head) * Size)..]);
        return result;
    }

    private static TensorValue Shuffled(TensorValue rows, int[] table)
    {
        TensorValue result = Floats.Empty(table.Length, Heads, PageSize, Size);
        int length = (int)rows.Dims[2], run = PageSize * Size;
        for (int page = 0; page < table.Length; page++)
            for (int head = 0; head < Heads; head++)
                rows.Span<float>().Slice(head * length * Size + page * run, run)
                    .CopyTo(result.Span<float>()[((table[page] * Heads + head) * run)..]);
        return result;
    }

    private static TensorValue Convert(TensorValue tensor, ElementType type)
    {
        if (type == ElementType.Float) return tensor;
        TensorValue result = TensorValue.Allocate(type, tensor.Dims);
        ReadOnlySpan<float> from = tensor.Span<float>();
        for (int i = 0; i < from.Length; i++)
        {
            if (type == ElementType.BFloat16) result.Span<BFloat16>()[i] = (BFloat16)from[i];
            else result.Bytes[i] = (byte)(sbyte)MathF.Round(from[i] * 127);
        }
        return result;
    }

    /// <summary>What a case is measured beside: another call of ours, or one of ONNX Runtime.</summary>
    private sealed class Peer
    {
        private int calls;

        public Action<int>? Run { get; init; }

        /// <summary>Ours, on sets of its own that take turns.</summary>
        public OurRun? Against => Run is { } run ? (_, _) => run(calls++) : null;

        public PeerCall? Call { get; init; }
    }
}
