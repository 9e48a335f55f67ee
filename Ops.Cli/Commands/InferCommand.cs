using System.CommandLine;
using System.Text.Json;
using Ops.Cli.Inference;
using Ops.Cli.Output;
using Ops.Graphs;
using Ops.Onnx;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Cli.Commands;

/// <summary><c>opspec infer</c>: prints the types of a model's values, or compares them with recorded ones.</summary>
internal static class InferCommand
{
    private static readonly Argument<string?> Model = new("MODEL") { Description = "An ONNX model.", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<string?> Against = new("--against")
    {
        HelpName = "FILE.jsonl", Description = "Recorded answers, one JSON object a line."
    };

    private static readonly Option<string?> Models = new("--models")
    {
        HelpName = "DIR", Description = "Where TEST/model.onnx of a recorded row lies."
    };

    private static readonly Option<string?> Filter = new("--filter")
    {
        HelpName = "GLOB", Description = "Only recorded rows of tests whose name fits, with * and ?."
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("infer", "Infers the types of a model's values, symbolic dims included.", """
        Examples:
          opspec infer model.onnx
          opspec infer --against ../shared/onnx-shape-inference.jsonl --models ../shared/onnx-node-tests --filter 'test_gemm*'

        Against recorded answers: an answer that is equal or more precise passes, a contradiction or a loss fails; rows of ops without a spec are
        skipped. Exit code: 0 nothing failed, 1 something failed, 2 usage error or unreadable input.
        """)
    { Model, Against, Models, Filter, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string? model = parsed.GetValue(Model), against = parsed.GetValue(Against), models = parsed.GetValue(Models);
        if (against is not null && models is not null && model is null)
            return Compare(against, models, parsed, terminal, cancellation);
        if (model is not null && against is null && models is null)
            return Print(model, parsed.GetValue(Json), terminal);
        throw new OpException("infer", "usage", "wants a MODEL, or --against FILE.jsonl with --models DIR");
    }

    private static int Compare(string against, string models, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (!Directory.Exists(models))
            throw new OpException(models, "file", "there is no such folder");
        RecordedInference[] rows = [.. RecordedInference.ReadFile(against).Where(r => Glob.Fits(parsed.GetValue(Filter), r.Test))];
        if (rows.Length == 0)
            throw new OpException(against, "tests", "there is no row to compare with");
        var runner = new RecordedInferenceRunner(models, new InferenceOptions(), rows);
        var report = new ResultReport(terminal, parsed.GetValue(Json));
        for (int i = 0; i < rows.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            terminal.Progress($"{i + 1}/{rows.Length} {rows[i].Name}");
            report.Add(runner.Run(rows[i]));
        }
        report.Finish();
        return report.ExitCode;
    }

    private static int Print(string path, bool json, Terminal terminal)
    {
        OnnxModel model = OnnxModel.Load(path);
        InferredGraph inferred = GraphInference.Infer(model.Graph);
        if (json)
        {
            JsonOutput.Write(terminal.Output, writer => Write(writer, model.Graph, inferred));
            return 0;
        }
        foreach (var (name, type) in inferred.Types)
            terminal.WriteLine($"{Role(model.Graph, name),-8} {name}: {type}{Data(type)}");
        foreach (GraphValue output in model.Graph.Inputs.Concat(model.Graph.Outputs))
            if (output.IsOther)
                terminal.WriteLine($"{Role(model.Graph, output.Name),-8} {output}");
        foreach (string reason in inferred.Uncovered)
            terminal.WriteLine($"not known: {reason}");
        return 0;
    }

    private static string Role(Graph graph, string name) => graph.Outputs.Any(o => o.Name == name) ? "output"
        : graph.Inputs.Any(i => i.Name == name) ? "input" : graph.Constants.ContainsKey(name) ? "constant" : "value";

    /// <summary>Short integer data, since it decides shapes.</summary>
    private static string Data(TensorType type) =>
        type is { Data: { Count: <= 8 } data } && type.Element.IsInteger() ? $" = {data.Elements}" : "";

    private static void Write(Utf8JsonWriter writer, Graph graph, InferredGraph inferred)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("values");
        foreach (var (name, type) in inferred.Types)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("role", Role(graph, name));
            writer.WriteString("type", type.Element.Name());
            writer.WriteNumber("elem_type", (int)type.Element);
            WriteShape(writer, type.Shape);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("unknown");
        foreach (string reason in inferred.Uncovered)
            writer.WriteStringValue(reason);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteShape(Utf8JsonWriter writer, Seq<Dim> shape)
    {
        if (!shape.IsKnown)
        {
            writer.WriteNull("shape");
            return;
        }
        writer.WriteStartArray("shape");
        foreach (Dim dim in shape.Items)
            if (dim.IsKnown)
                writer.WriteNumberValue(dim.Value);
            else if (dim.IsUnknown)
                writer.WriteNullValue();
            else
                writer.WriteStringValue(dim.ToString());
        writer.WriteEndArray();
    }
}
