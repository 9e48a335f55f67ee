using Ops.Cli.Commands;
using Ops.Simd;
using Ops.Tests.Onnx;

namespace Ops.Tests.Cli;

/// <summary>ONNX's own node tests and recorded shapes, as far as the specs go.</summary>
[TestClass]
public class SharedNodeTests
{
    [TestMethod]
    [Timeout(600_000)]
    [DataRow(IsaLevel.Bits512)]
    [DataRow(IsaLevel.Bits256)]
    [DataRow(IsaLevel.Bits128)]
    [DataRow(IsaLevel.Scalar)]
    public async Task NodeTestsPass(IsaLevel level)
    {
        using (Isa.Force(level))
            await Passes("test", SharedData.NodeTests);
    }

    [TestMethod]
    [Timeout(600_000)]
    public Task InferenceAgrees() => Passes("infer", "--against", SharedData.Shapes, "--models", SharedData.NodeTests);

    private static async Task Passes(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        int code = await OpspecCommand.Run(arguments, output, TextWriter.Null);
        string[] lines = output.ToString().TrimEnd().Split('\n');
        string[] failed = [.. lines.Where(l => l.StartsWith("failed ", StringComparison.Ordinal))];
        Assert.IsEmpty(failed, string.Join("\n", failed.Take(20)));
        Assert.AreEqual(0, code);
        Assert.IsFalse(lines[^1].StartsWith("0 passed", StringComparison.Ordinal), lines[^1]);
    }
}
