using Ops.Cli.Output;
using Ops.Graphs;
using Ops.Onnx;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Cli.Testing;

/// <summary>Runs node tests: the model on the inputs of every data set, compared with the outputs there.</summary>
internal sealed class NodeTestRunner(ExecutionOptions options)
{
    /// <summary>The one result of a test folder.</summary>
    public TestResult Run(NodeTestFolder test, CancellationToken cancellation = default)
    {
        try
        {
            TestSettings settings = TestSettings.Read(test.Path);
            Graph graph = OnnxModel.Load(test.Model).Graph;
            // A test that is known to fall back is judged by its numbers alone.
            bool fused = options.Path == ExecutionPath.Fused && !settings.ExpectsFallback;
            var executor = new GraphExecutor(graph,
                options.Path == ExecutionPath.Fused && !fused ? options with { Path = ExecutionPath.Auto } : options);
            string? failure = null;
            foreach (string dataSet in test.DataSets)
                failure ??= Run(executor, graph, dataSet, settings, cancellation) is { } what
                    ? $"{Path.GetFileName(dataSet)}: {what}" : null;
            return failure is null ? TestResult.Passed(test.Name) : TestResult.Failed(test.Name, failure);
        }
        catch (OpException e)
        {
            return Coverage.IsAbout(e) && e.Rule != Coverage.TypeNotAllowed
                ? TestResult.Skipped(test.Name, Coverage.Reason(e)) : TestResult.Failed(test.Name, e.Message);
        }
    }

    private static string? Run(GraphExecutor executor, Graph graph, string dataSet, TestSettings settings, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, TensorValue> given = DataSet.Read(dataSet, "input", graph.Inputs),
            wanted = DataSet.Read(dataSet, "output", graph.Outputs);
        if (wanted.Count == 0)
            return "there is no output_N.pb to compare with";
        // An input without a file is absent, unless the graph has a default for it.
        GraphRun run = executor.Run(graph.Inputs.ToDictionary(i => i.Name, i => given.GetValueOrDefault(i.Name)), cancellation);
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            if (!wanted.TryGetValue(graph.Outputs[i].Name, out TensorValue? expected))
                continue;
            string? difference = run.Outputs[i] is { } actual
                ? TensorComparer.Compare(actual, expected, Tolerance.For(expected.Type, settings)) : "it was not computed";
            if (difference is not null)
                return $"output '{graph.Outputs[i].Name}': {difference}";
        }
        return null;
    }
}
