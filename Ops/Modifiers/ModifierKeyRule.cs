using Ops.Kernels;
using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>The keys that a modifier read at run time leaves as they are.</summary>
internal sealed class ModifierKeyRule(ModifierKeys keys) : KeyRule
{
    private readonly RowNumber? from = keys.From is null ? null : new RowNumber(keys.From);
    private readonly RowNumber? to = keys.To is null ? null : new RowNumber(keys.To);

    /// <inheritdoc/>
    public override bool IsByHead { get; } = (((keys.From?.Uses ?? 0) | (keys.To?.Uses ?? 0)) & ModifierUses.Head) != 0;

    /// <inheritdoc/>
    public override (long From, long To) Of(int batch, int head, int query) =>
        (from?.Of(batch, head, query) ?? 0, to?.Of(batch, head, query) ?? long.MaxValue);
}

/// <summary>The keys that a modifier written as a struct leaves as they are.</summary>
internal sealed class FunctorKeyRule<M>(M functor, ModifierCall call) : KeyRule
    where M : struct, IScoreFunctor
{
    private readonly FunctorTile tile = new(call);

    /// <inheritdoc/>
    public override bool IsByHead => true;

    /// <inheritdoc/>
    public override (long From, long To) Of(int batch, int head, int query) => functor.Keys(in tile, batch, head, query);
}
