using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>Takes the rows of a panel one after another; with the last one, modifies the panel's scores.</summary>
/// <remarks>A tile of scores is modified when it is made, while the multipliers begin the next one.</remarks>
internal unsafe struct FunctorRows<V, C>(RowPanel<C>* panel, nint depth, C* keys, C* scores, C* lanes, byte* work) : IRowLoop<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private static int Width => 2 * V.Count;

    private int _count;

    /// <summary>The memory that the rows of a panel take.</summary>
    /// <param name="rowBytes">The bytes of one row.</param>
    public static long WorkBytes(int rowBytes) => RowPanel<C>.Slots * (rowBytes + V.Count * (long)sizeof(C));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<R>(R row)
        where R : struct, IScoreRow<V, C>
    {
        Row<R>(_count) = row;
        if (++_count == panel->Rows) Score<R>();
    }

    // Behind the lanes that no one reads.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref R Row<R>(int number)
        where R : struct, IScoreRow<V, C> => ref Unsafe.Add(ref Unsafe.AsRef<R>(work + RowPanel<C>.Slots * V.Count * sizeof(C)), number);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Score<R>()
        where R : struct, IScoreRow<V, C>
    {
        int rows = panel->Rows;
        for (int row = 0; row < rows; row++) V.Store(V.Constant(double.NegativeInfinity), lanes + row * V.Count);
        C* packed = keys, tile = scores;
        for (int key = panel->Low; key < panel->High; key += Width, tile += rows * Width)
        {
            if (packed != null)
            {
                ScoreTile.Run<V, C>(rows, 1, depth, panel->Q, packed, tile, (C*)work);
                packed += depth * Width;
            }
            if (key + Width > panel->AllTo) ModifyEdge<R>(tile, key);
            else Modify<R>(tile, key);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Modify<R>(C* tile, int key)
        where R : struct, IScoreRow<V, C>
    {
        V first = V.Indices + V.Constant(key), second = first + V.Constant(V.Count);
        C* greatest = lanes, end = tile + panel->Rows * Width;
        ref R row = ref Row<R>(0);
        for (; tile < end; tile += Width, greatest += V.Count, row = ref Unsafe.Add(ref row, 1))
        {
            V x = row.Apply(V.Load(tile), key, first), y = row.Apply(V.Load(tile + V.Count), key + V.Count, second);
            V.Store(x, tile);
            V.Store(y, tile + V.Count);
            V.Store(V.MaxNative(y, V.MaxNative(x, V.Load(greatest))), greatest);
        }
    }

    /// <summary>As <see cref="Modify"/>, where rows end within the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void ModifyEdge<R>(C* tile, int key)
        where R : struct, IScoreRow<V, C>
    {
        for (int row = 0; row < panel->Rows; row++)
        {
            for (int half = 0; half < MicroKernel.PanelVectors; half++, tile += V.Count)
            {
                int at = key + half * V.Count;
                V x = Row<R>(row).Apply(V.Load(tile), at, V.Indices + V.Constant(at));
                x = SoftmaxTile<V, C, PlainScore<NaturalUnit>, NoMask>.Within(x, at, 0, panel->RowTo[row]);
                V.Store(x, tile);
                V.Store(V.MaxNative(x, V.Load(lanes + row * V.Count)), lanes + row * V.Count);
            }
        }
    }
}

/// <summary>Measures the rows of a modifier.</summary>
internal struct FunctorRowSize<V, C> : IRowLoop<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    /// <summary>The bytes of the largest row.</summary>
    public int Bytes;

    /// <inheritdoc/>
    public void Run<R>(R row)
        where R : struct, IScoreRow<V, C>
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<R>())
            throw new Specs.OpException("FlexAttention", "modifier", $"{typeof(R).Name}, a row of a modifier, holds a reference");
        Bytes = int.Max(Bytes, Unsafe.SizeOf<R>());
    }
}
