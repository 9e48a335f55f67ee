using System.CommandLine;
using Ops.Cli.Authoring;
using Ops.Cli.Checking;
using Ops.Cli.Output;
using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Fixes;
using Ops.Specs.Syntax;

namespace Ops.Cli.Commands;

/// <summary><c>opspec new</c>: starts an op, or a version of one.</summary>
internal static class NewCommand
{
    private const string DefaultDomain = "opspec.experimental";

    private static readonly Argument<string> Name =
        new("OP") { Description = "The op's name. Of one that has a spec, --since starts a new version." };

    private static readonly Option<string> Pattern = new("--pattern")
    {
        HelpName = "PATTERN",
        Description = $"What to start from: {string.Join(", ", OpTemplate.All.Select(t => $"{t.Pattern} ({t.Help})"))}.",
        DefaultValueFactory = _ => "elementwise",
    };

    private static readonly Option<string> Domain = new("--domain")
    {
        HelpName = "DOMAIN", Description = "The op's domain.", DefaultValueFactory = _ => DefaultDomain
    };

    private static readonly Option<int?> Since = new("--since")
    {
        HelpName = "N", Description = "The first opset version that has it; 1 when not given."
    };

    /// <summary>The command.</summary>
    public static Command Create() =>
        new ExplainedCommand("new", "Starts an op: a spec and the hand-written part of its kernel, which build and pass.", """
        Examples:
          opspec new Swoosh
          opspec new RowCentre --pattern rows
          opspec new WindowedAttention --pattern attention --domain com.example
          opspec new Softmax --since 27

        Writes specs/<domain>/<OP>.op.yaml and Kernels/<OP>.cs of the project around or beside specs, overwrites nothing, and tells editors the name.
        The example in them computes something: change spec, body and kernel to what the op is to do. docs/authoring.md goes through it.
        Exit code: 0 written, 2 usage error, or something is there already.
        """)
    { Name, Pattern, Domain, Since }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string op = parsed.GetValue(Name)!;
        if (op.Length == 0 || !char.IsAsciiLetterUpper(op[0]) || !op.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new OpException("new", "usage",
                $"'{op}' is not the name of an op: a capital letter, then letters, digits and underscores");
        if (!parsed.GetValue(Domain)!.Split('.').All(Lexer.IsName))
            throw new OpException("new", "usage", $"'{parsed.GetValue(Domain)}' is not a domain: names joined by dots");
        string root = SpecFiles.Root(Directory.GetCurrentDirectory())
            ?? throw new OpException("new", "usage", "there is no folder 'specs' at or above the working directory");
        SpecSyntax[] others =
            [.. SpecFiles.In(SpecFiles.Known(root)).Select(path => SpecFrontEnd.Parse(path, SpecFiles.Read(path), cancellation))];
        // A name is free in a domain that was asked for, whatever other domains have.
        bool anyDomain = parsed.GetResult(Domain) is not { Implicit: false };
        if (others.FirstOrDefault(s => string.Equals(s.OpName, op, StringComparison.OrdinalIgnoreCase)
            && (anyDomain || s.Domain == parsed.GetValue(Domain))) is { } there)
            return NewVersion(terminal, root, there, parsed.GetValue(Since));
        OpTemplate template = OpTemplate.All.FirstOrDefault(t => t.Pattern == parsed.GetValue(Pattern))
            ?? throw new OpException("new", "usage",
                $"there is no example of pattern '{parsed.GetValue(Pattern)}'; there are {string.Join(", ", OpTemplate.All.Select(t => t.Pattern))}");
        string domain = parsed.GetValue(Domain)!, path = Path.Combine(root, domain, op + ".op.yaml");
        NewOp made = NewOp.Create(op, domain, parsed.GetValue(Since) ?? 1, template, path, others);
        string? kernel = made.Kernel is null ? null : Path.Combine(
            KernelFolder.Find(root)
                ?? throw new OpException("new", "usage", $"no project around or beside {Shown(root)} has a folder Kernels; make one"),
            op + ".cs");
        foreach (string file in new[] { path, kernel }.OfType<string>())
            if (File.Exists(file))
                throw new OpException("new", "file", $"{Shown(file)} is there already");
        TextFile.Write(path, made.Spec);
        if (kernel is not null)
            TextFile.Write(kernel, made.Kernel!);
        if (File.Exists(SchemaCommand.PathIn(root)))
            SchemaCommand.Write(SchemaCommand.PathIn(root), root, cancellation);
        terminal.WriteLine($"wrote {Shown(path)}{(kernel is null ? "" : $" and {Shown(kernel)}")}");
        string tests = root == SpecFiles.Library ? "dotnet test -c Release --filter \"FullyQualifiedName~BodyAgainstKernel\""
            : $"opspec status {op} --ops FILE.dll of the build";
        terminal.WriteLine($"next: change {(kernel is null ? "it" : "them")} to what {op} is to do; opspec check --watch; dotnet build -c Release; {tests}");
        return 0;
    }

    private static int NewVersion(Terminal terminal, string root, SpecSyntax spec, int? since)
    {
        if (since is not { } version)
            throw new OpException("new", "usage",
                $"{spec.OpName} has a spec, {Shown(spec.Path)}; --since N starts a new version of it, and --domain DOMAIN another op of that name");
        if (SpecFiles.Root(Path.GetDirectoryName(spec.Path)!) != root)
            throw new OpException("new", "usage", $"{spec.OpName} is not an op of {Shown(root)}: its spec is {spec.Path}");
        TextFile.Write(spec.Path, SpecFixes.Apply(spec.Text, [NewVersionFix.Append(spec, version)]));
        terminal.WriteLine($"added version {version} to {Shown(spec.Path)}: write below it what differs");
        return 0;
    }

    private static string Shown(string path) => Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
}
