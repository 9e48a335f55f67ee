using System.Diagnostics;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A graph ready to run: its nodes in order, each value in a slot of its own. It holds nothing of a run.</summary>
internal sealed class PreparedGraph
{
    private readonly Graph graph;
    private readonly NodeStep[] steps;
    private readonly Wiring[] wirings;
    private readonly (int Slot, TensorValue Value)[] constants;
    private readonly int[] outputs;
    private readonly int[] kept;
    private readonly int slots;

    /// <summary>Orders the nodes of a graph and finds their ops.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="options">How it is to run.</param>
    /// <param name="nested">Whether it may read values of the graphs around it.</param>
    /// <exception cref="OpException">The graph is not sound, or something of it lies outside the specs.</exception>
    public PreparedGraph(Graph graph, ExecutionOptions options, bool nested = false)
    {
        this.graph = graph;
        Captures = nested ? [.. NodeOrder.Captures(graph)] : [];
        IReadOnlyList<Node> order = NodeOrder.Of(graph, Captures.ToHashSet());
        // An input with a default may have another value in each run.
        var fixedValues = graph.Constants.Where(c => graph.Inputs.All(i => i.Name != c.Key)).ToDictionary();
        steps = [.. order.Select(node => NodeStep.Of(node, fixedValues, options))];

        var slotOf = new Dictionary<string, int> { [""] = 0 };
        int Slot(string name) => slotOf.TryGetValue(name, out int slot) ? slot : slotOf[name] = slotOf.Count;
        foreach (GraphValue input in graph.Inputs)
            Slot(input.Name);
        foreach (string name in Captures)
            Slot(name);
        constants = [.. fixedValues.Select(c => (Slot(c.Key), c.Value))];
        int given = slotOf.Count;
        wirings = new Wiring[steps.Length];
        for (int i = 0; i < steps.Length; i++)
            wirings[i] = new Wiring([.. order[i].Inputs.Concat(steps[i].Captures).Select(Slot)], [.. order[i].Outputs.Select(Slot)], []);
        outputs = [.. graph.Outputs.Select(o => Slot(o.Name))];
        kept = [.. outputs.Where(o => o >= given).Distinct()];
        slots = slotOf.Count;
        FindLastReads(given);
    }

    /// <summary>The names it reads from the graphs around it.</summary>
    public IReadOnlyList<string> Captures { get; }

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">The inputs in order; null for an absent one.</param>
    /// <param name="captured">The values of <see cref="Captures"/>.</param>
    /// <param name="state">What it shares with the rest of the execution.</param>
    /// <param name="runs">Where to note how each node ran; null for nowhere.</param>
    /// <returns>The outputs in order; the state does not count them any more.</returns>
    public TensorValue?[] Run(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<TensorValue?> captured, ExecutionState state, List<NodeRun>? runs = null)
    {
        var values = new TensorValue?[slots];
        inputs.CopyTo(values.AsSpan(1));
        captured.CopyTo(values.AsSpan(1 + graph.Inputs.Count));
        foreach (var (slot, value) in constants)
            values[slot] = value;
        for (int i = 0; i < steps.Length; i++)
        {
            Run(steps[i], wirings[i], values, state, runs);
            foreach (int slot in wirings[i].Frees)
            {
                state.Release(values[slot]);
                state.Drop(values[slot], run: values);
                values[slot] = null;
            }
        }
        foreach (int slot in kept)
        {
            state.Release(values[slot]);
            ExecutionState.HandOn(values[slot], run: values);
        }
        return Array.ConvertAll(outputs, slot => values[slot]);
    }

    private static void Run(NodeStep step, Wiring wiring, TensorValue?[] values, ExecutionState state, List<NodeRun>? runs)
    {
        try
        {
            state.Step(step.Schema.Name);
            var inputs = new TensorValue?[wiring.Inputs.Length];
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = values[wiring.Inputs[i]];
            step.CheckTypes(inputs);
            long start = Stopwatch.GetTimestamp();
            state.Ran = null;
            TensorValue?[] results = step.Run(inputs, state);
            runs?.Add(new NodeRun(step.Node, step.Schema, state.Ran ?? step.Path, Stopwatch.GetElapsedTime(start)));
            for (int i = 0; i < wiring.Outputs.Length; i++)
                if (wiring.Outputs[i] > 0 && i < results.Length)
                {
                    state.Take(results[i], step.Schema.Name);
                    ExecutionState.Hold(results[i], inputs, run: values);
                    values[wiring.Outputs[i]] = results[i];
                }
        }
        catch (OpException e)
        {
            throw ErrorContext.Within($"node {step.Node}", e);
        }
        catch (OutOfMemoryException e)
        {
            throw new OpException($"node {step.Node}", "memory", "there is not enough memory to run it", inner: e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A defect of a kernel; the caller still learns which node it was.
            throw new OpException($"node {step.Node}", "defect", $"{step.Schema} failed with {e.GetType().Name}: {e.Message}", inner: e);
        }
    }

    /// <summary>Finds which values nobody needs after each node; those from <paramref name="given"/> on are the nodes' own.</summary>
    private void FindLastReads(int given)
    {
        var needed = new HashSet<int>(kept);
        for (int i = wirings.Length - 1; i >= 0; i--)
            wirings[i] = wirings[i] with { Frees = [.. wirings[i].Inputs.Concat(wirings[i].Outputs).Where(slot => slot >= given && needed.Add(slot))] };
    }

    /// <summary>The slots of a node. Slot 0 is the absent value.</summary>
    private readonly record struct Wiring(int[] Inputs, int[] Outputs, int[] Frees);
}
