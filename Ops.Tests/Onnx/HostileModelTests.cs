using Google.Protobuf;
using Ops.Graphs;
using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Onnx;

[TestClass]
public class HostileModelTests
{
    private const int Seed = 20240607;

    [TestMethod]
    [Timeout(120_000)]
    public void MutatedOwnModelsThrowNothingButOpException() => Mutate(Rich().ToByteArray(), 6000, new Random(Seed));

    [TestMethod]
    [Timeout(300_000)]
    public void MutatedNodeTestsThrowNothingButOpException()
    {
        string[] models =
            [.. Directory.EnumerateFiles(SharedData.NodeTests, "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var random = new Random(Seed);
        for (int i = 0; i < 150; i++)
            Mutate(File.ReadAllBytes(models[random.Next(models.Length)]), 40, random);
    }

    [TestMethod]
    public void TruncatedModelsThrowNothingButOpException()
    {
        byte[] bytes = Rich().ToByteArray();
        for (int length = 0; length < bytes.Length; length++)
            Try(bytes[..length]);
    }

    [TestMethod]
    public void DamagedFilesAreNamed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("broken.onnx"), [0x3A, 0xFF, 0x7F, 1]);
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => OnnxModel.Load(folder.File("broken.onnx"))).Message, "broken.onnx");
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => OnnxModel.Load(folder.File("missing.onnx"))).Message, "no such file");
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => OnnxModel.Load(folder.Path)).Message, "it is a folder");
        File.WriteAllBytes(folder.File("empty.onnx"), []);
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => OnnxModel.Load(folder.File("empty.onnx"))).Message, "it is empty");
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => TensorFile.Read(folder.File("broken.onnx"))).Message, "broken.onnx");
    }

    [TestMethod]
    public void DeepNestingIsRefused()
    {
        // Each graph holds a node whose attribute is the graph before; written by hand, since the library writes no message this deep.
        byte[] graph = [];
        for (int depth = 0; depth < 20_000 && graph.Length < 1 << 20; depth++)
            graph = Field(1, [.. Field(4, "If"u8.ToArray()), .. Field(5, [.. Field(1, "b"u8.ToArray()), 0xA0, 1, 5, .. Field(6, graph)])]);
        OpException error = Assert.ThrowsExactly<OpException>(() => OnnxModel.Parse(Field(7, graph)));
        Assert.AreEqual("protobuf", error.Rule);
    }

    [TestMethod]
    public void RandomBytesThrowNothingButOpException()
    {
        var random = new Random(Seed);
        for (int i = 0; i < 3000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Try(bytes);
        }
    }

    private static byte[] Field(int number, byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(bytes));
        }
        return stream.ToArray();
    }

    private static void Mutate(byte[] bytes, int times, Random random)
    {
        for (int i = 0; i < times; i++)
        {
            byte[] copy = (byte[])bytes.Clone();
            for (int k = random.Next(1, 4); k > 0; k--)
                copy[random.Next(copy.Length)] = random.Next(3) switch
                {
                    0 => (byte)random.Next(256),
                    1 => 0xFF,
                    _ => (byte)(copy[random.Next(copy.Length)] ^ 1 << random.Next(8))
                };
            if (random.Next(4) == 0)
                copy = copy[..random.Next(copy.Length)];
            Try(copy);
        }
    }

    /// <summary>Loads and infers; what comes out does not matter, what is thrown does.</summary>
    private static void Try(byte[] bytes)
    {
        try
        {
            Graph graph = OnnxModel.Parse(bytes).Graph;
            _ = Coverage.Missing(graph);
            GraphInference.Infer(graph, options: new InferenceOptions { Fold = false });
        }
        catch (OpException e) when (e.Rule != "defect")
        {
            Assert.IsFalse(string.IsNullOrWhiteSpace(e.Message));
        }
    }

    /// <summary>A model with something of everything.</summary>
    private static ModelProto Rich()
    {
        GraphProto branch = Build.Graph([], [Build.Value("b")], Build.Node("Add", ["x", "x"], ["b"]));
        GraphProto graph = Build.Graph([Build.Value("x", ElementType.Float, "N", 4), Build.Value("w", ElementType.Float, 4, 2)],
            [Build.Value("y", ElementType.Float, "N", 2)],
            Build.Node("MatMul", ["x", "w"], ["m"]),
            Build.Node("Constant", [], ["c"], Build.Tensor("value", TensorValue.From<float>([1, 2], 2))),
            Build.Node("Add", ["m", "c"], ["a"]),
            Build.Node("F", ["a"], ["y"], Build.Int("p", 3), Build.Text("s", "text")),
            Build.Node("If", ["q"], ["z"], Build.Subgraph("then_branch", branch)));
        graph.Node[3].Domain = "own";
        graph.Initializer.Add(TensorWriter.Write("w", TensorValue.From<float>([1, 2, 3, 4, 5, 6, 7, 8], 4, 2)));
        graph.Initializer.Add(new TensorProto { Name = "q", DataType = 9, Dims = { 1 }, Int32Data = { 1 } });
        graph.ValueInfo.Add(Build.Value("m", ElementType.Float, "N", 2));
        ModelProto model = Build.Model(graph);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        model.Functions.Add(new FunctionProto
        {
            Name = "F",
            Domain = "own",
            Input = { "i" },
            Output = { "o" },
            Attribute = { "p" },
            Node = { Build.Node("Add", ["i", "i"], ["o"]) },
            OpsetImport = { new OperatorSetIdProto { Version = 20 } },
        });
        return model;
    }
}
