using System.CommandLine;
using Ops.Cli.Execution;
using Ops.Cli.Output;
using Ops.Cli.Testing;
using Ops.Graphs;
using Ops.Onnx;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Cli.Commands;

/// <summary><c>opspec run</c>: executes a model and prints what ran, how, and how fast.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> Model = new("MODEL") { Description = "An ONNX model." };

    private static readonly Option<string[]> Input = new("--input")
    {
        HelpName = "NAME=FILE.pb",
        Description = "A tensor file for an input of the graph. May be given many times.",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Data = new("--data")
    {
        HelpName = "DIR", Description = "A folder whose input_N.pb belongs to the graph's input N."
    };

    private static readonly Option<string?> OutputFolder = new("--output")
    {
        HelpName = "DIR", Description = "Where to write the outputs, as NAME.pb."
    };

    private static readonly Option<int> Repeat = new("--repeat")
    {
        HelpName = "N",
        Description = "Run N times and print median times.",
        DefaultValueFactory = _ => 1
    };

    private static readonly Option<bool> Profile =
        new("--profile") { Description = "Print where the time goes: every node, those inside of bodies and subgraphs too." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    private static readonly Option<ExecutionPath> HowToRun = PathOption.Create();

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("run", "Executes a model on the ops that have specs.", """
        Examples:
          opspec run model.onnx --input x=x.pb --output results
          opspec run examples/mlp/model.onnx --data examples/mlp/test_data_set_0 --repeat 20
          opspec run model.onnx --data DIR --path decomposed --repeat 20 --profile

        Prints every node with its op, the version of the op's spec, how it ran (fused: by its kernel) and how long it took; then the outputs.
        A single run includes compilation by the JIT; --repeat tells the speed. Nodes that depend on constants only ran when the model was loaded. With --profile the nodes are those inside of bodies and subgraphs too, the
        slowest first: how often each ran, its own time in one run (without the nodes it is made of), its share, and its time per call.
        Exit code: 0 it ran, 2 usage error, unreadable input, or a model that cannot run.
        """)
    { Model, Input, Data, OutputFolder, Repeat, HowToRun, Profile, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        int repeat = parsed.GetValue(Repeat);
        if (repeat < 1)
            throw new OpException("--repeat", "usage", $"wants a number above 0, got {repeat}");
        OnnxModel model = OnnxModel.Load(parsed.GetValue(Model)!);
        Dictionary<string, TensorValue?> inputs = Inputs(parsed, model.Graph);
        var executor = new GraphExecutor(model.Graph,
            new ExecutionOptions { Path = parsed.GetValue(HowToRun), Profiled = parsed.GetValue(Profile) });
        var runs = new List<GraphRun>();
        for (int i = 0; i < repeat; i++)
        {
            terminal.Progress($"{i + 1}/{repeat}");
            runs.Add(executor.Run(inputs, cancellation));
        }
        terminal.EraseProgress();
        IReadOnlyList<string> files = parsed.GetValue(OutputFolder) is { } folder
            ? OutputFiles.Write(folder, model.Graph, runs[^1].Outputs) : [];
        var report = new RunReport(model, runs, files);
        if (parsed.GetValue(Json))
            report.PrintJson(terminal);
        else
            report.Print(terminal);
        return 0;
    }

    private static Dictionary<string, TensorValue?> Inputs(ParseResult parsed, Graph graph)
    {
        var inputs = new Dictionary<string, TensorValue?>();
        if (parsed.GetValue(Data) is { } folder)
            foreach (var (name, value) in DataSet.Read(folder, "input", graph.Inputs))
                inputs[name] = value;
        foreach (string argument in parsed.GetValue(Input) ?? [])
        {
            // A name may hold '=', a file name less likely does; but the first one that gives a name of the graph decides.
            int at = Enumerable.Range(0, argument.Length)
                .FirstOrDefault(i => argument[i] == '=' && graph.Inputs.Any(v => v.Name == argument[..i]), argument.IndexOf('='));
            if (at <= 0)
                throw new OpException("--input", "usage", $"wants NAME=FILE.pb, got '{argument}'");
            inputs[argument[..at]] = TensorFile.Read(argument[(at + 1)..]);
        }
        return inputs;
    }
}
