using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>One version of an op as the emitters see it: the model, and what several of them ask of its expressions, found once.</summary>
internal sealed class OpVersion
{
    private readonly Dictionary<string, AttributeShape> byName = [];
    private readonly IReadOnlyList<Expr> bindExpressions;
    private HashSet<string>? presenceAsked, readAsData, readToBind, outputsAsked;

    public OpVersion(OpModel model)
    {
        Model = model;
        bindExpressions = ModelExpressions.ToBind(model);
        BodyExpressions = ModelExpressions.OfBodies(model);
        var attributes = new AttributeShape[model.Attributes.Count];
        for (int i = 0; i < attributes.Length; i++)
            byName[model.Attributes[i].Name] = attributes[i] = new AttributeShape(model.Attributes[i], this);
        Attributes = attributes;
        Expressions = new ExpressionEmitter(this);
    }

    /// <summary>What is bound of the spec.</summary>
    public OpModel Model { get; }

    /// <summary>Writes the version's expressions as C#.</summary>
    public ExpressionEmitter Expressions { get; }

    /// <summary>The attributes, in order.</summary>
    public IReadOnlyList<AttributeShape> Attributes { get; }

    /// <summary>The expressions of the body and its later versions.</summary>
    public IReadOnlyList<Expr> BodyExpressions { get; }

    /// <summary>Every expression that stands outside of the body.</summary>
    public IEnumerable<Expr> DeclaredExpressions => bindExpressions.Concat(OutputValues);

    /// <summary>Whether the op has a body.</summary>
    public bool HasBody => Model.Body is { Equations.Count: > 0 };

    /// <summary>The inputs whose elements expressions read one by one.</summary>
    public HashSet<string> ReadAsData => readAsData ??= InputsRead(DeclaredExpressions.Concat(BodyExpressions));

    /// <summary>The C# type of an input's elements as expressions read them.</summary>
    public string ElementsType(Port input) => PortTypes.IsReal(Model, input) ? "Seq<Real>" : "Seq<Dim>";

    /// <summary>The method that reads them.</summary>
    public string ElementsMethod(Port input) => PortTypes.IsReal(Model, input) ? "inference.Reals" : "inference.Elements";

    /// <summary>Those of which more than the values of outputs depends.</summary>
    public HashSet<string> ReadToBind => readToBind ??= InputsRead(bindExpressions.Concat(BodyExpressions));

    /// <summary>The outputs whose shape or presence expressions ask for.</summary>
    public HashSet<string> OutputsAsked => outputsAsked ??= FindOutputsAsked();

    /// <summary>An attribute by name.</summary>
    public AttributeShape Attribute(string name) => byName[name];

    /// <summary>An attribute by name; null when the version has none of that name.</summary>
    public AttributeShape? FindAttribute(string name) => byName.TryGetValue(name, out AttributeShape? attribute) ? attribute : null;

    /// <summary>Whether <c>has(name)</c> stands anywhere.</summary>
    public bool AsksPresence(string name) =>
        (presenceAsked ??= ExpressionNames.PresenceAsked(DeclaredExpressions.Concat(BodyExpressions))).Contains(name);

    /// <summary>The place of a type variable in the schema.</summary>
    public int IndexOfType(string name)
    {
        for (int i = 0; i < Model.Types.Count; i++)
            if (Model.Types[i].Name == name)
                return i;
        return -1;
    }

    private IEnumerable<Expr> OutputValues => Model.Outputs.Where(o => o.Value is not null).Select(o => o.Value!);

    private static HashSet<string> InputsRead(IEnumerable<Expr> expressions)
    {
        HashSet<string> inputs = [];
        foreach (NameExpr name in ExpressionNames.ValuesOf(expressions))
            if (name.Symbol == SymbolKind.Input)
                inputs.Add(name.Name);
        return inputs;
    }

    private HashSet<string> FindOutputsAsked()
    {
        HashSet<string> outputs = [];
        foreach (Expr expr in Model.Rules.Select(r => r.Predicate).Concat(Model.Lets.Select(l => l.Value)).Concat(OutputValues)
            .Concat(BodyExpressions))
            foreach (NameExpr name in ExpressionNames.Of(expr))
                if (name.Symbol == SymbolKind.Output)
                    outputs.Add(name.Name);
        return outputs;
    }
}
