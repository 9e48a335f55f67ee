namespace Ops.Cli.Authoring;

/// <summary>Where the hand-written parts of kernels lie.</summary>
internal static class KernelFolder
{
    /// <summary>
    /// The folder <c>Kernels</c> of the project around or beside the specs, which need not be there yet when only one project can be meant;
    /// null when none can.
    /// </summary>
    /// <param name="specs">The folder of the specs.</param>
    public static string? Find(string specs)
    {
        string root = Path.GetDirectoryName(Path.GetFullPath(specs))!;
        string[] folders = [.. new[] { root }.Concat(Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
            .Where(project => Directory.EnumerateFiles(project, "*.csproj").Any()).Select(project => Path.Combine(project, "Kernels"))];
        return folders.FirstOrDefault(Directory.Exists) ?? (folders.Length == 1 ? folders[0] : null);
    }

    /// <summary>The file in which an op's kernel is written; null when there is none.</summary>
    public static string? FileOf(string folder, string op) =>
        !Directory.Exists(folder) ? null
            : Directory.EnumerateFiles(folder, op + ".cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).FirstOrDefault();
}
