using System.CommandLine;
using Ops.Cli.Checking;
using Ops.Cli.Conformance;
using Ops.Cli.Explaining;
using Ops.Cli.Output;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Model;

namespace Ops.Cli.Commands;

/// <summary><c>opspec export</c>: an op as ONNX's node tests, its body as a model of primitive ops beside each.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Subject = new("OP") { Description = OpSubject.Form + "." };

    private static readonly Option<string> Folder = new("--output")
    {
        HelpName = "DIR", Description = "Where the tests go.", DefaultValueFactory = _ => "."
    };

    private static readonly Option<int> Count = new("--count")
    {
        HelpName = "N", Description = "How many tests at most.", DefaultValueFactory = _ => 10
    };

    private static readonly Option<string[]> Specs = new("--specs")
    {
        HelpName = "DIR",
        Description = "A folder with the specs of ops that --ops brings. May be given many times.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("export", "Writes an op as node tests that any ONNX runtime can be held to.", """
        Examples:
          opspec export Attention --output attention-tests
          opspec export opspec.experimental.MoE --count 40
          opspec export Swoosh --ops MyOps.dll --specs my/specs

        Cases are made from the spec: types, ranks, what is absent, attributes. Each becomes a folder with a model of one node and its data, and, for an
        op with a body, a folder NAME_expanded with the same data and the body as a model of primitive ops, which runs where the op is not known.
        What the op means is what its body makes of the inputs. Exit code: 0 tests were written, 2 usage error or a folder that cannot be written.
        """)
    { Subject, Folder, Count, Specs, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        OpSubject subject = OpSubject.Parse(parsed.GetValue(Subject)!);
        int count = parsed.GetValue(Count);
        if (count < 1)
            throw new OpException("--count", "usage", $"wants a number above 0, got {count}");
        OpDefinition definition =
            OpRegistry.All.LastOrDefault(d => subject.Means(d.Schema.Domain, d.Schema.Name) && d.Schema.Since <= subject.Opset)
            ?? throw new OpException(parsed.GetValue(Subject)!, "usage",
                "there is no such op; opspec status lists all, and --ops FILE.dll adds those of an assembly"
                + OpSubject.Near(subject.Name, OpRegistry.All.Select(d => d.Schema.Name)));
        string? root = SpecFiles.Root(Directory.GetCurrentDirectory());
        OpModel model =
            new SpecModels([.. SpecFiles.Known(root), .. (parsed.GetValue(Specs) ?? []).Where(f => f != root)]).Find(definition.Schema)
            ?? throw new OpException(definition.Schema.ToString(), "specs", "its spec is not here; --specs tells where");
        string folder = parsed.GetValue(Folder)!;
        IReadOnlyList<WrittenTest> tests = new NodeTestWriter(definition, model).Write(folder, count, cancellation);
        if (tests.Count == 0)
            throw new OpException(definition.Schema.ToString(), "export",
                "no case of it runs: it has neither a kernel nor a body that runs on its own, or takes graphs");
        if (parsed.GetValue(Json))
            JsonOutput.Write(terminal.Output, writer =>
            {
                writer.WriteStartArray();
                foreach (WrittenTest test in tests)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", test.Name);
                    writer.WriteString("call", test.Call);
                    writer.WriteBoolean("expanded", test.Expanded);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            });
        else
            foreach (WrittenTest test in tests)
                terminal.WriteLine($"{Path.Combine(folder, test.Name)}{(test.Expanded ? " and _expanded" : "")}: {test.Call}");
        return 0;
    }
}
