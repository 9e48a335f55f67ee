using System.Collections.Concurrent;
using System.Diagnostics;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Executes a graph on the ops that have specs. It can run many times, also from several threads at once.</summary>
public sealed class GraphExecutor
{
    private readonly Graph graph;
    private readonly ExecutionOptions options;
    private readonly PreparedGraph prepared;
    private readonly ConcurrentBag<TensorBuffer> returned = [];
    private BufferPool? idle;

    /// <summary>Prepares a graph: orders its nodes and finds their ops.</summary>
    /// <exception cref="OpException">
    /// The graph is not sound, or something of it lies outside the specs; <see cref="Coverage.IsAbout"/> tells the two apart.
    /// </exception>
    public GraphExecutor(Graph graph, ExecutionOptions? options = null)
    {
        this.graph = graph;
        this.options = options ?? new ExecutionOptions();
        // A graph that is not sound is refused as such, whatever it lacks besides.
        NodeOrder.Of(graph);
        IReadOnlyList<string> missing = Coverage.Missing(graph, this.options.Ops);
        if (missing.Count > 0)
            throw new OpException($"graph '{graph.Name}'", graph.Unsupported.Count > 0 ? Coverage.NotSupported : Coverage.NoSpec,
                string.Join("; ", missing));
        if (this.options is { Depth: 0, Path: not ExecutionPath.Decomposed })
            this.graph = graph = DequantizedWeights.Fuse(graph);
        prepared = new PreparedGraph(graph, this.options);
    }

    /// <summary>Executes the graph.</summary>
    /// <param name="inputs">The inputs by name; null is an absent one. An input with a default may be left out.</param>
    /// <param name="cancellation">Stops the execution between two nodes, and between two iterations of a loop.</param>
    /// <exception cref="OpException">An input is missing or does not fit, an op refuses its inputs, or a limit on memory or steps is
    /// reached.</exception>
    /// <exception cref="OperationCanceledException">The execution was stopped.</exception>
    public GraphRun Run(IReadOnlyDictionary<string, TensorValue?> inputs, CancellationToken cancellation = default) =>
        Run(inputs, [], cancellation);

    /// <summary>Executes the graph, and lets it change inputs where they lie.</summary>
    /// <param name="inputs">The inputs by name; null is an absent one. An input with a default may be left out.</param>
    /// <param name="donated">
    /// The names of inputs whose memory the caller gives away. The last node that reads one may write there: an output that may share its
    /// memory, such as the cache of a decode step, is that very tensor then, and nothing is copied. What becomes of a tensor that is given
    /// away is not said, even if the run fails, but for the outputs; no other run may read it at the same time. Where something else still
    /// needs what an input holds, it is copied as ever.
    /// </param>
    /// <param name="cancellation">Stops the execution between two nodes, and between two iterations of a loop.</param>
    /// <exception cref="OpException">
    /// An input is missing or does not fit, none has a name in <paramref name="donated"/>, an op refuses its inputs, or a limit on memory
    /// or steps is reached.
    /// </exception>
    /// <exception cref="OperationCanceledException">The execution was stopped.</exception>
    public GraphRun Run(IReadOnlyDictionary<string, TensorValue?> inputs, IReadOnlyCollection<string> donated,
        CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        TensorValue?[] given = GraphInputs.Bind(graph, inputs);
        DonatedInputs? gifts = donated.Count == 0 ? null : new DonatedInputs(graph, given, donated);
        // Memory goes from one run to the next; of runs at the same time only one gets it.
        BufferPool pool = Interlocked.Exchange(ref idle, null) ?? new BufferPool();
        while (returned.TryTake(out TensorBuffer? buffer))
            pool.Give(buffer);
        var state = new ExecutionState(options, pool,
            cancellation) { Profile = options.Profiled ? new ExecutionProfile() : null, Donated = gifts };
        state.Begin(given.Concat(graph.Constants.Values).Concat(prepared.Constants).Distinct());
        var runs = new List<NodeRun>();
        TensorValue?[] outputs;
        try
        {
            outputs = prepared.Run(given, [], state, runs, gifts);
        }
        finally
        {
            gifts?.End();
        }
        // What the caller gets is the caller's.
        var made = new List<TensorBuffer>();
        foreach (TensorValue? output in outputs)
            if (output?.Buffer is { Owner: not null } buffer)
            {
                buffer.Owner = null;
                made.Add(buffer);
            }
        idle = pool;
        return new GraphRun(outputs, runs, Stopwatch.GetElapsedTime(start), () => made.ForEach(returned.Add)) { Profile = state.Profile };
    }
}
