using System.Text.Json;
using Ops.Benchmarks;
using Ops.Cli.Commands;

namespace Ops.Tests.Benchmarks;

[TestClass]
public class BenchCommandTests
{
    [TestMethod]
    public void AnEditRegeneratesItsOwnFileAndACommentNone()
    {
        // No op of this folder is the base of another: an edit of a base regenerates those that are like it too.
        (string, string)[] specs =
            [.. Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Specs, "ai.onnx"), "*.op.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(f => (f, File.ReadAllText(f)))];
        IReadOnlyList<Ops.Benchmarks.Editor.EditorRow> rows = Ops.Benchmarks.Editor.EditorBenchmark.Run(specs, rounds: 3, _ => { });
        CollectionAssert.AreEqual(new[] { 3, 3, 0, 500 }, rows.Select(r => r.Regenerated).ToArray());
    }

    [TestMethod]
    [DataRow("nosuchcase")]
    [DataRow("call", "--threads", "0")]
    [DataRow("call", "--rounds", "-1")]
    [DataRow("call", "--rounds", "many")]
    public async Task UsageErrorsAreOneLineAndTwo(params string[] arguments)
    {
        var (code, output, error) = await Bench(arguments);
        Assert.AreEqual(2, code);
        Assert.AreEqual("", output);
        Assert.HasCount(1, error.TrimEnd().Split('\n'), error);
    }

    [TestMethod]
    [DoNotParallelize]
    public async Task MemoryOfFusedCallsDoesNotGrowWithTheKeys()
    {
        var (code, output, error) = await Bench("memory", "--threads", "2", "--json");
        Assert.AreEqual(0, code, error);
        using JsonDocument json = JsonDocument.Parse(output);
        var calls = json.RootElement.EnumerateArray().GroupBy(r => r.GetProperty("name").GetString()!).ToList();
        Assert.IsGreaterThan(8, calls.Count);
        foreach (var call in calls)
        {
            // What other tests left to the pool is in both.
            var bytes = call.ToDictionary(r => r.GetProperty("keys").GetInt32(), r => r.GetProperty("kernel").GetInt64());
            Assert.IsLessThan(2L << 20, bytes[16384] - bytes[1024], call.Key);
            foreach (JsonElement row in call) Assert.IsLessThan(2L << 20, row.GetProperty("objects").GetInt64(), call.Key);
        }
    }

    [TestMethod]
    public async Task HelpNamesTheGroups() => StringAssert.Contains((await Bench("--help")).Output, "matmul");

    [TestMethod]
    public async Task RunsPrintATableOrJson()
    {
        if (!BuildKind.IsOptimised)
            Assert.Inconclusive("only a Release build measures");
        string[] shortest = ["*typed method", "--quick", "--threads", "1", "--rounds", "1"];
        var (code, output, error) = await Bench(shortest);
        Assert.AreEqual(0, code, error);
        string[] lines = output.TrimEnd().Split('\n');
        StringAssert.StartsWith(lines[0], "case ");
        StringAssert.Contains(lines[1], "by the typed method");
        using JsonDocument json = JsonDocument.Parse((await Bench([.. shortest, "--json"])).Output);
        Assert.AreEqual(1, json.RootElement.GetProperty("rows").GetArrayLength());
    }

    [TestMethod]
    public async Task BuildsThatAreNotOptimisedRefuse()
    {
        if (BuildKind.IsOptimised)
            Assert.Inconclusive("this is a Release build");
        var (code, _, error) = await Bench("call");
        Assert.AreEqual(2, code);
        StringAssert.Contains(error, "-c Release");
    }

    private static async Task<(int Code, string Output, string Error)> Bench(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        int code = await OpspecCommand.Run(["bench", .. arguments], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
