namespace Ops.Specs.Diagnostics;

/// <summary>Finds the name a misspelt one was probably meant to be.</summary>
internal static class DidYouMean
{
    // A hint must not make a huge broken file slow; real specs have a few dozen names.
    private const int MaxCandidates = 1000;

    /// <summary><c>; did you mean 'x'?</c>, or nothing when no candidate is near.</summary>
    internal static string Hint(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is string near ? $"; did you mean '{near}'?" : "";

    /// <summary>The name that the hint at the end of a message gives, or null.</summary>
    internal static string? Meant(string message)
    {
        const string Before = "; did you mean '";
        int start = message.LastIndexOf(Before, StringComparison.Ordinal) + Before.Length;
        int end = start < Before.Length ? -1 : message.IndexOf('\'', start);
        return end < 0 ? null : message.Substring(start, end - start);
    }

    internal static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int bestDistance = int.MaxValue;
        string[] few = [.. candidates.Take(MaxCandidates + 1)];
        if (few.Length > MaxCandidates)
            return null;
        foreach (string candidate in few)
        {
            if (candidate == name || Math.Abs(candidate.Length - name.Length) > 3)
                continue;
            int distance = string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(name, candidate);
            if (distance < bestDistance || (distance == bestDistance && string.CompareOrdinal(candidate, best) < 0))
                (best, bestDistance) = (candidate, distance);
        }
        int allowed = name.Length switch { <= 1 => 0, <= 4 => 1, <= 8 => 2, _ => 3 };
        return bestDistance <= allowed ? best : null;
    }

    /// <summary>The number of single-letter edits (insert, delete, replace, swap of neighbours) between two names.</summary>
    internal static int Distance(string a, string b)
    {
        if (a.Length > 100 || b.Length > 100)
            return int.MaxValue - 1;
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
