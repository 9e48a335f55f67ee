using System.Diagnostics;
using System.Text.Json;
using Ops.Cli.Commands;
using Ops.Schemas;
using Ops.Specs;
using Ops.Tests.Onnx;

namespace Ops.Tests.Cli;

/// <summary>
/// examples/own is a project with ops of its own. It runs in processes of its own: in this one its ops would be known to all other tests.
/// </summary>
[TestClass]
public sealed class OwnOpsTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "examples", "own");

    /// <summary>Built for the same configuration and framework as the tests.</summary>
    private static readonly string Library = Path.Combine(Folder,
        Path.GetRelativePath(Path.Combine(RepositoryPaths.Root, "Ops.Tests"), AppContext.BaseDirectory), "OwnOps.dll");

    private static (int Code, string Output, string Error) Dotnet(params string[] arguments) => DotnetIn(RepositoryPaths.Root, arguments);

    private static (int Code, string Output, string Error) OpspecIn(string folder, params string[] arguments) =>
        DotnetIn(folder, [typeof(OpspecCommand).Assembly.Location, .. arguments]);

    private static (int Code, string Output, string Error) DotnetIn(string folder, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet",
            arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    [TestMethod]
    public void The_example_runs()
    {
        var (code, output, error) = Dotnet(Library);
        Assert.AreEqual(0, code, error);
        StringAssert.Contains(output, "com.example.Swoosh-1: kernel elementwise, with a body");
        StringAssert.Contains(output, "row 0 is its own value: True");
    }

    [TestMethod]
    public void Opspec_knows_its_ops()
    {
        var (code, output, error) =
            Dotnet(typeof(OpspecCommand).Assembly.Location, "status", "--ops", Library, "--specs", Folder, "--json");
        Assert.AreEqual(0, code, error);
        JsonElement[] rows = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        CollectionAssert.AreEqual(new[] { "com.example.Swoosh-1", "com.example.WindowedAttention-1" },
            rows.Select(r => r.GetProperty("op").GetString()).ToArray());
        // Kernel and body agree and what breaks a rule is refused; the last rung wants a second runtime.
        Assert.IsGreaterThanOrEqualTo(3, rows[0].GetProperty("level").GetInt32(), output);
        Assert.IsGreaterThan(50, rows[0].GetProperty("compared").GetInt32(), output);
        // In the project itself, a folder by its relative path, or a part of it.
        foreach (string specs in new[] { "specs", "specs/", "." })
        {
            (code, output, error) = OpspecIn(Folder, "status", "Swoosh", "--ops", Library, "--specs", specs);
            Assert.AreEqual(0, code, error);
            StringAssert.Contains(output, "com.example.Swoosh-1");
        }
    }

    [TestMethod]
    public void Its_author_has_every_command()
    {
        using var project = new TemporaryFolder();
        File.WriteAllText(project.File("My.csproj"), "<Project/>");
        Directory.CreateDirectory(project.File("specs"));
        var (code, output, error) = OpspecIn(project.Path, "new", "MyAttention", "--pattern", "attention");
        Assert.AreEqual((0, ""), (code, error));
        StringAssert.StartsWith(output, "wrote specs/opspec.experimental/MyAttention.op.yaml and Kernels/MyAttention.cs");
        // Its body calls ops whose specs are opspec's own.
        (code, output, _) = OpspecIn(project.Path, "check", "--suggestions");
        Assert.AreEqual((0, "0 errors, 0 warnings in 1 spec (0 suggestions)"), (code, output.Trim()));
        (code, output, _) = OpspecIn(project.File("specs"), "explain", "MyAttention");
        Assert.AreEqual(0, code);
        StringAssert.Contains(output, "completed in ../Kernels/MyAttention.cs");
        (code, output, _) = OpspecIn(project.Path, "explain", "MatMul");
        Assert.AreEqual(0, code);
        StringAssert.Contains(output, "specs/ai.onnx/MatMul.op.yaml");
        (code, _, error) = OpspecIn(project.Path, "new", "Softmax", "--since", "99");
        Assert.AreEqual(2, code);
        StringAssert.Contains(error, "Softmax is not an op of specs");
        (code, _, error) = OpspecIn(project.Path, "status");
        Assert.AreEqual(2, code);
        StringAssert.Contains(error, "--ops FILE.dll names the assembly that was built from them");
    }

    [TestMethod]
    public async Task What_has_no_ops_is_refused()
    {
        foreach (var (file, expected) in new[]
        {
            ("missing.dll", "it cannot be loaded"), (Path.Combine(RepositoryPaths.Root, "README.md"), "it cannot be loaded"),
            (typeof(OwnOpsTests).Assembly.Location, "it adds no ops"),
        })
        {
            var error = new StringWriter();
            Assert.AreEqual(2, await OpspecCommand.Run(["status", "Mish", "--ops", file], TextWriter.Null, error));
            StringAssert.Contains(error.ToString(), expected);
        }
    }

    [TestMethod]
    public void An_op_is_declared_once()
    {
        int before = OpRegistry.All.Count;
        OpException error = Assert.ThrowsExactly<OpException>(() => OpRegistry.Add([OpRegistry.Get("", "Mish", 18)]));
        Assert.AreEqual("declared-once", error.Rule);
        Assert.AreEqual(before, OpRegistry.All.Count);
    }
}
