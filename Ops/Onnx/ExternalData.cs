using Ops.Onnx.Proto;
using Ops.Specs;

namespace Ops.Onnx;

/// <summary>Tensor data beside the model. It must lie inside the model's folder, also after every symbolic link is followed.</summary>
internal sealed class ExternalData(string? folder)
{
    private const int MaxLinks = 64;

    /// <summary>Fills <paramref name="target"/> with the data of a tensor.</summary>
    /// <exception cref="OpException">The location leaves the folder, or the file does not have that many bytes there.</exception>
    public void Read(TensorProto tensor, string subject, Span<byte> target)
    {
        string path = Locate(tensor, subject);
        long offset = Number(tensor, "offset", subject) ?? 0;
        long size = new FileInfo(path).Length;
        if (offset > size || size - offset < target.Length)
            throw new OpException(subject, "external-data",
                $"{target.Length} bytes from {offset} are outside '{Path.GetFileName(path)}' of {size} bytes");
        if (target.Length == 0)
            return;
        using FileStream stream = File.OpenRead(path);
        stream.Position = offset;
        stream.ReadExactly(target);
    }

    /// <summary>Checks the stated length before anything is allocated.</summary>
    public static void CheckLength(TensorProto tensor, string subject, long bytes)
    {
        if (Number(tensor, "length", subject) is { } length && length != bytes)
            throw new OpException(subject, "external-data", $"its length is {length} bytes, the type and dims take {bytes}");
    }

    /// <summary>How many bytes there are from the offset to the end of the file; less than 0 when the offset is behind it.</summary>
    public long Available(TensorProto tensor, string subject) =>
        new FileInfo(Locate(tensor, subject)).Length - (Number(tensor, "offset", subject) ?? 0);

    private static long? Number(TensorProto tensor, string key, string subject)
    {
        if (Entry(tensor, key) is not { } text)
            return null;
        return long.TryParse(text, System.Globalization.NumberStyles.None, null, out long number)
            ? number : throw new OpException(subject, "external-data", $"{key} '{text}' is no byte count");
    }

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(e => e.Key == key)?.Value;

    private string Locate(TensorProto tensor, string subject)
    {
        string location = Entry(tensor, "location") ?? "";
        if (folder is null)
            throw new OpException(subject, "external-data", "the model was not read from a folder, so there is nothing beside it");
        if (location.Length == 0)
            throw new OpException(subject, "external-data", "it has no location");
        bool rooted = Path.IsPathRooted(location) || location[0] is '/' or '\\' || location.Length > 1 && location[1] == ':';
        if (rooted || location.Contains('\0') || location.Split('/', '\\').Contains(".."))
            throw new OpException(subject, "external-data", $"the location '{location}' leaves the model's folder");
        string root = RealPath(Path.GetFullPath(folder), subject);
        string path = RealPath(Path.Combine(root, location), subject);
        if (!path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new OpException(subject, "external-data", $"the location '{location}' leaves the model's folder through a symbolic link");
        if (!File.Exists(path))
            throw new OpException(subject, "external-data", $"there is no file '{location}' in the model's folder");
        return path;
    }

    /// <summary>The path without symbolic links; parts that do not exist stay as they are.</summary>
    private static string RealPath(string path, string subject)
    {
        var pending = new Stack<string>(Parts(path));
        string real = Path.GetPathRoot(path)!;
        int links = 0;
        while (pending.TryPop(out string? part))
        {
            if (part is "." or "")
                continue;
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }
            string next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MaxLinks)
                throw new OpException(subject, "external-data", $"too many symbolic links in '{path}'");
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            foreach (string item in Parts(target))
                pending.Push(item);
        }
        return real;
    }

    private static IEnumerable<string> Parts(string path) =>
        path[(Path.GetPathRoot(path)?.Length ?? 0)..].Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Reverse();
}
