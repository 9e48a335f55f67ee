using System.Diagnostics;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Executes a graph on the ops that have specs. It can run many times, also from several threads at once.</summary>
public sealed class GraphExecutor
{
    private readonly Graph graph;
    private readonly ExecutionOptions options;
    private readonly NodeStep[] steps;
    private readonly string[][] lastReads;
    private readonly long constantBytes;

    /// <summary>Prepares a graph: orders its nodes and finds their ops.</summary>
    /// <exception cref="OpException">
    /// The graph is not sound, or something of it lies outside the specs; <see cref="Coverage.IsAbout"/> tells the two apart.
    /// </exception>
    public GraphExecutor(Graph graph, ExecutionOptions? options = null)
    {
        this.graph = graph;
        this.options = options ?? new ExecutionOptions();
        IReadOnlyList<Node> order = NodeOrder.Of(graph);
        IReadOnlyList<string> missing = Coverage.Missing(graph, this.options.Ops);
        if (missing.Count > 0)
            throw new OpException($"graph '{graph.Name}'", graph.Unsupported.Count > 0 ? Coverage.NotSupported : Coverage.NoSpec, string.Join("; ", missing));
        steps = [.. order.Select(node => NodeStep.Of(node, graph.Constants, this.options))];
        lastReads = LastReads(order, [.. graph.Outputs.Select(o => o.Name)]);
        constantBytes = graph.Constants.Values.Sum(SizeOf);
    }

    /// <summary>Executes the graph.</summary>
    /// <param name="inputs">The inputs by name; null is an absent one. An input with a default may be left out.</param>
    /// <param name="cancellation">Stops the execution between two nodes.</param>
    /// <exception cref="OpException">An input is missing or does not fit, an op refuses its inputs, or the memory limit is reached.</exception>
    /// <exception cref="OperationCanceledException">The execution was stopped.</exception>
    public GraphRun Run(IReadOnlyDictionary<string, TensorValue?> inputs, CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        var values = new Dictionary<string, TensorValue?>();
        foreach (var (name, value) in graph.Constants)
            values[name] = value;
        GraphInputs.Bind(graph, inputs, values);
        long alive = constantBytes + inputs.Values.Sum(v => v is null ? 0 : SizeOf(v));
        var runs = new List<NodeRun>(steps.Length);
        for (int i = 0; i < steps.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            NodeStep step = steps[i];
            runs.Add(Run(step, values, ref alive, cancellation));
            foreach (string name in lastReads[i])
                if (values.Remove(name, out TensorValue? freed) && freed is not null && !graph.Constants.ContainsKey(name))
                    alive -= SizeOf(freed);
        }
        return new GraphRun([.. graph.Outputs.Select(o => values.GetValueOrDefault(o.Name))], runs, Stopwatch.GetElapsedTime(start));
    }

    private NodeRun Run(NodeStep step, Dictionary<string, TensorValue?> values, ref long alive, CancellationToken cancellation)
    {
        TensorValue?[] inputs = [.. step.Node.Inputs.Select(name => name.Length == 0 ? null : values[name])];
        TensorValue?[] outputs;
        TimeSpan time;
        try
        {
            if (Coverage.MissingType(step.Schema, [.. inputs.Select(i => i?.Type ?? ElementType.Undefined)]) is { } type)
                throw new OpException(step.Schema.Name, Coverage.NoSpec, type);
            if (step.Foresee(inputs) > options.MaxBytes - alive)
                throw OverLimit(step);
            long start = Stopwatch.GetTimestamp();
            outputs = step.Run(inputs, cancellation);
            time = Stopwatch.GetElapsedTime(start);
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
        for (int i = 0; i < step.Node.Outputs.Count; i++)
            if (step.Node.Outputs[i] is { Length: > 0 } name)
            {
                TensorValue? output = i < outputs.Length ? outputs[i] : null;
                values[name] = output;
                alive += output is null ? 0 : SizeOf(output);
            }
        return alive <= options.MaxBytes ? new NodeRun(step.Node, step.Schema, step.Path, time) : throw OverLimit(step);
    }

    private OpException OverLimit(NodeStep step) => new($"node {step.Node}", "memory", $"its outputs would take the execution over its limit of {options.MaxBytes} bytes");

    private static long SizeOf(TensorValue value) => value.Strings is { } strings ? strings.Sum(s => 2L * s.Length + IntPtr.Size) : value.ByteCount;

    /// <summary>Which values nobody needs after each node.</summary>
    private static string[][] LastReads(IReadOnlyList<Node> order, HashSet<string> kept)
    {
        var last = new string[order.Count][];
        for (int i = order.Count - 1; i >= 0; i--)
            last[i] = [.. NodeOrder.Reads(order[i]).Concat(order[i].Outputs).Where(name => name.Length > 0 && kept.Add(name))];
        return last;
    }
}
