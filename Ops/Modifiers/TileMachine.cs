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
internal readonly unsafe record struct TileArea(int Batch, int Rows, nint Heads, nint Queries, int Key, int Groups, nint RowNumbers = 0, int NumberStep = 0);

/// <summary>Runs tile programs: one vector routine for each step, over a few rows at a time.</summary>
internal unsafe ref struct TileMachine<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    /// <summary>The most keys of an area.</summary>
    public const int MaxKeys = 256;

    /// <summary>The most rows of an area, and one that a routine may write beyond.</summary>
    private const int MaxRows = 16;

    private readonly TileProgram program;
    private readonly TileArea area;
    private readonly C* tile;
    private readonly C* constants, batch, heads, queries, keys, numbers;
    private readonly C* panelSlots, rowSlots, keySlots, scoreSlots, copies;
    private readonly C** pointers;

    private TileMachine(TileProgram program, in TileArea area, C* tile, byte* work)
    {
        this.program = program;
        this.area = area;
        this.tile = tile;
        C* next = (C*)work;
        constants = Take(ref next, program.Constants.Length * V.Count);
        batch = Take(ref next, 2 * V.Count);
        heads = Take(ref next, MaxRows * V.Count);
        queries = Take(ref next, MaxRows * V.Count);
        keys = Take(ref next, MaxKeys);
        numbers = Take(ref next, program.UsesRowNumber ? MaxNumbers * MaxRows * V.Count : 0);
        panelSlots = Take(ref next, program.Slots[(int)TileLevel.Panel] * 2 * V.Count);
        rowSlots = Take(ref next, program.Slots[(int)TileLevel.Row] * MaxRows * V.Count);
        keySlots = Take(ref next, program.Slots[(int)TileLevel.Key] * MaxKeys);
        scoreSlots = Take(ref next, program.Slots[(int)TileLevel.Score] * program.RowsAtOnce * MaxKeys);
        copies = Take(ref next, program.Runs.Length * program.RowsAtOnce * MaxKeys);
        pointers = (C**)next;
    }

    /// <summary>The most numbers of rows that a kernel brings.</summary>
    public const int MaxNumbers = 8;

    private static int Width => 2 * V.Count;

    /// <summary>The bytes of memory that a run of a program works with.</summary>
    public static long WorkBytes(TileProgram program) => sizeof(C) * ((long)(program.Constants.Length + 2 + (2 + MaxNumbers) * MaxRows) * V.Count + MaxKeys
        + program.Slots[(int)TileLevel.Panel] * 2 * V.Count + program.Slots[(int)TileLevel.Row] * MaxRows * V.Count + program.Slots[(int)TileLevel.Key] * MaxKeys
        + (program.Slots[(int)TileLevel.Score] + program.Runs.Length) * program.RowsAtOnce * MaxKeys) + 4 * program.RowsAtOnce * sizeof(C*) + 16 * 64;

    private static C* Take(ref C* next, int count)
    {
        C* start = next;
        next += (count * sizeof(C) + 63) / 64 * 64 / sizeof(C);
        return start;
    }

    /// <summary>Runs a program over an area, in place.</summary>
    /// <param name="program">The program.</param>
    /// <param name="area">What the scores are of.</param>
    /// <param name="tile">The scores: for each group of keys its rows, two vectors each.</param>
    /// <param name="groupStep">From a group to the next.</param>
    /// <param name="work">Memory to work with, aligned to a cache line.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(TileProgram program, in TileArea area, C* tile, nint groupStep, byte* work)
    {
        if (program.Steps.Length == 0) return;
        var machine = new TileMachine<V, C>(program, area, tile, work);
        machine.Prepare();
        int rowsAtOnce = program.RowsAtOnce;
        TileStep[] steps = program.Steps;
        for (int row = 0; row < area.Rows; row += rowsAtOnce)
        {
            int rows = int.Min(rowsAtOnce, area.Rows - row);
            for (int i = 0; i < steps.Length; i++)
            {
                ref readonly TileStep step = ref steps[i];
                Lane a = machine.Find(step.A, row, rows, groupStep, 0), b = default, c = default;
                if (step.B.Source != TileSource.None) b = machine.Find(step.B, row, rows, groupStep, 1);
                if (step.C.Source != TileSource.None) c = machine.Find(step.C, row, rows, groupStep, 2);
                machine.Execute(in step, in a, in b, in c, machine.Slot(step.Slot, row, groupStep), rows, area.Groups);
            }
        }
    }

    /// <summary>Constants, positions, and what is worked out once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prepare()
    {
        double[] values = program.Constants;
        for (int i = 0; i < values.Length; i++)
            V.Store(program.Masks[i] ? values[i] != 0 ? V.AllBitsSet : V.Zero : V.Constant(values[i]), constants + i * V.Count);
        if (program.UsesBatch)
        {
            V.Store(V.Constant(area.Batch), batch);
            V.Store(V.Constant(area.Batch), batch + V.Count);
        }
        if (program.UsesHead)
            for (int row = 0; row < area.Rows; row++) V.Store(V.Constant(((int*)area.Heads)[row]), heads + row * V.Count);
        if (program.UsesQuery)
            for (int row = 0; row < area.Rows; row++) V.Store(V.Constant(((int*)area.Queries)[row]), queries + row * V.Count);
        if (program.UsesKey)
        {
            V position = V.Indices + V.Constant(area.Key), next = V.Constant(V.Count);
            for (int i = 0; i < area.Groups * 2; i++, position += next) V.Store(position, keys + i * V.Count);
        }
        if (program.UsesRowNumber)
            for (int number = 0; number < MaxNumbers; number++)
                for (int row = 0; row < area.Rows; row++)
                    V.Store(V.Create(((C*)area.RowNumbers)[number * area.NumberStep + row]), numbers + (number * MaxRows + row) * V.Count);

        TileStep[] once = program.Once;
        for (int i = 0; i < once.Length; i++)
        {
            ref readonly TileStep step = ref once[i];
            Lane a = Find(step.A, 0, 1, 0, 0), b = Find(step.B, 0, 1, 0, 1), c = Find(step.C, 0, 1, 0, 2);
            if (step.Level == TileLevel.Panel)
                Execute(in step, a, b, c, new Lane(panelSlots + step.Slot * 2 * V.Count, 0, 0, 0), 1, 1);
            else if (step.Level == TileLevel.Row)
                Execute(in step, a, b, c, new Lane(rowSlots + step.Slot * MaxRows * V.Count, V.Count, 0, 0), area.Rows, 1);
            else
                Execute(in step, a, b, c, new Lane(keySlots + step.Slot * MaxKeys, 0, Width, V.Count), 1, area.Groups);
        }
    }

    private readonly Lane Slot(int slot, int row, nint groupStep) => slot < 0
        ? new Lane(tile + row * Width, Width, groupStep, V.Count)
        : new Lane(scoreSlots + slot * program.RowsAtOnce * MaxKeys, MaxKeys, Width, V.Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly Lane Find(in TileValue value, int row, int rows, nint groupStep, int operand)
    {
        switch (value.Source)
        {
            case TileSource.Score: return new Lane(tile + row * Width, Width, groupStep, V.Count);
            case TileSource.Constant: return new Lane(constants + value.Index * V.Count, 0, 0, 0);
            case TileSource.Batch: return new Lane(batch, 0, 0, 0);
            case TileSource.Head: return new Lane(heads + row * V.Count, V.Count, 0, 0);
            case TileSource.Query: return new Lane(queries + row * V.Count, V.Count, 0, 0);
            case TileSource.RowNumber: return new Lane(numbers + (value.Index * MaxRows + row) * V.Count, V.Count, 0, 0);
            case TileSource.Key: return new Lane(keys, 0, Width, V.Count);
            case TileSource.Run: return Run(value, row, rows, operand);
            case TileSource.Slot:
                return value.Level switch
                {
                    TileLevel.Panel => new Lane(panelSlots + value.Index * 2 * V.Count, 0, 0, 0),
                    TileLevel.Row => new Lane(rowSlots + (value.Index * MaxRows + row) * V.Count, V.Count, 0, 0),
                    TileLevel.Key => new Lane(keySlots + value.Index * MaxKeys, 0, Width, V.Count),
                    _ => Slot(value.Index, row, groupStep),
                };
            default: return default;
        }
    }

    /// <summary>Where the run of each row begins; what would reach beyond its table is copied first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly Lane Run(in TileValue value, int row, int rows, int operand)
    {
        TileRun run = program.Runs[value.Index];
        C** starts = pointers + operand * program.RowsAtOnce;
        C* copy = copies + value.Index * program.RowsAtOnce * MaxKeys;
        int count = area.Groups * Width;
        for (int r = 0; r < rows; r++, copy += MaxKeys)
        {
            long at = run.Start + area.Key;
            for (int k = 0; k < run.Places.Length; k++)
            {
                TileValue place = run.Places[k].Place;
                long stride = run.Places[k].Stride;
                at += Whole(*Find(in place, row + r, 1, 0, operand).Base) * stride;
            }
            starts[r] = (C*)run.Table.Data + at;
            if (at + count <= run.Table.Readable) continue;
            new Span<C>(copy, count).Clear();
            new ReadOnlySpan<C>(starts[r], (int)long.Clamp(run.Table.Readable - at, 0, count)).CopyTo(new Span<C>(copy, count));
            starts[r] = copy;
        }
        return new Lane(starts[0], 0, Width, V.Count, rows > 1 ? starts : null);
    }

    private static long Whole(C value) => typeof(C) == typeof(float) ? (long)Unsafe.BitCast<C, float>(value) : (long)Unsafe.BitCast<C, double>(value);

    /// <summary>Where the elements of an operand lie: steps from row to row, from group to group, and to a group's second vector.</summary>
    private readonly struct Lane(C* @base, nint row, nint group, nint vector, C** rows = null)
    {
        public readonly C* Base = @base;
        public readonly nint Group = group, Vector = vector;
        private readonly nint row = row;
        private readonly C** rows = rows;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public C* At(int number) => rows != null ? rows[number] : Base + number * row;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Execute(in TileStep step, in Lane a, in Lane b, in Lane c, in Lane to, int rows, int groups)
    {
        switch (step.Op)
        {
            case TileOp.Copy: Unary<TileKernels.Copy>(a, to, rows, groups); break;
            case TileOp.Add: Binary<TileKernels.Add>(a, b, to, rows, groups); break;
            case TileOp.Subtract: Binary<TileKernels.Subtract>(a, b, to, rows, groups); break;
            case TileOp.Multiply: Binary<TileKernels.Multiply>(a, b, to, rows, groups); break;
            case TileOp.Divide: Binary<TileKernels.Divide>(a, b, to, rows, groups); break;
            case TileOp.Quotient: Binary<TileKernels.Quotient>(a, b, to, rows, groups); break;
            case TileOp.WholeModulo: Binary<TileKernels.WholeModulo>(a, b, to, rows, groups); break;
            case TileOp.WholeRemainder: Binary<TileKernels.WholeRemainder>(a, b, to, rows, groups); break;
            case TileOp.Modulo: Binary<TileKernels.Modulo>(a, b, to, rows, groups); break;
            case TileOp.Remainder: Binary<TileKernels.Remainder>(a, b, to, rows, groups); break;
            case TileOp.Power: Binary<TileKernels.Power>(a, b, to, rows, groups); break;
            case TileOp.Minimum: Binary<TileKernels.Minimum>(a, b, to, rows, groups); break;
            case TileOp.Maximum: Binary<TileKernels.Maximum>(a, b, to, rows, groups); break;
            case TileOp.Negate: Unary<TileKernels.Negate>(a, to, rows, groups); break;
            case TileOp.Absolute: Unary<TileKernels.Absolute>(a, to, rows, groups); break;
            case TileOp.Sign: Unary<TileKernels.Sign>(a, to, rows, groups); break;
            case TileOp.Reciprocal: Unary<TileKernels.Reciprocal>(a, to, rows, groups); break;
            case TileOp.Sqrt: Unary<TileKernels.Sqrt>(a, to, rows, groups); break;
            case TileOp.Exp: Unary<TileKernels.Exp>(a, to, rows, groups); break;
            case TileOp.Log: Unary<TileKernels.Log>(a, to, rows, groups); break;
            case TileOp.Tanh: Unary<TileKernels.Tanh>(a, to, rows, groups); break;
            case TileOp.Sigmoid: Unary<TileKernels.Sigmoid>(a, to, rows, groups); break;
            case TileOp.Softplus: Unary<TileKernels.Softplus>(a, to, rows, groups); break;
            case TileOp.Erf: Unary<TileKernels.Erf>(a, to, rows, groups); break;
            case TileOp.Gelu: Unary<TileKernels.Gelu>(a, to, rows, groups); break;
            case TileOp.GeluTanh: Unary<TileKernels.GeluTanh>(a, to, rows, groups); break;
            case TileOp.Sin: Unary<TileKernels.Sin>(a, to, rows, groups); break;
            case TileOp.Cos: Unary<TileKernels.Cos>(a, to, rows, groups); break;
            case TileOp.Tan: Unary<TileKernels.Tan>(a, to, rows, groups); break;
            case TileOp.Sinh: Unary<TileKernels.Sinh>(a, to, rows, groups); break;
            case TileOp.Cosh: Unary<TileKernels.Cosh>(a, to, rows, groups); break;
            case TileOp.Asin: Unary<TileKernels.Asin>(a, to, rows, groups); break;
            case TileOp.Acos: Unary<TileKernels.Acos>(a, to, rows, groups); break;
            case TileOp.Atan: Unary<TileKernels.Atan>(a, to, rows, groups); break;
            case TileOp.Asinh: Unary<TileKernels.Asinh>(a, to, rows, groups); break;
            case TileOp.Acosh: Unary<TileKernels.Acosh>(a, to, rows, groups); break;
            case TileOp.Atanh: Unary<TileKernels.Atanh>(a, to, rows, groups); break;
            case TileOp.Floor: Unary<TileKernels.Floor>(a, to, rows, groups); break;
            case TileOp.Ceiling: Unary<TileKernels.Ceiling>(a, to, rows, groups); break;
            case TileOp.Round: Unary<TileKernels.Round>(a, to, rows, groups); break;
            case TileOp.Truncate: Unary<TileKernels.Truncate>(a, to, rows, groups); break;
            case TileOp.Less: Binary<TileKernels.Less>(a, b, to, rows, groups); break;
            case TileOp.LessOrEqual: Binary<TileKernels.LessOrEqual>(a, b, to, rows, groups); break;
            case TileOp.Equal: Binary<TileKernels.Equal>(a, b, to, rows, groups); break;
            case TileOp.And: Binary<TileKernels.And>(a, b, to, rows, groups); break;
            case TileOp.Or: Binary<TileKernels.Or>(a, b, to, rows, groups); break;
            case TileOp.Xor: Binary<TileKernels.Xor>(a, b, to, rows, groups); break;
            case TileOp.Not: Unary<TileKernels.Not>(a, to, rows, groups); break;
            case TileOp.IsNaN: Unary<TileKernels.IsNaN>(a, to, rows, groups); break;
            case TileOp.IsInfinity: Unary<TileKernels.IsInfinity>(a, to, rows, groups); break;
            case TileOp.Where: Ternary<TileKernels.Where>(a, b, c, to, rows, groups); break;
            case TileOp.MaskToNumber: Unary<TileKernels.MaskToNumber>(a, to, rows, groups); break;
            case TileOp.ZeroForNaN: Unary<TileKernels.ZeroForNaN>(a, to, rows, groups); break;
            case TileOp.ToFloat: Unary<TileKernels.ToFloat>(a, to, rows, groups); break;
            case TileOp.ToFloat16: Unary<TileKernels.ToFloat16>(a, to, rows, groups); break;
            case TileOp.ToBFloat16: Unary<TileKernels.ToBFloat16>(a, to, rows, groups); break;
            case TileOp.Gather: Gather(program.Tables[step.Table], a, to, rows, groups); break;
            default: throw new InvalidOperationException($"There is no routine for {step.Op}.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Unary<O>(in Lane a, in Lane to, int rows, int groups)
        where O : struct, IUnaryKernel
    {
        O op = default;
        for (int row = 0; row < rows; row++)
        {
            C* x = a.At(row), y = to.At(row);
            for (int group = 0; group < groups; group++, x += a.Group, y += to.Group)
            {
                V u = V.Load(x), v = V.Load(x + a.Vector);
                V.Store(op.Apply<V, C>(u), y);
                V.Store(op.Apply<V, C>(v), y + V.Count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Binary<O>(in Lane a, in Lane b, in Lane to, int rows, int groups)
        where O : struct, IBinaryKernel
    {
        O op = default;
        nint stepA = a.Group, stepB = b.Group, step = to.Group, secondA = a.Vector, secondB = b.Vector;
        for (int row = 0; row < rows; row++)
        {
            C* x = a.At(row), y = b.At(row), z = to.At(row);
            for (int group = 0; group < groups; group++, x += stepA, y += stepB, z += step)
            {
                V u = op.Apply<V, C>(V.Load(x), V.Load(y)), v = op.Apply<V, C>(V.Load(x + secondA), V.Load(y + secondB));
                V.Store(u, z);
                V.Store(v, z + V.Count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Ternary<O>(in Lane a, in Lane b, in Lane c, in Lane to, int rows, int groups)
        where O : struct, ITernaryKernel
    {
        O op = default;
        nint stepA = a.Group, stepB = b.Group, stepC = c.Group, step = to.Group, secondA = a.Vector, secondB = b.Vector, secondC = c.Vector;
        for (int row = 0; row < rows; row++)
        {
            C* w = a.At(row), x = b.At(row), y = c.At(row), z = to.At(row);
            for (int group = 0; group < groups; group++, w += stepA, x += stepB, y += stepC, z += step)
            {
                V u = op.Apply<V, C>(V.Load(w), V.Load(x), V.Load(y)), v = op.Apply<V, C>(V.Load(w + secondA), V.Load(x + secondB), V.Load(y + secondC));
                V.Store(u, z);
                V.Store(v, z + V.Count);
            }
        }
    }

    /// <summary>Elements at any places. Of keys beyond the last one places may be anything, and are brought within the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Gather(LaneTable table, in Lane a, in Lane to, int rows, int groups)
    {
        C* elements = (C*)table.Data;
        for (int row = 0; row < rows; row++)
        {
            C* x = a.At(row), y = to.At(row);
            for (int group = 0; group < groups; group++, x += a.Group, y += to.Group)
            {
                V u = V.Load(x), v = V.Load(x + a.Vector);
                V.Store(FunctorTable<V, C>.Gather(elements, table.Length, u), y);
                V.Store(FunctorTable<V, C>.Gather(elements, table.Length, v), y + V.Count);
            }
        }
    }
}
