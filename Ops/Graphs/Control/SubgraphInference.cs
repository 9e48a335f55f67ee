using System.Runtime.CompilerServices;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Graphs;

/// <summary>What inference can tell of the graphs that a node has as attributes.</summary>
internal static class SubgraphInference
{
    /// <summary>How many outputs a graph has; unknown when it is none.</summary>
    public static Dim OutputCount(object? graph) => graph is IGraphSignature signature ? signature.OutputCount : Dim.Unknown;

    /// <summary>The types of a graph's outputs for some inputs, completed by what it declares; null when it is no graph that inference can
    /// look into.</summary>
    /// <exception cref="Specs.OpException">The graph contradicts itself.</exception>
    public static IReadOnlyList<TensorType>? Outputs(object? graph, IReadOnlyList<TensorType> inputs)
    {
        if (graph is not Graph known || known.Inputs.Count != inputs.Count)
            return null;
        if (known.Template is { } template)
            return template.Infer(inputs);
        // Outside of a model nothing is known of what lies around the graph.
        GraphScope scope = known.Scope ?? new GraphScope(new Dictionary<string, TensorType>(),
            new Dictionary<string, Tensors.TensorValue>(), null, new InferenceOptions());
        var given = new Dictionary<string, TensorType?>();
        for (int i = 0; i < inputs.Count; i++)
            given[known.Inputs[i].Name] = known.Inputs[i].IsOther
                ? inputs[i] : TypeMerge.Of(known.Inputs[i].Name, inputs[i], known.Inputs[i].Type);
        InferredGraph inferred = GraphInference.Infer(known.Scope is null ? known.In(scope) : known, given,
            scope.Options with { UseDeclared = true });
        return [.. known.Outputs.Select(o => inferred[o.Name])];
    }

    /// <summary>What two values have in common.</summary>
    public static TensorType Common(TensorType left, TensorType right)
    {
        ElementType element = left.Element == right.Element ? left.Element : ElementType.Undefined;
        bool ranked = left.Shape.IsKnown && right.Shape.IsKnown && left.Shape.Items.Length == right.Shape.Items.Length;
        return new TensorType(element, ranked ? Seq.Map(left.Shape, right.Shape, (a, b) => a.Equals(b) ? a : Dim.Unknown) : default);
    }

    /// <summary>The same type without its elements.</summary>
    public static TensorType WithoutData(TensorType type) => type with { Data = null };

    /// <summary>
    /// One output of a node. All of them are computed at once, although the spec asks for one at a time: a graph with a scope belongs to
    /// one inference of one node.
    /// </summary>
    /// <param name="graph">One of the node's graphs.</param>
    /// <param name="index">Which output.</param>
    /// <param name="outputs">Computes them all; null when they are not known.</param>
    public static TensorType Output(object? graph, Dim index, Func<IReadOnlyList<TensorType>?> outputs)
    {
        if (!index.IsKnown)
            return TensorType.Unknown;
        IReadOnlyList<TensorType>? all = graph is Graph { Scope: not null }
            ? Inferred.GetValue(graph, _ => new Answer(outputs())).Types : outputs();
        return all is not null && index.Value >= 0 && index.Value < all.Count ? all[(int)index.Value] : TensorType.Unknown;
    }

    private static readonly ConditionalWeakTable<object, Answer> Inferred = [];

    private sealed record Answer(IReadOnlyList<TensorType>? Types);
}
