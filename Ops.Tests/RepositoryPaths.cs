namespace Ops.Tests;

/// <summary>Where tests find the repository and the data beside it.</summary>
internal static class RepositoryPaths
{
    /// <summary>The folder that holds Ops.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The specs of the project.</summary>
    public static string Specs => Path.Combine(Root, "specs");

    /// <summary>A file or folder of shared data: where <paramref name="variable"/> points, else <c>../shared/NAME</c> beside the
    /// repository.</summary>
    public static string Shared(string variable, string name) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path
            ? path : Path.GetFullPath(Path.Combine(Root, "..", "shared", name));

    /// <summary>The same, for a test that cannot say anything without it.</summary>
    public static string Require(string variable, string name)
    {
        string path = Shared(variable, name);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Inconclusive($"{name} is not here: set {variable} or put it beside the repository as shared/{name}");
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Ops.sln")))
                return folder.FullName;
        throw new InvalidOperationException("The tests do not lie inside the repository.");
    }
}
