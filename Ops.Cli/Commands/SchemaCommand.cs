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
    private static readonly Option<string?> Output = new("--output") { HelpName = "FILE", Description = $"Where to write it; without it, {SpecJsonSchema.FileName} in the specs folder at or above the working directory." };

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("schema", "Writes the JSON Schema of specs, for editors with a YAML language server.", """
        Examples:
          opspec schema
          opspec schema --output opspec.schema.json

        Run it after a change of the language, or after adding an op whose name editors should offer. A spec that stands elsewhere names the schema
        in its first line: '# yaml-language-server: $schema=PATH'. Exit code: 0 written, 2 usage error or unwritable file.
        """)
    { Output }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string root = SpecFiles.Root(Directory.GetCurrentDirectory()) ?? throw new OpException("schema", "usage", "there is no folder 'specs' at or above the working directory");
        IEnumerable<string> ops = SpecFiles.In(root).Select(path => SpecFrontEnd.Parse(path, SpecFiles.Read(path), cancellation).OpName).OfType<string>();
        string path = parsed.GetValue(Output) ?? Path.Combine(root, SpecJsonSchema.FileName);
        TextFile.Write(path, SpecJsonSchema.Text(ops));
        terminal.WriteLine(Path.GetRelativePath(Directory.GetCurrentDirectory(), path));
        return 0;
    }
}
