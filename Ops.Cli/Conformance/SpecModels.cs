using Ops.Cli.Checking;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Cli.Conformance;

/// <summary>The models of all specs in a folder, by op and version.</summary>
internal sealed class SpecModels
{
    private readonly Dictionary<(string Domain, string Name, int Since), OpModel> models = [];

    /// <summary>Reads the specs of a folder.</summary>
    /// <exception cref="OpException">A file cannot be read.</exception>
    public SpecModels(string folder)
    {
        SpecSyntax[] specs = [.. SpecFiles.In(folder).Select(path => SpecFrontEnd.Parse(path, SpecFiles.Read(path)))];
        var scope = new SpecScope(specs);
        foreach (SpecSyntax spec in specs)
            foreach (OpModel model in SpecFrontEnd.Bind(spec, scope).Family?.Versions ?? [])
                models.TryAdd((model.Domain, model.Name, model.Since), model);
    }

    /// <summary>The model of an op's version; null when the folder has no spec of it.</summary>
    public OpModel? Find(OpSchema schema) => models.GetValueOrDefault((schema.Domain, schema.Name, schema.Since));
}
