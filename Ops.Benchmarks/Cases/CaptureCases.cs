using Ops.Benchmarks.Peers;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>FlexAttention whose modifier captures tensors that differ from call to call: what new content costs, beside content that is known.</summary>
internal static class CaptureCases
{
    public static IEnumerable<BenchmarkCase> All =>
    [
        Case("captured documents", "plain", 1024, (call, _) => call.Run(), (call, _) => call.RunPlain()),
        Case("new documents", "known ones", 1024, (call, n) => call.Run(documents: n), (call, _) => call.Run()),
        Case("captured documents", "constant ones", 1024, (call, _) => call.Run(), (call, _) => call.RunConstant()),
        Case("captured documents", "decomposed", 1024, (call, _) => call.Run(), (call, _) => call.RunDecomposed()),
        Case("new length", "known one", 1, (call, n) => call.Run(length: n), (call, _) => call.Run()),
    ];

    private const long Heads = 8, Size = 64;

    private static BenchmarkCase Case(string name, string other, long queries, Action<Call, int> ours, Action<Call, int> against) =>
        new("flex", $"FlexAttention {name} H={Heads} L={queries} S={(queries == 1 ? 4096 : queries)} D={Size} / {other}", () =>
        {
            Call call = queries == 1 ? Call.OfLength(4096) : Call.OfDocuments(queries);
            int number = 0;
            return new Subject
            {
                Node = new PeerNode("FlexAttention", 1),
                Inputs = [call.Operands],
                Outputs = [],
                Ours = (_, _) => ours(call, ++number),
                Against = (_, _) => against(call, number),
            };
        }, null);

    /// <summary>One kind of call, with the tensor it captures.</summary>
    private sealed class Call
    {
        private static readonly OpDefinition s_attention = OpRegistry.Get("opspec.experimental", "FlexAttention", 1);

        private readonly AttributeValues captured, constant;
        private readonly TensorValue known, changing;
        private readonly GraphExecutor decomposed;

        private Call(long queries, long keys, TensorValue captured, Func<ModifierWriter, string, string> write)
        {
            Operands = [Floats.Random(1, 1, Heads, queries, Size), Floats.Random(2, 1, Heads, keys, Size), Floats.Random(3, 1, Heads, keys, Size)];
            (known, changing) = (captured, TensorValue.From<long>([.. captured.Span<long>()], [.. captured.Dims]));
            this.captured = Modifier(ModifierWriter.Write(g => write(g, g.Capture())));
            constant = Modifier(ModifierWriter.Write(g => write(g, g.Wholes([.. captured.Span<long>()], [.. captured.Dims]))));
            string[] names = ["Q", "K", "V", "captures"];
            decomposed = new GraphExecutor(new Graph
            {
                Inputs = [.. names.Select(n => new GraphValue(n, ValueKind.Tensor, TensorType.Unknown))],
                Outputs = [new GraphValue("Y", ValueKind.Tensor, TensorType.Unknown)],
                Nodes = [new Node { Op = "FlexAttention", Domain = "opspec.experimental", Opset = 1, Inputs = names, Outputs = ["Y"], Attributes = this.captured }],
            }, new ExecutionOptions { Path = ExecutionPath.Decomposed });
        }

        /// <summary>Queries, keys and values.</summary>
        public TensorValue[] Operands { get; }

        /// <summary>Tokens of documents that see their own only.</summary>
        public static Call OfDocuments(long tokens) => new(tokens, tokens, TensorValue.From<long>([.. Enumerable.Range(0, (int)tokens).Select(Document)], tokens), (g, documents) =>
            g.Add("Where", g.Add("Equal", g.Add("Unsqueeze", documents, g.Wholes([1], 1)), documents), g.Score, g.Real(float.NegativeInfinity)));

        /// <summary>A token that sees keys up to a length.</summary>
        public static Call OfLength(long keys) => new(1, keys, TensorValue.From<long>([keys - 100], 1), (g, length) =>
            g.Add("Where", g.Add("Less", g.Keys(), length), g.Score, g.Real(float.NegativeInfinity)));

        /// <summary>Runs it; the documents or the length of a number other than 0 were not seen before.</summary>
        public void Run(int documents = 0, int length = 0)
        {
            Span<long> elements = changing.Span<long>();
            if (documents != 0)
                for (int i = 0; i < elements.Length; i++) elements[i] = Document(i) + documents % 100_000;
            if (length != 0) elements[0] = Operands[1].Dims[2] - length % 200;
            s_attention.Run!(new OpCall([.. Operands, documents + length != 0 ? changing : known], captured, [true]));
        }

        public void RunPlain() => s_attention.Run!(new OpCall(Operands, AttributeValues.None, [true]));

        public void RunConstant() => s_attention.Run!(new OpCall(Operands, constant, [true]));

        public void RunDecomposed() => decomposed.Run(new Dictionary<string, TensorValue?> { ["Q"] = Operands[0], ["K"] = Operands[1], ["V"] = Operands[2], ["captures"] = known });

        // Documents of unequal lengths, about 128 tokens each.
        private static long Document(int token) => (token + 40 * (token / 300)) / 128;

        private static AttributeValues Modifier(Graph graph) => new(new Dictionary<string, object> { ["score_mod"] = graph });
    }
}
