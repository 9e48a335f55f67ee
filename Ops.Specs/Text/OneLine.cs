namespace Ops.Specs.Text;

/// <summary>Texts on one line, with one space between words.</summary>
internal static class OneLine
{
    internal static string Of(string text)
    {
        bool clean = text.Length > 0 && text[0] != ' ' && text[text.Length - 1] != ' ';
        for (int i = 0; clean && i < text.Length; i++)
            clean = !char.IsWhiteSpace(text[i]) || text[i] == ' ' && text[i - 1] != ' ';
        return clean ? text : string.Join(" ", text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
