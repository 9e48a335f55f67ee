using Ops.Specs.Collections;
using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>
/// Writes the method that binds every name of a spec for one call, checks its rules, and sets the outputs. The same method infers
/// (some values unknown) and validates (all known).
/// </summary>
internal sealed class BindEmitter
{
    /// <summary>A call that runs computes its outputs; only inference predicts them.</summary>
    private const string Unpropagated = "inference.IsConcrete ? default : ";

    private readonly CodeWriter writer;
    private readonly OpModel model;
    private readonly ArgsLayout layout;
    private readonly ExpressionEmitter expressions;
    private readonly BodyEmitter body;
    private readonly MatchPlan plan;
    private readonly HashSet<string> bound = [];
    private readonly HashSet<string> readAsData;
    private readonly HashSet<string> readToBind;

    public BindEmitter(CodeWriter writer, OpModel model, ArgsLayout layout)
    {
        this.writer = writer;
        this.model = model;
        this.layout = layout;
        expressions = new ExpressionEmitter(model);
        body = new BodyEmitter(writer, model);
        plan = new MatchPlan(model);
        readAsData = InputsRead(ExpressionNames.Expressions(model).Concat(ExpressionNames.Body(model)));
        readToBind = InputsRead(ExpressionNames.ExpressionsToBind(model).Concat(ExpressionNames.Body(model)));
    }

    /// <summary>The parameters of the method after <c>inference</c> and <c>schema</c>: inputs, attributes, outputs asked for.</summary>
    public static IEnumerable<string> Parameters(OpModel model)
    {
        foreach (Port input in model.Inputs)
            yield return (input.Family is not null ? "IReadOnlyList<TensorType>" : input.Optional ? "TensorType?" : "TensorType") + " " + Names.Local(input.Name);
        foreach (AttributeModel attribute in model.Attributes)
        {
            var shape = new AttributeShape(model, attribute);
            yield return $"{shape.InferenceType} {shape.InferenceParameter}";
        }
        foreach (Port output in model.Outputs)
        {
            if (output.Family is not null)
                yield return $"int {output.Name}Count";
            else if (output.Optional)
                yield return $"bool {Names.Has(output.Name)}";
        }
    }

    public void Emit(string method)
    {
        string parameters = string.Join(", ", Parameters(model).Prepend("OpSchema schema").Prepend("ShapeInference inference").Append("out Args args").Concat(BodyEmitter.HasBody(model) ? ["BodyBuilder? body = null"] : []));
        using (writer.Block($"private static void {method}({parameters})"))
        {
            TypeVariables();
            writer.Section();
            Declarations();
            if (plan.Repeats)
            {
                writer.Line("// An extent can be an expression of dims that other inputs bind, so the inputs are read until nothing new is learned.");
                writer.Line("do");
                using (writer.Block())
                {
                    writer.Line("inference.BeginPass();");
                    Steps();
                }
                writer.Line("while (inference.Progress);");
            }
            else
            {
                Steps();
            }
            LateTypes();
            writer.Section();
            AttributeSets();
            OutputShapes();
            foreach (Let let in plan.Late)
                writer.Line($"{ExpressionEmitter.TypeName(let.Value.Type)} {Names.Local(let.Name)} = {expressions.Value(let.Value)};");
            InputSets();
            Rules();
            GraphSignatures();
            writer.Section();
            Outputs();
            Arguments();
            if (BodyEmitter.HasBody(model))
                writer.Section().Line("if (body is not null)").Line("    " + body.Call(method + "Body"));
        }
        if (!BodyEmitter.HasBody(model))
            return;
        writer.Line();
        writer.Doc("summary", "States the equations of the body.");
        body.Emit(method + "Body");
    }

    private void TypeVariables()
    {
        foreach (TypeVariable variable in model.Types)
        {
            string name = Names.Local(variable.Name), quoted = CodeWriter.Quote(variable.Name);
            writer.Line($"ElementType {name} = default;");
            foreach (Port input in model.Inputs)
            {
                if (!Binds(input, variable))
                    continue;
                string port = Names.Local(input.Name), portName = CodeWriter.Quote(input.Name);
                if (input.Family is not null)
                    writer.Line($"foreach (TensorType item in {port})").Line($"    inference.Bind(ref {name}, {quoted}, {portName}, item);");
                else if (input.Optional)
                    writer.Line($"if ({port} is not null)").Line($"    inference.Bind(ref {name}, {quoted}, {portName}, {port});");
                else
                    writer.Line($"inference.Bind(ref {name}, {quoted}, {portName}, {port});");
            }
            if (variable.Default is null && variable.Set is null)
                writer.Line($"inference.Allow({name}, {quoted}, schema.Types[{IndexOf(variable)}].Allowed);");
            foreach (Port input in model.Inputs)
                if (input.Family is not null && ElementsOf(input.Type).Any(e => e is VariableElement { FamilyIndex: not null } v && v.Name == variable.Name))
                    writer.Line($"foreach (TensorType item in {Names.Local(input.Name)})").Line($"    inference.Allow(item.Element, {CodeWriter.Quote(input.Name)}, schema.Types[{IndexOf(variable)}].Allowed);");
        }
        foreach (Port input in model.Inputs)
        {
            if (ElementsOf(input.Type).OfType<FixedElement>().FirstOrDefault() is not { } element)
                continue;
            Given(input, item => writer.Line($"inference.Expect({CodeWriter.Quote(input.Name)}, {item}, ElementType.{element.Type});"));
        }
    }

    private static bool Binds(Port input, TypeVariable variable) =>
        ElementsOf(input.Type).Any(e => e is VariableElement v && v.Name == variable.Name && v.FamilyIndex is null);

    private int IndexOf(TypeVariable variable)
    {
        for (int i = 0; i < model.Types.Count; i++)
            if (model.Types[i].Name == variable.Name)
                return i;
        return -1;
    }

    private void Declarations()
    {
        string Join(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"{Names.Local(n)} = default"));
        string[] singles = [.. model.Dims.Where(d => d.Kind == DimKind.Single || d.Kind == DimKind.FamilyCount && !IsInputCount(d.Name)).Select(d => d.Name)];
        string[] ranks = [.. model.Dims.Where(d => d.Kind is DimKind.Rank or DimKind.Family).Select(d => d.Name)];
        string[] shapes = [.. model.Dims.Where(d => d.Kind == DimKind.FamilyRank).Select(d => d.Name)];
        foreach (Port input in model.Inputs)
            if (input.Family is { } family)
                writer.Line($"Dim {Names.Local(family.Count)} = {Names.Local(input.Name)}.Count;");
        if (singles.Length > 0)
            writer.Line($"Dim {Join(singles)};");
        if (ranks.Length > 0)
            writer.Line($"Seq<Dim> {Join(ranks)};");
        if (shapes.Length > 0)
            writer.Line($"Seq<Seq<Dim>> {Join(shapes)};");
        foreach (Port output in model.Outputs)
            if (output.Family is { } family && !IsInputCount(family.Count))
                writer.Line($"inference.Bind(ref {Names.Local(family.Count)}, {CodeWriter.Quote(family.Count)}, {CodeWriter.Quote(output.Name)}, {output.Name}Count);");
        foreach (Port input in model.Inputs)
            if (readAsData.Contains(input.Name) && input.Value is null)
                ElementsLocal(input);
        if (!plan.Repeats)
            return;
        foreach (Port input in model.Inputs)
            if (readAsData.Contains(input.Name) && input.Value is not null)
                writer.Line($"Seq<Dim> {Names.Elements(input.Name)} = default;");
        foreach (MatchStep step in plan.Steps)
        {
            if (step is MatchDefault { Attribute: var attribute })
                writer.Line($"{ValueType(attribute)} {Names.Local(attribute.Name)} = default;");
            else if (step is MatchLet { Let: var let })
                writer.Line($"{ExpressionEmitter.TypeName(let.Value.Type)} {Names.Local(let.Name)} = default;");
        }
    }

    private bool IsInputCount(string name) => model.Inputs.Any(i => i.Family?.Count == name);

    private string ValueType(AttributeModel attribute)
    {
        string type = new AttributeShape(model, attribute).ValueType;
        return type == "string" ? "string?" : type;
    }

    private void ElementsLocal(Port input)
    {
        string port = Names.Local(input.Name);
        if (input.Family is not null)
            writer.Line($"Seq<Seq<Dim>> {Names.Elements(input.Name)} = Seq.Map(Seq.Of<TensorType>([.. {port}]), inference.Elements);");
        else
            writer.Line($"Seq<Dim> {Names.Elements(input.Name)} = {(readToBind.Contains(input.Name) ? "" : Unpropagated)}inference.Elements({port});");
    }

    private static HashSet<string> InputsRead(IEnumerable<Expr> expressions) =>
        [.. expressions.SelectMany(ExpressionNames.ValuesOf).Where(n => n.Symbol == SymbolKind.Input).Select(n => n.Name)];

    private void Steps()
    {
        string Declare(string type) => plan.Repeats ? "" : type + " ";
        bool cursor = false;
        foreach (MatchStep step in plan.Steps)
        {
            switch (step)
            {
                case MatchInput { Port: var port }:
                    if (!cursor && ElementsOf(port.Type).Any())
                    {
                        writer.Line("ShapeCursor cursor;");
                        if (model.Inputs.SelectMany(i => TensorsOf(i.Type)).SelectMany(t => t.Items).Any(i => i is DimItem d && Equations.SolvableNames(d.Extent).Any()))
                            writer.Line("Dim extent;").Line("string origin;");
                        cursor = true;
                    }
                    Match(port, Declare("Seq<Dim>"));
                    break;
                case MatchLength { Attribute: var attribute }:
                    Length(attribute);
                    break;
                case MatchDefault { Attribute: var attribute }:
                    string value = attribute.Default is null ? "default" : expressions.Value(attribute.Default);
                    writer.Line($"{Declare(ValueType(attribute))}{Names.Local(attribute.Name)} = {Names.Given(attribute.Name)} ?? {Parenthesized(value)};");
                    break;
                case MatchLet { Let: var let }:
                    writer.Line($"{Declare(ExpressionEmitter.TypeName(let.Value.Type))}{Names.Local(let.Name)} = {LetValue(let)};");
                    break;
                case MatchEquation equation:
                    string learn = $"inference.Learn(ref {Names.Local(equation.Name)}, {CodeWriter.Quote(equation.Name)}, {CodeWriter.Quote(equation.Rule)}, {expressions.Value(equation.Value)});";
                    if (equation.Condition is null)
                        writer.Line(learn);
                    else
                        writer.Line($"if (({expressions.Predicate(equation.Condition)}).IsTrue)").Line("    " + learn);
                    break;
            }
        }
    }

    private string LetValue(Let let) => let.Value.Type is { Kind: ExprKind.Bool, Depth: 0 } ? expressions.Predicate(let.Value) : expressions.Value(let.Value);

    private static string Parenthesized(string value) => value.IndexOf(' ') >= 0 && !value.EndsWith(")", StringComparison.Ordinal) ? $"({value})" : value;

    private void Match(Port port, string declare)
    {
        string name = Names.Local(port.Name);
        writer.Section();
        if (port.Value is { } value && readAsData.Contains(port.Name))
            writer.Line($"{declare}{Names.Elements(port.Name)} = {name} is null ? {expressions.Value(value)} : inference.Elements({name});");
        if (port.Family is { } family)
        {
            string[] own = [.. TensorsOf(port.Type).SelectMany(t => t.Items).Select(FamilyNameOf).Where(n => n is not null).Distinct()!];
            foreach (string dim in own)
                writer.Line($"var {dim}Items = new {(IsRank(dim) ? "Seq<Dim>" : "Dim")}[{name}.Count];");
            string binder = Names.Local(family.Binder);
            using (writer.Block($"for (int {binder} = 0; {binder} < {name}.Count; {binder}++)"))
                MatchType(port.Type, $"{name}[{binder}]", $"$\"{port.Name}[{{{binder}}}]\"", family);
            foreach (string dim in own)
                writer.Line($"{Names.Local(dim)} = {dim}Items;");
        }
        else if (port.Optional)
        {
            using (writer.Block($"if ({name} is not null)"))
                MatchType(port.Type, name, CodeWriter.Quote(port.Name), null);
            if (port.Value is not null && readAsData.Contains(port.Name) && port.Type is TensorPort { Items: { Count: 1 } items } && items[0] is DimItem { Extent: NameExpr { Symbol: SymbolKind.Dim } n })
            {
                using (writer.Block("else"))
                    writer.Line($"inference.Learn(ref {Names.Local(n.Name)}, {CodeWriter.Quote(n.Name)}, {CodeWriter.Quote(port.Name)}, {Names.Elements(port.Name)}.Length);");
            }
        }
        else
        {
            MatchType(port.Type, name, CodeWriter.Quote(port.Name), null);
        }
    }

    private bool IsRank(string dim) => model.Dims.Any(d => d.Name == dim && d.Kind == DimKind.FamilyRank);

    private static string? FamilyNameOf(ShapeItem item) => item switch
    {
        DimItem { Extent: IndexExpr { Target: NameExpr { Symbol: SymbolKind.FamilyDim } n } } => n.Name,
        SpliceItem { Dims: IndexExpr { Target: NameExpr n } } => n.Name,
        _ => null,
    };

    private void MatchType(PortType type, string value, string quotedPort, Family? family)
    {
        switch (type)
        {
            case ConditionalPort conditional:
                string condition = expressions.Operand(conditional.Condition);
                HashSet<string> before = [.. bound];
                using (writer.Block($"if ({condition}.IsTrue)"))
                    MatchType(conditional.Then, value, quotedPort, family);
                HashSet<string> then = [.. bound];
                bound.IntersectWith(before);
                using (writer.Block($"else if ({condition}.IsFalse)"))
                    MatchType(conditional.Otherwise, value, quotedPort, family);
                bound.UnionWith(then);
                break;
            case TensorPort tensor:
                writer.Line($"cursor = inference.Shape({quotedPort}, {value});");
                // Of several rank variables without an end, those already known have their length; one takes the rest.
                SpliceItem[] open = [.. tensor.Items.OfType<SpliceItem>().Where(s => s.End is null && (s.Dims is null || RankVariable(s) is not null))];
                SpliceItem? rest = open.LastOrDefault(s => RankVariable(s) is not { } n || !bound.Contains(n)) ?? open.LastOrDefault();
                for (int i = 0; i < tensor.Items.Count; i++)
                    MatchItem(tensor, i, ReferenceEquals(tensor.Items[i], rest));
                writer.Line($"cursor.End({CodeWriter.Quote(tensor.Text)});");
                break;
        }
    }

    private static string? RankVariable(SpliceItem item) => item.Dims switch
    {
        NameExpr { Symbol: SymbolKind.RankVariable } n => n.Name,
        IndexExpr { Target: NameExpr { Symbol: SymbolKind.RankVariable or SymbolKind.FamilyDim } n } => n.Name,
        _ => null,
    };

    private void MatchItem(TensorPort tensor, int index, bool takesRest)
    {
        ShapeItem item = tensor.Items[index];
        string text = item switch { DimItem d => d.Text, SpliceItem s => s.Text, _ => "" };
        int fixedAfter = tensor.Items.Skip(index + 1).Count(i => i is DimItem);
        switch (item)
        {
            case DimItem { Extent: NameExpr { Symbol: SymbolKind.Dim } n }:
                writer.Line($"cursor.Axis(ref {Names.Local(n.Name)}, {CodeWriter.Quote(n.Name)});");
                bound.Add(n.Name);
                break;
            case DimItem { Extent: IndexExpr { Target: NameExpr { Symbol: SymbolKind.FamilyDim } n } family }:
                string binder = expressions.Value(((PositionIndex)family.Indices[0]).Position);
                writer.Line($"cursor.Axis(ref {n.Name}Items[{binder}], $\"{n.Name}[{{{binder}}}]\");");
                break;
            case DimItem d:
                string[] solvable = [.. Equations.SolvableNames(d.Extent)];
                if (solvable.Length == 0)
                {
                    writer.Line($"cursor.Equal({Typed(d.Extent)}, {CodeWriter.Quote(text)});");
                    break;
                }
                writer.Line("extent = cursor.Next(out origin);");
                foreach (string name in solvable)
                {
                    Expr inverse = Equations.Inverse(d.Extent, name, new NameExpr("extent", SymbolKind.Binder, new ExprType(ExprKind.Exact)))!;
                    writer.Line($"inference.Solve(ref {Names.Local(name)}, {CodeWriter.Quote(name)}, origin, {CodeWriter.Quote(text)}, extent, {expressions.Value(inverse).Replace("extent_", "extent")});");
                    bound.Add(name);
                }
                writer.Line($"inference.Check(origin, extent, {Typed(d.Extent)}, {CodeWriter.Quote(text)});");
                break;
            case SpliceItem { Dims: null, End: { } end }:
                writer.Line($"cursor.SkipUntil({Typed(end)}, {CodeWriter.Quote(EndText(text))}, {fixedAfter});");
                break;
            case SpliceItem { Dims: null }:
                writer.Line($"cursor.Skip({After(tensor, index)});");
                break;
            case SpliceItem s when RankVariable(s) is { } rank:
                string variable = s.Dims is IndexExpr indexed ? $"{rank}Items[{expressions.Value(((PositionIndex)indexed.Indices[0]).Position)}]" : Names.Local(rank);
                if (s.End is { } stop)
                    writer.Line($"cursor.Until(ref {variable}, {CodeWriter.Quote(rank)}, {Typed(stop)}, {CodeWriter.Quote(EndText(text))}, {fixedAfter});");
                else if (takesRest)
                    writer.Line($"cursor.Rest(ref {variable}, {CodeWriter.Quote(rank)}, {After(tensor, index)});");
                else
                    writer.Line($"cursor.Equal({variable}, {CodeWriter.Quote(text)});");
                bound.Add(rank);
                break;
            case SpliceItem { Dims: { } list }:
                writer.Line($"cursor.Equal({expressions.Value(list)}, {CodeWriter.Quote(text)});");
                break;
        }
    }

    private string Typed(Expr expr) => expressions.Value(expr);

    /// <summary>The end of a rank variable as the spec writes it, without the parentheses around an expression.</summary>
    private static string EndText(string text)
    {
        string end = text.Substring(text.IndexOf('@') + 1);
        return end.StartsWith("(", StringComparison.Ordinal) && end.EndsWith(")", StringComparison.Ordinal) ? end.Substring(1, end.Length - 2) : end;
    }

    /// <summary>How many dims stand behind an item.</summary>
    private string After(TensorPort tensor, int index)
    {
        ShapeItem[] behind = [.. tensor.Items.Skip(index + 1)];
        List<string> parts = [.. behind.OfType<SpliceItem>().Where(s => s.Dims is not null).Select(s => $"{expressions.Operand(s.Dims!)}.Length")];
        int dims = behind.Count(i => i is DimItem);
        if (dims > 0 || parts.Count == 0)
            parts.Add(dims.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return string.Join(" + ", parts);
    }

    private void Length(AttributeModel attribute)
    {
        var shape = new AttributeShape(model, attribute);
        string quoted = CodeWriter.Quote(attribute.Name);
        string list = shape.InferenceParameter;
        string target = shape.IsGiven ? $"{attribute.Name}Items" : list;
        string statement = attribute.Length is NameExpr { Symbol: SymbolKind.Dim } n
            ? $"inference.Bind(ref {Names.Local(n.Name)}, {CodeWriter.Quote(n.Name)}, {quoted}, {target}.Length);"
            : $"inference.Check({CodeWriter.Quote("length of " + attribute.Name)}, {target}.Length, {expressions.Value(attribute.Length!)}, {quoted});";
        if (shape.IsGiven)
            writer.Line($"if ({list} is {{ }} {attribute.Name}Items)").Line("    " + statement);
        else
            writer.Line(statement);
    }

    private void LateTypes()
    {
        foreach (Port input in model.Inputs)
            if (ElementsOf(input.Type).OfType<ComputedElement>().FirstOrDefault() is { } computed)
                Given(input, item => writer.Line($"inference.Expect({CodeWriter.Quote(input.Name)}, {item}, {expressions.Value(computed.Dtype)});"));
        foreach (TypeVariable variable in model.Types)
        {
            if (variable.Default is null && variable.Set is null)
                continue;
            string name = Names.Local(variable.Name), quoted = CodeWriter.Quote(variable.Name);
            // The default is for when no input says: one that is there and not known might.
            if (variable.Default is { } fallback && model.Inputs.Where(i => Binds(i, variable)).All(i => i.Optional && i.Family is null))
            {
                string absent = string.Concat(model.Inputs.Where(i => Binds(i, variable)).Select(i => $" && {Names.Local(i.Name)} is null"));
                writer.Line($"if ({name} == default{absent})").Line($"    {name} = {expressions.Value(fallback)};");
            }
            writer.Line($"inference.Allow({name}, {quoted}, schema.Types[{IndexOf(variable)}].Allowed);");
            if (variable.Set is { } set)
            {
                string seen = string.Join(", ", ExpressionNames.Of(set).Select(n => n.Name).Distinct().Prepend(variable.Name).Select(Shown));
                writer.Line($"if (inference.Fails(Seq.Contains({expressions.Value(set)}, {name})))");
                writer.Line($"    throw inference.Broken({quoted}, {CodeWriter.Quote($"the type {variable.Name} may be")}, {seen});");
            }
        }
    }

    private void AttributeSets()
    {
        foreach (AttributeModel attribute in model.Attributes)
        {
            if (attribute.In is not { } set || !new AttributeShape(model, attribute).HasValue)
                continue;
            ExprKind kind = attribute.Kind switch
            {
                AttributeKind.Float => ExprKind.Real,
                AttributeKind.String => ExprKind.String,
                AttributeKind.Dtype => ExprKind.Dtype,
                AttributeKind.Bool => ExprKind.Bool,
                _ => ExprKind.Exact,
            };
            var name = new NameExpr(attribute.Name, SymbolKind.Attribute, new ExprType(kind, attribute.IsList ? 1 : 0));
            var membership = new MembershipExpr(name, set, false, new ExprType(ExprKind.Bool, attribute.IsList ? 1 : 0));
            writer.Line($"if (inference.Fails({expressions.Predicate(membership)}))");
            writer.Line($"    throw inference.Broken({CodeWriter.Quote(attribute.Name + "-range")}, {CodeWriter.Quote($"{attribute.Name} in {attribute.InText}")}, {Shown(attribute.Name)});");
        }
    }

    private void InputSets()
    {
        foreach (Port input in model.Inputs)
        {
            if (input.In is not { } set || input.Family is not null)
                continue;
            string quoted = CodeWriter.Quote(input.Name), text = CodeWriter.Quote(input.InText);
            string check(string item) => set is RangeExpr range
                ? $"inference.RequireRange({quoted}, {item}, {(range.From is null ? "null" : expressions.Value(range.From))}, {(range.To is null ? "null" : expressions.Value(range.To))}, halfOpen: {(range.HalfOpen ? "true" : "false")}, {text});"
                : $"inference.RequireOneOf({quoted}, {item}, {expressions.Value(set)}, {text});";
            Given(input, item => writer.Line(check(item)));
            if (input.Value is null || !readAsData.Contains(input.Name))
                continue;
            // What stands in for an absent input obeys its rule too.
            var elements = new NameExpr(input.Name, SymbolKind.Input, new ExprType(ExprKind.Tensor));
            string predicate = expressions.Predicate(new MembershipExpr(elements, set, false, new ExprType(ExprKind.Bool, 1)));
            writer.Line($"else if (inference.Fails({predicate}))");
            writer.Line($"    throw inference.Broken({CodeWriter.Quote(input.Name + "-range")}, {CodeWriter.Quote($"{input.Name} in {input.InText}")}, ({quoted}, {Names.Elements(input.Name)}));");
        }
    }

    private void Rules()
    {
        foreach (Rule rule in model.Rules)
        {
            string seen = string.Join("", rule.Reads.Select(n => ", " + Shown(n)));
            writer.Line($"if (inference.Fails({expressions.Predicate(rule.Predicate)}))");
            writer.Line($"    throw inference.Broken({CodeWriter.Quote(rule.Name)}, {CodeWriter.Quote(rule.Text)}{seen});");
        }
    }

    /// <summary>Holds the graphs the caller gives against their signatures. A dim that stands in no input may have any size.</summary>
    private void GraphSignatures()
    {
        AttributeModel[] graphs = [.. model.Attributes.Where(a => a is { Kind: AttributeKind.Graph, IsList: false, Arrows.Count: > 0 })];
        string[] free = [.. model.Dims.Where(d => d.Kind == DimKind.Quantified).Select(d => d.Name)];
        foreach (string dim in free)
            writer.Line($"Dim {Names.Local(dim)} = Dim.Symbol({CodeWriter.Quote($"any {dim}")});");
        string Types(IEnumerable<PortType> types) => string.Join(", ", types.Select(t => $"new TensorType({ElementOf(t)}, {ShapeOf(t)})"));
        foreach (AttributeModel graph in graphs)
        {
            string arrows = string.Concat(graph.Arrows.Select(a => $", new GraphArrow([{Types(a.Inputs)}{(a.Rest is null ? "" : $", .. {Names.Local(a.Rest)}")}], [{Types(a.Outputs)}]{string.Concat(free.Select(f => $", {Names.Local(f)}"))})"));
            string given = new AttributeShape(model, graph).InferenceParameter;
            writer.Line($"GraphAttribute? {Names.GraphOf(graph.Name)} = GraphAttribute.Bind({CodeWriter.Quote(model.Name)}, {CodeWriter.Quote(graph.Name)}, {given}{arrows});");
        }
    }

    /// <summary>A name and its value for a message.</summary>
    private string Shown(string name)
    {
        string quoted = CodeWriter.Quote(name);
        if (model.Attributes.FirstOrDefault(a => a.Name == name) is { } attribute)
        {
            var shape = new AttributeShape(model, attribute);
            return shape.HasValue ? $"({quoted}, {Names.Local(name)})" : $"({quoted}, {shape.InferenceParameter} is not null)";
        }
        if (model.Outputs.FirstOrDefault(o => o.Name == name) is { } output)
            return output.Optional ? $"({quoted}, {Names.Has(name)})" : $"({quoted}, {Names.ShapeOf(name)})";
        return $"({quoted}, {Names.Local(name)})";
    }

    private void OutputShapes()
    {
        HashSet<string> asked = [.. model.Rules.Select(r => r.Predicate).Concat(model.Lets.Select(l => l.Value)).Concat(model.Outputs.Select(o => o.Value!).Where(v => v is not null))
            .Concat(ExpressionNames.Body(model)).SelectMany(ExpressionNames.Of).Where(n => n.Symbol == SymbolKind.Output).Select(n => n.Name)];
        foreach (Port output in model.Outputs)
            if (asked.Contains(output.Name) && output.Family is null)
                writer.Line($"Seq<Dim> {Names.ShapeOf(output.Name)} = {ShapeOf(output.Type)};");
    }

    private void Outputs()
    {
        HashSet<string> asked = [.. model.Rules.Select(r => r.Predicate).Concat(model.Lets.Select(l => l.Value)).Concat(model.Outputs.Select(o => o.Value!).Where(v => v is not null))
            .Concat(ExpressionNames.Body(model)).SelectMany(ExpressionNames.Of).Where(n => n.Symbol == SymbolKind.Output).Select(n => n.Name)];
        for (int i = 0; i < model.Outputs.Count; i++)
        {
            Port output = model.Outputs[i];
            string shape = asked.Contains(output.Name) && output.Family is null ? Names.ShapeOf(output.Name) : ShapeOf(output.Type);
            string element = ElementOf(output.Type);
            string elements = output.Value is { } value ? $", {Unpropagated}{expressions.Value(value)}" : "";
            if (output.Family is { } family)
            {
                string binder = Names.Local(family.Binder);
                writer.Line($"for (int {binder} = 0; {binder} < {output.Name}Count; {binder}++)");
                writer.Line($"    inference.Output({(i == 0 ? binder : $"{i} + {binder}")}, $\"{output.Name}[{{{binder}}}]\", {element}, {shape}{elements});");
                continue;
            }
            string line = $"inference.Output({i}, {CodeWriter.Quote(output.Name)}, {element}, {shape}{elements});";
            if (output.Optional)
                writer.Line($"if ({Names.Has(output.Name)})").Line("    " + line);
            else
                writer.Line(line);
        }
    }

    private void Arguments()
    {
        writer.Line("args = !inference.HasArguments ? default : new Args");
        using (writer.Block(end: "};"))
            foreach (ArgsField field in layout.Fields)
                if (field.ValueIn(model, expressions) is { } value)
                    writer.Line($"{Names.Local(field.Name)} = {value},");
    }

    private string ShapeOf(PortType type) => type switch
    {
        ConditionalPort c => $"{expressions.Operand(c.Condition)}.Choose({ShapeOf(c.Then)}, {ShapeOf(c.Otherwise)})",
        TensorPort t => ShapeOf(t.Items),
        HostPort h => $"{expressions.Value(h.Call)}.Shape",
        _ => "default",
    };

    private string ShapeOf(EquatableArray<ShapeItem> items)
    {
        string Part(ShapeItem item) => item switch
        {
            DimItem d => d.Extent is IntLiteral ? $"(Dim){expressions.Value(d.Extent)}" : expressions.Value(d.Extent),
            SpliceItem { Dims: { } dims } => expressions.Value(dims),
            SpliceItem => "Seq<Dim>.Unknown",
            _ => "Dim.Unknown",
        };
        if (items.Count == 1 && items[0] is SpliceItem)
            return Part(items[0]);
        string function = items.All(i => i is not SpliceItem) ? "Of" : "Join";
        return $"Seq.{function}<Dim>({string.Join(", ", items.Select(Part))})";
    }

    private string ElementOf(PortType type) => type switch
    {
        ConditionalPort c when ElementOf(c.Then) == ElementOf(c.Otherwise) => ElementOf(c.Then),
        ConditionalPort c => $"{expressions.Operand(c.Condition)}.Choose({ElementOf(c.Then)}, {ElementOf(c.Otherwise)})",
        TensorPort { Element: FixedElement f } => $"ElementType.{f.Type}",
        TensorPort { Element: VariableElement { FamilyIndex: null } v } => Names.Local(v.Name),
        TensorPort { Element: ComputedElement c } => expressions.Value(c.Dtype),
        HostPort h => $"{expressions.Value(h.Call)}.Element",
        _ => "ElementType.Undefined",
    };

    private void Given(Port input, Action<string> body)
    {
        string port = Names.Local(input.Name);
        if (input.Family is not null)
        {
            writer.Line($"foreach (TensorType item in {port})");
            using (writer.Indent())
                body("item");
        }
        else if (input.Optional)
        {
            writer.Line($"if ({port} is not null)");
            using (writer.Indent())
                body(port);
        }
        else
        {
            body(port);
        }
    }

    private static IEnumerable<ElementRef> ElementsOf(PortType type) => TensorsOf(type).Select(t => t.Element);

    private static IEnumerable<TensorPort> TensorsOf(PortType type) => type switch
    {
        TensorPort t => [t],
        ConditionalPort c => TensorsOf(c.Then).Concat(TensorsOf(c.Otherwise)),
        _ => [],
    };
}
