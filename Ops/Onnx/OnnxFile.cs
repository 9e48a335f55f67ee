using Google.Protobuf;
using Ops.Specs;

namespace Ops.Onnx;

/// <summary>Reads and writes files, and turns everything that can go wrong with them into <see cref="OpException"/>.</summary>
internal static class OnnxFile
{
    /// <summary>The bytes of a file.</summary>
    public static byte[] ReadBytes(string path) => Guard(path, () =>
    {
        var file = new FileInfo(path);
        if (Directory.Exists(path))
            throw new OpException(path, "file", "it is a folder");
        if (!file.Exists)
            throw new OpException(path, "file", "there is no such file");
        // Devices and pipes have no length; reading them might never end.
        return file.Length == 0 ? throw new OpException(path, "file", "it is empty") : File.ReadAllBytes(path);
    });

    /// <summary>Writes a file, in a folder that is made when it is not there.</summary>
    public static void WriteBytes(string path, byte[] bytes) => Guard(path, () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path, bytes);
        return true;
    });

    /// <summary>Parses a message.</summary>
    public static T Parse<T>(MessageParser<T> parser, byte[] bytes, string source) where T : IMessage<T> =>
        Guard(source, () => parser.ParseFrom(bytes));

    /// <summary>Does <paramref name="work"/>, naming <paramref name="source"/> in whatever goes wrong.</summary>
    public static T Guard<T>(string source, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OpException(source, "protobuf", $"it is damaged or of another format: {e.Message.ReplaceLineEndings(" ")}", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
            or System.Security.SecurityException)
        {
            throw new OpException(source, "file", e.Message, inner: e);
        }
        catch (Exception e) when (e is OutOfMemoryException or OverflowException)
        {
            throw new OpException(source, "memory", "there is not enough memory to read it", inner: e);
        }
    }
}
