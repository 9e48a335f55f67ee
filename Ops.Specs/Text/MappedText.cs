namespace Ops.Specs.Text;

/// <summary>The value of a YAML scalar, each character of which knows where it stands in the file.</summary>
internal sealed class MappedText
{
    private readonly int[] offsets;

    /// <param name="source">The file.</param>
    /// <param name="text">The scalar's value.</param>
    /// <param name="offsets">The place in the file of each character, and one entry more for the end.</param>
    internal MappedText(SpecText source, string text, int[] offsets)
    {
        Source = source;
        Text = text;
        this.offsets = offsets;
    }

    internal SpecText Source { get; }

    internal string Text { get; }

    /// <summary>The place in the file of the characters from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    internal SourceSpan Span(int start, int end)
    {
        if (end <= start)
            return Source.Span(offsets[start], 0);
        int first = offsets[start];
        return Source.Span(first, Math.Max(1, offsets[end - 1] + 1 - first));
    }

    /// <summary>The whole value without white space around it.</summary>
    internal SourceSpan Whole
    {
        get
        {
            int start = 0, end = Text.Length;
            while (end > start && char.IsWhiteSpace(Text[end - 1]))
                end--;
            while (start < end && char.IsWhiteSpace(Text[start]))
                start++;
            return Span(start, end);
        }
    }
}
