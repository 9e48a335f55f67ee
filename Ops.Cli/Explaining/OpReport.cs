using System.Text.Json;
using Ops.Cli.Authoring;
using Ops.Cli.Checking;
using Ops.Cli.Output;
using Ops.Generators.Emit;
using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Types;
using Spectre.Console;

namespace Ops.Cli.Explaining;

/// <summary>
/// Tells all about one version of an op: what its spec says with everything it takes from older versions, where each dim comes from, what
/// is checked, and what runs when.
/// </summary>
internal sealed class OpReport
{
    private static readonly (string Section, string Title)[] Sections =
        [("types", "element types"), ("inputs", "inputs"), ("outputs", "outputs"), ("attributes", "attributes"), ("let", "definitions"),
            ("constraints", "rules")];

    private readonly OpFamily family;
    private readonly OpModel model;
    private readonly IReadOnlyList<OutlineItem> outline;
    private readonly string? kernelFile;
    private readonly int errors;

    private OpReport(OpFamily family, OpModel model, IReadOnlyList<OutlineItem> outline, string? kernelFile, int errors) =>
        (this.family, this.model, this.outline, this.kernelFile, this.errors) = (family, model, outline, kernelFile, errors);

    /// <summary>A report.</summary>
    /// <param name="name">The op, with <c>@N</c> for the version that opset N has; otherwise the newest.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OpException">There is no such op or version, or its spec is broken.</exception>
    public static OpReport Of(string name, CancellationToken cancellation = default)
    {
        string? root = SpecFiles.Root(Directory.GetCurrentDirectory()) ?? SpecFiles.Library;
        OpSubject subject = OpSubject.Parse(name);
        string op = subject.Name;
        if (op.Length == 0)
            throw new OpException("explain", "usage", $"'{name}' names no op");
        SpecSyntax[] all =
            [.. SpecFiles.In(SpecFiles.Known(root)).Select(path => SpecFrontEnd.Parse(path, SpecFiles.Read(path), cancellation))];
        var scope = new SpecScope(all);
        SpecSyntax spec = all.FirstOrDefault(s => subject.Means(s.Domain, s.OpName))
            ?? all.FirstOrDefault(s => subject.Domain is null && string.Equals(s.OpName, op, StringComparison.OrdinalIgnoreCase))
            ?? throw new OpException("explain", "usage", $"there is no op '{name}', and no model of that name{OpSubject.Near(op, all.Select(s => s.OpName))}");
        BoundSpec bound = SpecFrontEnd.Bind(spec, scope, cancellation);
        if (bound.Family is not { } family)
            throw new OpException(op, "spec", $"the spec of '{op}' is broken; opspec check {Shown(spec.Path)} tells where");
        OpModel model = family.Versions.LastOrDefault(v => v.Since <= subject.Opset)
            ?? throw new OpException(op, "usage", $"'{op}' starts at version {family.Versions[0].Since}");
        string? kernels = SpecFiles.Root(Path.GetDirectoryName(spec.Path)!) is { } home ? KernelFolder.Find(home) : null;
        return new OpReport(family, model, SpecOutline.Of(spec, scope, model.Since),
            kernels is null ? null : KernelFolder.FileOf(kernels, family.Name),
            bound.Diagnostics.Count(d => d.Rule.Severity == SpecSeverity.Error));
    }

    /// <summary>Prints it for people.</summary>
    public void Print(Terminal terminal)
    {
        terminal.WriteLine($"{model.Name}-{model.Since} of {model.Domain}{(family.Versions.Count > 1 ? $" (versions {string.Join(", ", family.Versions.Select(v => v.Since))})" : "")}");
        terminal.WriteLine($"  {model.Summary}");
        if (errors > 0)
        {
            terminal.Write($"  The spec has {(errors == 1 ? "an error" : $"{errors} errors")}; opspec check tells", Color.Red);
            terminal.WriteLine();
        }
        foreach ((string section, string title) in Sections)
            PrintSection(terminal, title, [.. outline.Where(i => i.Section == section)]);
        Head(terminal, "dims");
        Columns(terminal, [.. model.Dims.Select(d => (d.Name, DimOrigin.Of(model, d), model.DocOf(d.Name) ?? ""))]);
        PrintPresets(terminal);
        PrintRun(terminal);
    }

    /// <summary>Prints it for machines.</summary>
    public void PrintJson(Terminal terminal) => JsonOutput.Write(terminal.Output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("op", model.Name);
        writer.WriteString("domain", model.Domain);
        writer.WriteNumber("since", model.Since);
        writer.WriteStartArray("versions");
        foreach (OpModel version in family.Versions)
            writer.WriteNumberValue(version.Since);
        writer.WriteEndArray();
        writer.WriteString("summary", model.Summary);
        writer.WriteNumber("errors", errors);
        foreach ((string section, _) in Sections.Append(("body", "")))
        {
            writer.WriteStartArray(section);
            foreach (OutlineItem item in outline.Where(i => i.Section == section))
                Write(writer, item);
            writer.WriteEndArray();
        }
        writer.WriteStartArray("dims");
        foreach (DimSymbol dim in model.Dims)
        {
            writer.WriteStartObject();
            writer.WriteString("name", dim.Name);
            writer.WriteString("from", DimOrigin.Of(model, dim));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("structs");
        foreach ((string name, string attribute, string expression) in Structs())
        {
            writer.WriteStartObject();
            writer.WriteString("preset", name);
            writer.WriteString("attribute", attribute);
            writer.WriteString("expression", expression);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("runs");
        foreach (string line in Runs())
            writer.WriteStringValue(line);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private void Write(Utf8JsonWriter writer, OutlineItem item)
    {
        writer.WriteStartObject();
        writer.WriteString("name", item.Name);
        writer.WriteString("text", item.Text);
        writer.WriteString("path", Shown(item.Path));
        writer.WriteNumber("line", item.Span.StartLine + 1);
        if (model.DocOf(item.Name) is { } doc)
            writer.WriteString("doc", doc);
        writer.WriteEndObject();
    }

    private void PrintSection(Terminal terminal, string title, OutlineItem[] items)
    {
        if (items.Length == 0)
            return;
        Head(terminal, title);
        Columns(terminal,
            [.. items.Select(i => (i.Name, i.Text,
                $"{Shown(i.Path)}:{i.Span.StartLine + 1}{(model.DocOf(i.Name) is { } doc ? "  " + doc : "")}"))]);
    }

    private void PrintPresets(Terminal terminal)
    {
        (string, string, string)[] structs = [.. Structs()];
        if (structs.Length == 0)
            return;
        Head(terminal, "structs that presets become");
        Columns(terminal, structs);
    }

    /// <summary>The graphs of presets, each with what it makes of a score s or a probability p at batch b, head h, query i and key
    /// j.</summary>
    private IEnumerable<(string Preset, string Attribute, string Expression)> Structs() =>
        model.Presets.SelectMany(p => p.Functors.Select(f => (p.Name, f.Attribute, f.Expression)));

    private void PrintRun(Terminal terminal)
    {
        Head(terminal, "what runs");
        foreach (string line in Runs())
            terminal.WriteLine("  " + line);
        OutlineItem[] equations = [.. outline.Where(i => i.Section == "body")];
        if (equations.Length == 0)
            return;
        Head(terminal, $"body (ops of ai.onnx-{model.Opset})");
        foreach (OutlineItem equation in equations)
            terminal.WriteLine("  " + equation.Text);
    }

    /// <summary>Which code runs for which call.</summary>
    private IEnumerable<string> Runs()
    {
        if (model.Kernel is { } kernel)
        {
            string pattern = kernel.Pattern + (kernel.Arguments.Count == 0 ? "" : $"({string.Join(", ", kernel.Arguments)})");
            yield return $"the kernel {pattern}{(kernelFile is null ? "" : $", completed in {Shown(kernelFile)}")}";
            foreach (TypeVariable type in model.Types)
                yield return $"  {type.Name}: {string.Join(", ", type.Allowed.Select(Computed))}";
        }
        if (model.Body is not null)
        {
            int equations = outline.Count(i => i.Section == "body");
            yield return $"the body, {(equations == 1 ? "1 equation" : $"{equations} equations")}, {(model.Kernel is null ? "for every call" : "with --path decomposed; both are tested against each other")}";
        }
        foreach (BodyOverride later in model.LaterBodies)
            yield return $"another body in models of opset {later.Opset} or later";
        if (model.Kernel is null && model.Body is null)
            yield return "nothing: there is neither kernel nor body";
    }

    private static string Computed(ElementType type) => ElementDispatch.Kernel(type) is not var (storage, compute) ? type.Name()
        : storage == compute || type == ElementType.Bool ? type.Name() : $"{type.Name()} (computed in {compute})";

    private static void Head(Terminal terminal, string title)
    {
        terminal.WriteLine();
        terminal.Write(title, Color.Green);
        terminal.WriteLine();
    }

    private static void Columns(Terminal terminal, (string Name, string Text, string Note)[] rows)
    {
        const int Widest = 72;
        int name = rows.Select(r => r.Name.Length).DefaultIfEmpty(0).Max(),
            text = rows.Select(r => r.Text.Length).Where(l => l <= Widest).DefaultIfEmpty(0).Max();
        foreach ((string first, string second, string note) in rows)
        {
            terminal.Write($"  {first.PadRight(name)}  {(note.Length == 0 ? second : second.PadRight(text))}");
            terminal.Write(note.Length == 0 ? "" : "  " + note, Color.Grey);
            terminal.WriteLine();
        }
    }

    private static string Shown(string path) => Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
}
