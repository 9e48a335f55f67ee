using Ops.Specs;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>The inputs of one execution whose memory its caller gives away: it belongs to the run as what nodes make does, but goes into no
/// pool.</summary>
internal sealed class DonatedInputs
{
    private readonly HashSet<TensorBuffer> buffers = [];
    private readonly Graph graph;
    private readonly TensorValue?[] given;
    private readonly bool[] isDonated;

    /// <param name="graph">The graph.</param>
    /// <param name="given">The inputs in order.</param>
    /// <param name="names">Which of them the caller gives away.</param>
    /// <exception cref="OpException">There is no such input.</exception>
    public DonatedInputs(Graph graph, TensorValue?[] given, IEnumerable<string> names)
    {
        this.graph = graph;
        this.given = given;
        isDonated = new bool[given.Length];
        foreach (string name in names)
        {
            int input = graph.Inputs.TakeWhile(i => i.Name != name).Count();
            if (input == graph.Inputs.Count)
                throw new OpException($"graph '{graph.Name}'", "donated",
                    $"there is no input '{name}' to give away; there are {string.Join(", ", graph.Inputs.Select(i => i.Name).DefaultIfEmpty("none"))}");
            isDonated[input] = given[input] is not null;
        }
    }

    /// <summary>Hands the memory to a run: what nobody else owns, and no constant lies in, such as the default of an input.</summary>
    public void Begin(object run, IEnumerable<TensorValue> constants)
    {
        HashSet<TensorBuffer> others = [.. constants.Concat(graph.Constants.Values).Select(c => c.Buffer)];
        for (int i = 0; i < given.Length; i++)
            if (isDonated[i] && given[i]!.Buffer is { Owner: null, Capacity: > 0 } buffer && !others.Contains(buffer))
            {
                buffer.Owner = run;
                // Other inputs may lie in it, given away or not: as long as they are read nobody overwrites it.
                buffer.Uses = given.Count(other => other?.Buffer == buffer);
                buffers.Add(buffer);
            }
    }

    /// <summary>Notes that nobody reads an input any more.</summary>
    /// <returns>The tensor, when it is gone with that; null when it was not given away.</returns>
    public TensorValue? Drop(int input)
    {
        if (!isDonated[input] || given[input] is not { } value || !Contains(value.Buffer))
            return null;
        value.Buffer.Uses--;
        return Array.IndexOf(given, value) == input ? value : null;
    }

    /// <summary>Whether memory was given away.</summary>
    public bool Contains(TensorBuffer buffer) => buffers.Contains(buffer);

    /// <summary>Whoever has the memory now, no run does.</summary>
    public void End()
    {
        foreach (TensorBuffer buffer in buffers)
            buffer.Owner = null;
    }
}
