using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <summary>Where the keys and values of a sequence lie, by logical position.</summary>
/// <remarks>A kernel asks for runs: rows that lie one step apart. What a run's borders are changes no bit of a result.</remarks>
internal unsafe interface IKeyValueLayout
{
    /// <summary>Whether the heads of a few positions lie one behind another, so that memory is read in its order when they are worked on in
    /// turn.</summary>
    bool JoinsHeads { get; }

    /// <summary>The key at a position.</summary>
    /// <param name="batch">The sequence.</param>
    /// <param name="head">The key/value head.</param>
    /// <param name="position">The logical position.</param>
    /// <param name="run">For how many keys, this one included, <paramref name="step"/> leads to the next.</param>
    /// <param name="step">From a key to the next, in elements.</param>
    void* Key(int batch, int head, int position, out int run, out nint step);

    /// <summary>The value at a position.</summary>
    /// <inheritdoc cref="Key"/>
    void* Value(int batch, int head, int position, out int run, out nint step);
}

/// <summary>Keys and values in at most two tensors: those of a cache, then those that are new.</summary>
internal readonly unsafe struct CacheThenNew(HeadRows pastKeys, HeadRows keys, HeadRows pastValues, HeadRows values, int past,
    int total) : IKeyValueLayout
{
    private readonly HeadRows _pastKeys = pastKeys;
    private readonly HeadRows _keys = keys;
    private readonly HeadRows _pastValues = pastValues;
    private readonly HeadRows _values = values;
    private readonly int _past = past;
    private readonly int _total = total;

    /// <inheritdoc/>
    public bool JoinsHeads => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Key(int batch, int head, int position, out int run, out nint step) =>
        Find(in _pastKeys, in _keys, batch, head, position, out run, out step);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Value(int batch, int head, int position, out int run, out nint step) =>
        Find(in _pastValues, in _values, batch, head, position, out run, out step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void* Find(in HeadRows before, in HeadRows after, int batch, int head, int position, out int run, out nint step)
    {
        bool isPast = position < _past;
        run = (isPast ? _past : _total) - position;
        step = isPast ? before.Step : after.Step;
        return isPast ? before.At(batch, head, position) : after.At(batch, head, position - _past);
    }
}
