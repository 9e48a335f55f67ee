using System.CommandLine;
using Ops.Cli.Output;
using Ops.Cli.Testing;
using Ops.Graphs;
using Ops.Specs;

namespace Ops.Cli.Commands;

/// <summary><c>opspec test</c>: runs folders with a model and the outputs it must give.</summary>
internal static class TestCommand
{
    private static readonly Argument<string[]> Folders = new("DIR")
    {
        Description = "A folder with model.onnx and test_data_set_*, or one in which such folders lie at any depth.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Filter = new("--filter")
    {
        HelpName = "GLOB",
        Description = "Only folders whose name fits, with * and ?, for instance 'test_softmax*'."
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print results and summary as JSON." };

    private static readonly Option<ExecutionPath> HowToRun = PathOption.Create();

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("test", "Runs node tests and compares what comes out.", """
        Examples:
          opspec test examples
          opspec test ../shared/onnx-node-tests --filter 'test_softmax*'
          opspec test models --path fused --json

        One result for each folder, over all its data sets. Floats may differ by rtol and atol of a data.json beside the model, or by 1e-3 and 1e-5
        (float16: 1e-2 and 2e-3, bfloat16: 2e-2 and 1e-2). Models with an op or version that has no spec, or no kernel for a
        type, are skipped and say which; an input of a type that the op does not take is a failure.
        Exit code: 0 nothing failed, 1 something failed, 2 usage error.
        """)
    { Folders, Filter, HowToRun, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string? filter = parsed.GetValue(Filter);
        var tests = new List<NodeTestFolder>();
        foreach (string root in parsed.GetValue(Folders)!)
        {
            IReadOnlyList<NodeTestFolder> found = NodeTestFolder.Find(root);
            if (found.Count == 0)
                throw new OpException(root, "tests", "there is no folder with a model.onnx and a test_data_set_* in it");
            tests.AddRange(found.Where(t => Glob.Fits(filter, t.FolderName)));
        }
        if (tests.Count == 0)
            throw new OpException("--filter", "tests", $"no test is named '{filter}'");
        var runner = new NodeTestRunner(new ExecutionOptions { Path = parsed.GetValue(HowToRun) });
        var report = new ResultReport(terminal, parsed.GetValue(Json));
        for (int i = 0; i < tests.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            terminal.Progress($"{i + 1}/{tests.Count} {tests[i].Name}");
            report.Add(runner.Run(tests[i], cancellation));
        }
        report.Finish();
        return report.ExitCode;
    }
}
