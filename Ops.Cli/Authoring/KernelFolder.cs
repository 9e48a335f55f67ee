namespace Ops.Cli.Authoring;

/// <summary>Where the hand-written parts of kernels lie.</summary>
internal static class KernelFolder
{
    /// <summary>The folder <c>Kernels</c> of the project beside the specs; null when there is none.</summary>
    /// <param name="specs">The folder of the specs.</param>
    public static string? Find(string specs)
    {
        string root = Path.GetDirectoryName(Path.GetFullPath(specs))!;
        return Directory.EnumerateDirectories(root).Append(root).Order(StringComparer.Ordinal)
            .Where(project => Directory.EnumerateFiles(project, "*.csproj").Any())
            .Select(project => Path.Combine(project, "Kernels")).FirstOrDefault(Directory.Exists);
    }

    /// <summary>The file in which an op's kernel is written; null when there is none.</summary>
    public static string? FileOf(string folder, string op) => Directory.EnumerateFiles(folder, op + ".cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).FirstOrDefault();
}
