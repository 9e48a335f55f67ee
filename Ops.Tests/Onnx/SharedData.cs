namespace Ops.Tests.Onnx;

/// <summary>Where the data outside the project lies. A test that needs it is inconclusive without it.</summary>
internal static class SharedData
{
    /// <summary>The folder with Ops.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>ONNX's node tests.</summary>
    public static string NodeTests => Require("OPSPEC_ONNX_NODE_TESTS", "onnx-node-tests", Directory.Exists);

    /// <summary>Recorded shape inference.</summary>
    public static string Shapes => Require("OPSPEC_ONNX_SHAPES", "onnx-shape-inference.jsonl", File.Exists);

    private static string Require(string variable, string name, Func<string, bool> exists)
    {
        string path = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? given : Path.Combine(Root, "..", "shared", name);
        if (!exists(path))
            Assert.Inconclusive($"{path} is not there; set {variable} to where it lies.");
        return path;
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Ops.sln")))
                return at.FullName;
        throw new InvalidOperationException("There is no Ops.sln above the tests.");
    }
}
