using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>What a field of the kernel's arguments holds.</summary>
internal enum ArgsFieldKind
{
    TypeVariable,
    Dim,
    Attribute,
    Tensor,
    Graph,
    Let,
    HasInput,
    HasOutput,
    Transposed,
}

/// <summary>A field of the kernel's arguments, under the name the spec gives it.</summary>
internal sealed record ArgsField(string Name, ArgsFieldKind Kind, string ClrType, string Doc, string SpecName, ExprType? Type)
{
    /// <summary>Its value at the end of the inference of one version, or null when that version does not have it.</summary>
    public string? ValueIn(OpVersion version)
    {
        OpModel model = version.Model;
        switch (Kind)
        {
            case ArgsFieldKind.HasInput:
                return model.Inputs.Any(p => p.Name == SpecName) ? $"{Names.Local(SpecName)} is not null" : null;
            case ArgsFieldKind.HasOutput:
                return model.Outputs.Any(p => p.Name == SpecName) ? Names.Has(SpecName) : null;
            case ArgsFieldKind.TypeVariable:
                return model.Types.Any(t => t.Name == SpecName) ? Names.Local(SpecName) : null;
            case ArgsFieldKind.Dim:
                return model.Dims.Any(d => d.Name == SpecName) ? Concrete(Names.Local(SpecName)) : null;
            case ArgsFieldKind.Let:
                return model.Lets.Any(l => l.Name == SpecName) ? Concrete(Names.Local(SpecName)) : null;
            case ArgsFieldKind.Tensor:
                return version.FindAttribute(SpecName) is { } tensor ? $"{tensor.InferenceParameter} as TensorValue" : null;
            case ArgsFieldKind.Graph:
                return version.FindAttribute(SpecName) is not null ? Names.GraphOf(SpecName) : null;
            case ArgsFieldKind.Attribute:
                return version.FindAttribute(SpecName) is not null ? Concrete(Names.Local(SpecName)) : Default;
            default:
                return model.Inputs.FirstOrDefault(p => p.Name == SpecName) is { } port && port.Type is ConditionalPort conditional
                    ? ContractionOrder(conditional, version.Expressions) : null;
        }
    }

    /// <summary>What an attribute means in versions that lack it: its constant default in the newest one.</summary>
    public string? Default { get; init; }

    /// <summary>The summed dim of a contraction, for <see cref="ArgsFieldKind.Transposed"/>.</summary>
    public string Summed { get; init; } = "";

    private string Concrete(string name) => Concrete(name, Type!.Listed());

    private static string Concrete(string name, ExprType type) => (type.Kind, type.Depth) switch
    {
        (ExprKind.Bool, 0) => $"{name}.IsTrue",
        (ExprKind.Bool, _) => $"Values.Bools({name})",
        (ExprKind.Real, 0) => $"{name}.ValueOr(0)",
        (ExprKind.Real, _) => $"Values.Doubles({name})",
        (ExprKind.String, 0) => $"{name} ?? \"\"",
        (ExprKind.String, _) => $"{name}.ToArray()",
        (ExprKind.Dtype, 0) => name,
        (ExprKind.Dtype, _) => $"{name}.ToArray()",
        (_, 0) => $"{name}.ValueOr(0)",
        (_, 1) => $"Values.Longs({name})",
        _ => $"Values.Shapes({name})",
    };

    private string ContractionOrder(ConditionalPort port, ExpressionEmitter expressions)
    {
        bool Last(PortType type) => type is TensorPort { Items: { Count: > 0 } items }
            && items[items.Count - 1] is DimItem { Extent: NameExpr n } && n.Name == Summed;
        string condition = $"{expressions.Operand(port.Condition)}.IsTrue";
        bool first = SpecNameIsLeft;
        bool thenTransposed = first ? !Last(port.Then) : Last(port.Then);
        return thenTransposed ? condition : $"!{condition}";
    }

    /// <summary>Whether the port is the left factor of a contraction.</summary>
    public bool SpecNameIsLeft { get; init; }
}

/// <summary>The fields of the kernel's arguments: the union over all versions of an op, so that one kernel serves them all.</summary>
internal sealed class ArgsLayout
{
    public ArgsLayout(IReadOnlyList<OpVersion> versions)
    {
        HashSet<string> names = [];
        List<ArgsField> fields = [];
        // The newest version decides what a name means; older ones add what only they have.
        for (int i = versions.Count - 1; i >= 0; i--)
            foreach (ArgsField field in FieldsOf(versions[i]))
                if (names.Add(field.Name))
                    fields.Add(field);
        Fields = fields;
    }

    public IReadOnlyList<ArgsField> Fields { get; }

    private static IEnumerable<ArgsField> FieldsOf(OpVersion version)
    {
        OpModel model = version.Model;
        foreach (TypeVariable variable in model.Types)
            yield return new ArgsField(variable.Name, ArgsFieldKind.TypeVariable, "ElementType",
                model.DocOf(variable.Name) ?? $"The element type {variable.Name} stands for.", variable.Name, null);
        foreach (DimSymbol dim in model.Dims)
        {
            ExprType? type = dim.Kind switch
            {
                DimKind.Single or DimKind.FamilyCount => new ExprType(ExprKind.Exact),
                DimKind.Rank or DimKind.Family => new ExprType(ExprKind.Exact, 1),
                DimKind.FamilyRank => new ExprType(ExprKind.Exact, 2),
                _ => null,
            };
            if (type is not null)
                yield return new ArgsField(dim.Name, ArgsFieldKind.Dim, ClrType(type),
                    model.DocOf(dim.Name) ?? (type.Depth == 0 ? $"The dim {dim.Name}." : $"The dims {dim.Name}."), dim.Name, type);
        }
        foreach (AttributeShape shape in version.Attributes)
        {
            AttributeModel attribute = shape.Model;
            if (attribute is { Kind: AttributeKind.Tensor, IsList: false })
                yield return new ArgsField(attribute.Name, ArgsFieldKind.Tensor, "TensorValue?",
                    model.DocOf(attribute.Name) ?? $"The attribute {attribute.Name}.", attribute.Name, null);
            if (shape.IsSignedGraph)
                yield return new ArgsField(attribute.Name, ArgsFieldKind.Graph, "GraphAttribute?",
                    model.DocOf(attribute.Name) ?? $"The attribute {attribute.Name}.", attribute.Name, null);
            if (!shape.HasValue)
                continue;
            yield return new ArgsField(attribute.Name, ArgsFieldKind.Attribute, ClrType(attribute.ValueType),
                model.DocOf(attribute.Name) ?? $"The attribute {attribute.Name}.", attribute.Name, attribute.ValueType)
            {
                Default = shape.Constant,
            };
        }
        foreach (Let let in model.Lets)
            yield return new ArgsField(let.Name, ArgsFieldKind.Let, ClrType(let.Value.Type),
                model.DocOf(let.Name) ?? $"The definition {let.Name}.", let.Name, let.Value.Type);
        foreach (Port input in model.Inputs)
            if (input.Optional && input.Family is null)
                yield return new ArgsField(Names.Has(input.Name), ArgsFieldKind.HasInput, "bool", $"Whether {input.Name} is given.",
                    input.Name, null);
        foreach (Port output in model.Outputs)
            if (output.Optional && output.Family is null)
                yield return new ArgsField(Names.Has(output.Name), ArgsFieldKind.HasOutput, "bool", $"Whether {output.Name} is asked for.",
                    output.Name, null);
        if (model.Kernel is { Pattern: "contraction" } kernel)
            for (int i = 0; i < 2 && i < model.Inputs.Count; i++)
                if (model.Inputs[i].Type is ConditionalPort)
                    yield return new ArgsField($"{model.Inputs[i].Name}Transposed", ArgsFieldKind.Transposed, "bool",
                        $"Whether {model.Inputs[i].Name} is stored transposed.", model.Inputs[i].Name, null)
                    {
                        Summed = kernel.Arguments[2],
                        SpecNameIsLeft = i == 0,
                    };
    }

    private static string ClrType(ExprType type)
    {
        type = type.Listed();
        string name = type.Kind switch
        {
            ExprKind.Bool => "bool",
            ExprKind.Real => "double",
            ExprKind.String => "string",
            ExprKind.Dtype => "ElementType",
            _ => "long",
        };
        return name + string.Concat(Enumerable.Repeat("[]", type.Depth));
    }
}
