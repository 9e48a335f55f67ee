using System.Runtime.CompilerServices;
using Ops.Specs.Model;

namespace Ops.Specs.Evaluation;

/// <summary>The parts of a model by their names.</summary>
internal sealed class ModelNames
{
    private static readonly ConditionalWeakTable<OpModel, ModelNames> Known = new();

    private ModelNames(OpModel model)
    {
        Lets = model.Lets.ToDictionary(l => l.Name);
        Attributes = model.Attributes.ToDictionary(a => a.Name);
        Inputs = model.Inputs.ToDictionary(i => i.Name);
        Outputs = model.Outputs.ToDictionary(o => o.Name);
    }

    /// <summary>The parts of a model; asked again, the same answer.</summary>
    public static ModelNames Of(OpModel model) => Known.GetValue(model, static m => new ModelNames(m));

    public Dictionary<string, Let> Lets { get; }

    public Dictionary<string, AttributeModel> Attributes { get; }

    public Dictionary<string, Port> Inputs { get; }

    public Dictionary<string, Port> Outputs { get; }
}
