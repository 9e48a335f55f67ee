using Google.Protobuf;
using Ops.Cli.Commands;
using Ops.Cli.Testing;
using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Tensors;

namespace Ops.Tests.Onnx;

/// <summary>The files in examples are what each <see cref="Example"/> makes. OPSPEC_UPDATE_EXAMPLES=1 writes them anew.</summary>
[TestClass]
public class ExampleTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "examples");

    public static IEnumerable<object[]> Names => Example.All.Select(e => new object[] { e.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void FilesAreWhatTheWriterMakes(string name)
    {
        Example example = Example.All.Single(e => e.Name == name);
        ModelProto model = example.Model();
        if (Environment.GetEnvironmentVariable("OPSPEC_UPDATE_EXAMPLES") == "1")
            Write(example, model);
        CollectionAssert.AreEqual(model.ToByteArray(), File.ReadAllBytes(Path.Combine(Folder, name, "model.onnx")),
            $"examples/{name}/model.onnx is stale");
        for (int set = 0; set < example.Sets; set++)
        {
            TensorValue[] inputs = example.Inputs(set), outputs = example.Outputs(inputs);
            for (int i = 0; i < inputs.Length; i++)
                CollectionAssert.AreEqual(TensorFile.ToBytes(model.Graph.Input[i].Name, inputs[i]),
                    File.ReadAllBytes(DataFile(name, set, $"input_{i}.pb")));
            // The exponential of another platform may differ in its last bit.
            for (int i = 0; i < outputs.Length; i++)
                Assert.IsNull(TensorComparer.Compare(TensorFile.Read(DataFile(name, set, $"output_{i}.pb")), outputs[i],
                    new Tolerance(1e-6, 0)));
        }
    }

    [TestMethod]
    public async Task ExamplesPass()
    {
        var output = new StringWriter { NewLine = "\n" };
        int code = await OpspecCommand.Run(["test", Folder], output, TextWriter.Null);
        if (output.ToString().Contains("no spec for", StringComparison.Ordinal))
            Assert.Inconclusive(output.ToString());
        Assert.AreEqual(0, code, output.ToString());
        StringAssert.EndsWith(output.ToString(), " 0 failed, 0 skipped\n");
    }

    private static string DataFile(string name, int set, string file) => Path.Combine(Folder, name, $"test_data_set_{set}", file);

    private static void Write(Example example, ModelProto model)
    {
        Directory.CreateDirectory(Path.Combine(Folder, example.Name));
        File.WriteAllBytes(Path.Combine(Folder, example.Name, "model.onnx"), model.ToByteArray());
        for (int set = 0; set < example.Sets; set++)
        {
            TensorValue[] inputs = example.Inputs(set), outputs = example.Outputs(inputs);
            Directory.CreateDirectory(Path.GetDirectoryName(DataFile(example.Name, set, "input_0.pb"))!);
            for (int i = 0; i < inputs.Length; i++)
                TensorFile.Write(DataFile(example.Name, set, $"input_{i}.pb"), model.Graph.Input[i].Name, inputs[i]);
            for (int i = 0; i < outputs.Length; i++)
                TensorFile.Write(DataFile(example.Name, set, $"output_{i}.pb"), model.Graph.Output[i].Name, outputs[i]);
        }
    }
}
