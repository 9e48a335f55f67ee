using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Graphs;

/// <summary>What of a graph lies outside the specs. Nothing is wrong with such a graph; it just cannot run here.</summary>
public static class Coverage
{
    /// <summary>The rule of an <see cref="OpException"/> about an op, version or type without a spec.</summary>
    public const string NoSpec = "no-spec";

    /// <summary>The rule of an <see cref="OpException"/> about an element type that the op's spec does not list.</summary>
    public const string TypeNotAllowed = "type-not-allowed";

    /// <summary>The rule of an <see cref="OpException"/> about an op that has a spec and nothing that runs it in the way asked
    /// for.</summary>
    public const string NoKernel = "no-kernel";

    /// <summary>The rule of an <see cref="OpException"/> about values or attributes this runtime cannot represent.</summary>
    public const string NotSupported = "not-supported";

    /// <summary>The rule of an <see cref="OpException"/> about a composite op that must run by its kernel and cannot.</summary>
    public const string NotFused = "not-fused";

    /// <summary>Whether an error says that something lies outside the specs, rather than that something is wrong. A type that no version
    /// lists may be either.</summary>
    public static bool IsAbout(OpException error) => error.Rule is NoSpec or TypeNotAllowed or NoKernel or NotSupported;

    /// <summary>What such an error says without the node: what has no spec is the same for all nodes.</summary>
    public static string Reason(OpException error)
    {
        int at = error.Message.IndexOf($" {error.Rule}: ", StringComparison.Ordinal);
        return at < 0 ? error.Message : error.Message[(at + error.Rule.Length + 3)..];
    }

    /// <summary>What is missing to execute a graph, each thing once; empty when nothing is.</summary>
    public static IReadOnlyList<string> Missing(Graph graph, OpSource? ops = null)
    {
        var missing = new List<string>(graph.Unsupported.Select(what => $"{what} is not supported"));
        foreach (GraphValue value in graph.Inputs.Concat(graph.Outputs))
            if (value.IsOther)
                missing.Add($"{value} is not supported, only tensors are");
        foreach (Node node in graph.Nodes)
        {
            if (Missing(node, ops ?? OpRegistry.Find) is { } what)
                missing.Add(what);
            foreach (Graph inner in node.Subgraphs)
                missing.AddRange(Missing(inner, ops));
        }
        return [.. missing.Distinct()];
    }

    /// <summary>What is missing to know a node's op; null when nothing is.</summary>
    public static string? Missing(Node node, OpSource ops)
    {
        if (ops(node.Domain, node.Op, node.Opset) is not null)
            return null;
        string name = node.Domain == "ai.onnx" ? node.Op : $"{node.Domain}.{node.Op}";
        return ops(node.Domain, node.Op, long.MaxValue) is null ? $"no spec for {name}" : $"no spec for {name} at opset {node.Opset}";
    }

    /// <summary>The element types an input may have; null where the spec gives no list, which is also so of an input too many: the op
    /// itself refuses that.</summary>
    public static IReadOnlyList<ElementType>? AllowedTypes(OpSchema schema, int input) =>
        Port(schema, input) is { } port ? schema.Types.FirstOrDefault(t => t.Name == port.Type)?.Allowed : null;

    private static OpPort? Port(OpSchema schema, int input) =>
        input < schema.Inputs.Count ? schema.Inputs[input] : schema.Inputs is [.., { Variadic: true } rest] ? rest : null;

    /// <summary>An element type of a call that the op's spec does not list; null when it lists all.</summary>
    public static OpException? MissingType(OpSchema schema, IReadOnlyList<ElementType> inputs)
    {
        for (int i = 0; i < inputs.Count; i++)
            if (inputs[i] != ElementType.Undefined && AllowedTypes(schema, i) is { } allowed && !allowed.Contains(inputs[i]))
            {
                string port = Port(schema, i)!.Name, type = inputs[i].Name(), list = string.Join(", ", allowed.Select(t => t.Name()));
                return new OpException(schema.Name, TypeNotAllowed,
                    $"{schema.Name}-{schema.Since} takes no {type} for {port}, which is one of {list}");
            }
        return null;
    }

}
