using Ops.Graphs;
using Ops.Specs.Collections;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>
/// Makes cases of an op from its spec: everything that is open is chosen by chance, then what a rule says of one name is made true. Extents are 0, 1,
/// small, odd, or larger than a tile; optional ports and attributes are there or not; types and values are any the spec allows; shapes that
/// broadcast are cut out of one another.
/// </summary>
/// <param name="model">The op.</param>
/// <param name="random">Where chance comes from.</param>
/// <param name="finite">Whether there are no NaN and infinities among the numbers.</param>
internal sealed class CaseGenerator(OpModel model, Random random, bool finite = false)
{
    /// <summary>Under which name a case keeps the dims that a bare <c>...</c> stands for.</summary>
    public const string AnyShape = "...";

    /// <summary>Under which name a case keeps the side of a port that depends on nothing but its own rank.</summary>
    public const string FreeChoice = "?";

    private const long MaxElements = 1 << 14;

    private readonly Dictionary<string, Expr> rules = model.Rules.ToDictionary(r => r.Name, r => r.Predicate);

    /// <summary>A case; null when the choices do not make one. Its rules hold as far as they could be repaired.</summary>
    /// <param name="broken">A rule that is not to be repaired but broken, if any.</param>
    public SpecCase? Make(string? broken = null)
    {
        var made = new SpecCase(model);
        AttributeModel? late = broken is not null && Chance(0.5) ? model.Attributes.FirstOrDefault(a => a.Name + "-range" == broken) : null;
        if (late is not null)
            broken = "";
        try
        {
            Presence(made);
            Dims(made);
            Types(made, derived: false);
            Attributes(made, broken);
            Types(made, derived: true);
            Ends(made);
            Repair(made, broken);
            Repair(made, broken);
            // What only an absent input would bind is not known.
            foreach (DimSymbol dim in model.Dims)
                if (dim.OnlyWith.Count > 0 && !dim.OnlyWith.Any(made.Present.Contains))
                    made.Values.Remove(dim.Name);
            if (!Tensors(made, broken) || !EndsFit(made))
                return null;
            // A value outside of its set may leave no shapes to choose: then it comes last.
            if (broken is not null)
                return late is null || Late(made, late) ? made : null;
            return OutputsFit(made) ? made : null;
        }
        catch (InvalidCaseException)
        {
            return null;
        }
    }

    private bool Chance(double probability) => random.NextDouble() < probability;

    private T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private void Presence(SpecCase made)
    {
        double likely = Pick([0.0, 0.5, 0.5, 1.0]);
        foreach (Port port in model.Inputs.Concat(model.Outputs))
            if (!port.Optional || Chance(likely))
                made.Present.Add(port.Name);
        foreach (AttributeModel attribute in model.Attributes)
            if (!attribute.Optional || Chance(Pick([0.3, likely])))
                made.Present.Add(attribute.Name);
    }

    private void Dims(SpecCase made)
    {
        // Few different extents, so that some of them are equal.
        double[] extents = [.. Enumerable.Range(0, 3).Select(_ => (double)(Chance(0.06) ? Pick([0, 0, 17, 35, 70]) : Pick([1, 1, 2, 2, 3, 4, 5, 6, 7])))];
        double Extent() => Chance(0.15) ? 1 : Pick(extents);
        var shapes = new List<object?[]>();
        object?[] Shape()
        {
            // What broadcasts against another shape is its end, with some extents of 1.
            object?[] shape = shapes.Count > 0 && Chance(0.6) ? Cut(Pick(shapes)) : [.. Enumerable.Range(0, random.Next(4)).Select(_ => (object?)Extent())];
            shapes.Add(shape);
            return shape;
        }
        foreach (DimSymbol dim in model.Dims.Where(d => d.Kind == DimKind.FamilyCount))
            made.Values[dim.Name] = (double)(model.Inputs.Any(i => i.Family?.Count == dim.Name && i.Optional) ? random.Next(4) : 1 + random.Next(3));
        int CountOf(string name) => Convert.ToInt32(model.Inputs.Where(i => i.Family is not null && TensorsOf(i.Type).Any(t => Names(t, name))).Select(i => made.Values[i.Family!.Count]).FirstOrDefault() ?? 1.0);
        foreach (DimSymbol dim in model.Dims)
        {
            if (dim.OnlyWith.Count > 0 && !dim.OnlyWith.Any(made.Present.Contains))
                continue;
            switch (dim.Kind)
            {
                case DimKind.Single: made.Values[dim.Name] = Extent(); break;
                case DimKind.Rank: made.Values[dim.Name] = Shape(); break;
                case DimKind.Family: made.Values[dim.Name] = Enumerable.Range(0, CountOf(dim.Name)).Select(_ => (object?)Extent()).ToArray(); break;
                case DimKind.FamilyRank: made.Values[dim.Name] = Enumerable.Range(0, CountOf(dim.Name)).Select(_ => (object?)Shape()).ToArray(); break;
            }
        }
        made.Values[AnyShape] = Shape();
        made.Values[FreeChoice] = Chance(0.5);
    }

    private object?[] Cut(object?[] shape) =>
        [.. shape.Skip(Chance(0.5) ? 0 : random.Next(shape.Length + 1)).Select(extent => Chance(0.25) ? (object?)1.0 : extent)];

    private static IEnumerable<TensorPort> TensorsOf(PortType type) => type switch
    {
        TensorPort tensor => [tensor],
        ConditionalPort conditional => TensorsOf(conditional.Then).Concat(TensorsOf(conditional.Otherwise)),
        _ => [],
    };

    private static bool Names(TensorPort tensor, string name) => tensor.Items.Any(item => (item as DimItem)?.Extent is IndexExpr { Target: NameExpr n } && n.Name == name
        || (item as SpliceItem)?.Dims is IndexExpr { Target: NameExpr m } && m.Name == name);

    private void Types(SpecCase made, bool derived)
    {
        foreach (TypeVariable variable in model.Types)
        {
            if ((variable.Set is not null || variable.Default is not null) != derived)
                continue;
            var evaluator = new SpecEvaluator(made);
            bool bound = model.Inputs.Any(i => made.Present.Contains(i.Name) && TensorsOf(i.Type).Any(t => t.Element is VariableElement v && v.Name == variable.Name));
            if (!bound && variable.Default is { } fallback)
            {
                made.Values[variable.Name] = evaluator.Evaluate(fallback);
                continue;
            }
            ElementType[] allowed = [.. variable.Allowed];
            if (variable.Set is { } set && SpecEvaluator.List(evaluator.Evaluate(set)) is { Length: > 0 } listed && listed.All(l => l is ElementType))
                allowed = [.. listed.Cast<ElementType>()];
            // Few kernels take strings and complex numbers.
            ElementType[] usual = [.. allowed.Where(t => t != ElementType.String && !TensorElements.IsComplex(t))];
            made.Values[variable.Name] = Pick(usual.Length > 0 && Chance(0.97) ? usual : allowed);
        }
    }

    private void Attributes(SpecCase made, string? broken)
    {
        foreach (AttributeModel attribute in model.Attributes)
        {
            if (broken == attribute.Name + "-range")
                made.Present.Add(attribute.Name);
            if (!made.Present.Contains(attribute.Name))
                continue;
            if (attribute.IsList)
            {
                int length = attribute.Length is { } given && new SpecEvaluator(made).Evaluate(given) is double known ? (int)Math.Clamp(known, 0, 64) : random.Next(4);
                made.Values[attribute.Name] = Enumerable.Range(0, length).Select(_ => Value(made, attribute, broken)).ToArray();
            }
            else if (Value(made, attribute, broken) is { } value)
            {
                made.Values[attribute.Name] = value;
            }
            else if (attribute.Optional)
            {
                made.Present.Remove(attribute.Name);
            }
            else
            {
                throw new InvalidCaseException($"nothing makes a value of {attribute.Name}");
            }
        }
    }

    private object? Value(SpecCase made, AttributeModel attribute, string? broken)
    {
        bool outside = broken == attribute.Name + "-range";
        if (attribute.In is RangeExpr range)
        {
            var evaluator = new SpecEvaluator(made);
            double? from = range.From is null ? null : evaluator.Evaluate(range.From) as double?, to = range.To is null ? null : evaluator.Evaluate(range.To) as double?;
            return Within(from, to, range.HalfOpen, outside, whole: attribute.Kind != AttributeKind.Float);
        }
        if (attribute.In is { } set && SpecEvaluator.List(new SpecEvaluator(made).Evaluate(set)) is { Length: > 0 } listed && listed.All(l => l is not null))
            return !outside ? Pick(listed) : listed[0] switch { string => "none of these", ElementType => Pick(Enum.GetValues<ElementType>()), _ => listed.Max(l => Convert.ToDouble(l)) + 1 };
        return attribute.Kind switch
        {
            AttributeKind.Int => (double)(Chance(0.7) ? Pick([-1, 0, 1, 1, 2]) : Pick([-3, -2, 3, 4, 5])),
            AttributeKind.Float => Pick([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, -1.0]),
            AttributeKind.Bool => Chance(0.5),
            AttributeKind.Dtype => Pick(Enum.GetValues<ElementType>()),
            AttributeKind.String => attribute.Default is StringLiteral text && Chance(0.5) ? text.Value : Pick(["", "none", "a"]),
            AttributeKind.Tensor => Tensor(Pick([ElementType.Float, ElementType.Int64, ElementType.Int32]), [1], () => random.Next(4)),
            _ => attribute.Arrows.Count > 0 ? Graph(Pick(attribute.Arrows).Inputs.Count) : null,
        };
    }

    /// <summary>A graph of one op that keeps the shape of its inputs; null when there is none of so many.</summary>
    private Graph? Graph(int inputs)
    {
        if (inputs is not (1 or 2))
            return null;
        string[] names = inputs == 1 ? ["a"] : ["a", "b"];
        return new Graph
        {
            Name = "made",
            Inputs = [.. names.Select(n => new GraphValue(n, ValueKind.Tensor, TensorType.Unknown))],
            Outputs = [new GraphValue("y", ValueKind.Tensor, TensorType.Unknown)],
            Nodes = [new Node { Op = inputs == 1 ? Pick(["Identity", "Tanh", "Abs", "Neg"]) : Pick(["Mul", "Add"]), Domain = "ai.onnx", Opset = 21, Inputs = names, Outputs = ["y"] }],
        };
    }

    /// <summary>A number between two ends, or just outside of them.</summary>
    private double? Within(double? from, double? to, bool halfOpen, bool outside, bool whole)
    {
        double low = from ?? (to ?? 4) - 4, high = to ?? low + 4;
        if (outside)
            return from is not null && (to is null || Chance(0.5)) ? low - 1 : to is not null ? halfOpen ? high : high + 1 : null;
        if (halfOpen && whole)
            high--;
        if (high < low)
            throw new InvalidCaseException("an empty range");
        // A mild real is exact in every type.
        double step = whole ? 1 : 0.25;
        return low + step * random.Next((int)Math.Min(16, (high - low) / step) + 1);
    }

    /// <summary>Sets attributes that say where a rank variable ends, or the rank variables to what they say when not given.</summary>
    private void Ends(SpecCase made)
    {
        foreach (Port input in model.Inputs)
            foreach (TensorPort tensor in TensorsOf(input.Type))
                for (int i = 0; i < tensor.Items.Count; i++)
                    if (tensor.Items[i] is SpliceItem { End: NameExpr { Symbol: SymbolKind.Attribute } end, Dims: NameExpr before })
                        End(made, tensor, i, end.Name, before.Name);
    }

    private void End(SpecCase made, TensorPort tensor, int index, string attribute, string before)
    {
        if (made.Values.GetValueOrDefault(before) is not object?[] list)
            return;
        ShapeItem[] behind = [.. tensor.Items.Skip(index + 1)];
        int Behind() => behind.Sum(b => b is SpliceItem { Dims: NameExpr n } ? (made.Values.GetValueOrDefault(n.Name) as object?[])?.Length ?? 0 : 1);
        if (made.Present.Contains(attribute))
        {
            made.Values[attribute] = Chance(0.5) || Behind() == 0 ? (double)list.Length : -(double)Behind();
        }
        else if (new SpecEvaluator(made).Evaluate(model.Attributes.First(a => a.Name == attribute).Default ?? new IntLiteral(0)) is double fallback)
        {
            if (fallback >= 0)
                made.Values[before] = Sized(list, (int)fallback);
            else if (behind.OfType<SpliceItem>().LastOrDefault()?.Dims is NameExpr last && made.Values.GetValueOrDefault(last.Name) is object?[] rest)
                made.Values[last.Name] = Sized(rest, Math.Max(0, (int)-fallback - Behind() + rest.Length));
        }
    }

    private static object?[] Sized(object?[] list, int length) => [.. Enumerable.Range(0, length).Select(i => i < list.Length ? list[i] : 2.0)];

    private bool EndsFit(SpecCase made)
    {
        var evaluator = new SpecEvaluator(made);
        foreach (Port input in model.Inputs)
        {
            if (!made.Tensors.TryGetValue(input.Name, out TensorValue[]? tensors) || input.Type is not TensorPort tensor)
                continue;
            int before = 0;
            foreach (ShapeItem item in tensor.Items)
            {
                before += item is DimItem ? 1 : item is SpliceItem { Dims: NameExpr n } ? (made.Values.GetValueOrDefault(n.Name) as object?[])?.Length ?? 0 : 0;
                if (item is SpliceItem { End: { } end } && evaluator.Evaluate(end) is double at && (at < 0 ? at + tensors[0].Dims.Length : at) != before)
                    return false;
            }
        }
        return true;
    }

    private bool Late(SpecCase made, AttributeModel attribute)
    {
        made.Present.Add(attribute.Name);
        string rule = attribute.Name + "-range";
        object? value = attribute.IsList && made.Values.GetValueOrDefault(attribute.Name) is object?[] list ? Array.ConvertAll(list, _ => Value(made, attribute, rule))
            : attribute.IsList ? new[] { Value(made, attribute, rule) } : Value(made, attribute, rule);
        made.Values[attribute.Name] = value;
        return value is not null;
    }

    /// <summary>Whether the outputs have shapes, as far as they are known before running, and not too large ones.</summary>
    private bool OutputsFit(SpecCase made)
    {
        var evaluator = new SpecEvaluator(made);
        foreach (Port output in model.Outputs)
            for (int i = 0; i < (output.Family is { } family ? Convert.ToInt32(made.Values[family.Count]) : made.Present.Contains(output.Name) ? 1 : 0); i++)
                if (evaluator.ShapeOf(output.Type, output.Family, i) is { } dims && Length(dims) > MaxElements)
                    return false;
        return true;
    }

    private void Repair(SpecCase made, string? broken)
    {
        foreach (var (name, predicate) in rules)
            if (name != broken)
                Repair(made, predicate);
    }

    /// <summary>Makes a condition true that says what one name is, or whether it is there.</summary>
    private void Repair(SpecCase made, Expr condition)
    {
        switch (condition)
        {
            case BinaryExpr { Op: BinaryOp.And } both:
                Repair(made, both.Left);
                Repair(made, both.Right);
                break;
            case BinaryExpr { Op: BinaryOp.Or } either:
                if (new SpecEvaluator(made).Holds(either) == false)
                    Repair(made, Chance(0.5) ? either.Left : either.Right);
                break;
            case ConditionalExpr choice:
                if (new SpecEvaluator(made).Holds(choice.Condition) is { } holds && (holds ? choice.Then : choice.Otherwise) is { } chosen)
                    Repair(made, chosen);
                break;
            case CallExpr { Function: Function.Has } has:
                Set(made, ((NameExpr)has.Arguments[0].Value).Name, true);
                break;
            case UnaryExpr { Op: UnaryOp.Not, Operand: CallExpr { Function: Function.Has } has }:
                Set(made, ((NameExpr)has.Arguments[0].Value).Name, false);
                break;
            case CompareExpr { Op: CompareOp.Equal } equation when new SpecEvaluator(made).Holds(equation) != true:
                if (!Equate(made, equation.Left, equation.Right))
                    Equate(made, equation.Right, equation.Left);
                break;
        }
    }

    private bool Equate(SpecCase made, Expr name, Expr value)
    {
        var evaluator = new SpecEvaluator(made);
        switch (name)
        {
            case NameExpr { Symbol: SymbolKind.Dim or SymbolKind.RankVariable or SymbolKind.TypeVariable } dim when made.Values.ContainsKey(dim.Name) && evaluator.Evaluate(value) is { } known:
                made.Values[dim.Name] = known is TensorItems tensor ? tensor.Items : known;
                return true;
            case NameExpr { Symbol: SymbolKind.Attribute } attribute when made.Present.Contains(attribute.Name) && evaluator.Evaluate(value) is { } wanted and not TensorItems:
                made.Values[attribute.Name] = wanted;
                return true;
            case CallExpr { Function: Function.Has } has when SpecEvaluator.Truth(evaluator.Evaluate(value)) is { } there:
                return Set(made, ((NameExpr)has.Arguments[0].Value).Name, there);
            case CallExpr { Function: Function.Len } len when len.Arguments[0].Value is NameExpr { Symbol: SymbolKind.RankVariable } list && evaluator.Evaluate(value) is double length and >= 0 and < 8
                && made.Values.GetValueOrDefault(list.Name) is object?[] items:
                made.Values[list.Name] = Sized(items, (int)length);
                return true;
            case BinaryExpr { Op: BinaryOp.Modulo, Left: NameExpr multiple } modulo when value is IntLiteral { Value: 0 } && evaluator.Evaluate(modulo.Right) is double divisor && made.Values.ContainsKey(multiple.Name):
                made.Values[multiple.Name] = divisor * (1 + random.Next(3));
                return true;
            case CallExpr { Function: Function.Broadcast } broadcast when broadcast.Arguments[0].Value is NameExpr { Symbol: SymbolKind.RankVariable } narrow && made.Values.ContainsKey(narrow.Name)
                && SpecEvaluator.List(evaluator.Evaluate(value)) is { } wide:
                made.Values[narrow.Name] = Cut(wide);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Makes an optional port or attribute present or absent.</summary>
    private bool Set(SpecCase made, string name, bool present)
    {
        if (made.Present.Contains(name) == present)
            return true;
        if (!present)
            return made.Present.Remove(name);
        made.Present.Add(name);
        if (model.Attributes.FirstOrDefault(a => a.Name == name) is { } attribute)
            Attributes(made, new HashSet<string> { attribute.Name });
        foreach (DimSymbol dim in model.Dims)
            if (dim.OnlyWith.Contains(name) && !made.Values.ContainsKey(dim.Name))
                made.Values[dim.Name] = dim.Kind == DimKind.Single ? (double)Pick([1, 2, 3, 5]) : dim.Kind == DimKind.Rank ? Cut((object?[])made.Values[AnyShape]!) : null;
        return true;
    }

    private void Attributes(SpecCase made, HashSet<string> names)
    {
        foreach (AttributeModel attribute in model.Attributes)
            if (names.Contains(attribute.Name))
                made.Values[attribute.Name] = attribute.IsList ? Array.Empty<object?>() : Value(made, attribute, null);
    }

    private bool Tensors(SpecCase made, string? broken)
    {
        foreach (Port input in model.Inputs)
        {
            if (broken == input.Name + "-range")
                made.Present.Add(input.Name);
            if (!made.Present.Contains(input.Name))
                continue;
            int count = input.Family is { } family ? Convert.ToInt32(made.Values[family.Count]) : 1;
            var tensors = new TensorValue[count];
            for (int i = 0; i < count; i++)
            {
                var evaluator = new SpecEvaluator(made);
                ElementType element = evaluator.ElementOf(input.Type);
                if (element == ElementType.Undefined && input.Type is TensorPort { Element: VariableElement { FamilyIndex: not null } each })
                    element = Pick(model.Types.First(t => t.Name == each.Name).Allowed.Where(t => t != ElementType.String).ToArray());
                if (element == ElementType.Undefined || evaluator.ShapeOf(input.Type, input.Family, i) is not { } dims || Length(dims) is < 0 or > MaxElements)
                    return false;
                tensors[i] = Fill(made, input, element, dims, broken);
            }
            if (count > 0 || input.Family is not null)
                made.Tensors[input.Name] = tensors;
        }
        return true;
    }

    private static long Length(long[] dims) => dims.Aggregate(1L, (a, b) => a > MaxElements ? a : a * b);

    private TensorValue Fill(SpecCase made, Port input, ElementType type, long[] dims, string? broken)
    {
        double? from = null, to = null;
        object?[]? listed = null;
        bool halfOpen = false;
        if (input.In is RangeExpr range)
        {
            var evaluator = new SpecEvaluator(made);
            (from, to, halfOpen) = (range.From is null ? null : evaluator.Evaluate(range.From) as double?, range.To is null ? null : evaluator.Evaluate(range.To) as double?, range.HalfOpen);
        }
        else if (input.In is { } set)
        {
            listed = SpecEvaluator.List(new SpecEvaluator(made).Evaluate(set));
        }
        bool real = TensorElements.IsReal(type), specials = !finite && Chance(0.2);
        double scale = Pick([1.0, 1.0, 4.0]);
        int wrong = broken == input.Name + "-range" && Length(dims) > 0 ? random.Next((int)Length(dims)) : -1, at = 0;
        return Tensor(type, dims, () =>
        {
            bool outside = at++ == wrong;
            if (listed is { Length: > 0 })
                return outside ? listed.Max(l => Convert.ToDouble(l)) + 1 : Convert.ToDouble(Pick(listed));
            if (from is not null || to is not null)
                return Within(from, to, halfOpen, outside, whole: !real) ?? 0;
            if (!real)
                return random.Next(8) == 0 ? random.Next(-9, 100) : random.Next(-3, 5);
            return specials && random.Next(12) == 0 ? Pick([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0]) : (random.NextDouble() * 2 - 1) * scale;
        });
    }

    private static TensorValue Tensor(ElementType type, long[] dims, Func<double> next)
    {
        TensorValue tensor = TensorValue.Allocate(type, dims, clear: true);
        for (int i = 0; i < tensor.Length; i++)
            CaseElements.Write(tensor, i, next());
        return tensor;
    }
}
