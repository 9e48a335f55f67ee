namespace Ops.Specs.Text;

/// <summary>Keeps one string for each word that specs use over and over: names, ops, numbers. What was not used for a while is
/// forgotten.</summary>
internal static class Words
{
    private const int Slots = 2048, Longest = 32;

    [ThreadStatic]
    private static string?[]? known;

    /// <summary>A piece of a text.</summary>
    internal static string Of(string text, int start, int length)
    {
        if (length is 0 or > Longest)
            return text.Substring(start, length);
        uint hash = 2166136261;
        for (int i = start; i < start + length; i++)
            hash = unchecked((hash ^ text[i]) * 16777619);
        ref string? slot = ref (known ??= new string?[Slots])[(hash ^ hash >> 16) % Slots];
        if (slot is not { } word || word.Length != length || string.CompareOrdinal(word, 0, text, start, length) != 0)
            slot = word = text.Substring(start, length);
        return word;
    }
}
