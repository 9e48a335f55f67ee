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
/// <param name="Table">The table of a <see cref="TileOp.Gather"/>.</param>
internal readonly record struct TileStep(TileOp Op, TileLevel Level, int Slot, TileValue A, TileValue B = default, TileValue C = default, int Table = -1);

/// <summary>A run of a table: the element for key 0 lies at the sum of places times strides.</summary>
internal sealed record TileRun(LaneTable Table, IReadOnlyList<(TileValue Place, long Stride)> Places, long Start);

/// <summary>A modifier as steps over rows of a tile, each step one vector routine. Immutable; any number of threads may run it.</summary>
internal sealed class TileProgram
{
    /// <summary>Rows worked on together, so that what they pass on stays in the nearest cache.</summary>
    public const int RowsAtOnce = 4;

    public required bool IsDouble { get; init; }

    /// <summary>The steps, those of panels, rows and keys first.</summary>
    public required IReadOnlyList<TileStep> Once { get; init; }

    /// <summary>The steps for each score.</summary>
    public required IReadOnlyList<TileStep> Steps { get; init; }

    /// <summary>The constants; a mask is 0 or NaN with all bits set.</summary>
    public required IReadOnlyList<double> Constants { get; init; }

    /// <summary>Which constants are masks.</summary>
    public required IReadOnlyList<bool> Masks { get; init; }

    public required IReadOnlyList<TileRun> Runs { get; init; }

    public required IReadOnlyList<LaneTable> Tables { get; init; }

    /// <summary>Slots of each level.</summary>
    public required IReadOnlyList<int> Slots { get; init; }

    /// <summary>Whether nothing is done at all.</summary>
    public bool IsEmpty => Steps.Count == 0;

    /// <summary>The expression it runs.</summary>
    public required ModifierExpr Root { get; init; }
}
