using System.Globalization;
using Ops.Specs.Collections;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>A modifier as the parts of a C# struct: statements for rows of scores, for the intervals of a tile, and for what it takes for granted.</summary>
internal sealed class ModifierStruct
{
    private readonly ModifierProgram program;
    private readonly IReadOnlyList<Dim> dims;
    private readonly Dictionary<ModifierTensor, int> constants = [];
    private readonly List<FunctorRow> rows = [];
    private readonly List<bool> byHead = [];

    private ModifierStruct(ModifierProgram program)
    {
        this.program = program;
        dims = program.Score.Dims;
    }

    /// <summary>The struct of a modifier of scores.</summary>
    /// <param name="attribute">The graph attribute it is for.</param>
    /// <param name="program">The modifier; its dims are known only in a call.</param>
    /// <exception cref="ModifierException">It needs what a struct does not have.</exception>
    public static PresetFunctor Of(string attribute, ModifierProgram program) => new ModifierStruct(program).Make(attribute);

    private PresetFunctor Make(string attribute)
    {
        ModifierExpr root = program.Root;
        Dictionary<ModifierExpr, bool> tests = ModifierGuards.Of(root);
        ModifierExpr full = tests.Count == 0 ? root : program.Exprs.Rewrite(root, e => tests.TryGetValue(e, out bool passes) ? program.Exprs.Truth(passes) : null);
        bool isPlain = full.Op == ModifierOp.Read && ReferenceEquals(full.Source, program.Score);

        Dictionary<ModifierExpr, int> distances = Distances([root, full]);
        Add("Row", root, []);
        if (distances.Count > 0)
            Add("TabledRow", root, distances);
        if (tests.Count > 0 && !isPlain)
        {
            Add("FullRow", full, []);
            if (distances.Count > 0)
                Add("TabledFullRow", full, distances);
        }
        foreach (var (part, number) in distances.OrderBy(d => d.Value).Select(d => (d.Key, d.Value)))
            Add($"Distance{number}", part, []);

        var look = new ModifierIntervals(dims);
        string range = look.Name(root);
        string isFull = string.Join(" && ", tests.Select(t => $"{look.Name(t.Key)}.{(t.Value ? "IsTrue" : "IsFalse")}"));
        var granted = new ModifierIntervals(dims);
        string[] requirements = [.. Requirements(granted)];
        return new PresetFunctor(attribute, root.ToString())
        {
            IsSelective = program.Tier == ModifierTier.Selective,
            IsPlainWhenFull = tests.Count > 0 && isPlain,
            HasFullRow = tests.Count > 0 && !isPlain,
            Constants = constants.OrderBy(c => c.Value).Select(c => Elements(c.Key)).ToEquatableArray(),
            DistancesByHead = byHead.ToEquatableArray(),
            Rows = rows.ToEquatableArray(),
            Intervals = look.Statements.ToEquatableArray(),
            Range = range,
            IsFull = isFull,
            Granted = granted.Statements.ToEquatableArray(),
            Requirements = requirements.ToEquatableArray(),
        };
    }

    private void Add(string name, ModifierExpr root, Dictionary<ModifierExpr, int> distances) =>
        rows.Add(new ModifierRow(name, dims, constants, distances).Of(root));

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
                found[e] = found.Count;
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
        foreach (ModifierExpr large in Integers(program.Root).Where(e => !e.Range.Within(-(1 << 24), 1 << 24)))
            yield return $"tile.RequireExact({intervals.Name(large)});";
    }

    private static List<ModifierExpr> Integers(ModifierExpr root)
    {
        var seen = new HashSet<ModifierExpr>();
        var found = new List<ModifierExpr>();
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
