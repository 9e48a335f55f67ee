using Ops.Benchmarks.Peers;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>FlexAttention whose modifier captures tensors that differ from call to call: what new content costs, beside content that is
/// known.</summary>
internal static class CaptureCases
{
    public static IEnumerable<BenchmarkCase> All =>
    [
        Case("captured documents", "plain", 1024, 1024, Call.OfDocuments, (call, _) => call.Run(), (call, _) => call.RunPlain()),
        Case("new documents", "known ones", 1024, 1024, Call.OfDocuments, (call, n) => call.RunDocuments(n), (call, _) => call.Run()),
        Case("captured documents", "constant ones", 1024, 1024, Call.OfDocuments, (call, _) => call.Run(), (call, _) => call.RunConstant()),
        Case("captured documents", "decomposed", 1024, 1024, Call.OfDocuments, (call, _) => call.Run(), (call, _) => call.RunDecomposed()),
        Case("captured bias of each head", "plain", 1024, 1024, Call.OfBias, (call, _) => call.Run(), (call, _) => call.RunPlain()),
        Case("new length", "known one", 1, 4096, Call.OfLength, (call, n) => call.RunLength(n), (call, _) => call.Run()),
    ];

    private const long Heads = 8, Size = 64;

    private static BenchmarkCase Case(string name, string other, long queries, long keys, Func<long, long, Call> make,
        Action<Call, int> ours, Action<Call, int> against) =>
        new("flex", $"FlexAttention {name} H={Heads} L={queries} S={keys} D={Size} / {other}", () =>
        {
            Call call = make(queries, keys);
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
        private readonly TensorValue known;
        private readonly GraphExecutor decomposed;

        private Call(long queries, long keys, TensorValue captured, Func<ModifierWriter, string, string> write)
        {
            Operands = [Floats.Random(1, 1, Heads, queries, Size), Floats.Random(2, 1, Heads, keys, Size),
                Floats.Random(3, 1, Heads, keys, Size)];
            known = captured;
            this.captured = Modifier(ModifierWriter.Write(g => write(g, g.Capture())));
            constant = Modifier(ModifierWriter.Write(g => write(g, g.Tensor(captured))));
            string[] names = ["Q", "K", "V", "captures"];
            decomposed = new GraphExecutor(new Graph
            {
                Inputs = [.. names.Select(n => new GraphValue(n, ValueKind.Tensor, TensorType.Unknown))],
                Outputs = [new GraphValue("Y", ValueKind.Tensor, TensorType.Unknown)],
                Nodes = [new Node
                {
                    Op = "FlexAttention",
                    Domain = "opspec.experimental",
                    Opset = 1,
                    Inputs = names,
                    Outputs = ["Y"],
                    Attributes = this.captured
                }],
            }, new ExecutionOptions { Path = ExecutionPath.Decomposed });
        }

        /// <summary>Queries, keys and values.</summary>
        public TensorValue[] Operands { get; }

        /// <summary>Tokens of documents that see their own only.</summary>
        public static Call OfDocuments(long queries, long keys) =>
            new(queries, keys, TensorValue.From<long>([.. Enumerable.Range(0, (int)keys).Select(Document)], keys), (g, documents) =>
            g.Add("Where", g.Add("Equal", g.Add("Unsqueeze", documents, g.Wholes([1], 1)), documents), g.Score,
                g.Real(float.NegativeInfinity)));

        /// <summary>A token that sees keys up to a length.</summary>
        public static Call OfLength(long queries, long keys) => new(queries, keys, TensorValue.From<long>([keys - 100], 1), (g, length) =>
            g.Add("Where", g.Add("Less", g.Keys(), length), g.Score, g.Real(float.NegativeInfinity)));

        /// <summary>Scores with a number for each.</summary>
        public static Call OfBias(long queries, long keys) =>
            new(queries, keys, Floats.Random(4, 1, Heads, queries, keys), (g, bias) => g.Add("Add", g.Score, bias));

        public void Run() => Run(known);

        /// <summary>Runs it with documents whose numbers were not seen before.</summary>
        public void RunDocuments(int number) =>
            Run(TensorValue.From<long>(
                [.. Enumerable.Range(0, (int)known.Length).Select(i => Document(i) + number % 100_000)], known.Length));

        /// <summary>Runs it with another length.</summary>
        public void RunLength(int number) => Run(TensorValue.From<long>([Operands[1].Dims[2] - number % 200], 1));

        private void Run(TensorValue content) => s_attention.Run!(new OpCall([.. Operands, content], captured, [true]));

        public void RunPlain() => s_attention.Run!(new OpCall(Operands, AttributeValues.None, [true]));

        public void RunConstant() => s_attention.Run!(new OpCall(Operands, constant, [true]));

        public void RunDecomposed() =>
            decomposed.Run(new Dictionary<string, TensorValue?>
            {
                ["Q"] = Operands[0], ["K"] = Operands[1], ["V"] = Operands[2], ["captures"] = known
            });

        // Documents of unequal lengths, about 128 tokens each.
        private static long Document(int token) => (token + 40 * (token / 300)) / 128;

        private static AttributeValues Modifier(Graph graph) => new(new Dictionary<string, object> { ["score_mod"] = graph });
    }
}
