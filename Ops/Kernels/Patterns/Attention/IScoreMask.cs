using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>A mask tensor over the scores.</summary>
internal unsafe interface IScoreMask
{
    /// <summary>Whether there is no mask.</summary>
    static abstract bool IsNone { get; }

    /// <summary>The mask of one query.</summary>
    void* Row(int batch, int head, int query);

    /// <summary>The masked scores of consecutive keys; touches no element of the mask beyond the row.</summary>
    V Apply<V, C>(V score, void* row, int firstKey)
        where V : struct, ISimd<V, C>
        where C : unmanaged;

    /// <summary>The end of the keys of which every row has elements of its own.</summary>
    int End { get; }

    /// <summary>As <see cref="Apply"/>, for keys before <see cref="End"/>.</summary>
    V ApplyInside<V, C>(V score, void* row, int firstKey)
        where V : struct, ISimd<V, C>
        where C : unmanaged;

    /// <summary>Brings what <see cref="Apply"/> will read of a range of keys nearer.</summary>
    void Prefetch(void* row, int from, int to);

    /// <summary>Whether the mask lets any key of a range be seen.</summary>
    bool Shows(void* row, int from, int to);
}

/// <summary>No mask.</summary>
internal readonly unsafe struct NoMask : IScoreMask
{
    /// <inheritdoc/>
    public static bool IsNone => true;

    /// <inheritdoc/>
    public void* Row(int batch, int head, int query) => null;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, void* row, int firstKey)
        where V : struct, ISimd<V, C>
        where C : unmanaged => score;

    /// <inheritdoc/>
    public int End => int.MaxValue;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V ApplyInside<V, C>(V score, void* row, int firstKey)
        where V : struct, ISimd<V, C>
        where C : unmanaged => score;

    /// <inheritdoc/>
    public void Prefetch(void* row, int from, int to)
    {
    }

    /// <inheritdoc/>
    public bool Shows(void* row, int from, int to) => from < to;
}

/// <summary>True lets a key be seen.</summary>
internal readonly unsafe struct BoolMask(MaskRows rows) : IScoreMask
{
    private readonly MaskRows _rows = rows;

    /// <inheritdoc/>
    public static bool IsNone => false;

    /// <inheritdoc/>
    public void* Row(int batch, int head, int query) => _rows.At(batch, head, query, sizeof(byte));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, void* row, int firstKey)
        where V : struct, ISimd<V, C>
        where C : unmanaged =>
        _rows.Covers(firstKey, V.Count) ? ApplyInside<V, C>(score, row, firstKey)
            : V.Select(Edge<V, C>((byte*)row, firstKey), score, V.Constant(double.NegativeInfinity));

    /// <inheritdoc/>
    public int End => _rows.End;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V ApplyInside<V, C>(V score, void* row, int firstKey)
        where V : struct, ISimd<V, C>
        where C : unmanaged => V.Select(V.LoadMask((byte*)row + firstKey), score, V.Constant(double.NegativeInfinity));

    /// <inheritdoc/>
    public void Prefetch(void* row, int from, int to) => _rows.Prefetch((byte*)row, from, to, sizeof(byte));

    /// <inheritdoc/>
    public bool Shows(void* row, int from, int to)
    {
        var values = new ReadOnlySpan<byte>(row, _rows.IsSpread ? 1 : _rows.Keys);
        if (!_rows.IsSpread) values = values[from..to];
        return from < to && values.ContainsAnyExcept((byte)0);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private V Edge<V, C>(byte* row, int firstKey)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        byte* buffer = stackalloc byte[V.Count];
        for (int i = 0; i < V.Count; i++) buffer[i] = _rows.IsSpread ? *row : firstKey + i < _rows.Keys ? row[firstKey + i] : (byte)0;
        return V.LoadMask(buffer);
    }
}

/// <summary>What is added to the scores.</summary>
internal readonly unsafe struct AddedMask<T>(MaskRows rows) : IScoreMask
    where T : unmanaged
{
    private readonly MaskRows _rows = rows;

    /// <inheritdoc/>
    public static bool IsNone => false;

    /// <inheritdoc/>
    public void* Row(int batch, int head, int query) => _rows.At(batch, head, query, sizeof(T));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, void* row, int firstKey)
        where V : struct, ISimd<V, C>
        where C : unmanaged =>
        _rows.Covers(firstKey, V.Count) ? ApplyInside<V, C>(score, row, firstKey) : score + Edge<V, C>((T*)row, firstKey);

    /// <inheritdoc/>
    public int End => _rows.End;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V ApplyInside<V, C>(V score, void* row, int firstKey)
        where V : struct, ISimd<V, C>
        where C : unmanaged => score + Elements<V, T, C>.Load((T*)row + firstKey);

    /// <inheritdoc/>
    public void Prefetch(void* row, int from, int to) => _rows.Prefetch((byte*)row, from, to, sizeof(T));

    /// <inheritdoc/>
    public bool Shows(void* row, int from, int to)
    {
        if (_rows.IsSpread) return from < to && !IsNegativeInfinity(*(T*)row);
        for (int key = from; key < to; key++)
            if (!IsNegativeInfinity(((T*)row)[key])) return true;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private V Edge<V, C>(T* row, int firstKey)
        where V : struct, ISimd<V, C>
        where C : unmanaged =>
        _rows.IsSpread ? Elements<V, T, C>.Broadcast(row) : Elements<V, T, C>.LoadPartial(row + firstKey, _rows.Keys - firstKey);

    private static bool IsNegativeInfinity(T value)
    {
        if (typeof(T) == typeof(float)) return float.IsNegativeInfinity(Unsafe.BitCast<T, float>(value));
        if (typeof(T) == typeof(double)) return double.IsNegativeInfinity(Unsafe.BitCast<T, double>(value));
        if (typeof(T) == typeof(Half)) return Half.IsNegativeInfinity(Unsafe.BitCast<T, Half>(value));
        return float.IsNegativeInfinity(Unsafe.BitCast<T, BFloat16>(value));
    }
}
