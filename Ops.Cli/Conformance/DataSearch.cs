using Ops.Specs.Evaluation;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>
/// Makes rules true that speak of data, where no single name decides: starts that ascend to the number of rows, pages that are mapped,
/// slots that differ. Small tensors of integers are moved about by chance, and a move stays when it breaks no more than before.
/// </summary>
/// <param name="model">The op.</param>
/// <param name="random">Where chance comes from.</param>
internal sealed class DataSearch(OpModel model, Random random)
{
    /// <summary>How many moves are tried, and how many more once nothing is broken, so that not all cases lie where rules meet.</summary>
    private const int Moves = 300, Wandering = 20;

    /// <summary>How many moves all cases of one generator may take together.</summary>
    private int budget = 12_000;

    /// <summary>Larger tensors are values, not tables.</summary>
    private const long MaxTable = 64;

    private readonly Rule[] fixedRules = [.. model.Rules.Where(r => !r.ReadsData)];
    private readonly Rule[] parts =
        [.. model.Rules.Where(r => r.ReadsData).SelectMany(r => Parts(r.Predicate).Select(p => r with { Predicate = p }))];

    /// <summary>Moves data until every rule holds, or until all but one do.</summary>
    /// <param name="made">The case.</param>
    /// <param name="broken">A rule that is not to hold, if any.</param>
    public void Satisfy(SpecCase made, string? broken)
    {
        string[] tables =
            [.. model.Inputs.Where(i => i.Family is null && made.Given.TryGetValue(i.Name, out TensorValue[]? given) && IsTable(given[0]))
            .Select(i => i.Name)];
        if (tables.Length == 0 || parts.Length == 0)
            return;
        // What bounds one attribute from below or above holds for its default.
        foreach (Rule rule in fixedRules)
            if (rule.Name != broken && rule.Predicate is CompareExpr { Left: NameExpr { Symbol: SymbolKind.Attribute } given }
                && model.Attributes.Any(a => a.Name == given.Name && a.Optional)
                && new SpecEvaluator(made).Holds(rule.Predicate) == false)
                made.Present.Remove(given.Name);
        var evaluator = new SpecEvaluator(made);
        if (fixedRules.Any(r => r.Name != broken && evaluator.Holds(r.Predicate) == false))
            return;
        int wrong = Wrong(made, broken), left = wrong == 0 && broken is null ? 0 : Math.Min(Moves, budget);
        double[] likely = [-1, 0, 1, 2, .. model.Dims.Select(d => made.Value(d.Name)).OfType<double>().Where(d => d < 1000).Distinct()];
        for (bool wandering = false; left > 0; left--, budget--)
        {
            string table = tables[random.Next(tables.Length)];
            TensorValue[] before = made.Given[table];
            TensorValue moved = TensorValue.Allocate(before[0].Type, before[0].Dims);
            before[0].Bytes.CopyTo(moved.Bytes);
            Move(moved, likely);
            made.Given[table] = [moved];
            int now = Wrong(made, broken);
            if (now > wrong)
                made.Given[table] = before;
            else
                wrong = now;
            if (wrong == 0 && !wandering)
                (wandering, left) = (true, Math.Min(left, Wandering));
        }
    }

    private static bool IsTable(TensorValue tensor) =>
        tensor.Type is ElementType.Int32 or ElementType.Int64 && tensor.Length is > 0 and <= MaxTable;

    /// <summary>How many conditions are not as wanted.</summary>
    private int Wrong(SpecCase made, string? broken)
    {
        var evaluator = new SpecEvaluator(made);
        int wrong = parts.Count(p => p.Name != broken && evaluator.Holds(p.Predicate) == false);
        HashSet<string> failing = [.. ChoiceRules.Failing(made)];
        return wrong + failing.Count(f => f != broken && ValueRule.SubjectOf(f) is not null)
            + (broken is null || failing.Contains(broken) ? 0 : 1);
    }

    private static IEnumerable<Expr> Parts(Expr predicate) =>
        predicate is BinaryExpr { Op: BinaryOp.And } both ? Parts(both.Left).Concat(Parts(both.Right)) : [predicate];

    private void Move(TensorValue table, double[] likely)
    {
        int length = (int)table.Length, at = random.Next(length);
        double Likely() => likely[random.Next(likely.Length)];
        switch (random.Next(6))
        {
            case 0: Fill(table, Likely()); break;
            case 1: Sort(table); break;
            case 2: Distinct(table); break;
            case 3: Set(table, at, table.IntegerAt(random.Next(length)) + random.Next(-1, 2)); break;
            default: Set(table, random.Next(3) switch { 0 => 0, 1 => length - 1, _ => at }, (Int128)Likely()); break;
        }
    }

    private static void Fill(TensorValue table, double value)
    {
        for (int i = 0; i < table.Length; i++)
            Set(table, i, (Int128)value);
    }

    private static void Sort(TensorValue table)
    {
        Int128[] items = [.. Enumerable.Range(0, (int)table.Length).Select(i => table.IntegerAt(i)).Order()];
        for (int i = 0; i < items.Length; i++)
            Set(table, i, items[i]);
    }

    private void Distinct(TensorValue table)
    {
        int[] items = [.. Enumerable.Range(0, (int)table.Length)];
        random.Shuffle(items);
        for (int i = 0; i < items.Length; i++)
            Set(table, i, items[i]);
    }

    private static void Set(TensorValue table, int index, Int128 value) =>
        CaseElements.Write(table, index, (double)Int128.Clamp(value, int.MinValue, int.MaxValue));
}
