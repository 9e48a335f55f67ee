using System.Runtime.CompilerServices;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;

namespace Ops.Modifiers;

/// <summary>Works an expression out for a whole tile at once, on intervals: what it can be there, and which of its tests have only one
/// answer.</summary>
internal sealed class TileClassifier
{
    /// <summary>Tables of more axes are taken as they are as a whole.</summary>
    private const int MaxRank = 8;

    // Those that do not depend on the key come first.
    private readonly Entry[] entries;
    private readonly int[] guards;
    private readonly int ofRows, root;

    [ThreadStatic]
    private static Interval[]? t_values;

    /// <param name="root">The expression.</param>
    /// <param name="score">What the scores can be.</param>
    /// <param name="guards">The tests asked for; parts of the expression.</param>
    public TileClassifier(ModifierExpr root, Interval score, IReadOnlyList<ModifierExpr> guards)
    {
        var parts = new Dictionary<ModifierExpr, Entry?>();
        var order = new List<ModifierExpr>();
        Visit(root);
        foreach (ModifierExpr guard in guards) Visit(guard);
        ofRows = order.Count(e => !UsesKey(e));
        Dictionary<ModifierExpr, int> places = order.OrderBy(UsesKey).Select((e, i) => (e, i)).ToDictionary(t => t.e, t => t.i);
        entries = [.. places.Select(p => parts[p.Key]
            ?? new Entry(p.Key, [.. p.Key.Arguments.Select(a => places[a])],
                p.Key.Op == ModifierOp.Read && p.Key.Source!.Kind == ModifierTensorKind.Score ? score : p.Key.Range))];
        this.guards = [.. guards.Select(g => places[g])];
        this.root = places[root];

        void Visit(ModifierExpr e)
        {
            if (parts.ContainsKey(e)) return;
            Entry? positions = parts[e] = Positions(e);
            if (positions is null)
                foreach (ModifierExpr argument in e.Arguments) Visit(argument);
            order.Add(e);
        }

        static bool UsesKey(ModifierExpr e) => (e.Uses & ModifierUses.Key) != 0;
    }

    /// <summary>What the expression can be for these positions, ends included.</summary>
    /// <param name="batch">The sequence.</param>
    /// <param name="heads">The heads.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="answers">Receives for each guard 0 for false, 1 for true, 2 for either.</param>
    /// <param name="operands">What the call brings besides; null where that is not known.</param>
    public Interval Of(int batch, in Interval heads, in Interval queries, in Interval keys, Span<byte> answers,
        CallOperands? operands = null) =>
        new TileLook(this, batch, heads, queries, operands).Of(keys, answers);

    /// <summary>Works out what does not depend on the key.</summary>
    /// <returns>The values, for <see cref="OfKeys"/> on the same thread.</returns>
    public Interval[] OfRows(int batch, in Interval heads, in Interval queries, CallOperands? operands)
    {
        Interval[] values = t_values is { } kept && kept.Length >= entries.Length ? kept : t_values = new Interval[entries.Length + 64];
        Fill(values, 0, ofRows, batch, in heads, in queries, default, operands);
        return values;
    }

    /// <summary>Works out the rest.</summary>
    public Interval OfKeys(Interval[] values, int batch, in Interval heads, in Interval queries, in Interval keys, Span<byte> answers,
        CallOperands? operands)
    {
        Fill(values, ofRows, entries.Length, batch, in heads, in queries, in keys, operands);
        for (int i = 0; i < answers.Length && i < guards.Length; i++)
        {
            ref Interval answer = ref values[guards[i]];
            answers[i] = answer.Low == 1 ? (byte)1 : answer.High == 0 ? (byte)0 : (byte)2;
        }
        return values[root];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(Interval[] values, int from, int to, int batch, in Interval heads, in Interval queries, in Interval keys,
        CallOperands? operands)
    {
        Entry[] all = entries;
        for (int n = from; n < to; n++)
        {
            Entry entry = all[n];
            switch (entry.Kind)
            {
                case EntryKind.Known: values[n] = entry.Known; break;
                case EntryKind.Positions: values[n] = entry.Of(batch, in heads, in queries, in keys); break;
                case EntryKind.NotAbove:
                    Interval difference = entry.Of(batch, in heads, in queries, in keys);
                    values[n] = difference.High <= 0 ? new Interval(1, 1) : difference.Low > 0 ? default : Interval.Either;
                    break;
                case EntryKind.Where: values[n] = Interval.Select(values[entry.A], values[entry.B], values[entry.C]); break;
                case EntryKind.And: values[n] = Interval.And(values[entry.A], values[entry.B]); break;
                case EntryKind.Or: values[n] = Interval.Or(values[entry.A], values[entry.B]); break;
                default: values[n] = Any(entry, values, operands); break;
            }
        }
    }

    private static Interval Any(Entry entry, Interval[] values, CallOperands? operands)
    {
        ModifierExpr e = entry.Expr;
        int[] a = entry.Arguments;
        switch (e.Op)
        {
            case ModifierOp.Linear:
                Interval sum = Interval.Of(e.Integer);
                for (int k = 0; k < a.Length; k++) sum += Interval.Of(entry.Factors[k]) * values[a[k]];
                return sum;
            case ModifierOp.Read:
                if ((entry.Bounds ?? operands?.Bounds(e.Source!.Index)) is not { } bounds) return entry.Known;
                Span<Interval> places = stackalloc Interval[MaxRank];
                for (int k = 0; k < a.Length; k++) places[k] = values[a[k]];
                return bounds.Of(places[..a.Length]);
            case ModifierOp.ToReal: return Intervals.Rounded(values[a[0]], e.Type);
            case ModifierOp.ToInteger:
                Interval x = values[a[0]];
                return e.Arguments[0].IsTruth ? x : x.MayBeNaN ? entry.Known
                    : new Interval(Math.Clamp(Math.Truncate(x.Low), e.Bounds.Low, e.Bounds.High),
                        Math.Clamp(Math.Truncate(x.High), e.Bounds.Low, e.Bounds.High));
            case ModifierOp.Divide when e.IsInteger: return Interval.Quotient(values[a[0]], values[a[1]]);
            case ModifierOp.Modulo or ModifierOp.Remainder when e.IsInteger:
                Interval rest = Intervals.Of(e.Op, values[a[0]], values[a[1]]);
                return new Interval(Math.Max(rest.Low, entry.Known.Low), Math.Min(rest.High, entry.Known.High));
            default: return Intervals.Rounded(Intervals.Of(e.Op, values[a[0]], values[a[^1]]), e.Type);
        }
    }

    /// <summary>A sum of positions, or a comparison of such sums, in one step; null for anything else.</summary>
    private static Entry? Positions(ModifierExpr e)
    {
        Span<double> factors = stackalloc double[4];
        if (e.Op is ModifierOp.Linear or ModifierOp.Coordinate)
        {
            double constant = 0;
            return Add(e, 1, factors, ref constant) ? new Entry(e, EntryKind.Positions, factors, constant) : null;
        }
        if (e.Op == ModifierOp.LessOrEqual && e.Arguments[0].IsInteger)
        {
            double constant = 0;
            return Add(e.Arguments[0], 1, factors, ref constant) && Add(e.Arguments[1], -1, factors, ref constant)
                ? new Entry(e, EntryKind.NotAbove, factors, constant) : null;
        }
        return null;

        static bool Add(ModifierExpr sum, double sign, Span<double> factors, ref double constant)
        {
            constant += sign * ModifierExprs.ConstantOf(sum);
            foreach (var (factor, atom) in ModifierExprs.Terms(sum))
            {
                if (atom.Op != ModifierOp.Coordinate) return false;
                factors[atom.Axis] += sign * factor;
            }
            return true;
        }
    }

    private enum EntryKind
    {
        Any,
        Known,
        Positions,
        NotAbove,
        Where,
        And,
        Or,
    }

    private sealed class Entry
    {
        public readonly ModifierExpr Expr;
        public readonly EntryKind Kind;
        public readonly int[] Arguments = [];
        public readonly int A, B, C;
        public readonly long[] Factors = [];
        public readonly Interval Known;
        public readonly TableBounds? Bounds;
        private readonly double ofKey, ofQuery, ofHead, ofBatch, constant;

        public Entry(ModifierExpr expr, int[] arguments, Interval known)
        {
            (Expr, Arguments, Known, Factors) = (expr, arguments, known, [.. expr.Factors]);
            (A, B, C) = (arguments.Length > 0 ? arguments[0] : 0, arguments.Length > 1 ? arguments[1] : 0,
                arguments.Length > 2 ? arguments[2] : 0);
            bool isTable = expr.Op == ModifierOp.Read && expr.Source!.Kind != ModifierTensorKind.Score && expr.Source.Dims.Count <= MaxRank;
            if (isTable && expr.Source!.Kind == ModifierTensorKind.Constant) Bounds = new TableBounds(expr.Source);
            Kind = expr.Op switch
            {
                ModifierOp.Constant or ModifierOp.Extent or ModifierOp.Reduce => EntryKind.Known,
                ModifierOp.Read => isTable ? EntryKind.Any : EntryKind.Known,
                ModifierOp.Where => EntryKind.Where,
                ModifierOp.And => EntryKind.And,
                ModifierOp.Or => EntryKind.Or,
                _ => EntryKind.Any,
            };
        }

        public Entry(ModifierExpr expr, EntryKind kind, ReadOnlySpan<double> factors, double constant)
        {
            (Expr, Kind, this.constant) = (expr, kind, constant);
            (ofKey, ofQuery, ofHead, ofBatch) = (factors[0], factors[1], factors[2], factors[3]);
        }

        public Interval Of(int batch, in Interval heads, in Interval queries, in Interval keys)
        {
            double low = constant + ofBatch * batch, high = low;
            Take(ofKey, in keys, ref low, ref high);
            Take(ofQuery, in queries, ref low, ref high);
            if (ofHead != 0) Take(ofHead, in heads, ref low, ref high);
            return new Interval(low, high);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            static void Take(double factor, in Interval range, ref double low, ref double high)
            {
                low += factor * (factor > 0 ? range.Low : range.High);
                high += factor * (factor > 0 ? range.High : range.Low);
            }
        }
    }
}
