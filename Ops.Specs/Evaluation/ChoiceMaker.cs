using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>
/// Chooses, by chance, everything that a spec leaves open, and then makes true what a rule says of one name. Optional ports and attributes
/// are there or not; types and values are any the spec allows; shapes that broadcast are cut out of one another.
/// </summary>
/// <param name="model">The op.</param>
/// <param name="random">Where chance comes from.</param>
internal abstract partial class ChoiceMaker(OpModel model, Random random)
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

    private static object?[] Sized(object?[] list, int length) =>
        [.. Enumerable.Range(0, length).Select(i => i < list.Length ? list[i] : 2.0)];

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
}
