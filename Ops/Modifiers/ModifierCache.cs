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

    /// <summary>The modifiers of a call.</summary>
    /// <remarks>What is captured is part of the program, as its bounds decide what is fused and which tiles are left out.</remarks>
    /// <exception cref="OpException">They cannot be fused; the rule is <see cref="Coverage.NotFused"/>.</exception>
    public static AttentionModifiers Get(string op, ModifierCall call, Graph? scores, Graph? probabilities, ReadOnlySpan<Operand> captures = default)
    {
        CaptureContent? content = CaptureContent.Of(captures);
        Entry entry;
        if (content is null)
        {
            var captured = new ModifierTensor[captures.Length];
            for (int i = 0; i < captured.Length; i++) captured[i] = ModifierGraphs.Captured(i, captures[i]);
            entry = Entry.Of(() => AttentionModifiers.Of(call, scores, probabilities, captured));
        }
        else
        {
            var key = new Key(call, scores is null ? null : GraphContent.Hash(scores), probabilities is null ? null : GraphContent.Hash(probabilities), content);
            entry = Find(key, () => Entry.Of(() => AttentionModifiers.Of(call, scores, probabilities, content.ToTensors()))).Value;
        }
        return entry.Modifiers ?? throw new OpException(op, Coverage.NotFused, $"{op} did not run fused: {entry.Reason}");
    }

    /// <summary>The modifiers of one sequence's float scores; for few queries, as in a decode step, the same for any number of keys if that can be.</summary>
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

    private sealed record Key(ModifierCall Call, string? Scores, string? Probabilities, CaptureContent Captures);

    private sealed record Entry(AttentionModifiers? Modifiers, string? Reason)
    {
        public static Entry Of(Func<AttentionModifiers> compile)
        {
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
