using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>Where the elements of an operand lie: steps from row to row, from group to group, and to a group's second vector.</summary>
internal readonly unsafe struct TileLane<C>(C* @base, nint row, nint group, nint vector, C** rows = null)
    where C : unmanaged
{
    public readonly C* Base = @base;
    public readonly nint Row = row, Group = group, Vector = vector;
    private readonly C** rows = rows;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public C* At(int number) => rows != null ? rows[number] : Base + number * Row;
}

/// <summary>A step of a tile program for vectors of a width and type: rows of groups of two vectors.</summary>
internal abstract class TileRoutine<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    /// <summary>Runs the step; operands that it does not take are not looked at.</summary>
    public abstract void Run(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups);

    /// <summary>As <see cref="Run"/>; and the greatest results of each row, lane by lane.</summary>
    public abstract unsafe void RunLast(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups,
        C* greatest);
}

/// <summary>Takes the results of a row.</summary>
internal interface ITileRow<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    /// <summary>Takes two vectors of results.</summary>
    void Take(V u, V v);

    /// <summary>Takes the end of a row.</summary>
    void End(int row);
}

/// <summary>Does nothing with results.</summary>
internal struct AnyTileRow<V, C> : ITileRow<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Take(V u, V v)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void End(int row)
    {
    }
}

/// <summary>Keeps the greatest results of each row, lane by lane.</summary>
internal unsafe struct GreatestOfTileRow<V, C>(C* greatest) : ITileRow<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private V _first = V.Constant(double.NegativeInfinity), _second = V.Constant(double.NegativeInfinity);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(V u, V v)
    {
        _first = V.MaxNative(u, _first);
        _second = V.MaxNative(v, _second);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void End(int row)
    {
        V.Store(V.MaxNative(_first, _second), greatest + row * V.Count);
        _first = _second = V.Constant(double.NegativeInfinity);
    }
}

/// <summary>A function of one operand.</summary>
internal sealed unsafe class UnaryRoutine<V, C, O> : TileRoutine<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
    where O : struct, IUnaryKernel
{
    public static readonly UnaryRoutine<V, C, O> Instance = new();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups) =>
        Loop(in a, in b, in c, in to, rows, groups, default(AnyTileRow<V, C>));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RunLast(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups,
        C* greatest) =>
        Loop(in a, in b, in c, in to, rows, groups, new GreatestOfTileRow<V, C>(greatest));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Loop<G>(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups, G results)
        where G : struct, ITileRow<V, C>
    {
        O op = default;
        nint stepA = a.Group, step = to.Group, secondA = a.Vector;
        for (int row = 0; row < rows; row++)
        {
            C* x = a.At(row), y = to.At(row);
            for (int group = 0; group < groups; group++, x += stepA, y += step)
            {
                V u = op.Apply<V, C>(V.Load(x)), v = op.Apply<V, C>(V.Load(x + secondA));
                V.Store(u, y);
                V.Store(v, y + V.Count);
                results.Take(u, v);
            }
            results.End(row);
        }
    }
}

/// <summary>A function of two operands.</summary>
internal sealed unsafe class BinaryRoutine<V, C, O> : TileRoutine<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
    where O : struct, IBinaryKernel
{
    public static readonly BinaryRoutine<V, C, O> Instance = new();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups) =>
        Loop(in a, in b, in c, in to, rows, groups, default(AnyTileRow<V, C>));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RunLast(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups,
        C* greatest) =>
        Loop(in a, in b, in c, in to, rows, groups, new GreatestOfTileRow<V, C>(greatest));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Loop<G>(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups, G results)
        where G : struct, ITileRow<V, C>
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
                results.Take(u, v);
            }
            results.End(row);
        }
    }
}

/// <summary>A function of three operands.</summary>
internal sealed unsafe class TernaryRoutine<V, C, O> : TileRoutine<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
    where O : struct, ITernaryKernel
{
    public static readonly TernaryRoutine<V, C, O> Instance = new();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups) =>
        Loop(in a, in b, in c, in to, rows, groups, default(AnyTileRow<V, C>));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RunLast(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups,
        C* greatest) =>
        Loop(in a, in b, in c, in to, rows, groups, new GreatestOfTileRow<V, C>(greatest));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Loop<G>(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups, G results)
        where G : struct, ITileRow<V, C>
    {
        O op = default;
        nint stepA = a.Group, stepB = b.Group, stepC = c.Group, step = to.Group, secondA = a.Vector, secondB = b.Vector, secondC = c.Vector;
        for (int row = 0; row < rows; row++)
        {
            C* w = a.At(row), x = b.At(row), y = c.At(row), z = to.At(row);
            for (int group = 0; group < groups; group++, w += stepA, x += stepB, y += stepC, z += step)
            {
                V u = op.Apply<V, C>(V.Load(w), V.Load(x), V.Load(y)),
                    v = op.Apply<V, C>(V.Load(w + secondA), V.Load(x + secondB), V.Load(y + secondC));
                V.Store(u, z);
                V.Store(v, z + V.Count);
                results.Take(u, v);
            }
            results.End(row);
        }
    }
}

/// <summary>Elements at any places of a table, which begins where the second operand does and is as long as that one's step.</summary>
internal sealed unsafe class GatherRoutine<V, C> : TileRoutine<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    public static readonly GatherRoutine<V, C> Instance = new();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups) =>
        Loop(in a, in b, in c, in to, rows, groups, default(AnyTileRow<V, C>));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RunLast(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups,
        C* greatest) =>
        Loop(in a, in b, in c, in to, rows, groups, new GreatestOfTileRow<V, C>(greatest));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Loop<G>(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups, G results)
        where G : struct, ITileRow<V, C>
    {
        C* elements = b.Base;
        nint length = b.Row, stepA = a.Group, step = to.Group, secondA = a.Vector;
        for (int row = 0; row < rows; row++)
        {
            C* x = a.At(row), y = to.At(row);
            for (int group = 0; group < groups; group++, x += stepA, y += step)
            {
                V u = FunctorTable<V, C>.Gather(elements, length, V.Load(x)),
                    v = FunctorTable<V, C>.Gather(elements, length, V.Load(x + secondA));
                V.Store(u, y);
                V.Store(v, y + V.Count);
                results.Take(u, v);
            }
            results.End(row);
        }
    }
}
