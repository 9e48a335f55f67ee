using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>A part of the scores: rows of one sequence, and consecutive keys.</summary>
/// <param name="Batch">The sequence.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Heads">The head of each row.</param>
/// <param name="Queries">The query of each row.</param>
/// <param name="Key">The first key.</param>
/// <param name="Groups">How many groups of two vectors of keys.</param>
/// <param name="RowNumbers">Numbers that the kernel brings: for each a place per row.</param>
/// <param name="NumberStep">From one of these numbers to the next.</param>
/// <param name="Greatest">Where the greatest results of each row go, lane by lane; 0 for nowhere.</param>
internal readonly unsafe record struct TileArea(int Batch, int Rows, nint Heads, nint Queries, int Key, int Groups, nint RowNumbers = 0,
    int NumberStep = 0, nint Greatest = 0);

/// <summary>Runs tile programs: one vector routine for each step, over a few rows at a time.</summary>
internal unsafe ref struct TileMachine<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private readonly TileProgram program;
    private readonly BoundProgram<V, C> bound;
    private readonly ref readonly TileArea area;
    private readonly CallOperands? operands;
    private readonly C* tile, memory;

    private TileMachine(TileProgram program, in TileArea area, C* tile, byte* work, CallOperands? operands)
    {
        this.program = program;
        bound = program.Bind<V, C>();
        this.area = ref area;
        this.tile = tile;
        this.operands = operands;
        memory = (C*)work;
    }

    private static int Width => 2 * V.Count;

    /// <summary>The bytes of memory that a run of a program works with.</summary>
    public static long WorkBytes(TileProgram program) => new TileLayout(program, V.Count, sizeof(C)).Bytes;

    /// <summary>Runs a program over an area, in place.</summary>
    /// <param name="program">The program.</param>
    /// <param name="area">What the scores are of.</param>
    /// <param name="tile">The scores: for each group of keys its rows, two vectors each.</param>
    /// <param name="groupStep">From a group to the next.</param>
    /// <param name="work">Memory to work with, aligned to a cache line.</param>
    /// <param name="operands">What the call brings besides; null for nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(TileProgram program, in TileArea area, C* tile, nint groupStep, byte* work, CallOperands? operands = null)
    {
        TileStep[] steps = program.Steps;
        if (steps.Length == 0) return;
        var machine = new TileMachine<V, C>(program, in area, tile, work, operands);
        machine.Prepare();
        TileRoutine<V, C>[] routines = machine.bound.Steps;
        int rowsAtOnce = machine.bound.Layout.RowsAtOnce;
        for (int row = 0; row < area.Rows; row += rowsAtOnce)
        {
            int rows = int.Min(rowsAtOnce, area.Rows - row);
            for (int i = 0; i < steps.Length; i++)
            {
                ref readonly TileStep step = ref steps[i];
                TileLane<C> a = machine.Find(step.A, row, rows, groupStep, 0), b = default, c = default;
                if (step.B.Source != TileSource.None) b = machine.Find(step.B, row, rows, groupStep, 1);
                if (step.C.Source != TileSource.None) c = machine.Find(step.C, row, rows, groupStep, 2);
                TileLane<C> to = machine.Slot(step.Slot, row, groupStep);
                if (i < steps.Length - 1 || area.Greatest == 0) routines[i].Run(in a, in b, in c, in to, rows, area.Groups);
                else routines[i].RunLast(in a, in b, in c, in to, rows, area.Groups, (C*)area.Greatest + row * V.Count);
            }
        }
        // Its constants lie in memory of its own.
        GC.KeepAlive(machine.bound);
    }

    /// <summary>Positions, and what is worked out once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Prepare()
    {
        ref readonly TileLayout layout = ref bound.Layout;
        if (program.UsesBatch)
        {
            V.Store(V.Constant(area.Batch), memory + layout.Batch);
            V.Store(V.Constant(area.Batch), memory + layout.Batch + V.Count);
        }
        if (program.UsesHead)
            for (int row = 0; row < area.Rows; row++) V.Store(V.Constant(((int*)area.Heads)[row]), memory + layout.Heads + row * V.Count);
        if (program.UsesQuery)
            for (int row = 0; row < area.Rows; row++)
                V.Store(V.Constant(((int*)area.Queries)[row]), memory + layout.Queries + row * V.Count);
        if (program.UsesKey)
        {
            V position = V.Indices + V.Constant(area.Key), next = V.Constant(V.Count);
            for (int i = 0; i < area.Groups * 2; i++, position += next) V.Store(position, memory + layout.Keys + i * V.Count);
        }
        if (program.UsesRowNumber)
            for (int number = 0; number < TileLayout.MaxNumbers; number++)
                for (int row = 0; row < area.Rows; row++)
                    V.Store(V.Create(((C*)area.RowNumbers)[number * area.NumberStep + row]),
                        memory + layout.Numbers + (number * TileLayout.MaxRows + row) * V.Count);

        TileStep[] once = program.Once;
        for (int i = 0; i < once.Length; i++)
        {
            ref readonly TileStep step = ref once[i];
            TileLane<C> a = Find(step.A, 0, 1, 0, 0), b = Find(step.B, 0, 1, 0, 1), c = Find(step.C, 0, 1, 0, 2);
            TileLane<C> to = Find(new TileValue(TileSource.Slot, step.Level, step.Slot), 0, 1, 0, 0);
            bool isRow = step.Level == TileLevel.Row, isKey = step.Level == TileLevel.Key;
            bound.Once[i].Run(a, b, c, to, isRow ? area.Rows : 1, isKey ? area.Groups : 1);
        }
    }

    private readonly TileLane<C> Slot(int slot, int row, nint groupStep) => slot < 0
        ? new TileLane<C>(tile + row * Width, Width, groupStep, V.Count)
        : new TileLane<C>(memory + bound.Layout.ScoreSlots + slot * bound.Layout.RowsAtOnce * TileLayout.MaxKeys, TileLayout.MaxKeys, Width,
            V.Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly TileLane<C> Find(in TileValue value, int row, int rows, nint groupStep, int operand)
    {
        ref readonly TileLayout layout = ref bound.Layout;
        switch (value.Source)
        {
            case TileSource.Score: return new TileLane<C>(tile + row * Width, Width, groupStep, V.Count);
            case TileSource.Constant: return new TileLane<C>(bound.Constants + value.Index * V.Count, 0, 0, 0);
            case TileSource.Batch: return new TileLane<C>(memory + layout.Batch, 0, 0, 0);
            case TileSource.Head: return new TileLane<C>(memory + layout.Heads + row * V.Count, V.Count, 0, 0);
            case TileSource.Query: return new TileLane<C>(memory + layout.Queries + row * V.Count, V.Count, 0, 0);
            case TileSource.RowNumber:
                return new TileLane<C>(memory + layout.Numbers + (value.Index * TileLayout.MaxRows + row) * V.Count, V.Count, 0, 0);
            case TileSource.Key: return new TileLane<C>(memory + layout.Keys, 0, Width, V.Count);
            case TileSource.Run: return Run(value, row, rows, operand);
            case TileSource.Table:
                LaneTable table = program.Tables[value.Index].Of(operands);
                return new TileLane<C>((C*)table.Data, (nint)table.Length, 0, 0);
            case TileSource.Slot:
                return value.Level switch
                {
                    TileLevel.Panel => new TileLane<C>(memory + layout.PanelSlots + value.Index * 2 * V.Count, 0, 0, 0),
                    TileLevel.Row => new TileLane<C>(memory + layout.RowSlots + (value.Index * TileLayout.MaxRows + row) * V.Count, V.Count, 0, 0),
                    TileLevel.Key => new TileLane<C>(memory + layout.KeySlots + value.Index * TileLayout.MaxKeys, 0, Width, V.Count),
                    _ => Slot(value.Index, row, groupStep),
                };
            default: return default;
        }
    }

    /// <summary>Where the run of each row begins; what would reach beyond its table is copied first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly TileLane<C> Run(in TileValue value, int row, int rows, int operand)
    {
        TileRun run = program.Runs[value.Index];
        LaneTable table = run.Table.Of(operands);
        ref readonly TileLayout layout = ref bound.Layout;
        C** starts = (C**)(memory + layout.Pointers) + operand * layout.RowsAtOnce;
        C* data = (C*)table.Data, start = data + run.Start + run.OfBatch * area.Batch + area.Key;
        int* heads = (int*)area.Heads + row, queries = (int*)area.Queries + row;
        for (int r = 0; r < rows; r++) starts[r] = start + run.OfHead * heads[r] + run.OfQuery * queries[r];
        for (int k = 0; k < run.Places.Length; k++)
        {
            TileValue place = run.Places[k].Place;
            long stride = run.Places[k].Stride;
            TileLane<C> places = Find(in place, row, rows, 0, operand);
            for (int r = 0; r < rows; r++) starts[r] += Whole(*(places.Base + r * places.Row)) * stride;
        }

        int count = area.Groups * Width;
        C* end = data + table.Readable;
        for (int r = 0; r < rows; r++)
            if (starts[r] + count > end)
                starts[r] = Copy(starts[r], end, count, memory + layout.Copies + (value.Index * layout.RowsAtOnce + r) * TileLayout.MaxKeys);
        return new TileLane<C>(starts[0], 0, Width, V.Count, rows > 1 ? starts : null);
    }

    /// <summary>Elements up to where they may be read.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static C* Copy(C* from, C* end, int count, C* to)
    {
        new Span<C>(to, count).Clear();
        new ReadOnlySpan<C>(from, (int)long.Clamp(end - from, 0, count)).CopyTo(new Span<C>(to, count));
        return to;
    }

    private static long Whole(C value) =>
        typeof(C) == typeof(float) ? (long)Unsafe.BitCast<C, float>(value) : (long)Unsafe.BitCast<C, double>(value);
}
