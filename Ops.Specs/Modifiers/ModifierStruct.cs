using System.Globalization;
using Ops.Specs.Collections;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;

namespace Ops.Specs.Modifiers;

/// <summary>A modifier as the parts of a C# struct: statements for rows of scores, for the intervals of a tile, and for what it takes for
/// granted.</summary>
internal sealed class ModifierStruct
{
    private readonly ModifierProgram program;
    private readonly IReadOnlyList<Dim> dims;
    private readonly Dictionary<ModifierTensor, int> constants = [];
    private readonly List<FunctorRow> rows = [];
    private readonly List<bool> byHead = [];
    private readonly int firstConstant, firstDistance;
    private IReadOnlyList<ModifierExpr> numbers = [];

    private ModifierStruct(ModifierProgram program, IReadOnlyList<PresetFunctor> before)
    {
        this.program = program;
        dims = program.Score.Dims;
        firstConstant = before.Sum(f => f.Constants.Count);
        firstDistance = before.Sum(f => f.DistancesByHead.Count);
    }

    /// <summary>The part of a struct that a modifier of scores or probabilities is.</summary>
    /// <param name="attribute">The graph attribute it is for.</param>
    /// <param name="program">The modifier; its dims are known only in a call.</param>
    /// <param name="before">The other parts of the struct so far, whose tables come first.</param>
    /// <exception cref="ModifierException">It needs what a struct does not have.</exception>
    public static PresetFunctor Of(string attribute, ModifierProgram program, IReadOnlyList<PresetFunctor> before)
    {
        var own = new ModifierStruct(program, before);
        return program.IsProbability ? own.OfProbabilities(attribute) : own.OfScores(attribute);
    }

    private PresetFunctor OfProbabilities(string attribute)
    {
        numbers = ModifierReductions.Of(program.Root);
        ModifierExpr[] roots = [program.Root, .. numbers.Select(n => n.Body!)];
        string[] names = ["Probability", .. numbers.Select((_, i) => $"Reduction{i}")];
        Dictionary<ModifierExpr, int> distances = Distances(roots);
        foreach (var (name, root) in names.Zip(roots, (name, root) => (name, root)))
            AddTabled(name, root, distances);
        AddDistances(distances);
        return Finish(new PresetFunctor(attribute, program.Root.ToString())
        {
            IsProbability = true,
            SkipsZeros = ModifierReductions.SkipZeros(program, numbers),
            Reductions = numbers.Select(n => n.Reduction.ToString()).ToEquatableArray(),
        });
    }

    private PresetFunctor OfScores(string attribute)
    {
        ModifierExpr root = program.Root;
        Dictionary<ModifierExpr, bool> tests = ModifierGuards.Of(root);
        ModifierExpr full = tests.Count == 0
            ? root : program.Exprs.Rewrite(root, e => tests.TryGetValue(e, out bool passes) ? program.Exprs.Truth(passes) : null);
        bool isPlain = full.Op == ModifierOp.Read && ReferenceEquals(full.Source, program.Score);

        Dictionary<ModifierExpr, int> distances = Distances([root, full]);
        AddTabled("Row", root, distances);
        if (tests.Count > 0 && !isPlain)
            AddTabled("FullRow", full, distances);
        AddDistances(distances);

        var look = new ModifierIntervals(dims);
        string range = look.Name(root);
        string isFull = string.Join(" && ", tests.Select(t => $"{look.Name(t.Key)}.{(t.Value ? "IsTrue" : "IsFalse")}"));
        return Finish(new PresetFunctor(attribute, root.ToString())
        {
            IsSelective = program.Tier == ModifierTier.Selective,
            IsPlainWhenFull = tests.Count > 0 && isPlain,
            HasFullRow = tests.Count > 0 && !isPlain,
            Intervals = look.Statements.ToEquatableArray(),
            Range = range,
            IsFull = isFull,
            Keys = Keys(),
        });
    }

    private EquatableArray<string> Keys() =>
        ModifierKeys.Of(program) is not { } keys ? []
            : [keys.From is null ? "0" : OfRow(keys.From), keys.To is null ? "call.Keys" : OfRow(keys.To)];

    /// <summary>An integer of a row's positions as C#.</summary>
    private string OfRow(ModifierExpr e)
    {
        string[] arguments = [.. e.Arguments.Select(OfRow)];
        return e.Op switch
        {
            ModifierOp.Constant => ModifierRow.Number(e),
            ModifierOp.Coordinate => e.Axis switch { 1 => "query", 2 => "head", _ => "batch" },
            ModifierOp.Extent => ModifierRow.Extent(e.Extent, dims, "call"),
            ModifierOp.Linear => ModifierRow.Linear([.. arguments.Select((a, i) => (e.Factors[i], a))], e.Integer, "{0}"),
            ModifierOp.Minimum => $"Math.Min({arguments[0]}, {arguments[1]})",
            ModifierOp.Maximum => $"Math.Max({arguments[0]}, {arguments[1]})",
            ModifierOp.Absolute => $"Math.Abs({arguments[0]})",
            _ => $"({arguments[0]}) / ({arguments[1]})",
        };
    }

    private PresetFunctor Finish(PresetFunctor functor)
    {
        var granted = new ModifierIntervals(dims, ofWholes: true);
        string[] requirements = [.. Requirements(granted)];
        return functor with
        {
            Constants = constants.OrderBy(c => c.Value).Select(c => Elements(c.Key)).ToEquatableArray(),
            DistancesByHead = byHead.ToEquatableArray(),
            Rows = rows.ToEquatableArray(),
            Granted = granted.Statements.ToEquatableArray(),
            Requirements = requirements.ToEquatableArray(),
        };
    }

    private void Add(string name, ModifierExpr root, Dictionary<ModifierExpr, int> distances) =>
        rows.Add(new ModifierRow(name, dims, constants, firstConstant, distances, numbers).Of(root));

    private void AddTabled(string name, ModifierExpr root, Dictionary<ModifierExpr, int> distances)
    {
        Add(name, root, []);
        if (distances.Count > 0)
            Add($"Tabled{name}", root, distances);
    }

    private void AddDistances(Dictionary<ModifierExpr, int> distances)
    {
        foreach (KeyValuePair<ModifierExpr, int> distance in distances.OrderBy(d => d.Value))
            Add($"Distance{distance.Value}", distance.Key, []);
    }

    /// <summary>The parts that tables of distances stand for, the largest ones.</summary>
    private Dictionary<ModifierExpr, int> Distances(IEnumerable<ModifierExpr> roots)
    {
        var found = new Dictionary<ModifierExpr, int>();
        var seen = new HashSet<ModifierExpr>();
        foreach (ModifierExpr root in roots)
            Visit(root);
        return found;

        void Visit(ModifierExpr e)
        {
            if (!seen.Add(e))
                return;
            if (ModifierDistances.Of(program.Exprs, e, dims) is not null)
            {
                if (ModifierDistances.IsQuick(e))
                    return;
                found[e] = firstDistance + found.Count;
                byHead.Add((e.Uses & ModifierUses.Head) != 0);
                return;
            }
            foreach (ModifierExpr argument in e.Arguments)
                Visit(argument);
        }
    }

    /// <summary>What holds for every call that the struct serves.</summary>
    private IEnumerable<string> Requirements(ModifierIntervals intervals)
    {
        foreach (var (dim, value) in program.Assumptions.Distinct())
            yield return $"tile.Require({ModifierRow.Extent(dim, dims, "tile")}, {value.ToString(CultureInfo.InvariantCulture)}, \"{dim.ToString().Split('#')[0]}\");";
        foreach (var (place, extent) in program.Places.Distinct())
            yield return $"tile.RequirePlace({intervals.Name(place)}, {extent.ToString(CultureInfo.InvariantCulture)});";
        foreach (ModifierExpr large in Integers([program.Root, .. numbers.Select(n => n.Body!)])
            .Where(e => !e.Range.Within(-(1 << 24), 1 << 24)))
            yield return $"tile.RequireExact({intervals.Name(large)});";
    }

    private static List<ModifierExpr> Integers(IEnumerable<ModifierExpr> roots)
    {
        var seen = new HashSet<ModifierExpr>();
        var found = new List<ModifierExpr>();
        foreach (ModifierExpr root in roots)
            Visit(root);
        return found;

        void Visit(ModifierExpr e)
        {
            if (!seen.Add(e)) return;
            foreach (ModifierExpr argument in e.Arguments) Visit(argument);
            if (e.IsInteger) found.Add(e);
        }
    }

    private static string Elements(ModifierTensor tensor) =>
        string.Join(", ", Enumerable.Range(0, (int)tensor.Length).Select(i => ModifierRow.Number(tensor.RealAt(i))));
}
