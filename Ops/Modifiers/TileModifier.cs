using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>Modifiers read at run time, as tile programs inside the attention kernel.</summary>
internal readonly unsafe struct TileModifier(AttentionModifiers modifiers, int keys = 0, CallOperands? operands = null) : IScoreModifier
{
    private readonly AttentionModifiers _modifiers = modifiers;
    private readonly CallOperands? _operands = operands;
    private readonly int _keys = modifiers.TakesKeys ? keys : -1;

    /// <inheritdoc/>
    public static bool IsIdentity => true;

    /// <inheritdoc/>
    public static bool IsTile => true;

    /// <inheritdoc/>
    public static bool IsSelective => true;

    /// <inheritdoc/>
    public bool IsPlain(int program) => _modifiers.Scores is not { } modifier || modifier[program].Steps.Length == 0;

    /// <inheritdoc/>
    public static bool MayChangeProbabilities => true;

    /// <inheritdoc/>
    public bool ChangesProbabilities => _modifiers.Probabilities is not null;

    /// <inheritdoc/>
    public bool SkipsZeros => _modifiers.SkipsZeros;

    /// <inheritdoc/>
    public int Reductions => _modifiers.Reductions.Count;

    /// <inheritdoc/>
    public ModifierReduction Reduction(int number) => _modifiers.Kinds[number];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged => score;

    /// <inheritdoc/>
    public long WorkBytes<V, C>()
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        long bytes = _modifiers.Scores?.WorkBytes<V, C>() ?? 0;
        if (_modifiers.Probabilities is { } probabilities) bytes = long.Max(bytes, probabilities.WorkBytes<V, C>());
        foreach (CompiledModifier reduction in _modifiers.Reductions) bytes = long.Max(bytes, reduction.WorkBytes<V, C>());
        return bytes;
    }

    /// <inheritdoc/>
    public void Select<V, C>(ref RowPanel<C> panel, int batch)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        if (_modifiers.Scores is not { IsChosen: true } modifier) return;
        var (heads, queries) = Positions(ref panel);
        int number = modifier.Select(Place(batch), heads, queries, ref panel.Low, ref panel.High, 2 * V.Count, _operands, out _);
        if (number < 0) panel.High = panel.Low;
        panel.Program = number;
    }

    /// <summary>What programs take for the position of a sequence.</summary>
    private int Place(int batch) => _keys < 0 ? batch : _keys;

    /// <summary>The heads and queries of a panel; its rows are numbered by position first.</summary>
    internal static (Interval Heads, Interval Queries) Positions<C>(ref RowPanel<C> panel)
        where C : unmanaged
    {
        int first = int.MaxValue, last = 0;
        for (int row = 0; row < panel.Rows; row++)
        {
            first = int.Min(first, panel.RowHead[row]);
            last = int.Max(last, panel.RowHead[row]);
        }
        return (new Interval(first, last), new Interval(panel.RowQuery[0], panel.RowQuery[panel.Rows - 1]));
    }

    /// <inheritdoc/>
    public void Modify<V, C>(ref RowPanel<C> panel, int batch, C* scores, C* lanes, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        bool seesAll = panel.SeesAll(2 * V.Count), isPlain = IsPlain(panel.Program);
        if (!isPlain) Run<V, C>(_modifiers.Scores![panel.Program], ref panel, Place(batch), scores, null, work, seesAll ? lanes : null);
        if (isPlain || !seesAll) ScorePass<V, C>.Hide((RowPanel<C>*)Unsafe.AsPointer(ref panel), scores, lanes);
    }

    /// <inheritdoc/>
    public void Reduce<V, C>(int number, ref RowPanel<C> panel, int batch, C* probabilities, C* rowNumbers, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged => Run<V, C>(_modifiers.Reductions[number][0], ref panel, batch, probabilities, rowNumbers, work);

    /// <inheritdoc/>
    public void ModifyProbabilities<V, C>(ref RowPanel<C> panel, int batch, C* probabilities, C* rowNumbers, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged => Run<V, C>(_modifiers.Probabilities![0], ref panel, batch, probabilities, rowNumbers, work);

    private void Run<V, C>(TileProgram program, ref RowPanel<C> panel, int batch, C* tile, C* rowNumbers, byte* work, C* lanes = null)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        int width = 2 * V.Count;
        var area = new TileArea(batch, panel.Rows, (nint)panel.RowHead, (nint)panel.RowQuery, panel.Low,
            (panel.High - panel.Low + width - 1) / width, (nint)rowNumbers, RowPanel<C>.Slots, (nint)lanes);
        TileMachine<V, C>.Run(program, area, tile, (nint)panel.Rows * width, work, _operands);
    }
}
