using Ops.Specs.Inference;

namespace Ops.Graphs;

/// <summary>A graph inside a body: what it means depends on the types its inputs have, which the op that gets it tells by inferring
/// it.</summary>
/// <param name="build">Builds the graph for inputs of these types.</param>
internal sealed class GraphTemplate(Func<IReadOnlyList<TensorType>, Graph> build)
{
    private Graph? built;

    /// <summary>The graph as last built.</summary>
    public Graph Built => built ??= build([]);

    /// <summary>Builds the graph and tells the types of its outputs.</summary>
    public IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        built = build(inputs);
        return [.. built.Outputs.Select(o => o.Type)];
    }
}
