using Ops.Specs.Modifiers;
using Ops.Specs.Types;

namespace Ops.Modifiers;

/// <summary>Turns an expression into the steps of a tile program.</summary>
internal sealed class TileCompiler
{
    private readonly bool isDouble;
    private readonly ModifierExprs exprs;
    private readonly IReadOnlyList<ModifierExpr> rowNumbers;
    private readonly Dictionary<ModifierExpr, TileValue> values = [];
    private readonly Dictionary<(TileOp, TileValue, TileValue, TileValue), TileValue> known = [];
    private readonly List<TileStep> once = [];
    private readonly List<TileStep> steps = [];
    private readonly Dictionary<(long Bits, bool IsMask), int> numbers = [];
    private readonly List<double> constants = [];
    private readonly List<bool> masks = [];
    private readonly List<TileRun> runs = [];
    private readonly List<TileTable> tables = [];
    private readonly int[] slots = new int[4];
    private TileValue score = new(TileSource.Score, TileLevel.Score);

    private TileCompiler(ModifierExprs exprs, bool isDouble, IReadOnlyList<ModifierExpr> rowNumbers)
    {
        this.exprs = exprs;
        this.isDouble = isDouble;
        this.rowNumbers = rowNumbers;
    }

    /// <summary>Compiles an expression.</summary>
    /// <param name="exprs">What made it.</param>
    /// <param name="root">The expression.</param>
    /// <param name="isDouble">Whether lanes are double, not float.</param>
    /// <param name="scoreRounding">The types to which scores are rounded before anything else.</param>
    /// <param name="rowNumbers">The reductions that the kernel brings.</param>
    /// <exception cref="ModifierException">Lanes of this type cannot have what the expression needs.</exception>
    public static TileProgram Compile(ModifierExprs exprs, ModifierExpr root, bool isDouble,
        IReadOnlyList<ElementType>? scoreRounding = null, IReadOnlyList<ModifierExpr>? rowNumbers = null)
    {
        var compiler = new TileCompiler(exprs, isDouble, rowNumbers ?? []);
        return compiler.Run(root, scoreRounding ?? []);
    }

    /// <summary>Whether an expression needs lanes of doubles: for doubles, or for integers that floats do not have.</summary>
    public static bool NeedsDouble(ModifierExpr root)
    {
        var seen = new HashSet<ModifierExpr>();
        return Needs(root);

        bool Needs(ModifierExpr e) =>
            seen.Add(e) && (e.Type == ElementType.Double || e.IsInteger && !e.Range.Within(-(1 << 24), 1 << 24)
                || (e.Body is { } body && Needs(body)) || e.Arguments.Any(Needs));
    }

    private double LargestInteger => isDouble ? 1L << 53 : 1 << 24;

    private TileProgram Run(ModifierExpr root, IReadOnlyList<ElementType> scoreRounding)
    {
        foreach (ElementType type in scoreRounding)
            score = Rounded(score, type);
        TileValue result = Value(root);
        if (result.Source != TileSource.Score)
            Finish(result);
        Chain();
        TileStep[] packed = [.. Packed()];
        return new TileProgram
        {
            IsDouble = isDouble, Once = [.. once], Steps =
                packed, Constants = [.. constants], Masks = [.. masks], Runs = [.. runs], Tables = [.. tables], Slots = slots, Root = root,
            Uses = once.Concat(packed).SelectMany(Operands).Concat(runs.SelectMany(r => r.Places).Select(p => p.Place))
                .Select(v => v.Source).ToHashSet(),
        };
    }

    /// <summary>Brings the result into the tile, by its last step if that can be.</summary>
    private void Finish(TileValue result)
    {
        if (result.Source == TileSource.Slot && result.Level == TileLevel.Score && steps[^1].Slot == result.Index)
            steps[^1] = steps[^1] with { Slot = -1 };
        else
            steps.Add(new TileStep(TileOps.Copy, TileLevel.Score, -1, result));
    }

    /// <summary>Makes one step of two where the second alone uses the first one's result, and there is a routine for both.</summary>
    private void Chain()
    {
        Dictionary<int, int> uses = steps.SelectMany(Operands).Where(IsSlot).GroupBy(v => v.Index).ToDictionary(g => g.Key, g => g.Count());
        for (int i = 0; i + 1 < steps.Count; i++)
        {
            TileStep step = steps[i], next = steps[i + 1];
            if (IsSlot(next.B) && next.B.Index == step.Slot && (next.Op == TileOps.Add || next.Op == TileOps.Multiply))
                next = next with { A = next.B, B = next.A };
            if (step.Slot < 0 || !IsSlot(next.A) || next.A.Index != step.Slot || uses[step.Slot] != 1
                || step.Op.Then(next.Op) is not { } both)
                continue;
            bool takesOne = step.B.Source == TileSource.None;
            steps[i] = new TileStep(both, TileLevel.Score, next.Slot, step.A, takesOne ? next.B : step.B, takesOne ? default : next.B);
            steps.RemoveAt(i + 1);
            i--;
        }

        static bool IsSlot(TileValue value) => value is { Source: TileSource.Slot, Level: TileLevel.Score };
    }

    /// <summary>The steps for each score with as few slots as they need at a time.</summary>
    private List<TileStep> Packed()
    {
        var last = new Dictionary<int, int>();
        for (int i = 0; i < steps.Count; i++)
            foreach (TileValue value in Operands(steps[i]))
                if (value is { Source: TileSource.Slot, Level: TileLevel.Score })
                    last[value.Index] = i;
        var place = new Dictionary<int, int>();
        var free = new SortedSet<int>();
        int count = 0;
        var packed = new List<TileStep>();
        for (int i = 0; i < steps.Count; i++)
        {
            TileStep step = steps[i];
            TileStep moved = step with { A = Moved(step.A), B = Moved(step.B), C = Moved(step.C) };
            foreach (TileValue value in Operands(step))
                if (value is { Source: TileSource.Slot, Level: TileLevel.Score } && last[value.Index] == i)
                    free.Add(place[value.Index]);
            if (step.Slot >= 0)
            {
                if (!last.ContainsKey(step.Slot))
                    continue;
                int own = free.Count > 0 ? free.Min : count++;
                free.Remove(own);
                place[step.Slot] = own;
                moved = moved with { Slot = own };
            }
            packed.Add(moved);
        }
        slots[(int)TileLevel.Score] = count;
        return packed;

        TileValue Moved(TileValue value) =>
            value is { Source: TileSource.Slot, Level: TileLevel.Score } ? value with { Index = place[value.Index] } : value;
    }

    private static TileValue[] Operands(TileStep step) => [step.A, step.B, step.C];

    private TileValue Constant(double value, bool isMask = false)
    {
        var key = (BitConverter.DoubleToInt64Bits(value), isMask);
        if (!numbers.TryGetValue(key, out int index))
        {
            numbers[key] = index = constants.Count;
            constants.Add(value);
            masks.Add(isMask);
        }
        return new TileValue(TileSource.Constant, TileLevel.Panel, index);
    }

    private static TileLevel Join(TileLevel x, TileLevel y) =>
        x == y || y == TileLevel.Panel ? x : x == TileLevel.Panel ? y : TileLevel.Score;

    private TileValue Step(TileOp op, TileValue a, TileValue b = default, TileValue c = default)
    {
        var key = (op, a, b, c);
        if (known.TryGetValue(key, out TileValue before))
            return before;
        TileLevel level = a.Level;
        if (b.Source != TileSource.None) level = Join(level, b.Level);
        if (c.Source != TileSource.None) level = Join(level, c.Level);
        int slot = slots[(int)level]++;
        (level == TileLevel.Score ? steps : once).Add(new TileStep(op, level, slot, a, b, c));
        return known[key] = new TileValue(TileSource.Slot, level, slot);
    }

    private TileValue Rounded(TileValue value, ElementType type) => type switch
    {
        ElementType.Float when isDouble => Step(TileOps.ToFloat, value),
        ElementType.Float16 => Step(TileOps.ToFloat16, value),
        ElementType.BFloat16 => Step(TileOps.ToBFloat16, value),
        _ => value,
    };

    private TileValue Value(ModifierExpr e)
    {
        if (values.TryGetValue(e, out TileValue value))
            return value;
        if (e.IsInteger && !e.Range.Within(-LargestInteger, LargestInteger))
            throw new ModifierException($"integers up to {Math.Max(Math.Abs(e.Range.Low), Math.Abs(e.Range.High)):G3} are more than vectors of {(isDouble ? "double" : "float")} hold exactly");
        return values[e] = Make(e);
    }

    private TileValue Make(ModifierExpr e)
    {
        switch (e.Op)
        {
            case ModifierOp.Constant: return e.IsTruth ? Constant(e.Integer, isMask: true) : Constant(e.IsInteger ? e.Integer : e.Real);
            case ModifierOp.Coordinate:
                return e.Axis switch
                {
                    0 => new TileValue(TileSource.Key, TileLevel.Key),
                    1 => new TileValue(TileSource.Query, TileLevel.Row),
                    2 => new TileValue(TileSource.Head, TileLevel.Row),
                    3 => new TileValue(TileSource.Batch, TileLevel.Panel),
                    _ => throw new ModifierException("an axis before the batch"),
                };
            case ModifierOp.Extent: throw new ModifierException($"the extent {e.Extent} is not known");
            case ModifierOp.Read: return e.Source!.Kind == ModifierTensorKind.Score ? score : Read(e);
            case ModifierOp.Reduce:
                for (int i = 0; i < rowNumbers.Count; i++)
                    if (ReferenceEquals(rowNumbers[i], e))
                        return new TileValue(TileSource.RowNumber, TileLevel.Row, i);
                throw new ModifierException("a reduction inside of another one");
            case ModifierOp.Linear: return Linear(e);
            case ModifierOp.ToReal: return ToReal(e);
            case ModifierOp.ToInteger: return ToInteger(e);
            case ModifierOp.Power when e.Arguments[1] is { IsConstant: true, Real: 1 }: return Value(e.Arguments[0]);
            default:
                TileValue[] operands = [.. e.Arguments.Select(Value)];
                TileValue result = Step(TileOps.Of(e), operands[0], operands.Length > 1 ? operands[1] : default,
                    operands.Length > 2 ? operands[2] : default);
                return e.Type.IsFloat() && !IsExact(e.Op) ? Rounded(result, e.Type) : result;
        }
    }

    /// <summary>Whether a result has a narrower type's precision if the operands do.</summary>
    private static bool IsExact(ModifierOp op) =>
        op is ModifierOp.Negate or ModifierOp.Absolute or ModifierOp.Sign or ModifierOp.Minimum or ModifierOp.Maximum or ModifierOp.Where
        or ModifierOp.Floor or ModifierOp.Ceiling or ModifierOp.Round;

    /// <summary>A sum of integers, exact whatever its order: what changes least comes first.</summary>
    private TileValue Linear(ModifierExpr e)
    {
        Interval range = Interval.Of(e.Integer);
        TileValue? sum = null;
        foreach (var (atom, factor) in e.Arguments.Zip(e.Factors).OrderBy(t => LevelOf(t.First)))
        {
            TileValue term = Value(atom);
            Interval part = Interval.Of(factor) * atom.Range;
            range += part;
            if (!range.Within(-LargestInteger, LargestInteger) || !part.Within(-LargestInteger, LargestInteger))
                throw new ModifierException("integers on the way are more than vectors hold exactly");
            if (sum is null && e.Integer != 0)
                sum = Constant(e.Integer);
            if (factor == -1 && sum is { } before)
            {
                sum = Step(TileOps.Subtract, before, term);
                continue;
            }
            if (factor != 1)
                term = factor == -1 ? Step(TileOps.Negate, term) : Step(TileOps.Multiply, term, Constant(factor));
            sum = sum is { } so ? Step(TileOps.Add, so, term) : term;
        }
        return sum!.Value;
    }

    private static TileLevel LevelOf(ModifierExpr e)
    {
        bool key = (e.Uses & ModifierUses.Key) != 0,
            row = (e.Uses & (ModifierUses.Query | ModifierUses.Head | ModifierUses.Reduction)) != 0;
        return (e.Uses & ModifierUses.Score) != 0 || key && row ? TileLevel.Score
            : key ? TileLevel.Key
            : row ? TileLevel.Row
            : TileLevel.Panel;
    }

    private TileValue ToReal(ModifierExpr e)
    {
        ModifierExpr x = e.Arguments[0];
        TileValue value = Value(x);
        if (x.IsTruth)
            return Step(TileOps.MaskToNumber, value);
        if (x.IsInteger)
            return x.Range.Within(-Exact(e.Type), Exact(e.Type)) ? value : Rounded(value, e.Type);
        // A wider type has all numbers of a narrower one; of the two with 16 bits neither has the other's.
        bool widens = e.Type == ElementType.Double || e.Type == ElementType.Float && x.Type != ElementType.Double;
        return widens ? value : Rounded(value, e.Type);
    }

    private static double Exact(ElementType type) => type switch
    {
        ElementType.Double => 1L << 53,
        ElementType.Float => 1 << 24,
        ElementType.Float16 => 1 << 11,
        _ => 1 << 8,
    };

    private TileValue ToInteger(ModifierExpr e)
    {
        ModifierExpr x = e.Arguments[0];
        TileValue value = Value(x);
        if (x.IsTruth)
            return Step(TileOps.MaskToNumber, value);
        value = Step(TileOps.Truncate, value);
        if (x.Range.MayBeNaN)
            value = Step(TileOps.ZeroForNaN, value);
        if (x.Range.Low < e.Bounds.Low)
            value = Step(TileOps.Maximum, value, Constant(e.Bounds.Low));
        if (x.Range.High > e.Bounds.High)
            value = Step(TileOps.Minimum, value, Constant(e.Bounds.High));
        return value;
    }

    /// <summary>Consecutive elements where the place grows with the key by one; else a gather.</summary>
    private TileValue Read(ModifierExpr e)
    {
        ModifierTensor source = e.Source!;
        int rank = source.Dims.Count;
        TileTable table = source.Kind == ModifierTensorKind.Capture ? new(null, source.Index) : new(LaneTable.Of(source, isDouble));
        var strides = new long[rank];
        long stride = 1;
        for (int k = rank - 1; k >= 0; k--)
        {
            strides[k] = stride;
            stride *= source.Dims[k].Value;
        }

        var places = new List<(ModifierExpr Place, long Stride)>();
        long start = 0;
        Span<long> ofAxis = stackalloc long[4];
        bool isRun = true;
        for (int k = 0; k < rank; k++)
        {
            start += ModifierExprs.ConstantOf(e.Arguments[k]) * strides[k];
            foreach (var (factor, atom) in ModifierExprs.Terms(e.Arguments[k]))
            {
                if (atom is { Op: ModifierOp.Coordinate, Axis: < 4 })
                    ofAxis[atom.Axis] += factor * strides[k];
                else if (LevelOf(atom) is TileLevel.Panel or TileLevel.Row)
                    places.Add((atom, factor * strides[k]));
                else
                    isRun = false;
            }
        }
        if (isRun && ofAxis[0] == 1)
        {
            (TileValue, long)[] bound = [.. places.Select(p => (Value(p.Place), p.Stride))];
            runs.Add(new TileRun(table, start, ofAxis[3], ofAxis[2], ofAxis[1], bound));
            bool shared = ofAxis[1] == 0 && ofAxis[2] == 0 && bound.All(p => p.Item1.Level == TileLevel.Panel);
            return new TileValue(TileSource.Run, shared ? TileLevel.Key : TileLevel.Score, runs.Count - 1);
        }

        if (stride > int.MaxValue)
            throw new ModifierException($"a table of {stride} elements is gathered from");
        ModifierExpr index = exprs.Integer(0);
        for (int k = 0; k < rank; k++)
            index = exprs.Sum(index, e.Arguments[k], strides[k]);
        // The index may read a table of its own.
        TileValue place = Value(index);
        tables.Add(table);
        return Step(TileOps.Gather, place, new TileValue(TileSource.Table, TileLevel.Panel, tables.Count - 1));
    }
}
