using Ops.Cli.Checking;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Cli.Conformance;

/// <summary>The models of all specs in some folders, by op and version.</summary>
internal sealed class SpecModels
{
    private readonly Dictionary<(string Domain, string Name, int Since), OpModel> models = [];
    private readonly Dictionary<(string Domain, string Name, int Since), string> paths = [];

    /// <summary>Reads the specs of folders.</summary>
    /// <exception cref="OpException">A file cannot be read.</exception>
    public SpecModels(params IReadOnlyList<string> folders)
    {
        SpecSyntax[] specs =
            [.. SpecFiles.In(folders).Select(Path.GetFullPath).Distinct().Select(path => SpecFrontEnd.Parse(path, SpecFiles.Read(path)))];
        var scope = new SpecScope(specs);
        foreach (SpecSyntax spec in specs)
            foreach (OpModel model in SpecFrontEnd.Bind(spec, scope).Family?.Versions ?? [])
                if (models.TryAdd((model.Domain, model.Name, model.Since), model))
                    paths.Add((model.Domain, model.Name, model.Since), spec.Path);
    }

    /// <summary>Whether the spec of an op's version stands in one of some folders.</summary>
    public bool IsFrom(IEnumerable<string> some, OpSchema schema) =>
        paths.TryGetValue((schema.Domain, schema.Name, schema.Since), out string? path) && some.Any(folder =>
            path.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    /// <summary>The model of an op's version; null when the folder has no spec of it.</summary>
    public OpModel? Find(OpSchema schema) => models.GetValueOrDefault((schema.Domain, schema.Name, schema.Since));
}
