namespace Ops.Cli.Output;

/// <summary>Names chosen by a pattern: <c>*</c> is any text, <c>?</c> any one character, everything else itself.</summary>
internal static class Glob
{
    /// <summary>Whether a whole name fits a pattern; every name fits none.</summary>
    public static bool Fits(string? pattern, string name)
    {
        if (pattern is null)
            return true;
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }
        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
