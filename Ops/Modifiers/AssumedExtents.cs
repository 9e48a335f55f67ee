using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Modifiers;

/// <summary>
/// Extents that stand in for those a model leaves open, so that what becomes of its modifiers can be told all the same: those that the
/// graphs declare for their scores, or typical ones.
/// </summary>
internal sealed class AssumedExtents
{
    private const long Heads = 8, Depth = 64;

    /// <summary>The numbers of queries and keys to try: a graph may hold tables that are too short for the larger ones.</summary>
    public static IReadOnlyList<long> Lengths { get; } = [1024, 64];

    private readonly Dictionary<string, long> sizes = [];

    /// <summary>Completes the inputs of a call.</summary>
    /// <param name="inputs">What is known of them: queries, keys, values, then captures.</param>
    /// <param name="graphs">The modifiers.</param>
    /// <param name="length">How many queries and keys there are where nothing says so.</param>
    public AssumedExtents(IReadOnlyList<TensorType?> inputs, IEnumerable<Graph> graphs, long length)
    {
        Dim[] declared = graphs.Select(g => g.Inputs.Count > 0 ? DimsOf(g.Inputs[0].Type) : null).FirstOrDefault(d => d is { Length: 4 })
            ?? [Dim.Unknown, Dim.Unknown, Dim.Unknown, Dim.Unknown];
        long Declared(int axis, long otherwise) => declared[axis].ValueOr(otherwise);
        long keyHeads = DimsOf(inputs[1]) is { Length: 4 } keys ? keys[1].ValueOr(Declared(1, Heads)) : Heads;
        long[] queries = [Declared(0, 1), Declared(1, keyHeads), Declared(2, length), Depth],
            others = [Declared(0, 1), keyHeads, Declared(3, length), Depth];
        Inputs = [.. inputs.Select((type, i) => Complete(type, i, i == 0 ? queries : i < 3 ? others : []))];
    }

    /// <summary>The inputs, with the assumed extents.</summary>
    public IReadOnlyList<TensorType?> Inputs { get; }

    /// <summary>Whether anything was left open.</summary>
    public bool Any => sizes.Count > 0;

    /// <summary>What is assumed, behind a sentence that holds for it.</summary>
    public string Told => Any ? $"; for {string.Join(", ", sizes.Select(s => $"{s.Key} = {s.Value}"))}, assumed (--dim NAME=N)" : "";

    /// <summary>Whether scores of these extents go through a graph: if not, it is the extents that do not fit.</summary>
    public static bool Fit(Graph graph, TensorType scores, IEnumerable<TensorType?> captures)
    {
        try
        {
            InferredGraph inferred =
                GraphInference.Infer(graph, graph.Inputs.Zip([scores, .. captures]).ToDictionary(i => i.First.Name, i => i.Second));
            return graph.Outputs is [var output] && !Seq.Same(inferred[output.Name].Shape, scores.Shape).Fails;
        }
        catch (OpException)
        {
            return false;
        }
    }

    private TensorType? Complete(TensorType? type, int input, long[] typical)
    {
        if (DimsOf(type) is not { } dims)
            return type;
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (dims[axis].IsKnown)
                continue;
            string name = dims[axis].IsSymbolic ? dims[axis].ToString()
                : $"axis {axis} of {(input < 3 ? "QKV"[input] : $"capture {input - 3}")}";
            if (!sizes.TryGetValue(name, out long size))
            {
                if (axis >= typical.Length)
                    continue;
                sizes.Add(name, size = typical[axis]);
            }
            dims[axis] = size;
        }
        return type! with { Shape = Seq.Of(dims) };
    }

    private static Dim[]? DimsOf(TensorType? type) => type is { Shape.IsKnown: true } ? type.Shape.Items.ToArray() : null;
}
