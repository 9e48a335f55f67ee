using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>A tile program for vectors of a width and type.</summary>
internal sealed unsafe class BoundProgram<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private readonly LaneTable constants;

    public BoundProgram(TileProgram program)
    {
        Once = [.. program.Once.Select(s => s.Op.Bind<V, C>())];
        Steps = [.. program.Steps.Select(s => s.Op.Bind<V, C>())];
        Layout = new TileLayout(program, V.Count, sizeof(C));
        constants = LaneTable.Allocate(program.Constants.Length * V.Count, sizeof(C) == sizeof(double));
        for (int i = 0; i < program.Constants.Length; i++)
        {
            double value = program.Constants[i];
            V.Store(program.Masks[i] ? value != 0 ? V.AllBitsSet : V.Zero : V.Constant(value), Constants + i * V.Count);
        }
    }

    /// <summary>The routines of the steps worked out once, and of those for each score.</summary>
    public TileRoutine<V, C>[] Once { get; }

    /// <inheritdoc cref="Once"/>
    public TileRoutine<V, C>[] Steps { get; }

    /// <summary>A vector for each constant.</summary>
    public C* Constants => (C*)constants.Data;

    /// <summary>Where everything lies in the memory that a run works with.</summary>
    public readonly TileLayout Layout;
}

/// <summary>Where values lie in the memory that a run of a program works with, counted in elements; all begin at a cache line.</summary>
internal readonly struct TileLayout
{
    /// <summary>The most keys of an area.</summary>
    public const int MaxKeys = 256;

    /// <summary>The most rows of an area, and one that a routine may write beyond.</summary>
    public const int MaxRows = 16;

    /// <summary>The most numbers of rows that a kernel brings.</summary>
    public const int MaxNumbers = 8;

    public readonly int Batch, Heads, Queries, Keys, Numbers, PanelSlots, RowSlots, KeySlots, ScoreSlots, Copies, Pointers, RowsAtOnce;

    /// <summary>The bytes of everything.</summary>
    public readonly long Bytes;

    /// <param name="program">The program.</param>
    /// <param name="lanes">The elements of a vector.</param>
    /// <param name="size">The bytes of an element.</param>
    public TileLayout(TileProgram program, int lanes, int size)
    {
        int end = 0;
        RowsAtOnce = program.RowsAtOnce;
        Batch = Take(program.UsesBatch ? 2 * lanes : 0);
        Heads = Take(program.UsesHead ? MaxRows * lanes : 0);
        Queries = Take(program.UsesQuery ? MaxRows * lanes : 0);
        Keys = Take(program.UsesKey ? MaxKeys : 0);
        Numbers = Take(program.UsesRowNumber ? MaxNumbers * MaxRows * lanes : 0);
        PanelSlots = Take(program.Slots[(int)TileLevel.Panel] * 2 * lanes);
        RowSlots = Take(program.Slots[(int)TileLevel.Row] * MaxRows * lanes);
        KeySlots = Take(program.Slots[(int)TileLevel.Key] * MaxKeys);
        ScoreSlots = Take(program.Slots[(int)TileLevel.Score] * RowsAtOnce * MaxKeys);
        Copies = Take(program.Runs.Length * RowsAtOnce * MaxKeys);
        Pointers = Take(3 * RowsAtOnce * sizeof(ulong) / size);
        Bytes = (long)end * size;

        int Take(int count)
        {
            int start = end, line = 64 / size;
            end += (count + line - 1) / line * line;
            return start;
        }
    }
}
