using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ops.Kernels;

/// <content>
/// What will be packed next comes into the second-level cache while panels are worked on, a share of it with each: packing need not wait
/// for memory.
/// </content>
internal readonly unsafe partial struct AttentionBody<V, T, S, C, L, M, K>
{
    /// <summary>A range of keys and their values.</summary>
    private readonly record struct KeySpan(int Batch, int Head, int From, int To);

    /// <summary>The cell after the one at <paramref name="start"/>, or the first of the next part.</summary>
    private KeySpan After(int part, int batch, int head, int start, int to)
    {
        if (start + Cell < to) return new(batch, head, start + Cell, int.Min(start + 2 * Cell, to));
        if (++part == _blocks.Count * _problem.Batches * _problem.KeyHeads) return default;
        (batch, head, int block) = Locate(part);
        int group = _problem.Group, first = _blocks.RowOf(_blocks.PanelOf(block)), last = _blocks.RowOf(_blocks.PanelOf(block + 1)) - 1;
        int from = _problem.Ranges.Of(batch, head * group, first / group).From / Width * Width,
            end = _problem.Ranges.Of(batch, head * group, last / group).To;
        return new(batch, head, from, int.Max(from, int.Min((from / Cell + 1) * Cell, end)));
    }

    /// <summary>The sequence, the key/value head and the block of a part.</summary>
    /// <remarks>The last rows of a head see most keys; they go first, so that threads end together.</remarks>
    private (int Batch, int Head, int Block) Locate(int part)
    {
        int unit = part / _blocks.Count;
        return (unit / _problem.KeyHeads, unit % _problem.KeyHeads, _blocks.Count - 1 - part % _blocks.Count);
    }

    /// <summary>One of several shares of a range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fetch(in KeySpan span, int share, int shares)
    {
        if (!Sse.IsSupported) return;
        int count = span.To - span.From, key = span.From + count * share / shares, end = span.From + count * (share + 1) / shares;
        while (key < end)
        {
            byte* keys = (byte*)_layout.Key(span.Batch, span.Head, key, out int run, out nint step);
            byte* values = (byte*)_layout.Value(span.Batch, span.Head, key, out int valueRun, out nint valueStep);
            run = int.Min(int.Min(run, valueRun), end - key);
            key += run;
            for (; run > 0; run--, keys += step * sizeof(S), values += valueStep * sizeof(S))
            {
                Prefetch(keys, _problem.Depth * sizeof(S));
                Prefetch(values, _problem.ValueDepth * sizeof(S));
            }
        }
    }
}
