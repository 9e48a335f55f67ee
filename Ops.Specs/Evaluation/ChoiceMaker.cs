using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>
/// Chooses, by chance, everything that a spec leaves open, and then makes true what a rule says of one name. Optional ports and attributes
/// are there or not; types and values are any the spec allows; shapes that broadcast are cut out of one another.
/// </summary>
/// <param name="model">The op.</param>
/// <param name="random">Where chance comes from.</param>
internal abstract class ChoiceMaker(OpModel model, Random random)
{
    private static readonly ElementType[] AllTypes = [.. Enum.GetValues(typeof(ElementType)).Cast<ElementType>()];

    /// <summary>Makes the choices; rules hold as far as they could be repaired.</summary>
    /// <param name="made">What is chosen.</param>
    /// <param name="broken">A rule that is not to be repaired but broken, if any.</param>
    /// <exception cref="InvalidValueException">The choices leave one without a value.</exception>
    protected void Choose(SpecChoices made, string? broken = null)
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
    }

    /// <summary>Starts the extents of another case.</summary>
    protected abstract void BeginExtents();

    /// <summary>The next extent.</summary>
    protected abstract double Extent();

    /// <summary>The value of an attribute that expressions cannot read, a tensor or a graph; null when nothing makes one.</summary>
    protected abstract object? Opaque(SpecChoices made, AttributeModel attribute);

    /// <summary>How many times a number goes into one that it has to divide.</summary>
    protected virtual int Multiple(Random random) => 1 + random.Next(3);

    protected bool Chance(double probability) => random.NextDouble() < probability;

    protected T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private void Presence(SpecChoices made)
    {
        double likely = Pick([0.0, 0.5, 0.5, 1.0]);
        foreach (Port port in model.Inputs.Concat(model.Outputs))
            if (!port.Optional || Chance(likely))
                made.Present.Add(port.Name);
        foreach (AttributeModel attribute in model.Attributes)
            if (!attribute.Optional || Chance(Pick([0.3, likely])))
                made.Present.Add(attribute.Name);
    }

    private void Dims(SpecChoices made)
    {
        BeginExtents();
        var shapes = new List<object?[]>();
        object?[] Shape()
        {
            // What broadcasts against another shape is its end, with some extents of 1.
            object?[] shape = shapes.Count > 0 && Chance(0.6)
                ? Cut(Pick(shapes)) : [.. Enumerable.Range(0, random.Next(4)).Select(_ => (object?)Extent())];
            shapes.Add(shape);
            return shape;
        }
        foreach (DimSymbol dim in model.Dims.Where(d => d.Kind == DimKind.FamilyCount))
            made.Values[dim.Name] =
                (double)(model.Inputs.Any(i => i.Family?.Count == dim.Name && i.Optional) ? random.Next(4) : 1 + random.Next(3));
        int CountOf(string name) =>
            Convert.ToInt32(model.Inputs.Where(i => i.Family is not null && PortTypes.TensorsOf(i.Type).Any(t => Names(t, name)))
                .Select(i => made.Values[i.Family!.Count]).FirstOrDefault() ?? 1.0);
        foreach (DimSymbol dim in model.Dims)
        {
            if (dim.OnlyWith.Count > 0 && !dim.OnlyWith.Any(made.Present.Contains))
                continue;
            switch (dim.Kind)
            {
                case DimKind.Single: made.Values[dim.Name] = Extent(); break;
                case DimKind.Rank: made.Values[dim.Name] = Shape(); break;
                case DimKind.Family: made.Values[dim.Name] = Enumerable.Range(0, CountOf(dim.Name)).Select(_ => (object?)Extent())
                    .ToArray(); break;
                case DimKind.FamilyRank: made.Values[dim.Name] = Enumerable.Range(0, CountOf(dim.Name)).Select(_ => (object?)Shape())
                    .ToArray(); break;
            }
        }
        made.Values[SpecChoices.AnyShape] = Shape();
        made.Values[SpecChoices.FreeSide] = Chance(0.5);
    }

    private object?[] Cut(object?[] shape) =>
        [.. shape.Skip(Chance(0.5) ? 0 : random.Next(shape.Length + 1)).Select(extent => Chance(0.25) ? (object?)1.0 : extent)];

    private static bool Names(TensorPort tensor, string name) =>
        tensor.Items.Any(item => (item as DimItem)?.Extent is IndexExpr { Target: NameExpr n } && n.Name == name
        || (item as SpliceItem)?.Dims is IndexExpr { Target: NameExpr m } && m.Name == name);

    private void Types(SpecChoices made, bool derived)
    {
        foreach (TypeVariable variable in model.Types)
        {
            if ((variable.Set is not null || variable.Default is not null) != derived)
                continue;
            var evaluator = new SpecEvaluator(made);
            bool bound = model.Inputs.Any(i => made.Present.Contains(i.Name)
                && PortTypes.ElementsOf(i.Type).Any(e => e is VariableElement v && v.Name == variable.Name));
            if (!bound && variable.Default is { } fallback)
            {
                made.Values[variable.Name] = evaluator.Evaluate(fallback);
                continue;
            }
            ElementType[] allowed = [.. variable.Allowed];
            if (variable.Set is { } set && SpecValues.List(evaluator.Evaluate(set)) is { Length: > 0 } listed
                && listed.All(l => l is ElementType))
                allowed = [.. listed.Cast<ElementType>()];
            // Few kernels take strings and complex numbers.
            ElementType[] usual =
                [.. allowed.Where(t => t != ElementType.String && t is not (ElementType.Complex64 or ElementType.Complex128))];
            made.Values[variable.Name] = Pick(usual.Length > 0 && Chance(0.97) ? usual : allowed);
        }
    }

    private void Attributes(SpecChoices made, string? broken)
    {
        foreach (AttributeModel attribute in model.Attributes)
        {
            if (broken == ValueRule.NameOf(attribute.Name))
                made.Present.Add(attribute.Name);
            if (!made.Present.Contains(attribute.Name))
                continue;
            if (attribute.IsList)
            {
                int length = attribute.Length is { } given && new SpecEvaluator(made).Evaluate(given) is double known
                    ? (int)Math.Min(Math.Max(known, 0), 64) : random.Next(4);
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
                throw new InvalidValueException($"nothing makes a value of {attribute.Name}");
            }
        }
    }

    protected object? Value(SpecChoices made, AttributeModel attribute, string? broken)
    {
        bool outside = broken == ValueRule.NameOf(attribute.Name);
        if (attribute.In is RangeExpr range)
        {
            var evaluator = new SpecEvaluator(made);
            double? from = range.From is null ? null : evaluator.Evaluate(range.From) as double?,
                to = range.To is null ? null : evaluator.Evaluate(range.To) as double?;
            return Within(from, to, range.HalfOpen, outside, whole: attribute.Kind != AttributeKind.Float);
        }
        if (attribute.In is { } set && SpecValues.List(new SpecEvaluator(made).Evaluate(set)) is { Length: > 0 } listed
            && listed.All(l => l is not null))
            return !outside ? Pick(listed) : listed[0] switch
            {
                string => "none of these",
                ElementType => Pick(AllTypes),
                _ => listed.Max(l => Convert.ToDouble(l)) + 1
            };
        return attribute.Kind switch
        {
            AttributeKind.Int => (double)(Chance(0.7) ? Pick([-1, 0, 1, 1, 2]) : Pick([-3, -2, 3, 4, 5])),
            AttributeKind.Float => Pick([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, -1.0]),
            AttributeKind.Bool => Chance(0.5),
            AttributeKind.Dtype => Pick(AllTypes),
            AttributeKind.String => attribute.Default is StringLiteral text && Chance(0.5) ? text.Value : Pick(["", "none", "a"]),
            _ => Opaque(made, attribute),
        };
    }

    /// <summary>A number between two ends, or just outside of them.</summary>
    protected double? Within(double? from, double? to, bool halfOpen, bool outside, bool whole)
    {
        double low = from ?? (to ?? 4) - 4, high = to ?? low + 4;
        if (outside)
            return from is not null && (to is null || Chance(0.5)) ? low - 1 : to is not null ? halfOpen ? high : high + 1 : null;
        if (halfOpen && whole)
            high--;
        if (high < low)
            throw new InvalidValueException("an empty range");
        // A mild real is exact in every type.
        double step = whole ? 1 : 0.25;
        return low + step * random.Next((int)Math.Min(16, (high - low) / step) + 1);
    }

    /// <summary>Sets attributes that say where a rank variable ends, or the rank variables to what they say when not given.</summary>
    private void Ends(SpecChoices made)
    {
        foreach (Port input in model.Inputs)
            foreach (TensorPort tensor in PortTypes.TensorsOf(input.Type))
                for (int i = 0; i < tensor.Items.Count; i++)
                    if (tensor.Items[i] is SpliceItem { End: NameExpr { Symbol: SymbolKind.Attribute } end, Dims: NameExpr before })
                        End(made, tensor, i, end.Name, before.Name);
    }

    private void End(SpecChoices made, TensorPort tensor, int index, string attribute, string before)
    {
        if (made.Value(before) is not object?[] list)
            return;
        ShapeItem[] behind = [.. tensor.Items.Skip(index + 1)];
        int Behind() => behind.Sum(b => b is SpliceItem { Dims: NameExpr n } ? (made.Value(n.Name) as object?[])?.Length ?? 0 : 1);
        if (made.Present.Contains(attribute))
        {
            made.Values[attribute] = Chance(0.5) || Behind() == 0 ? (double)list.Length : -(double)Behind();
        }
        else if (new SpecEvaluator(made).Evaluate(model.Attributes.First(a => a.Name == attribute).Default
            ?? new IntLiteral(0)) is double fallback)
        {
            if (fallback >= 0)
                made.Values[before] = Sized(list, (int)fallback);
            else if (behind.OfType<SpliceItem>().LastOrDefault()?.Dims is NameExpr last && made.Value(last.Name) is object?[] rest)
                made.Values[last.Name] = Sized(rest, Math.Max(0, (int)-fallback - Behind() + rest.Length));
        }
    }

    private static object?[] Sized(object?[] list, int length) =>
        [.. Enumerable.Range(0, length).Select(i => i < list.Length ? list[i] : 2.0)];

    /// <summary>Whether the places at which attributes say that rank variables end are those where they do.</summary>
    protected bool EndsFit(SpecChoices made)
    {
        var evaluator = new SpecEvaluator(made);
        foreach (Port input in model.Inputs)
        {
            if (!made.Present.Contains(input.Name) || input.Family is not null || input.Type is not TensorPort tensor
                || evaluator.DimsOf(tensor) is not { } dims)
                continue;
            int before = 0;
            foreach (ShapeItem item in tensor.Items)
            {
                before += item is DimItem ? 1 : item is SpliceItem { Dims: NameExpr n }
                    ? (made.Value(n.Name) as object?[])?.Length ?? 0 : 0;
                if (item is SpliceItem { End: { } end } && evaluator.Evaluate(end) is double at
                    && (at < 0 ? at + dims.Length : at) != before)
                    return false;
            }
        }
        return true;
    }

    /// <summary>Makes the elements of an input, one after another: integers in its set, mild reals.</summary>
    /// <param name="made">The choices so far.</param>
    /// <param name="input">The input.</param>
    /// <param name="real">Whether its elements are reals.</param>
    /// <param name="wrong">The place of the one element that is not in its set, or -1.</param>
    /// <param name="specials">Whether there may be NaN and infinities.</param>
    protected Func<double> Elements(SpecChoices made, Port input, bool real, int wrong, bool specials)
    {
        double? from = null, to = null;
        object?[]? listed = null;
        bool halfOpen = false;
        if (input.In is RangeExpr range)
        {
            var evaluator = new SpecEvaluator(made);
            (from, to, halfOpen) = (range.From is null ? null : evaluator.Evaluate(range.From) as double?,
                range.To is null ? null : evaluator.Evaluate(range.To) as double?, range.HalfOpen);
        }
        else if (input.In is { } set)
        {
            listed = SpecValues.List(new SpecEvaluator(made).Evaluate(set));
        }
        double scale = Pick([1.0, 1.0, 4.0]);
        int at = 0;
        return () =>
        {
            bool outside = at++ == wrong;
            if (listed is { Length: > 0 })
                return outside ? listed.Max(Convert.ToDouble) + 1 : Convert.ToDouble(Pick(listed));
            if (from is not null || to is not null)
                return Within(from, to, halfOpen, outside, whole: !real) ?? 0;
            if (!real)
                return random.Next(8) == 0 ? random.Next(-9, 100) : random.Next(-3, 5);
            return specials && random.Next(12) == 0
                ? Pick([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0]) : (random.NextDouble() * 2 - 1) * scale;
        };
    }

    private void Repair(SpecChoices made, string? broken)
    {
        foreach (Rule rule in model.Rules)
            if (rule.Name != broken)
                Repair(made, rule.Predicate);
    }

    /// <summary>Makes a condition true that says what one name is, or whether it is there.</summary>
    private void Repair(SpecChoices made, Expr condition)
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
            // As many outputs as there have to be at least.
            case CompareExpr { Op: CompareOp.LessOrEqual, Right: NameExpr { Symbol: SymbolKind.FamilyCount } most } order
                when model.Inputs.All(i => i.Family?.Count != most.Name):
                if (new SpecEvaluator(made).Holds(order) == false && new SpecEvaluator(made).Evaluate(order.Left) is double least)
                    made.Values[most.Name] = least + random.Next(2);
                break;
            case CompareExpr { Op: CompareOp.LessOrEqual, Left: NameExpr { Symbol: SymbolKind.Dim } } order:
                if (new SpecEvaluator(made).Holds(order) == false)
                    Equate(made, order.Left, order.Right);
                break;
            case MembershipExpr { Negated: false, Set: ListExpr set, Item: NameExpr { Symbol: SymbolKind.Dim } } membership:
                if (new SpecEvaluator(made).Holds(membership) == false && Pick(set.Items) is { Spread: false } item)
                    Equate(made, membership.Item, item.Value);
                break;
            case CompareExpr { Op: CompareOp.Equal } equation when new SpecEvaluator(made).Holds(equation) != true:
                if (!Equate(made, equation.Left, equation.Right))
                    Equate(made, equation.Right, equation.Left);
                break;
        }
    }

    private bool Equate(SpecChoices made, Expr name, Expr value)
    {
        var evaluator = new SpecEvaluator(made);
        switch (name)
        {
            case NameExpr { Symbol: SymbolKind.Dim or SymbolKind.RankVariable or SymbolKind.TypeVariable } dim
                when made.Values.ContainsKey(dim.Name) && evaluator.Evaluate(value) is { } known:
                made.Values[dim.Name] = known is TensorFacts tensor ? tensor.Items : known;
                return true;
            case NameExpr { Symbol: SymbolKind.Attribute } attribute when made.Present.Contains(attribute.Name)
                && evaluator.Evaluate(value) is { } wanted and not TensorFacts:
                made.Values[attribute.Name] = wanted;
                return true;
            case CallExpr { Function: Function.Has } has when SpecValues.Truth(evaluator.Evaluate(value)) is { } there:
                return Set(made, ((NameExpr)has.Arguments[0].Value).Name, there);
            case CallExpr { Function: Function.Len } len when len.Arguments[0].Value is NameExpr { Symbol: SymbolKind.RankVariable } list
                && evaluator.Evaluate(value) is double length and >= 0 and < 8
                && made.Value(list.Name) is object?[] items:
                made.Values[list.Name] = Sized(items, (int)length);
                return true;
            case BinaryExpr { Op: BinaryOp.Modulo, Left: NameExpr multiple } modulo when value is IntLiteral { Value: 0 }
                && evaluator.Evaluate(modulo.Right) is double divisor && made.Values.ContainsKey(multiple.Name):
                made.Values[multiple.Name] = divisor * Multiple(random);
                return true;
            case BinaryExpr { Op: BinaryOp.Multiply, Left: IntLiteral { Value: > 0 } factor } product
                when evaluator.Evaluate(value) is double total && total % factor.Value == 0:
                return Equate(made, product.Right, new IntLiteral((long)total / factor.Value));
            case IndexExpr { Target: NameExpr { Symbol: SymbolKind.RankVariable } target, Indices: { Count: 1 } places }
                when made.Value(target.Name) is object?[] extents
                && evaluator.Evaluate(value) is double extent and >= 0 && places[0] is PositionIndex { Position: IntLiteral at }
                && at.Value >= 0 && at.Value < extents.Length:
                made.Values[target.Name] = extents.Select((e, i) => i == at.Value ? extent : e).ToArray();
                return true;
            case CallExpr { Function: Function.Broadcast } broadcast
                when broadcast.Arguments[0].Value is NameExpr { Symbol: SymbolKind.RankVariable } narrow
                && made.Values.ContainsKey(narrow.Name)
                && SpecValues.List(evaluator.Evaluate(value)) is { } wide:
                made.Values[narrow.Name] = Cut(wide);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Makes an optional port or attribute present or absent.</summary>
    private bool Set(SpecChoices made, string name, bool present)
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
                made.Values[dim.Name] = dim.Kind == DimKind.Single ? (double)Pick([1, 2, 3, 5]) : dim.Kind == DimKind.Rank
                    ? Cut((object?[])made.Values[SpecChoices.AnyShape]!) : null;
        return true;
    }

    private void Attributes(SpecChoices made, HashSet<string> names)
    {
        foreach (AttributeModel attribute in model.Attributes)
            if (names.Contains(attribute.Name))
                made.Values[attribute.Name] = attribute.IsList ? Array.Empty<object?>() : Value(made, attribute, null);
    }
}
