using System.Globalization;
using Ops.Cli.Output;
using Ops.Graphs;
using Ops.Modifiers;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Tensors;

namespace Ops.Cli.Execution;

/// <summary>How the nodes of a model will run.</summary>
internal sealed class ModelReport
{
    private readonly List<(string Graph, Node Node, string Path, ModifierReport? Modifier)> nodes = [];

    /// <summary>Explains a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="sizes">Sizes of named dims.</param>
    public static ModelReport Of(Graph graph, IReadOnlyDictionary<string, long> sizes)
    {
        IReadOnlyList<Node> order = NodeOrder.Of(graph);
        var inputs = graph.Inputs.Where(i => !i.IsOther && i.Type.Shape.IsKnown)
            .ToDictionary(i => i.Name,
                i => (TensorType?)(i.Type with { Shape = Seq.Map(i.Type.Shape,
                    d => sizes.TryGetValue(d.ToString(), out long size) ? (Dim)size : d) }));
        var types = new Dictionary<Node, IReadOnlyList<TensorType?>>(ReferenceEqualityComparer.Instance);
        GraphInference.Infer(graph, inputs, new InferenceOptions { Observe = (node, given) => types[node] = given });
        var report = new ModelReport();
        report.Add("", order, types, graph.Constants);
        return report;
    }

    private void Add(string graph, IReadOnlyList<Node> order, Dictionary<Node, IReadOnlyList<TensorType?>> types,
        IReadOnlyDictionary<string, TensorValue> constants)
    {
        foreach (Node node in order)
        {
            OpDefinition? definition = OpRegistry.Find(node.Domain, node.Op, node.Opset);
            // A body is not inferred where its node is not.
            ModifierReport? modifier = ModifierReport.Of(node,
                types.GetValueOrDefault(node) ?? [.. node.Inputs.Select(_ => TensorType.Unknown)], constants);
            string path = definition is null ? "no spec"
                : modifier is { Tier: 4, RunsBesideKernel: false } || definition.Run is null && definition.Expand is not null ? "decomposed"
                : definition.Run is not null ? "fused"
                : "control";
            nodes.Add((graph, node, path, modifier));
            if (path != "control")
                continue;
            string within = graph.Length > 0 ? $"{graph}, " : "";
            foreach (var (name, value) in node.Attributes)
                if (value is Graph body)
                    Add($"{within}{name} of {node}", NodeOrder.Of(body, NodeOrder.Captures(body)), types, body.Constants);
        }
    }

    public void Print(Terminal terminal)
    {
        foreach (var (graph, node, path, modifier) in nodes)
        {
            terminal.WriteLine(graph.Length > 0 ? $"{node} ({graph}): {path}" : $"{node}: {path}");
            if (modifier is null) continue;
            terminal.WriteLine($"  tier   T{modifier.Tier}: {modifier.Reason}");
            if (modifier.Score is { } score) terminal.WriteLine($"  score  {score}");
            if (modifier.Probability is { } probability) terminal.WriteLine($"  prob   {probability}");
            if (modifier.Activation is { } activation) terminal.WriteLine($"  act    {activation}");
            if (modifier.Router is { } router) terminal.WriteLine($"  router {router}");
            if (modifier.Tests.Count > 0) terminal.WriteLine($"  tests  {string.Join("; ", modifier.Tests)}");
            if (modifier.Tiles > 0)
                terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  tiles  {modifier.Empty} of {modifier.Tiles} left out, {modifier.Full} seen as a whole; {modifier.Skipped:P1} of the scores never computed"));
            if (modifier.Cost is { } cost)
                terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  cost   about {cost:0.00} times the plain attention"));
        }
    }

    public void PrintJson(Terminal terminal) => JsonOutput.Write(terminal.Output, json =>
    {
        json.WriteStartArray();
        foreach (var (graph, node, path, modifier) in nodes)
        {
            json.WriteStartObject();
            if (graph.Length > 0) json.WriteString("graph", graph);
            json.WriteString("node", node.Name);
            json.WriteString("op", node.Op);
            json.WriteString("domain", node.Domain);
            json.WriteString("output", node.Outputs.FirstOrDefault(o => o.Length > 0) ?? "");
            json.WriteString("path", path);
            if (modifier is not null)
            {
                json.WriteNumber("tier", modifier.Tier);
                json.WriteString("reason", modifier.Reason);
                if (modifier.Score is { } score) json.WriteString("score", score);
                if (modifier.Probability is { } probability) json.WriteString("probability", probability);
                if (modifier.Activation is { } activation) json.WriteString("activation", activation);
                if (modifier.Router is { } router) json.WriteString("router", router);
                json.WriteStartArray("tests");
                foreach (string test in modifier.Tests) json.WriteStringValue(test);
                json.WriteEndArray();
                json.WriteStartObject("tiles");
                json.WriteNumber("all", modifier.Tiles);
                json.WriteNumber("empty", modifier.Empty);
                json.WriteNumber("full", modifier.Full);
                json.WriteNumber("skipped", modifier.Skipped);
                json.WriteEndObject();
                if (modifier.Cost is { } cost) json.WriteNumber("cost", cost);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
