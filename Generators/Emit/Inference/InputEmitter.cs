using Ops.Specs.Model;

namespace Ops.Generators.Emit.Inference;

/// <summary>Writes how names get their values, in the order of the plan: from shapes, attributes, definitions and equations.</summary>
internal sealed class InputEmitter(CodeWriter writer, OpVersion version, MatchPlan plan)
{
    private readonly OpModel model = version.Model;
    private readonly ExpressionEmitter expressions = version.Expressions;
    private readonly ShapeEmitter shapes = new(writer, version);

    /// <summary>Declares the names.</summary>
    public void Declare()
    {
        foreach (Port input in model.Inputs)
            if (input.Family is { } family)
                writer.Line($"Dim {Names.Local(family.Count)} = {Names.Local(input.Name)}.Count;");
        Declare("Dim", model.Dims.Where(d => d.Kind == DimKind.Single || d.Kind == DimKind.FamilyCount && !IsInputCount(d.Name)));
        Declare("Seq<Dim>", model.Dims.Where(d => d.Kind is DimKind.Rank or DimKind.Family));
        Declare("Seq<Seq<Dim>>", model.Dims.Where(d => d.Kind == DimKind.FamilyRank));
        foreach (Port output in model.Outputs)
            if (output.Family is { } family && !IsInputCount(family.Count))
                writer.Line($"inference.Bind(ref {Names.Local(family.Count)}, {CodeWriter.Quote(family.Count)}, {CodeWriter.Quote(output.Name)}, {output.Name}Count);");
        foreach (Port input in model.Inputs)
            if (input.Value is null && version.ReadAsData.Contains(input.Name))
                Elements(input);
        if (plan.Repeats)
            DeclareSteps();
    }

    /// <summary>Gives the names their values.</summary>
    public void Match()
    {
        if (!plan.Repeats)
        {
            Steps();
            return;
        }
        writer.Line(
            "// An extent can be an expression of dims that other inputs bind, so the inputs are read until nothing new is learned.");
        writer.Line("do");
        using (writer.Block())
        {
            writer.Line("inference.BeginPass();");
            Steps();
        }
        writer.Line("while (inference.Progress);");
    }

    private void Declare(string type, IEnumerable<DimSymbol> dims)
    {
        string names = string.Join(", ", dims.Select(d => $"{Names.Local(d.Name)} = default"));
        if (names.Length > 0)
            writer.Line($"{type} {names};");
    }

    /// <summary>What a step sets in every pass is declared before the first.</summary>
    private void DeclareSteps()
    {
        foreach (Port input in model.Inputs)
            if (input.Value is not null && version.ReadAsData.Contains(input.Name))
                writer.Line($"{version.ElementsType(input)} {Names.Elements(input.Name)} = default;");
        foreach (MatchStep step in plan.Steps)
        {
            if (step is MatchDefault { Attribute: var attribute })
                writer.Line($"{attribute.LocalType} {Names.Local(attribute.Name)} = default;");
            else if (step is MatchLet { Let: var let })
                writer.Line($"{ExpressionEmitter.TypeName(let.Value.Type)} {Names.Local(let.Name)} = default;");
        }
    }

    private bool IsInputCount(string name) => model.Inputs.Any(i => i.Family?.Count == name);

    private void Elements(Port input)
    {
        string port = Names.Local(input.Name), type = version.ElementsType(input), read = version.ElementsMethod(input);
        if (input.Family is not null)
            writer.Line($"Seq<{type}> {Names.Elements(input.Name)} = Seq.Map(Seq.Of<TensorType>([.. {port}]), {read});");
        else
            writer.Line($"{type} {Names.Elements(input.Name)} = {(version.ReadToBind.Contains(input.Name) ? "" : BindEmitter.Unpropagated)}{read}({port});");
    }

    private void Steps()
    {
        string Declared(string type) => plan.Repeats ? "" : type + " ";
        foreach (MatchStep step in plan.Steps)
        {
            switch (step)
            {
                case MatchInput { Port: var port }:
                    shapes.Match(port, Declared(version.ElementsType(port)));
                    break;
                case MatchLength { Attribute: var attribute }:
                    Length(attribute);
                    break;
                case MatchDefault { Attribute: var attribute }:
                    string value = attribute.Model.Default is { } fallback ? expressions.Value(fallback) : "default";
                    writer.Line($"{Declared(attribute.LocalType)}{Names.Local(attribute.Name)} = {Names.Given(attribute.Name)} ?? {Parenthesized(value)};");
                    break;
                case MatchLet { Let: var let }:
                    string definition = let.Value.Type is { Kind: ExprKind.Bool, Depth: 0 }
                        ? expressions.Predicate(let.Value) : expressions.Value(let.Value);
                    writer.Line($"{Declared(ExpressionEmitter.TypeName(let.Value.Type))}{Names.Local(let.Name)} = {definition};");
                    break;
                case MatchEquation equation:
                    if (equation.Condition is { } condition)
                        writer.Line($"if (({expressions.Predicate(condition)}).IsTrue)");
                    writer.Line($"{(equation.Condition is null ? "" : "    ")}inference.Learn(ref {Names.Local(equation.Name)}, {CodeWriter.Quote(equation.Name)}, {CodeWriter.Quote(equation.Rule)}, {expressions.Value(equation.Value)});");
                    break;
            }
        }
    }

    private static string Parenthesized(string value) =>
        value.IndexOf(' ') >= 0 && !value.EndsWith(")", StringComparison.Ordinal) ? $"({value})" : value;

    private void Length(AttributeShape attribute)
    {
        string quoted = CodeWriter.Quote(attribute.Name), list = attribute.InferenceParameter;
        string target = attribute.IsGiven ? $"{attribute.Name}Items" : list;
        string statement = attribute.Model.Length is NameExpr { Symbol: SymbolKind.Dim } n
            ? $"inference.Bind(ref {Names.Local(n.Name)}, {CodeWriter.Quote(n.Name)}, {quoted}, {target}.Length);"
            : $"inference.Check({CodeWriter.Quote("length of " + attribute.Name)}, {target}.Length, {expressions.Value(attribute.Model.Length!)}, {quoted});";
        if (attribute.IsGiven)
            writer.Line($"if ({list} is {{ }} {attribute.Name}Items)").Line("    " + statement);
        else
            writer.Line(statement);
    }
}
