using Ops.Specs.Collections;
using Ops.Specs.Types;

namespace Ops.Specs.Model;

/// <summary>
/// One version of one op, bound: differences between versions are merged, names resolved, expressions typed. It carries no positions, so
/// an edit that changes no meaning gives an equal model.
/// </summary>
public sealed record OpModel
{
    /// <summary>The op's name, for instance <c>Attention</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its domain; <c>ai.onnx</c> is the default one.</summary>
    public required string Domain { get; init; }

    /// <summary>The first opset version of the domain that has this version of the op.</summary>
    public required int Since { get; init; }

    /// <summary>The version of ai.onnx at which the body's ops resolve.</summary>
    public required int Opset { get; init; }

    /// <summary>The spec file, relative to the folder that holds <c>specs/</c>, with forward slashes.</summary>
    public required string Path { get; init; }

    /// <summary>One line that says what the op does.</summary>
    public required string Summary { get; init; }

    /// <summary>What else the summary says, Markdown; empty when there is no more.</summary>
    public required string Remarks { get; init; }

    /// <summary>The type variables in the order of the spec.</summary>
    public required EquatableArray<TypeVariable> Types { get; init; }

    /// <summary>The inputs; their order is the ABI.</summary>
    public required EquatableArray<Port> Inputs { get; init; }

    /// <summary>The outputs; their order is the ABI.</summary>
    public required EquatableArray<Port> Outputs { get; init; }

    /// <summary>The attributes in the order of the spec.</summary>
    public required EquatableArray<AttributeModel> Attributes { get; init; }

    /// <summary>Dims and rank variables in the order of their birth.</summary>
    public required EquatableArray<DimSymbol> Dims { get; init; }

    /// <summary>The definitions, each after those it reads.</summary>
    public required EquatableArray<Let> Lets { get; init; }

    /// <summary>The named rules of <c>constraints</c>.</summary>
    public required EquatableArray<Rule> Rules { get; init; }

    /// <summary>One sentence for each documented name.</summary>
    public required EquatableArray<Doc> Docs { get; init; }

    /// <summary>The equations of the body as parsed from its text; null for a primitive.</summary>
    public required BodyModel? Body { get; init; }

    /// <summary>Bodies that take the place of <see cref="Body"/> in models that import a later ai.onnx, by ascending opset.</summary>
    public EquatableArray<BodyOverride> LaterBodies { get; init; }

    /// <summary>The kernel's pattern; null for an op that runs through its body.</summary>
    public required KernelModel? Kernel { get; init; }

    /// <summary>Named attribute values.</summary>
    public required EquatableArray<Preset> Presets { get; init; }

    /// <summary>An equal model that takes from another version what is the same there: versions differ in little, and what they share is
    /// kept once.</summary>
    internal OpModel Sharing(OpModel version) => this with
    {
        Summary = Summary == version.Summary ? version.Summary : Summary,
        Remarks = Remarks == version.Remarks ? version.Remarks : Remarks,
        Types = Types.Sharing(version.Types),
        Inputs = Inputs.Sharing(version.Inputs),
        Outputs = Outputs.Sharing(version.Outputs),
        Attributes = Attributes.Sharing(version.Attributes),
        Dims = Dims.Sharing(version.Dims),
        Lets = Lets.Sharing(version.Lets),
        Rules = Rules.Sharing(version.Rules),
        Docs = Docs.Sharing(version.Docs),
        Body = Equals(Body, version.Body) ? version.Body : Body,
        Kernel = Equals(Kernel, version.Kernel) ? version.Kernel : Kernel,
        Presets = Presets.Sharing(version.Presets),
    };

    /// <summary>The sentence <c>docs</c> has for <paramref name="name"/>, or null.</summary>
    public string? DocOf(string name)
    {
        foreach (Doc doc in Docs)
            if (doc.Name == name)
                return doc.Text;
        return null;
    }
}

/// <summary>A type variable: <c>T: set [= default]</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Allowed">The element types it may stand for; when the set depends on other type variables or attributes, all types it could
/// ever be.</param>
/// <param name="Set">The set as an expression (a list of dtypes) when it is not constant; null when <paramref name="Allowed"/> says
/// all.</param>
/// <param name="Default">What it is when no input binds it; a dtype expression.</param>
public sealed record TypeVariable(string Name, EquatableArray<ElementType> Allowed, Expr? Set, Expr? Default);

/// <summary>An input or output.</summary>
public sealed record Port
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its type and shape.</summary>
    public required PortType Type { get; init; }

    /// <summary>Whether it may be absent (marked <c>?</c>, or an input with a default).</summary>
    public required bool Optional { get; init; }

    /// <summary>Set when the port is a family, a variadic list of tensors.</summary>
    public required Family? Family { get; init; }

    /// <summary>An input's value rule: its elements are in this set (a <see cref="RangeExpr"/> or a list).</summary>
    public required Expr? In { get; init; }

    /// <summary>The source text of <see cref="In"/>, for messages.</summary>
    public required string InText { get; init; }

    /// <summary>For an input, its value when absent; for an output, its value where inference can know it.</summary>
    public required Expr? Value { get; init; }

    /// <summary>For an output, the input whose buffer it may take.</summary>
    public required string? Aliases { get; init; }
}

/// <summary>A family <c>name[binder &lt; count]</c>.</summary>
/// <param name="Binder">The index variable.</param>
/// <param name="Count">The name of the number of elements.</param>
public sealed record Family(string Binder, string Count);

/// <summary>The type of a port.</summary>
public abstract record PortType;

/// <summary>A tensor.</summary>
/// <param name="Element">Its element type.</param>
/// <param name="Items">Its shape, item by item.</param>
/// <param name="Text">The shape as the spec writes it, for messages and docs, for instance <c>T1[B, L, Hq * E]</c>.</param>
public sealed record TensorPort(ElementRef Element, EquatableArray<ShapeItem> Items, string Text) : PortType;

/// <summary>One type or the other, by a condition on ranks, presence or attributes.</summary>
public sealed record ConditionalPort(Expr Condition, PortType Then, PortType Otherwise) : PortType;

/// <summary>A sequence of tensors.</summary>
public sealed record SequencePort(PortType Element) : PortType;

/// <summary>An optional value as ONNX types it.</summary>
public sealed record OptionalPort(PortType Element) : PortType;

/// <summary>A type that a C# method computes.</summary>
/// <param name="Call">The call.</param>
/// <param name="Variable">The type variable its element type is one of; null for any type.</param>
public sealed record HostPort(HostExpr Call, string? Variable) : PortType;

/// <summary>What stands before the brackets of a tensor type.</summary>
public abstract record ElementRef;

/// <summary>A fixed element type.</summary>
public sealed record FixedElement(ElementType Type) : ElementRef;

/// <summary>A type variable, or <c>V[i]</c>, one that differs along a family.</summary>
public sealed record VariableElement(string Name, string? FamilyIndex) : ElementRef;

/// <summary>A dtype attribute or let.</summary>
public sealed record ComputedElement(Expr Dtype) : ElementRef;

/// <summary>One item of a shape.</summary>
public abstract record ShapeItem;

/// <summary>
/// One dim. When <paramref name="Extent"/> is a bare name of a dim (or <c>N[i]</c> of a family), an input binds it or checks it; otherwise
/// the item is an equation the extent must satisfy.
/// </summary>
/// <param name="Extent">The extent, an exact expression.</param>
/// <param name="Text">Its source text, for messages.</param>
public sealed record DimItem(Expr Extent, string Text) : ShapeItem;

/// <summary>
/// <c>...list</c>, <c>...list@end</c> or a bare <c>...</c>: several dims. In an input, a bare name of a rank variable binds it or checks
/// it.
/// </summary>
/// <param name="Dims">The list; null for the bare <c>...</c>, any dims at all.</param>
/// <param name="End">Where it ends in this shape, counted from the back when negative; null where the other items decide.</param>
/// <param name="Text">The source text, for messages.</param>
public sealed record SpliceItem(Expr? Dims, Expr? End, string Text) : ShapeItem;

/// <summary><c>?name &lt;= bound</c>: an extent that only running tells.</summary>
public sealed record FreshItem(string Name, Expr? Bound) : ShapeItem;

/// <summary>What an attribute holds.</summary>
public enum AttributeKind
{
    /// <summary>A 64-bit integer (ONNX INT, INTS).</summary>
    Int,
    /// <summary>A binary32 (ONNX FLOAT, FLOATS).</summary>
    Float,
    /// <summary>Text (ONNX STRING, STRINGS).</summary>
    String,
    /// <summary>An ONNX INT of 0 or 1.</summary>
    Bool,
    /// <summary>An ONNX INT that names an element type.</summary>
    Dtype,
    /// <summary>A tensor.</summary>
    Tensor,
    /// <summary>A graph.</summary>
    Graph,
}

/// <summary>An attribute.</summary>
public sealed record AttributeModel
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it, or each of its elements, holds.</summary>
    public required AttributeKind Kind { get; init; }

    /// <summary>Whether it is a list.</summary>
    public required bool IsList { get; init; }

    /// <summary>The list's length, an exact expression; null when any length goes. A bare name of an unborn dim is bound by it.</summary>
    public required Expr? Length { get; init; }

    /// <summary>Whether the caller may leave it out: marked <c>?</c>, or with a default.</summary>
    public required bool Optional { get; init; }

    /// <summary>Its value when left out; null when there is none.</summary>
    public required Expr? Default { get; init; }

    /// <summary>The set its value, or each element, must be in.</summary>
    public required Expr? In { get; init; }

    /// <summary>The source text of <see cref="In"/>, for messages.</summary>
    public required string InText { get; init; }

    /// <summary>Whether an implementation may ignore it.</summary>
    public required bool Hint { get; init; }

    /// <summary>The signatures a graph may have; empty for an unchecked one.</summary>
    public required EquatableArray<Arrow> Arrows { get; init; }

    /// <summary>The type of its value in expressions.</summary>
    internal ExprType ValueType => AttributeTypes.Of(Kind, IsList);

    /// <summary>Whether expressions can use its value; they cannot that of a tensor or graph.</summary>
    internal bool HasValue => Kind is not (AttributeKind.Tensor or AttributeKind.Graph);
}

/// <summary>The signature of a graph attribute.</summary>
public sealed record Arrow(EquatableArray<PortType> Inputs, EquatableArray<PortType> Outputs)
{
    /// <summary>The family of inputs of the op whose elements follow, or null.</summary>
    public string? Rest { get; init; }
}

/// <summary>Kinds of <see cref="DimSymbol"/>.</summary>
public enum DimKind
{
    /// <summary>One dim.</summary>
    Single,
    /// <summary>A rank variable.</summary>
    Rank,
    /// <summary>A dim per element of a family.</summary>
    Family,
    /// <summary>The number of elements of a family.</summary>
    FamilyCount,
    /// <summary>A rank variable per element of a family.</summary>
    FamilyRank,
    /// <summary>An output's extent that only running tells.</summary>
    Fresh,
    /// <summary>A dim that stands only in a graph's signature: any size.</summary>
    Quantified,
}

/// <summary>A dim or rank variable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="OnlyWith">The inputs that bind it, when all of them are optional; empty when a required input or attribute binds
/// it.</param>
public sealed record DimSymbol(string Name, DimKind Kind, EquatableArray<string> OnlyWith);

/// <summary>A definition.</summary>
public sealed record Let(string Name, Expr Value);

/// <summary>A named rule.</summary>
/// <param name="Name">Its hyphenated name.</param>
/// <param name="Predicate">What must not be false.</param>
/// <param name="Text">Its source text on one line.</param>
/// <param name="Reads">The dims, attributes, type variables, lets and ports whose values a message should show, in order of
/// appearance.</param>
/// <param name="ReadsData">Whether it reads elements of a tensor, directly or through a let.</param>
public sealed record Rule(string Name, Expr Predicate, string Text, EquatableArray<string> Reads, bool ReadsData);

/// <summary>One sentence about one name.</summary>
public sealed record Doc(string Name, string Text);

/// <summary>The loop skeleton a kernel completes.</summary>
/// <param name="Pattern">Its name, for instance <c>rows</c>.</param>
/// <param name="Arguments">Names of the spec, by position.</param>
public sealed record KernelModel(string Pattern, EquatableArray<string> Arguments);

/// <summary>Named attribute values.</summary>
public sealed record Preset(string Name, EquatableArray<PresetValue> Values)
{
    /// <summary>The structs that graphs of the preset become.</summary>
    public EquatableArray<PresetFunctor> Functors { get; init; } = [];
}

/// <summary>A graph of a preset as a struct.</summary>
/// <param name="Attribute">The graph attribute.</param>
/// <param name="Expression">What it does, for people.</param>
public sealed record PresetFunctor(string Attribute, string Expression)
{
    /// <summary>Whether tiles may be left out.</summary>
    public bool IsSelective { get; init; }

    /// <summary>Whether scores stay as they are in tiles that pass every test.</summary>
    public bool IsPlainWhenFull { get; init; }

    /// <summary>The first key that a row sees, and the end, where scores of these stay as they are and all others are -inf; empty
    /// otherwise.</summary>
    public EquatableArray<string> Keys { get; init; } = [];

    /// <summary>Whether probabilities are modified, not scores.</summary>
    public bool IsProbability { get; init; }

    /// <summary>Of a modifier of probabilities, whether one of 0 stays 0 and adds nothing to any number of its row.</summary>
    public bool SkipsZeros { get; init; }

    /// <summary>How each number of a row is made that probabilities are modified by.</summary>
    public EquatableArray<string> Reductions { get; init; } = [];

    /// <summary>Whether there are rows for tiles that pass every test.</summary>
    public bool HasFullRow { get; init; }

    /// <summary>The elements of its constant tables.</summary>
    public EquatableArray<string> Constants { get; init; }

    /// <summary>For each of its tables of distances whether every head has its own.</summary>
    public EquatableArray<bool> DistancesByHead { get; init; }

    /// <summary>Its rows.</summary>
    public EquatableArray<FunctorRow> Rows { get; init; }

    /// <summary>Statements on what values can be within a tile.</summary>
    public EquatableArray<string> Intervals { get; init; }

    /// <summary>The interval of the result.</summary>
    public string Range { get; init; } = "";

    /// <summary>Whether a tile passes every test; empty if there is none.</summary>
    public string IsFull { get; init; } = "";

    /// <summary>Statements on what values can be in the whole call.</summary>
    public EquatableArray<string> Granted { get; init; }

    /// <summary>Statements that refuse calls the struct does not serve.</summary>
    public EquatableArray<string> Requirements { get; init; }
}

/// <summary>What happens to a row of scores, as statements.</summary>
/// <param name="Name">The name of its struct.</param>
/// <param name="Fields">What is the same for the row.</param>
/// <param name="Once">The statements that make it.</param>
/// <param name="Each">The statements for each vector of keys.</param>
/// <param name="Result">The vector of the result.</param>
public sealed record FunctorRow(string Name, EquatableArray<FunctorField> Fields, EquatableArray<string> Once, EquatableArray<string> Each,
    string Result);

/// <summary>A field of a row.</summary>
public sealed record FunctorField(string Type, string Name);

/// <summary>One value of a preset, a constant expression.</summary>
public sealed record PresetValue(string Attribute, Expr Value);

/// <summary>A body: equations in ONNX text.</summary>
/// <param name="Text">The merged text, one equation after another.</param>
/// <param name="Calls">The ops it calls, sorted, without duplicates and without graph attributes.</param>
public sealed record BodyModel(string Text, EquatableArray<string> Calls)
{
    /// <summary>The equations, bound, each after those it reads.</summary>
    public EquatableArray<BodyEquation> Equations { get; init; }
}

/// <summary>A body for models that import ai.onnx at <paramref name="Opset"/> or later.</summary>
public sealed record BodyOverride(int Opset, BodyModel Body);
