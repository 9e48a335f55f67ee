using Ops.Specs;

namespace Ops.Cli.Checking;

/// <summary>Finds spec files.</summary>
internal static class SpecFiles
{
    private const string Pattern = "*.op.yaml";

    /// <summary>The files an argument means: a file itself, or every spec in a folder.</summary>
    /// <exception cref="OpException">There is no such file or folder.</exception>
    public static IReadOnlyList<string> Of(string path)
    {
        if (File.Exists(path))
            return [path];
        return Directory.Exists(path) ? In(path) : throw new OpException(path, "file", "there is no such file or folder");
    }

    /// <summary>The folder <c>specs</c> nearest above a folder, or in it; null when there is none.</summary>
    public static string? Root(string folder)
    {
        for (var at = new DirectoryInfo(Path.GetFullPath(folder)); at is not null; at = at.Parent)
            if (at.Name == "specs" && at.Exists)
                return at.FullName;
            else if (Directory.Exists(Path.Combine(at.FullName, "specs")))
                return Path.Combine(at.FullName, "specs");
        return null;
    }

    /// <summary>The specs opspec was built from; null where it stands away from them.</summary>
    public static string? Library { get; } = Root(AppContext.BaseDirectory);

    /// <summary>The folders whose ops the specs of one may name: itself, then, in a project of one's own, the library.</summary>
    public static IReadOnlyList<string> Known(string? root) => [.. new[] { root, Library }.OfType<string>().Distinct()];

    /// <summary>The text of a file.</summary>
    /// <exception cref="OpException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            throw new OpException(path, "file", e.Message, inner: e);
        }
    }

    /// <summary>Every spec in some folders.</summary>
    public static IReadOnlyList<string> In(IEnumerable<string> folders) => [.. folders.SelectMany(In)];

    /// <summary>Every spec in a folder, at any depth, in order of their paths.</summary>
    public static IReadOnlyList<string> In(string folder)
    {
        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
            return [.. Directory.EnumerateFiles(folder, Pattern, options).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OpException(folder, "file", e.Message, inner: e);
        }
    }
}
