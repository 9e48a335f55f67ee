using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>What tests give for some rows and any range of keys, worked out score by score.</summary>
internal readonly ref struct TileSight(int batch, Interval heads, Interval queries, int step, CallOperands? operands)
{
    /// <summary>What a test gives: 0 for false, 1 for true, 2 for both.</summary>
    public byte Of(TileProbe test, int from, int to)
    {
        byte answer = 0;
        test.Run(batch, heads, queries, from, to, to - from, new Span<byte>(ref answer), operands);
        return answer;
    }

    /// <summary>Trims a range of keys to those that any row may see.</summary>
    /// <param name="hidden">Whether a score is hidden.</param>
    /// <param name="low">The first key.</param>
    /// <param name="high">The end.</param>
    /// <param name="isFull">Whether every row sees every key that is left.</param>
    /// <returns>Whether any key is left.</returns>
    public bool Trim(TileProbe hidden, ref int low, ref int high, out bool isFull)
    {
        isFull = false;
        int count = (high - low + step - 1) / step, last = count - 1;
        if (count > 2)
        {
            // Most ranges are seen in part at one end and at all at the other: then there is no more to find.
            int atLow = Of(hidden, low, low + step), atHigh = Of(hidden, low + last * step, high);
            if (atLow != 1 && atHigh != 1 && atLow + atHigh != 0) return true;
        }
        Span<byte> groups = stackalloc byte[count];
        hidden.Run(batch, heads, queries, low, high, step, groups, operands);
        int first = groups.IndexOfAnyExcept((byte)1);
        if (first < 0) return false;
        last = groups.LastIndexOfAnyExcept((byte)1);
        isFull = !groups[first..(last + 1)].ContainsAnyExcept((byte)0);
        if (last < count - 1) high = low + (last + 1) * step;
        low += first * step;
        return true;
    }
}
