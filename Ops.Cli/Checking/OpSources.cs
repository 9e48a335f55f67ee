using Ops.Specs;
using Ops.Specs.Code;

namespace Ops.Cli.Checking;

/// <summary>Finds the C# that people wrote for the ops of a folder of specs: beside that folder, as projects have it.</summary>
internal static class OpSources
{
    /// <summary>The C# below the folder that holds <paramref name="specs"/>; what is built or hidden left out.</summary>
    /// <exception cref="OpException">A file cannot be read.</exception>
    public static OpCodeFinder Beside(string? specs)
    {
        var finder = new OpCodeFinder();
        if (specs is not null && Path.GetDirectoryName(Path.GetFullPath(specs)) is { } project)
            foreach (string text in In(new DirectoryInfo(project)).AsParallel().Select(f => SpecFiles.Read(f.FullName))
                .Where(t => t.Contains("partial class", StringComparison.Ordinal)))
                finder.Add(text);
        return finder;
    }

    private static IEnumerable<FileInfo> In(DirectoryInfo folder)
    {
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };
        return folder.EnumerateFiles("*.cs", options)
            .Concat(folder.EnumerateDirectories("*", options).Where(d => d.Name is not ("bin" or "obj" or "node_modules")).SelectMany(In));
    }
}
