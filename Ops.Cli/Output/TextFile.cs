using System.Text;
using Ops.Specs;

namespace Ops.Cli.Output;

/// <summary>Writes a text file.</summary>
internal static class TextFile
{
    /// <summary>Writes it, with the folders above it.</summary>
    /// <exception cref="OpException">It cannot be written.</exception>
    public static void Write(string path, string text) => Write(path, text, mark: false);

    /// <summary>Writes what a file that is there is to hold instead; its byte order mark stays.</summary>
    /// <exception cref="OpException">It cannot be read or written.</exception>
    public static void Rewrite(string path, string text) => Write(path, text, mark: HasMark(path));

    private static bool HasMark(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> start = stackalloc byte[3];
            return file.ReadAtLeast(start, 3, throwOnEndOfStream: false) == 3 && start.SequenceEqual(Encoding.UTF8.Preamble);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OpException(path, "file", e.Message, inner: e);
        }
    }

    private static void Write(string path, string text, bool mark)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            File.WriteAllText(path, text, new UTF8Encoding(mark));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OpException(path, "file", e.Message, inner: e);
        }
    }
}
