using System.Globalization;
using Ops.Specs;

namespace Ops.Cli.Testing;

/// <summary>A folder with a <c>model.onnx</c> and data sets that say what comes out of it.</summary>
/// <param name="Name">The path from the folder that was searched, or the folder's own name.</param>
/// <param name="Path">The folder.</param>
internal sealed record NodeTestFolder(string Name, string Path)
{
    /// <summary>The name of the folder alone, which a filter chooses by.</summary>
    public string FolderName => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)));

    /// <summary>The model.</summary>
    public string Model => System.IO.Path.Combine(Path, "model.onnx");

    /// <summary>The data sets, in order of their numbers.</summary>
    public IReadOnlyList<string> DataSets =>
        [.. Directory.EnumerateDirectories(Path, "test_data_set_*").OrderBy(Number).ThenBy(p => p, StringComparer.Ordinal)];

    /// <summary>Every test in a folder: the folder itself if it is one, or what lies in it at any depth.</summary>
    /// <exception cref="OpException">The folder cannot be read.</exception>
    public static IReadOnlyList<NodeTestFolder> Find(string root)
    {
        if (!Directory.Exists(root))
            throw new OpException(root, "file", File.Exists(root) ? "it is a file, not a folder" : "there is no such folder");
        var found = new List<NodeTestFolder>();
        try
        {
            if (IsTest(root))
                found.Add(new NodeTestFolder(
                    System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(root))), root));
            // Links are not followed below the root, so that the search ends.
            var options = new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = FileAttributes.ReparsePoint,
                IgnoreInaccessible = true
            };
            foreach (string folder in Directory.EnumerateDirectories(root, "*", options))
                if (IsTest(folder))
                    found.Add(new NodeTestFolder(System.IO.Path.GetRelativePath(root, folder), folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OpException(root, "file", e.Message, inner: e);
        }
        return [.. found.OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    private static bool IsTest(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, "model.onnx")) && Directory.EnumerateDirectories(folder, "test_data_set_*").Any();

    private static long Number(string dataSet) =>
        long.TryParse(dataSet.AsSpan(dataSet.LastIndexOf('_') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number : long.MaxValue;
}
