using System.CommandLine;
using Ops.Cli.Checking;
using Ops.Cli.Output;
using Ops.Cli.Schema;
using Ops.Specs;
using Ops.Specs.Binding;

namespace Ops.Cli.Commands;

/// <summary><c>opspec schema</c>: writes the JSON Schema that editors check and complete specs with.</summary>
internal static class SchemaCommand
{
    private static readonly Option<string?> Output = new("--output")
    {
        HelpName = "FILE",
        Description = $"Where to write it; without it, {SpecJsonSchema.FileName} in the specs folder at or above the working directory."
    };

    /// <summary>The command.</summary>
    public static Command Create() =>
        new ExplainedCommand("schema", "Writes the JSON Schema of specs, for editors with a YAML language server.", """
        Examples:
          opspec schema
          opspec schema --output opspec.schema.json

        Run it after a change of the language, or after adding an op by hand whose name editors should offer; 'opspec new' does so itself. A spec that
        stands elsewhere names the schema in its first line: '# yaml-language-server: $schema=PATH'. Exit code: 0 written, 2 usage error or unwritable file.
        """)
    { Output }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string root = SpecFiles.Root(Directory.GetCurrentDirectory())
            ?? throw new OpException("schema", "usage", "there is no folder 'specs' at or above the working directory");
        string path = parsed.GetValue(Output) ?? PathIn(root);
        Write(path, root, cancellation);
        terminal.WriteLine(Path.GetRelativePath(Directory.GetCurrentDirectory(), path));
        return 0;
    }

    /// <summary>Where the schema of a folder of specs is.</summary>
    public static string PathIn(string root) => Path.Combine(root, SpecJsonSchema.FileName);

    /// <summary>Writes the schema for a folder of specs.</summary>
    /// <exception cref="OpException">It cannot be written.</exception>
    public static void Write(string path, string root, CancellationToken cancellation) =>
        TextFile.Write(path,
            SpecJsonSchema.Text(SpecFiles.In(SpecFiles.Known(root))
                .Select(spec => SpecFrontEnd.Parse(spec, SpecFiles.Read(spec), cancellation).OpName).OfType<string>()));
}
