using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>
/// The operands of programs that read what a call captures: the captures themselves, numbered first, and tables of distances that each call
/// works out of them. Programs are compiled for captures of a signature once; only this is made anew in each call.
/// </summary>
internal sealed class OperandPlan
{
    /// <summary>The most tables worked out of captures.</summary>
    public const int MaxTables = 16;

    /// <summary>How many scores there must be for each element of such a table, so that working it out is little beside using it.</summary>
    private const long ScoresPerElement = 8;

    private readonly ModifierCall call;
    private readonly int captures;
    private readonly List<(ModifierExpr Part, TileProgram Program, ModifierTensor Tensor)> tables = [];
    private readonly List<(TileClassifier Place, bool ByBatch, long Extent)> places = [];

    /// <param name="call">The call that programs are for.</param>
    /// <param name="captures">How many captures there are.</param>
    /// <param name="isDouble">Whether lanes are double, not float.</param>
    public OperandPlan(ModifierCall call, int captures, bool isDouble) => (this.call, this.captures, IsDouble) = (call, captures, isDouble);

    /// <summary>Whether lanes are double, not float.</summary>
    public bool IsDouble { get; }

    /// <summary>Takes over what has to hold in each call.</summary>
    public void Require(ModifierProgram program)
    {
        foreach (var (place, extent) in program.Places)
            places.Add((new TileClassifier(place, Interval.All, []), (place.Uses & ModifierUses.Batch) != 0, extent));
    }

    /// <summary>Operands of a call; null if it holds what programs do not take for granted.</summary>
    /// <param name="values">The captures, with their data and of the signature that programs are compiled for.</param>
    public CallOperands? Bind(ModifierTensor[] values)
    {
        var operands = new CallOperands(this, values);
        Interval heads = Whole(call.Heads), queries = Whole(call.Queries), keys = Whole(call.Keys);
        foreach (var (place, byBatch, extent) in places)
            for (int batch = 0; batch < (byBatch ? call.Batches : 1); batch++)
                if (!place.Of(batch, heads, queries, keys, [], operands).Within(0, extent - 1)) return null;
        return operands;

        static Interval Whole(long extent) => new(0, Math.Max(0, extent - 1));
    }

    /// <summary>The table of distances that stands for a part of an expression; null if none does.</summary>
    public ModifierTensor? TableOf(ModifierExpr part)
    {
        lock (tables)
        {
            foreach (var (known, _, tensor) in tables)
                if (ReferenceEquals(known, part)) return tensor;
            return null;
        }
    }

    /// <summary>Has calls work out a table for a part of an expression; null if that does not pay.</summary>
    /// <param name="part">The part.</param>
    /// <param name="program">What works it out: the key is the distance.</param>
    /// <param name="dims">Heads, where they matter, and distances.</param>
    public ModifierTensor? Add(ModifierExpr part, TileProgram program, params long[] dims)
    {
        if (dims.Aggregate(ScoresPerElement, (product, dim) => product * dim) > call.Batches * call.Heads * call.Queries * call.Keys)
            return null;
        lock (tables)
        {
            if (tables.Count == MaxTables) return null;
            ModifierTensor tensor = ModifierTensor.Capture("distances", part.Type, Array.ConvertAll(dims, d => (Specs.Symbolic.Dim)d),
                captures + tables.Count, part.Range);
            tables.Add((part, program, tensor));
            return tensor;
        }
    }

    /// <summary>Works a table out.</summary>
    public LaneTable Fill(int number, CallOperands operands)
    {
        (_, TileProgram program, ModifierTensor tensor) = tables[number - captures];
        return Tabulation.Tabulate(program, tensor.Dims.Count > 1 ? (int)tensor.Dims[0].Value : 1, (int)tensor.Dims[^1].Value, operands);
    }
}
