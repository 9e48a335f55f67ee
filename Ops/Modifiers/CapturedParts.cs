using System.Runtime.CompilerServices;
using Ops.Graphs;
using Ops.Kernels;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Modifiers;

/// <summary>
/// Modifiers cut in two, where the compiler does not know an op on captures: what captures alone decide, which each call works out as a
/// graph, and the rest, which takes its results as further captures.
/// </summary>
internal sealed class CapturedParts
{
    private static readonly ConditionalWeakTable<Graph, CapturedParts?> s_known = [];

    private readonly Graph? other;
    private readonly Graph[] parts;
    private readonly GraphExecutor[] executors;

    private CapturedParts(Graph? scores, Graph? probabilities, int captures)
    {
        other = probabilities;
        Cut? score = Cut.Of(scores, captures), probability = Cut.Of(probabilities, captures);
        int first = score?.Results.Length ?? 0, second = probability?.Results.Length ?? 0;
        (Scores, Probabilities) = (score?.Rest(scores!, 0, second) ?? Padded(scores, second),
            probability?.Rest(probabilities!, first, 0) ?? Padded(probabilities, first));
        parts = [.. new[] { score, probability }.OfType<Cut>().Select(c => c.Part)];
        executors = [.. parts.Select(p => new GraphExecutor(p,
            new ExecutionOptions { MaxBytes = ModifierRuntime.MaxBytes, MaxSteps = ModifierRuntime.MaxSteps }))];
    }

    /// <summary>What is left of the graph that modifies scores.</summary>
    public Graph? Scores { get; }

    /// <summary>What is left of the graph that modifies probabilities.</summary>
    public Graph? Probabilities { get; }

    /// <summary>The parts of modifiers; null if nothing can be cut off.</summary>
    public static CapturedParts? Of(Graph? scores, Graph? probabilities, int captures)
    {
        Graph main = (scores ?? probabilities)!;
        if (s_known.TryGetValue(main, out CapturedParts? known) && known is not null && ReferenceEquals(known.other, probabilities))
            return known.executors.Length > 0 ? known : null;
        var made = new CapturedParts(scores, probabilities, captures);
        s_known.AddOrUpdate(main, made);
        return made.executors.Length > 0 ? made : null;
    }

    /// <summary>What captures alone decide; null if a node refuses them.</summary>
    public ModifierTensor[]? Run(ReadOnlySpan<Operand> captures)
    {
        int count = captures.Length;
        var values = new Dictionary<string, TensorValue?>();
        for (int i = 0; i < count; i++) values[Name(i)] = Copy(captures[i]);
        try
        {
            return [.. executors.SelectMany(e => e.Run(values).Outputs)
                .Select((o, i) => ModifierGraphs.Constant($"captures[{count + i}]", o!))];
        }
        catch (Exception e) when (e is OpException or ModifierException)
        {
            return null;
        }
    }

    /// <summary>The types and dims of what captures alone decide; null if they depend on what captures hold.</summary>
    public (ElementType Type, long[] Dims)[]? Infer(IReadOnlyList<(ElementType Type, long[] Dims)> captures)
    {
        Dictionary<string, TensorType?> inputs = captures.Select((c, i) => (Name(i), (TensorType?)TensorType.Of(c.Type, c.Dims)))
            .ToDictionary();
        var results = new List<(ElementType, long[])>();
        foreach (Graph part in parts)
        {
            InferredGraph types = GraphInference.Infer(part, inputs);
            foreach (GraphValue output in part.Outputs)
            {
                if (types[output.Name] is not { Shape.IsKnown: true } type || !type.Shape.Items.ToArray().All(d => d.IsKnown)) return null;
                results.Add((type.Element, Array.ConvertAll(type.Shape.Items.ToArray(), d => d.Value)));
            }
        }
        return [.. results];
    }

    private static unsafe TensorValue Copy(in Operand capture)
    {
        TensorValue copy = TensorValue.Allocate(capture.Type, capture.Dims);
        Span<byte> own = copy.Bytes;
        new ReadOnlySpan<byte>(capture.Data, own.Length).CopyTo(own);
        return copy;
    }

    private static string Name(int capture) => $"%capture{capture}";

    private static Graph? Padded(Graph? graph, int count) =>
        graph is null || count == 0 ? graph : new Cut([], [], graph).Rest(graph, 0, count);

    /// <summary>A part of one graph.</summary>
    /// <param name="Nodes">The nodes that are cut off.</param>
    /// <param name="Results">Those of their outputs that the rest reads.</param>
    /// <param name="Part">They as a graph.</param>
    private sealed record Cut(HashSet<Node> Nodes, string[] Results, Graph Part)
    {
        public static Cut? Of(Graph? graph, int captures)
        {
            if (graph is null || graph.Unsupported.Count > 0 || graph.Nodes.Any(n => n.Attributes.Any(a => a.Value is Graph or Graph[])))
                return null;
            string[] inputs = [.. graph.Inputs.Where(i => !graph.Constants.ContainsKey(i.Name)).Select(i => i.Name)];
            if (inputs.Length != captures + 1) return null;
            HashSet<string> ofScores = [inputs[0]], ofCaptures = [.. inputs[1..]];
            var cut = new HashSet<Node>();
            IReadOnlyList<Node> order = NodeOrder.Of(graph);
            foreach (Node node in order)
            {
                if (node.Inputs.Any(ofScores.Contains)) ofScores.UnionWith(node.Outputs);
                // What a shape gives is known without data.
                else if (node.Op is not ("Shape" or "Size") && node.Inputs.Any(ofCaptures.Contains) && cut.Add(node))
                    ofCaptures.UnionWith(node.Outputs);
            }
            HashSet<string> read =
                [.. order.Where(n => !cut.Contains(n)).SelectMany(n => n.Inputs).Concat(graph.Outputs.Select(o => o.Name))];
            string[] results = [.. cut.SelectMany(n => n.Outputs).Where(o => o.Length > 0 && read.Contains(o))];
            if (results.Length == 0) return null;

            var needed = new HashSet<string>(results);
            var nodes = new List<Node>();
            foreach (Node node in order.Reverse())
            {
                if (!node.Outputs.Any(needed.Contains)) continue;
                needed.UnionWith(node.Inputs);
                nodes.Insert(0, node);
            }
            // Both graphs call captures by their numbers.
            Node[] named = [.. inputs[1..]
                .Select((name, i) => new Node { Op = "Identity", Domain = "ai.onnx", Opset = 25, Inputs = [Name(i)], Outputs = [name] })
                .Where(n => needed.Contains(n.Outputs[0]))];
            return new Cut(cut, results, new Graph
            {
                Name = "captures",
                Inputs = [.. Enumerable.Range(0, captures).Select(i => Value(Name(i)))],
                Outputs = [.. results.Select(Value)],
                Nodes = [.. named, .. nodes],
                Constants = graph.Constants.Where(c => needed.Contains(c.Key)).ToDictionary(c => c.Key, c => c.Value),
            });
        }

        /// <summary>The graph without the part, whose results come after the captures and so many others.</summary>
        public Graph Rest(Graph graph, int before, int after) => new()
        {
            Name = graph.Name,
            Inputs = [.. graph.Inputs, .. Others("before", before), .. Results.Select(Value), .. Others("after", after)],
            Outputs = graph.Outputs,
            Nodes = [.. graph.Nodes.Where(n => !Nodes.Contains(n))],
            Constants = graph.Constants,
        };

        private static IEnumerable<GraphValue> Others(string name, int count) =>
            Enumerable.Range(0, count).Select(i => Value($"%{name}{i}"));

        private static GraphValue Value(string name) => new(name, ValueKind.Tensor, TensorType.Unknown);
    }
}
