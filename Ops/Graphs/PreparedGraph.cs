using System.Diagnostics;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A graph ready to run: its nodes in order, each value in a slot of its own. It holds nothing of a run.</summary>
internal sealed class PreparedGraph
{
    private readonly NodeStep[] steps;
    private readonly Wiring[] wirings;
    private readonly TensorValue?[] start;
    private readonly int inputs;
    private readonly int[] outputs;
    private readonly int[] kept;

    /// <summary>Orders the nodes of a graph and finds their ops.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="options">How it is to run.</param>
    /// <param name="around">The constants of the graphs around it; null when it may read no values of theirs.</param>
    /// <exception cref="OpException">The graph is not sound, or something of it lies outside the specs.</exception>
    public PreparedGraph(Graph graph, ExecutionOptions options, IReadOnlyDictionary<string, TensorValue>? around = null)
    {
        HashSet<string> outer = around is null ? [] : NodeOrder.Captures(graph);
        IReadOnlyList<Node> order = NodeOrder.Of(graph, outer);
        Around = around is null ? new Dictionary<string, TensorValue>() : around.Where(c => outer.Contains(c.Key)).ToDictionary();
        Captures = [.. outer.Where(name => !Around.ContainsKey(name))];
        // An input with a default may have another value in each run.
        var constants = graph.Constants.Where(c => graph.Inputs.All(i => i.Name != c.Key)).Concat(Around).ToDictionary();
        var results = graph.Outputs.Select(o => o.Name).ToHashSet();
        var varying = new List<NodeStep>();
        foreach (Node node in order)
        {
            NodeStep step = NodeStep.Of(node, constants, options);
            // What a caller gets is the caller's to change.
            if (node.Outputs.Any(results.Contains) || !ConstantNodes.TryRun(step, constants, options))
                varying.Add(step);
        }
        steps = [.. varying];
        PermutedViewStep.Replace(graph, steps);

        var slotOf = new Dictionary<string, int> { [""] = 0 };
        int Slot(string name) => slotOf.TryGetValue(name, out int slot) ? slot : slotOf[name] = slotOf.Count;
        foreach (GraphValue input in graph.Inputs)
            Slot(input.Name);
        inputs = graph.Inputs.Count;
        HashSet<string> read = [.. results, .. steps.SelectMany(s => s.Node.Inputs.Concat(s.Captures))];
        foreach (string name in Captures.Concat(constants.Keys.Where(read.Contains)))
            Slot(name);
        int given = slotOf.Count;
        wirings = new Wiring[steps.Length];
        for (int i = 0; i < steps.Length; i++)
            wirings[i] = new Wiring([.. steps[i].Node.Inputs.Concat(steps[i].Captures).Select(Slot)],
                [.. steps[i].Node.Outputs.Select(Slot)], [], [], []);
        outputs = [.. graph.Outputs.Select(o => Slot(o.Name))];
        kept = [.. outputs.Where(o => o >= given).Distinct()];
        start = new TensorValue?[slotOf.Count];
        foreach (var (name, value) in constants)
            if (slotOf.TryGetValue(name, out int slot))
                start[slot] = value;
        FindLastReads(given);
    }

    /// <summary>The constants it reads, those computed when it was prepared among them.</summary>
    public IEnumerable<TensorValue> Constants => start.OfType<TensorValue>();

    /// <summary>The names it reads from the graphs around it in every run.</summary>
    public IReadOnlyList<string> Captures { get; }

    /// <summary>The constants it reads from the graphs around it.</summary>
    public IReadOnlyDictionary<string, TensorValue> Around { get; }

    /// <summary>Runs the graph.</summary>
    /// <param name="given">The inputs in order; null for an absent one.</param>
    /// <param name="captured">The values of <see cref="Captures"/>.</param>
    /// <param name="state">What it shares with the rest of the execution.</param>
    /// <param name="runs">Where to note how each node ran; null for nowhere.</param>
    /// <param name="donated">The inputs whose memory the nodes may use; null for none.</param>
    /// <returns>The outputs in order; the state does not count them any more.</returns>
    public TensorValue?[] Run(ReadOnlySpan<TensorValue?> given, ReadOnlySpan<TensorValue?> captured, ExecutionState state,
        List<NodeRun>? runs = null, DonatedInputs? donated = null)
    {
        TensorValue?[] values = start.AsSpan().ToArray();
        donated?.Begin(values, Constants);
        given.CopyTo(values.AsSpan(1));
        captured.CopyTo(values.AsSpan(1 + inputs));
        for (int i = 0; i < steps.Length; i++)
        {
            Run(steps[i], wirings[i], values, state, runs);
            foreach (int slot in wirings[i].Frees)
            {
                state.Release(values[slot]);
                state.Drop(values[slot], run: values);
                values[slot] = null;
            }
            if (donated is not null)
                foreach (int slot in wirings[i].InputEnds)
                    state.Release(donated.Drop(slot - 1));
        }
        foreach (int slot in kept)
        {
            state.Release(values[slot]);
            ExecutionState.HandOn(values[slot], run: values);
        }
        var results = new TensorValue?[outputs.Length];
        for (int i = 0; i < results.Length; i++)
            results[i] = values[outputs[i]];
        return results;
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
            bool[] spare = [];
            foreach (int place in wiring.LastReads)
                if (ExecutionState.IsSpare(inputs[place], run: values))
                    (spare.Length > 0 ? spare : spare = new bool[inputs.Length])[place] = true;
            state.Ran = null;
            TensorValue?[] results = runs is null && state.Profile is null
                ? step.Run(inputs, spare, state) : Timed(step, inputs, spare, state, runs);
            for (int i = 0; i < wiring.Outputs.Length; i++)
                if (wiring.Outputs[i] > 0 && i < results.Length)
                {
                    state.Take(results[i], step.Schema.Name, inputs);
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

    private static TensorValue?[] Timed(NodeStep step, TensorValue?[] inputs, bool[] spare, ExecutionState state, List<NodeRun>? runs)
    {
        ExecutionProfile.Mark mark = default;
        if (state.Profile is { } profile)
            mark = profile.Enter(step);
        long start = Stopwatch.GetTimestamp();
        TensorValue?[] results = step.Run(inputs, spare, state);
        runs?.Add(new NodeRun(step.Node, step.Schema, state.Ran ?? step.Path, Stopwatch.GetElapsedTime(start)));
        state.Profile?.Leave(mark);
        return results;
    }

    /// <summary>Finds which values nobody needs after each node; those from <paramref name="given"/> on are the nodes' own, those of inputs
    /// perhaps the caller's.</summary>
    private void FindLastReads(int given)
    {
        var needed = new HashSet<int>(outputs);
        for (int i = wirings.Length - 1; i >= 0; i--)
        {
            (int[] read, int[] written, _, _, _) = wirings[i];
            int[] ends = [.. read.Concat(written).Where(slot => (slot >= given || slot > 0 && slot <= inputs) && needed.Add(slot))];
            wirings[i] = new Wiring(read, written, [.. ends.Where(slot => slot >= given)],
                [.. Enumerable.Range(0, read.Length).Where(p => ends.Contains(read[p]) && read.Count(slot => slot == read[p]) == 1)],
                [.. ends.Where(slot => slot < given)]);
        }
    }

    /// <summary>
    /// The slots of a node: those it reads and writes, those that are free after it, the places of its inputs that are read nowhere else,
    /// and the slots of the graph's inputs that are not read again. Slot 0 is the absent value.
    /// </summary>
    private readonly record struct Wiring(int[] Inputs, int[] Outputs, int[] Frees, int[] LastReads, int[] InputEnds);
}
