namespace Ops.OnnxRuntime;

/// <summary>What the library says of an error, without the place in its own source that it begins with.</summary>
internal static class OrtMessage
{
    /// <summary>The message itself: <c>/path/file.h:46 void F(int) What is wrong.</c> is <c>What is wrong.</c></summary>
    public static string Told(string message)
    {
        int line = message.IndexOf(':');
        if (!message.StartsWith('/') || line < 0 || line + 1 >= message.Length || !char.IsDigit(message[line + 1]))
            return message.Trim();
        int depth = 0;
        for (int i = message.IndexOf('(', line); i >= 0 && i < message.Length; i++)
        {
            depth += message[i] == '(' ? 1 : message[i] == ')' ? -1 : 0;
            if (depth == 0)
                return message[(i + 1)..] is var rest && rest.StartsWith(" const ", StringComparison.Ordinal) ? rest[7..].Trim() : rest.Trim();
        }
        return message.Trim();
    }
}
