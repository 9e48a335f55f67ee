using Ops.Simd;
using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>Where a step of a tile program takes a value from.</summary>
internal enum TileSource
{
    None,
    /// <summary>The tile of scores.</summary>
    Score,
    /// <summary>A number or mask that is the same everywhere.</summary>
    Constant,
    /// <summary>What an earlier step gave.</summary>
    Slot,
    /// <summary>Consecutive elements of a table, one for each key.</summary>
    Run,
    /// <summary>The position of the batch, of a row's head or query, or of a key.</summary>
    Batch,
    Head,
    Query,
    Key,
    /// <summary>A number of a row that the kernel brings.</summary>
    RowNumber,
    /// <summary>A table as a whole.</summary>
    Table,
}

/// <summary>How often a value of a tile program is worked out.</summary>
internal enum TileLevel
{
    /// <summary>Once for a panel.</summary>
    Panel,
    /// <summary>Once for each row of a panel.</summary>
    Row,
    /// <summary>Once for each key, all rows sharing it.</summary>
    Key,
    /// <summary>For each score.</summary>
    Score,
}

/// <summary>A value that a step uses.</summary>
internal readonly record struct TileValue(TileSource Source, TileLevel Level, int Index = 0);

/// <summary>One step of a tile program.</summary>
/// <param name="Op">What is done.</param>
/// <param name="Level">How often.</param>
/// <param name="Slot">Where the result goes: the slot of its level, or -1 for the tile.</param>
/// <param name="A">The first operand.</param>
/// <param name="B">The second.</param>
/// <param name="C">The third.</param>
internal readonly record struct TileStep(TileOp Op, TileLevel Level, int Slot, TileValue A, TileValue B = default, TileValue C = default);

/// <summary>A table that a program reads: its own, or an operand of each call.</summary>
/// <param name="Own">The program's own; null for an operand.</param>
/// <param name="Operand">The number of the operand.</param>
internal readonly record struct TileTable(LaneTable? Own, int Operand = -1)
{
    /// <summary>The elements for a call.</summary>
    public LaneTable Of(CallOperands? operands) => Own ?? operands!.Table(Operand);
}

/// <summary>A run of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Start">Where the element for key 0 lies in the first row of the first head and sequence.</param>
/// <param name="OfBatch">From there to that of the next sequence.</param>
/// <param name="OfHead">To that of the next head.</param>
/// <param name="OfQuery">To that of the next query.</param>
/// <param name="Places">What else moves it, times strides.</param>
internal sealed record TileRun(TileTable Table, long Start, long OfBatch, long OfHead, long OfQuery, (TileValue Place, long Stride)[] Places);

/// <summary>A modifier as steps over rows of a tile, each step one vector routine. Immutable; any number of threads may run it.</summary>
internal sealed class TileProgram
{
    /// <summary>Rows worked on together, so that what steps pass on stays in the nearest cache.</summary>
    public int RowsAtOnce => Slots[(int)TileLevel.Score] switch { 0 or 1 => 16, 2 or 3 => 7, _ => 4 };

    /// <summary>What the steps use of what the kernel brings.</summary>
    public required IReadOnlySet<TileSource> Uses
    {
        init =>
            (UsesBatch, UsesHead, UsesQuery, UsesKey, UsesRowNumber) = (value.Contains(TileSource.Batch), value.Contains(TileSource.Head),
                value.Contains(TileSource.Query), value.Contains(TileSource.Key), value.Contains(TileSource.RowNumber));
    }

    /// <summary>Whether heads differ.</summary>
    public bool IsByHead => UsesHead || Runs.Any(r => r.OfHead != 0);

    /// <summary>Whether queries differ.</summary>
    public bool IsByQuery => UsesQuery || Runs.Any(r => r.OfQuery != 0);

    /// <summary>Whether steps use the position of the batch, and so on.</summary>
    public bool UsesBatch { get; private init; }

    /// <inheritdoc cref="UsesBatch"/>
    public bool UsesHead { get; private init; }

    /// <inheritdoc cref="UsesBatch"/>
    public bool UsesQuery { get; private init; }

    /// <inheritdoc cref="UsesBatch"/>
    public bool UsesKey { get; private init; }

    /// <inheritdoc cref="UsesBatch"/>
    public bool UsesRowNumber { get; private init; }

    public required bool IsDouble { get; init; }

    /// <summary>The steps, those of panels, rows and keys first.</summary>
    public required TileStep[] Once { get; init; }

    /// <summary>The steps for each score.</summary>
    public required TileStep[] Steps { get; init; }

    /// <summary>The constants; a mask is 0 or NaN with all bits set.</summary>
    public required double[] Constants { get; init; }

    /// <summary>Which constants are masks.</summary>
    public required bool[] Masks { get; init; }

    public required TileRun[] Runs { get; init; }

    public required TileTable[] Tables { get; init; }

    /// <summary>Slots of each level.</summary>
    public required int[] Slots { get; init; }

    /// <summary>The expression it runs.</summary>
    public required ModifierExpr Root { get; init; }

    /// <summary>The program for vectors of a width and type.</summary>
    public BoundProgram<V, C> Bind<V, C>()
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        if (bound is BoundProgram<V, C> known) return known;
        var made = new BoundProgram<V, C>(this);
        bound = made;
        return made;
    }

    private volatile object? bound;
}
