using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>What positions make of scores in a range of keys.</summary>
internal interface IKeyLook
{
    /// <summary>What modified scores can be from one key to another, the latter excluded.</summary>
    Interval Of(int from, int to);
}

/// <summary>Finds the part of a range of keys outside of which every score is -inf.</summary>
internal static class KeyTrimming
{
    /// <summary>Trims a range in steps of a group of keys.</summary>
    /// <param name="look">What scores can be.</param>
    /// <param name="low">The first key; a multiple of a step from where groups begin.</param>
    /// <param name="high">The end.</param>
    /// <param name="step">A group of keys.</param>
    /// <returns>Whether any key is left.</returns>
    public static bool Run<L>(ref L look, ref int low, ref int high, int step)
        where L : struct, IKeyLook
    {
        Interval range = look.Of(low, high);
        if (range.IsNegativeInfinity) return false;
        if (range.Low != double.NegativeInfinity) return true;
        // Most ranges that are seen in part are so at both ends.
        int first = low + step, last = low + (high - low - 1) / step * step;
        bool trimsLow = first < high && look.Of(low, first).IsNegativeInfinity,
            trimsHigh = last > low && look.Of(last, high).IsNegativeInfinity;
        if (trimsHigh) high = End(ref look, low, last, step);
        if (trimsLow) low = Start(ref look, first, high, step);
        return low < high;
    }

    private static int End<L>(ref L look, int from, int to, int step)
        where L : struct, IKeyLook
    {
        while (to - from > step)
        {
            // The upper half is empty, or the end lies in it.
            int middle = from + (to - from - ((to - from) / 2 + step - 1) / step * step) / step * step;
            if (middle <= from) break;
            if (look.Of(middle, to).IsNegativeInfinity) to = middle;
            else from = middle;
        }
        return to;
    }

    private static int Start<L>(ref L look, int from, int to, int step)
        where L : struct, IKeyLook
    {
        while (to - from > step)
        {
            int middle = from + ((to - from) / 2 + step - 1) / step * step;
            if (middle >= to) break;
            if (look.Of(from, middle).IsNegativeInfinity) from = middle;
            else to = middle;
        }
        return from;
    }
}
