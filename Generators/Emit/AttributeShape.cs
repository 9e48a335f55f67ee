using System.Globalization;
using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>How one attribute appears in the signatures of generated methods.</summary>
internal sealed class AttributeShape
{
    private readonly AttributeModel attribute;

    public AttributeShape(AttributeModel attribute, OpVersion version)
    {
        this.attribute = attribute;
        Constant = attribute.IsList || attribute.Default is null ? null : Literal(attribute.Default, attribute.Kind);
        IsGiven = attribute.Optional && (Constant is null || version.AsksPresence(attribute.Name));
    }

    /// <summary>The attribute as the spec declares it.</summary>
    public AttributeModel Model => attribute;

    /// <summary>Its name.</summary>
    public string Name => attribute.Name;

    /// <summary>Whether it is a graph whose signature the spec tells.</summary>
    public bool IsSignedGraph => attribute is { Kind: AttributeKind.Graph, IsList: false, Arrows.Count: > 0 };

    /// <summary>Whether inference must know if the caller gave it, because absence means something.</summary>
    public bool IsGiven { get; }

    /// <summary>The constant default as C#, or null.</summary>
    public string? Constant { get; }

    /// <summary>Whether expressions can use its value.</summary>
    public bool HasValue => attribute.HasValue;

    /// <summary>The name of the parameter of the inference method.</summary>
    public string InferenceParameter => IsGiven ? Names.Given(attribute.Name) : Names.Local(attribute.Name);

    /// <summary>The type of the parameter of the inference method.</summary>
    public string InferenceType
    {
        get
        {
            if (!HasValue)
                return "object?";
            string name = ValueType.TrimEnd('?');
            return IsGiven ? name + "?" : name;
        }
    }

    /// <summary>The type of its value in the shape algebra.</summary>
    public string ValueType => ExpressionEmitter.TypeName(attribute.ValueType).TrimEnd('?');

    /// <summary>The type of the variable that holds its value during inference.</summary>
    public string LocalType => ValueType == "string" ? "string?" : ValueType;

    /// <summary>The type of the parameter of the public methods.</summary>
    public string PublicType
    {
        get
        {
            string single = attribute.Kind switch
            {
                AttributeKind.Int => "long",
                AttributeKind.Float => "float",
                AttributeKind.String => "string",
                AttributeKind.Bool => "bool",
                AttributeKind.Dtype => "ElementType",
                AttributeKind.Tensor => "TensorValue",
                AttributeKind.Graph => "Graph",
                _ => "object",
            };
            return single + (attribute.IsList ? "[]" : "") + (IsGiven ? "?" : "");
        }
    }

    /// <summary>The parameter of the public methods, with its default.</summary>
    public string PublicParameter =>
        $"{PublicType} {Names.Local(attribute.Name)}" + (IsGiven ? " = null" : Constant is null ? "" : $" = {Constant}");

    /// <summary>What a public method passes on to the inference method.</summary>
    public string FromPublic => HasValue && attribute.IsList ? $"Values.List({Names.Local(attribute.Name)})" + (IsGiven ? "" : "!.Value")
        : attribute.Kind == AttributeKind.Bool && IsGiven ? $"Values.Truth({Names.Local(attribute.Name)})"
        : Names.Local(attribute.Name);

    /// <summary>What the untyped call passes on to the inference method.</summary>
    public string FromCall
    {
        get
        {
            string quoted = CodeWriter.Quote(attribute.Name);
            if (!HasValue)
                return $"call.Attributes.Find({quoted})";
            string read = attribute.Kind switch
            {
                AttributeKind.Int => "Int",
                AttributeKind.Float => "Float",
                AttributeKind.String => "String",
                AttributeKind.Bool => "Bool",
                _ => "Dtype",
            };
            if (attribute.IsList)
                return $"Values.List(call.Attributes.{read}s({quoted}))" + (IsGiven ? "" : "!.Value");
            string value = $"call.Attributes.{read}({quoted})";
            if (IsGiven)
                return attribute.Kind == AttributeKind.Bool ? $"Values.Truth({value})" : value;
            return Constant is not null ? $"{value} ?? {Constant}"
                : attribute.Kind == AttributeKind.String ? value + "!"
                : value + "!.Value";
        }
    }

    /// <summary>A constant value of an attribute as C#, boxed as attributes are; null for one that is no single constant.</summary>
    public static string? Boxed(Expr value, AttributeKind kind) => Literal(value, kind) is not { } literal ? null : kind switch
    {
        AttributeKind.Int => $"{literal}L",
        AttributeKind.Bool => value is BoolLiteral { Value: true } ? "1L" : "0L",
        AttributeKind.Dtype => $"(long){literal}",
        _ => literal,
    };

    /// <summary>The constant default as the schema holds it (boxed), or null.</summary>
    public string? SchemaDefault => Constant is null ? ConstantList : attribute.Kind switch
    {
        AttributeKind.Int => $"{Constant}L",
        AttributeKind.Bool => attribute.Default is BoolLiteral { Value: true } ? "1L" : "0L",
        AttributeKind.Dtype => $"(long){Constant}",
        _ => Constant,
    };

    /// <summary>A list of constant integers or texts as the schema holds it, or null.</summary>
    private string? ConstantList =>
        attribute is { Kind: AttributeKind.Int or AttributeKind.String, Default: ListExpr list }
            && list.Items.All(i => !i.Spread && Literal(i.Value, attribute.Kind) is not null)
            ? $"new {(attribute.Kind == AttributeKind.Int ? "long" : "string")}[] {{ {string.Join(", ", list.Items.Select(i => Literal(i.Value, attribute.Kind)))} }}" : null;

    private static string? Literal(Expr value, AttributeKind kind) => value switch
    {
        IntLiteral i when kind == AttributeKind.Int => i.Value.ToString(CultureInfo.InvariantCulture),
        IntLiteral i when kind == AttributeKind.Float => FloatText(i.Value),
        RealLiteral r when kind == AttributeKind.Float => FloatText(r.Value),
        UnaryExpr { Op: UnaryOp.Negate } u when kind is AttributeKind.Int or AttributeKind.Float && Literal(u.Operand, kind) is { } operand =>
            "-" + operand,
        StringLiteral s when kind == AttributeKind.String => CodeWriter.Quote(s.Value),
        BoolLiteral b when kind == AttributeKind.Bool => b.Value ? "true" : "false",
        DtypeLiteral d when kind == AttributeKind.Dtype => $"ElementType.{d.Value}",
        _ => null,
    };

    private static string FloatText(double value)
    {
        float single = (float)value;
        return float.IsPositiveInfinity(single) ? "float.PositiveInfinity" : float.IsNegativeInfinity(single) ? "float.NegativeInfinity"
            : single.ToString("R", CultureInfo.InvariantCulture) + "f";
    }
}
