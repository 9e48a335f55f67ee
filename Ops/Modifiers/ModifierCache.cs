using Ops.Graphs;
using Ops.Kernels;
using Ops.Specs;
using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>Compiled modifiers by what their graphs say and what they are compiled for. Bounded; any number of threads may ask.</summary>
internal static class ModifierCache
{
    /// <summary>How many are kept; those asked for longest ago go first.</summary>
    public const int Capacity = 128;

    /// <summary>Up to how many queries tables of distances would not pay, so that extents may be values of a program.</summary>
    private const int FewQueries = 8;

    /// <summary>Stands in a key for any number of keys.</summary>
    private const long AnyKeys = -1;

    private static readonly Lock s_gate = new();
    private static readonly Dictionary<Key, LinkedListNode<(Key Key, Lazy<Entry> Entry)>> s_entries = [];
    private static readonly LinkedList<(Key Key, Lazy<Entry> Entry)> s_order = [];

    /// <summary>How many are kept now; for tests.</summary>
    public static int Count
    {
        get
        {
            lock (s_gate) return s_entries.Count;
        }
    }

    /// <summary>How many modifiers this thread compiled; for tests.</summary>
    [field: ThreadStatic]
    public static int Compilations { get; private set; }

    /// <summary>The modifiers of a call that captures nothing.</summary>
    /// <inheritdoc cref="Bind"/>
    public static AttentionModifiers Get(string op, ModifierCall call, Graph? scores, Graph? probabilities) =>
        Bind(op, call, scores, probabilities, []).Modifiers;

    /// <summary>The modifiers of a call, and what they take from its captures.</summary>
    /// <remarks>
    /// Programs do not depend on what captures hold, where that can be. Where their content decides whether there is a program, as that of
    /// a shape does, it is part of the program.
    /// </remarks>
    /// <exception cref="OpException">They cannot be fused; the rule is <see cref="Coverage.NotFused"/>.</exception>
    public static (AttentionModifiers Modifiers, CallOperands? Operands) Bind(string op, ModifierCall call, Graph? scores,
        Graph? probabilities, ReadOnlySpan<Operand> captures)
    {
        var captured = new ModifierTensor[captures.Length];
        for (int i = 0; i < captured.Length; i++) captured[i] = ModifierGraphs.Captured(i, captures[i]);
        if (captured.Length > 0)
        {
            if (WithOperands(call, scores, probabilities, captured) is { } bound)
                return bound;
            if (CapturedParts.Of(scores, probabilities, captured.Length) is { } parts && parts.Run(captures) is { } results
                && WithOperands(call, parts.Scores, parts.Probabilities, [.. captured, .. results]) is { } rest)
                return rest;
        }

        Entry entry = CaptureContent.Of(captures) is { } content ? Of(call, scores, probabilities, content, content.ToTensors)
            : Entry.Of(() => AttentionModifiers.Of(call, scores, probabilities, captured));
        return (entry.Modifiers ?? throw new OpException(op, Coverage.NotFused, $"{op} did not run fused: {entry.Reason}"), null);
    }

    /// <summary>Modifiers that take captures as operands; null if there are none for what these hold.</summary>
    private static (AttentionModifiers, CallOperands?)? WithOperands(ModifierCall call, Graph? scores, Graph? probabilities,
        ModifierTensor[] captured)
    {
        CaptureSignature signature = CaptureSignature.Of(captured);
        return Of(call, scores, probabilities, signature, signature.ToTensors).Modifiers is { } modifiers
            && modifiers.Operands!.Bind(captured) is { } operands
            ? (modifiers, operands) : null;
    }

    private static Entry Of(ModifierCall call, Graph? scores, Graph? probabilities, object key, Func<ModifierTensor[]> tensors)
    {
        string? score = scores is null ? null : GraphContent.Hash(scores),
            probability = probabilities is null ? null : GraphContent.Hash(probabilities);
        return Find(new Key(call, score, probability, key),
            () => Entry.Of(() => AttentionModifiers.Of(call, scores, probabilities, tensors()))).Value;
    }

    /// <summary>The modifiers of one sequence's float scores; for few queries, as in a decode step, the same for any number of keys if that
    /// can be.</summary>
    /// <inheritdoc cref="Get"/>
    public static AttentionModifiers GetForSequence(string op, ModifierCall call, Graph scores)
    {
        if (call.Queries <= FewQueries && call.Keys <= ModifierExprs.LargestExtent)
        {
            var key = new Key(call with { Keys = AnyKeys }, GraphContent.Hash(scores), null, CaptureContent.None);
            if (Find(key, () => Entry.Of(() => AttentionModifiers.OfAnyKeys(call, scores))).Value.Modifiers is { } any)
                return any;
        }
        return Get(op, call, scores, null);
    }

    private static Lazy<Entry> Find(Key key, Func<Entry> make)
    {
        lock (s_gate)
        {
            if (s_entries.TryGetValue(key, out var known))
            {
                s_order.Remove(known);
                s_order.AddFirst(known);
                return known.Value.Entry;
            }
            var entry = new Lazy<Entry>(make);
            s_entries[key] = s_order.AddFirst((key, entry));
            if (s_entries.Count > Capacity)
            {
                s_entries.Remove(s_order.Last!.Value.Key);
                s_order.RemoveLast();
            }
            return entry;
        }
    }

    private sealed record Key(ModifierCall Call, string? Scores, string? Probabilities, object Captures);

    private sealed record Entry(AttentionModifiers? Modifiers, string? Reason)
    {
        public static Entry Of(Func<AttentionModifiers> compile)
        {
            Compilations++;
            try
            {
                return new Entry(compile(), null);
            }
            catch (ModifierException e)
            {
                return new Entry(null, e.Message);
            }
        }
    }
}
