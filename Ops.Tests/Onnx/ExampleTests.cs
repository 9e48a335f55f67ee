using Google.Protobuf;
using Ops.Cli.Commands;
using Ops.Cli.Testing;
using Ops.Onnx;
using Ops.Tensors;

namespace Ops.Tests.Onnx;

/// <summary>The files in examples are what <see cref="ExampleMlp"/> makes. OPSPEC_UPDATE_EXAMPLES=1 writes them anew.</summary>
[TestClass]
public class ExampleTests
{
    private static readonly int[] Rows = [2, 5];

    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "examples", "mlp");

    [TestMethod]
    public void FilesAreWhatTheWriterMakes()
    {
        var example = new ExampleMlp();
        byte[] model = example.Model().ToByteArray();
        if (Environment.GetEnvironmentVariable("OPSPEC_UPDATE_EXAMPLES") == "1")
            Write(example, model);
        CollectionAssert.AreEqual(model, File.ReadAllBytes(Path.Combine(Folder, "model.onnx")), "examples/mlp/model.onnx is stale");
        for (int i = 0; i < Rows.Length; i++)
        {
            TensorValue input = ExampleMlp.Input(Rows[i]);
            CollectionAssert.AreEqual(TensorFile.ToBytes("x", input), File.ReadAllBytes(DataFile(i, "input_0.pb")));
            // The exponential of another platform may differ in its last bit.
            Assert.IsNull(TensorComparer.Compare(TensorFile.Read(DataFile(i, "output_0.pb")), example.Output(input), new Tolerance(1e-6, 0)));
        }
    }

    [TestMethod]
    public async Task ExamplesPass()
    {
        var output = new StringWriter { NewLine = "\n" };
        int code = await OpspecCommand.Run(["test", Path.Combine(RepositoryPaths.Root, "examples")], output, TextWriter.Null);
        if (output.ToString().Contains("no spec for", StringComparison.Ordinal))
            Assert.Inconclusive(output.ToString());
        Assert.AreEqual(0, code, output.ToString());
        StringAssert.EndsWith(output.ToString(), " 0 failed, 0 skipped\n");
    }

    private static string DataFile(int set, string name) => Path.Combine(Folder, $"test_data_set_{set}", name);

    private static void Write(ExampleMlp example, byte[] model)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, "model.onnx"), model);
        for (int i = 0; i < Rows.Length; i++)
        {
            TensorValue input = ExampleMlp.Input(Rows[i]);
            Directory.CreateDirectory(Path.GetDirectoryName(DataFile(i, "input_0.pb"))!);
            TensorFile.Write(DataFile(i, "input_0.pb"), "x", input);
            TensorFile.Write(DataFile(i, "output_0.pb"), "probabilities", example.Output(input));
        }
    }
}
