using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>The row of scores that a modifier written as a struct works on.</summary>
public readonly unsafe struct FunctorPlace<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private readonly FunctorMemory _memory;
    private readonly C* _numbers;

    internal FunctorPlace(FunctorMemory memory, int batch, int head, int query, C* numbers = null)
    {
        (_memory, Batch, Head, Query) = (memory, batch, head, query);
        _numbers = numbers;
    }

    /// <summary>The sequence.</summary>
    public int Batch { get; }

    /// <summary>The query head.</summary>
    public int Head { get; }

    /// <summary>The query.</summary>
    public int Query { get; }

    /// <summary>How many sequences there are.</summary>
    public long Batches => _memory.Call.Batches;

    /// <summary>How many query heads there are.</summary>
    public long Heads => _memory.Call.Heads;

    /// <summary>How many queries a head has.</summary>
    public long Queries => _memory.Call.Queries;

    /// <summary>How many keys a head has.</summary>
    public long Keys => _memory.Call.Keys;

    /// <summary>Whether there are tables of distances.</summary>
    public bool HasDistances => _memory.HasDistances;

    /// <summary>A constant table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FunctorTable<V, C> Constant(int number) => _memory.Constant<V, C>(number);

    /// <summary>A number of the row, made of its probabilities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Number(int number) => V.Create(_numbers[number * RowPanel<C>.Slots]);

    /// <summary>A table of distances, so that the key is the place in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FunctorTable<V, C> Distance(int number) => _memory.Distance<V, C>(number, Head, Query);
}
