using Ops.Cli.Commands;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;

namespace Ops.Tests;

/// <summary>What the README shows is what the project does.</summary>
[TestClass]
public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "README.md"));

    [TestMethod]
    public void Its_spec_and_body_are_the_files()
    {
        StringAssert.Contains(Readme, File.ReadAllText(Path.Combine(RepositoryPaths.Specs, "ai.onnx", "Mish.op.yaml")));
        foreach (string line in File.ReadLines(Path.Combine(RepositoryPaths.Root, "Ops", "Kernels", "Mish.cs"))
            .Where(l => l.StartsWith("         ", StringComparison.Ordinal)))
            StringAssert.Contains(Readme, line.Trim());
    }

    [TestMethod]
    public void Its_messages_are_what_the_validators_say()
    {
        static TensorType Float(params long[] dims) => TensorType.Of(ElementType.Float, dims);
        Assert_says(() => MatMul.InferShapes(Float(3, 4), Float(5, 2)));
        Assert_says(() => Softmax.InferShapes(Float(2, 2), axis: 3));
        Assert_says(() => Gemm.InferShapes(Float(2, 4), Float(4, 3), Float(7)));
    }

    [TestMethod]
    public async Task Its_explanation_is_what_explain_prints()
    {
        var output = new StringWriter { NewLine = "\n" };
        string model = Path.Combine(RepositoryPaths.Root, "examples", "flexattention", "model.onnx");
        Assert.AreEqual(0, await OpspecCommand.Run(["explain", model, "--dim", "L=160", "--dim", "S=160"], output, TextWriter.Null));
        foreach (string line in output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            StringAssert.Contains(Readme, "    " + line + "\n");
    }

    private static void Assert_says(Action call)
    {
        OpException error = Assert.ThrowsExactly<OpException>(call);
        StringAssert.Contains(Readme, "    " + error.Message + "\n");
    }
}
