using System.Text.Json;
using Ops.Cli.Commands;
using Ops.Onnx;
using Ops.OnnxRuntime;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Tests.Onnx;

namespace Ops.Tests.Conformance;

/// <summary><c>opspec export</c>: what it writes are node tests, which pass here, and whose bodies a second runtime runs.</summary>
[TestClass]
public sealed class ExportTests
{
    [TestMethod]
    [DataRow("Swish")]
    [DataRow("Attention")]
    [DataRow("opspec.experimental.MoE")]
    [DataRow("ai.onnx.preview.FlexAttention")]
    [DataRow("Softmax@13")]
    [DataRow("Concat")]
    public async Task Exported_tests_pass(string op)
    {
        using var folder = new TemporaryFolder();
        JsonElement[] tests = await Export(op, folder.Path);
        Assert.HasCount(6, tests);
        var output = new StringWriter { NewLine = "\n" };
        Assert.AreEqual(0, await OpspecCommand.Run(["test", folder.Path], output, TextWriter.Null), output.ToString());
        int folders = tests.Sum(t => t.GetProperty("expanded").GetBoolean() ? 2 : 1);
        StringAssert.EndsWith(output.ToString(), $"{folders} passed, 0 failed, 0 skipped\n");
        Assert.HasCount(6, tests.Select(t => t.GetProperty("call").GetString()).Distinct().ToArray());
    }

    [TestMethod]
    public async Task Bodies_run_in_a_second_runtime()
    {
        if (!OrtLibrary.IsAvailable)
            Assert.Inconclusive(OrtLibrary.Unavailable!);
        using var folder = new TemporaryFolder();
        int ran = 0;
        foreach (JsonElement test in await Export("Swish", folder.Path))
        {
            string expanded = Path.Combine(folder.Path, test.GetProperty("name").GetString() + "_expanded"),
                data = Path.Combine(expanded, "test_data_set_0");
            TensorValue input = TensorFile.Read(Path.Combine(data, "input_0.pb")),
                wanted = TensorFile.Read(Path.Combine(data, "output_0.pb"));
            if (input.Type != ElementType.Float)
                continue;
            using OrtSession session = OrtSession.Load(Path.Combine(expanded, "model.onnx"));
            float[] result = session.Run(new Dictionary<string, TensorValue?> { [session.Inputs[0]] = input })[0]!.Span<float>().ToArray();
            for (int i = 0; i < result.Length; i++)
                Assert.AreEqual(wanted.Span<float>()[i], result[i], 1e-5 + 1e-5 * Math.Abs(result[i]));
            ran++;
        }
        Assert.IsGreaterThan(0, ran);
    }

    [TestMethod]
    public async Task What_cannot_be_exported_is_refused()
    {
        foreach (var (arguments, expected) in new[]
        {
            (new[] { "export", "Nope" }, "there is no such op"), (["export", "Mish", "--count", "0"], "wants a number above 0"),
            (["export", "Mish@x"], "wants OP or OP@N"),
            (["export", "Mish", "--output", Path.Combine(RepositoryPaths.Root, "README.md", "x")], "Could not find a part of the path"),
        })
        {
            var error = new StringWriter();
            Assert.AreEqual(2, await OpspecCommand.Run(arguments, TextWriter.Null, error));
            StringAssert.Contains(error.ToString(), expected);
        }
    }

    private static async Task<JsonElement[]> Export(string op, string folder)
    {
        var output = new StringWriter();
        Assert.AreEqual(0, await OpspecCommand.Run(["export", op, "--output", folder, "--count", "6", "--json"], output, TextWriter.Null));
        return [.. JsonDocument.Parse(output.ToString()).RootElement.EnumerateArray()];
    }
}
