using Ops.Specs.Modifiers;
using Ops.Specs.Types;

namespace Ops.Modifiers;

/// <summary>Works an expression out for a whole tile at once, on intervals: what it can be there, and which of its tests have only one answer.</summary>
internal sealed class TileClassifier
{
    /// <summary>Tables of more axes are taken as they are as a whole.</summary>
    private const int MaxRank = 8;

    private readonly Entry[] entries;
    private readonly int[] guards;

    [ThreadStatic]
    private static Interval[]? t_values;

    /// <param name="root">The expression.</param>
    /// <param name="score">What the scores can be.</param>
    /// <param name="guards">The tests asked for.</param>
    public TileClassifier(ModifierExpr root, Interval score, IReadOnlyList<ModifierExpr> guards)
    {
        var places = new Dictionary<ModifierExpr, int>();
        var list = new List<Entry>();
        Place(root);
        entries = [.. list];
        this.guards = [.. guards.Select(Place)];

        int Place(ModifierExpr e)
        {
            if (places.TryGetValue(e, out int known)) return known;
            int[] arguments = [.. e.Arguments.Select(Place)];
            list.Add(new Entry(e, arguments, e.Op switch
            {
                ModifierOp.Read when e.Source!.Kind == ModifierTensorKind.Score => score,
                _ => e.Range,
            }, e.Op == ModifierOp.Read && e.Source!.Kind == ModifierTensorKind.Constant && e.Source.Dims.Count <= MaxRank ? new TableBounds(e.Source) : null));
            return places[e] = list.Count - 1;
        }
    }

    /// <summary>What the expression can be for these positions, ends included.</summary>
    /// <param name="batch">The sequence.</param>
    /// <param name="heads">The heads.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="answers">Receives for each guard 0 for false, 1 for true, 2 for either.</param>
    public Interval Of(int batch, Interval heads, Interval queries, Interval keys, Span<byte> answers)
    {
        Interval[] values = t_values is { } kept && kept.Length >= entries.Length ? kept : t_values = new Interval[entries.Length + 64];
        Span<Interval> places = stackalloc Interval[MaxRank];
        for (int n = 0; n < entries.Length; n++)
        {
            Entry entry = entries[n];
            ModifierExpr e = entry.Expr;
            int[] a = entry.Arguments;
            switch (e.Op)
            {
                case ModifierOp.Coordinate:
                    values[n] = e.Axis switch { 0 => keys, 1 => queries, 2 => heads, _ => Interval.Of(batch) };
                    break;
                case ModifierOp.Linear:
                    Interval sum = Interval.Of(e.Integer);
                    for (int k = 0; k < a.Length; k++) sum += Interval.Of(entry.Factors[k]) * values[a[k]];
                    values[n] = sum;
                    break;
                case ModifierOp.Read when entry.Bounds is { } bounds:
                    for (int k = 0; k < a.Length; k++) places[k] = values[a[k]];
                    values[n] = bounds.Of(places[..a.Length]);
                    break;
                case ModifierOp.Where:
                    values[n] = Interval.Select(values[a[0]], values[a[1]], values[a[2]]);
                    break;
                case ModifierOp.ToReal:
                    values[n] = Intervals.Rounded(values[a[0]], e.Type);
                    break;
                case ModifierOp.ToInteger:
                    Interval x = values[a[0]];
                    values[n] = e.Arguments[0].IsTruth ? x : x.MayBeNaN ? entry.Known
                        : new Interval(Math.Clamp(Math.Truncate(x.Low), e.Bounds.Low, e.Bounds.High), Math.Clamp(Math.Truncate(x.High), e.Bounds.Low, e.Bounds.High));
                    break;
                case ModifierOp.Divide when e.IsInteger:
                    values[n] = Interval.Quotient(values[a[0]], values[a[1]]);
                    break;
                case ModifierOp.Modulo or ModifierOp.Remainder when e.IsInteger:
                    Interval rest = Intervals.Of(e.Op, values[a[0]], values[a[1]]);
                    values[n] = new Interval(Math.Max(rest.Low, entry.Known.Low), Math.Min(rest.High, entry.Known.High));
                    break;
                case ModifierOp.Constant or ModifierOp.Extent or ModifierOp.Read or ModifierOp.Reduce:
                    values[n] = entry.Known;
                    break;
                default:
                    values[n] = Intervals.Rounded(Intervals.Of(e.Op, values[a[0]], values[a[a.Length - 1]]), e.Type);
                    break;
            }
        }
        for (int i = 0; i < guards.Length; i++)
            answers[i] = values[guards[i]].IsTrue ? (byte)1 : values[guards[i]].IsFalse ? (byte)0 : (byte)2;
        return values[entries.Length - 1];
    }

    private sealed class Entry(ModifierExpr expr, int[] arguments, Interval known, TableBounds? bounds)
    {
        public readonly ModifierExpr Expr = expr;
        public readonly int[] Arguments = arguments;
        public readonly long[] Factors = [.. expr.Factors];
        public readonly Interval Known = known;
        public readonly TableBounds? Bounds = bounds;
    }
}
