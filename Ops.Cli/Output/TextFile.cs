using Ops.Specs;

namespace Ops.Cli.Output;

/// <summary>Writes a text file.</summary>
internal static class TextFile
{
    /// <summary>Writes it, with the folders above it.</summary>
    /// <exception cref="OpException">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OpException(path, "file", e.Message, inner: e);
        }
    }
}
