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
    public override void Run(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups)
    {
        O op = default;
        nint stepA = a.Group, step = to.Group, secondA = a.Vector;
        for (int row = 0; row < rows; row++)
        {
            C* x = a.At(row), y = to.At(row);
            for (int group = 0; group < groups; group++, x += stepA, y += step)
            {
                V u = V.Load(x), v = V.Load(x + secondA);
                V.Store(op.Apply<V, C>(u), y);
                V.Store(op.Apply<V, C>(v), y + V.Count);
            }
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
    public override void Run(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups)
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
    public override void Run(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups)
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
}

/// <summary>Elements at any places of a table, which begins where the second operand does and is as long as that one's step.</summary>
internal sealed unsafe class GatherRoutine<V, C> : TileRoutine<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    public static readonly GatherRoutine<V, C> Instance = new();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(in TileLane<C> a, in TileLane<C> b, in TileLane<C> c, in TileLane<C> to, int rows, int groups)
    {
        C* elements = b.Base;
        nint length = b.Row, stepA = a.Group, step = to.Group, secondA = a.Vector;
        for (int row = 0; row < rows; row++)
        {
            C* x = a.At(row), y = to.At(row);
            for (int group = 0; group < groups; group++, x += stepA, y += step)
            {
                V u = V.Load(x), v = V.Load(x + secondA);
                V.Store(FunctorTable<V, C>.Gather(elements, length, u), y);
                V.Store(FunctorTable<V, C>.Gather(elements, length, v), y + V.Count);
            }
        }
    }
}
