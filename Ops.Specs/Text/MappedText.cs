namespace Ops.Specs.Text;

/// <summary>The value of a YAML scalar, each character of which knows where it stands in the file.</summary>
internal sealed class MappedText
{
    private readonly int first;
    private readonly int[]? offsets;

    /// <param name="source">The file.</param>
    /// <param name="text">The scalar's value.</param>
    /// <param name="offsets">The place in the file of each character, and one entry more for the end.</param>
    internal MappedText(SpecText source, string text, int[] offsets)
    {
        Source = source;
        Text = text;
        this.offsets = offsets;
    }

    /// <param name="source">The file.</param>
    /// <param name="text">The scalar's value, which stands in the file as it is.</param>
    /// <param name="first">Where it does.</param>
    internal MappedText(SpecText source, string text, int first)
    {
        Source = source;
        Text = text;
        this.first = first;
    }

    internal SpecText Source { get; }

    internal string Text { get; }

    /// <summary>The place in the file of the characters from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    internal SourceSpan Span(int start, int end)
    {
        int place = PlaceOf(start);
        return Source.Span(place, end <= start ? 0 : Math.Max(1, PlaceOf(end - 1) + 1 - place));
    }

    private int PlaceOf(int index) => offsets is null ? first + index : offsets[index];

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
