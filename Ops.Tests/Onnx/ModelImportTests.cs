using Google.Protobuf;
using Ops.Graphs;
using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;
using AttributeType = Ops.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Ops.Tests.Onnx;

[TestClass]
public class ModelImportTests
{
    [TestMethod]
    public void ReadsTypesOfValues()
    {
        GraphProto proto = Build.Graph([Build.Value("x", ElementType.Float16, 2, "N", null, -1)], []);
        proto.Input.Add(new ValueInfoProto { Name = "any" });
        proto.Input.Add(new ValueInfoProto { Name = "s", Type = new TypeProto { SequenceType = new TypeProto.Types.Sequence() } });
        proto.Input.Add(new ValueInfoProto { Name = "o", Type = new TypeProto { OptionalType = new TypeProto.Types.Optional() } });
        proto.Input.Add(new ValueInfoProto
        {
            Name = "r", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } }
        });
        Graph graph = Build.Model(proto).Load().Graph;
        Assert.AreEqual("x: float16[2, N, ?, ?]|any: unknown[...]|s: sequence|o: optional|r: float[...]", string.Join("|", graph.Inputs));
    }

    [TestMethod]
    public void AConstantHasANameOfItsOwn()
    {
        NodeProto constant = Build.Node("Constant", [], ["x"], Build.Float("value_float", 2));
        ModelProto model = Build.Model(Build.Graph([Build.Value("x")], [Build.Value("y")], constant, Build.Node("Neg", ["x"], ["y"])));
        OpException error = Assert.ThrowsExactly<OpException>(() => model.Load());
        Assert.AreEqual("duplicate", error.Rule);
        StringAssert.Contains(error.Message, "its output 'x' is already an input of the graph");
    }

    [TestMethod]
    public void ReadsAttributesOfEveryKind()
    {
        NodeProto node = Build.Node("Op", [], ["y"], Build.Int("i", -3), Build.Float("f", 0.5f), Build.Text("s", "ü"),
            Build.Ints("is", 1, 2),
            new AttributeProto { Name = "fs", Type = AttributeType.Floats, Floats = { 1 } },
            new AttributeProto { Name = "ss", Type = AttributeType.Strings, Strings = { ByteString.CopyFromUtf8("a") } },
            Build.Tensor("t", TensorValue.From<long>([5], 1)), Build.Subgraph("g", Build.Graph([], [])),
            new AttributeProto { Name = "tp", Type = AttributeType.TypeProto, Tp = new TypeProto() },
            new AttributeProto { Name = "old", I = 0 });
        Node read = Build.Model(Build.Graph([], [], node)).Load().Graph.Nodes[0];
        Assert.AreEqual(-3L, read.Attributes.Int("i"));
        Assert.AreEqual(0.5f, read.Attributes.Float("f"));
        Assert.AreEqual("ü", read.Attributes.String("s"));
        CollectionAssert.AreEqual(new long[] { 1, 2 }, read.Attributes.Ints("is"));
        CollectionAssert.AreEqual(new[] { 1f }, read.Attributes.Floats("fs"));
        CollectionAssert.AreEqual(new[] { "a" }, read.Attributes.Strings("ss"));
        Assert.AreEqual("int64[1]", read.Attributes.Find("t")!.ToString());
        Assert.IsInstanceOfType<Graph>(read.Attributes.Find("g"));
        Assert.AreEqual(new OtherAttribute("TYPE_PROTO"), read.Attributes.Find("tp"));
        Assert.AreEqual(0L, read.Attributes.Int("old"));
    }

    [TestMethod]
    public void ConstantNodesBecomeConstants()
    {
        Graph graph = Build.Model(Build.Graph([], [],
            Build.Node("Constant", [], ["a"], Build.Tensor("value", TensorValue.From<float>([1, 2], 2))),
            Build.Node("Constant", [], ["b"], Build.Int("value_int", 4)),
            Build.Node("Constant", [], ["c"], Build.Ints("value_ints", 4, 5)),
            Build.Node("Constant", [], ["d"], Build.Float("value_float", 4)),
            Build.Node("Constant", [], ["e"], Build.Text("value_string", "x")),
            Build.Node("Constant", [], ["f"],
                new AttributeProto { Name = "sparse_value", Type = AttributeType.SparseTensor, SparseTensor = new SparseTensorProto() })))
            .Load().Graph;
        Assert.AreEqual("a float[2]|b int64[]|c int64[2]|d float[]|e string[]",
            string.Join("|", graph.Constants.Select(c => $"{c.Key} {c.Value}")));
        Assert.HasCount(1, graph.Unsupported);
        Assert.IsTrue(Coverage.IsAbout(Assert.ThrowsExactly<OpException>(() => new GraphExecutor(graph))));
    }

    [TestMethod]
    [DataRow("value_int", 1)]
    [DataRow("nonsense", 2)]
    public void RefusesConstantsWithoutAValue(string name, int kind) => Refuses("no value of a constant",
        Build.Node("Constant", [], ["a"], new AttributeProto { Name = name, Type = (AttributeType)kind }));

    [TestMethod]
    public void InlinesFunctionsUnderFreshNames()
    {
        // The function's own 'h' and 'y' must not meet the caller's.
        ModelProto model = Build.Model(Build.Graph([Build.Value("x"), Build.Value("h")], [Build.Value("y")],
            Build.Node("F", ["x"], ["t"]), Build.Node("F", ["t"], ["u"]), Build.Node("Add", ["u", "h"], ["y"])));
        model.Graph.Node[0].Domain = model.Graph.Node[1].Domain = "own";
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        model.Functions.Add(Function("F", ["h"], ["out"], Build.Node("Relu", ["h"], ["y"]), Build.Node("Neg", ["y"], ["out"])));
        Graph graph = model.Load().Graph;
        Assert.AreEqual("Relu x F.1/y|Neg F.1/y t|Relu t F.2/y|Neg F.2/y u|Add u,h y",
            string.Join("|", graph.Nodes.Select(n => $"{n.Op} {string.Join(",", n.Inputs)} {string.Join(",", n.Outputs)}")));
        Assert.AreEqual(7, graph.Nodes[0].Opset, "nodes of a function have the function's opset");
    }

    [TestMethod]
    public void FreshNamesAvoidTheModelsOwn()
    {
        ModelProto model = Call(Function("F", ["a"], ["b"], Build.Node("Relu", ["a"], ["h"]), Build.Node("Relu", ["h"], ["b"])));
        model.Graph.Node.Add(Build.Node("Relu", ["x"], ["F.1/h"]));
        Assert.AreEqual("F.1/h'", model.Load().Graph.Nodes[0].Outputs[0]);
    }

    [TestMethod]
    public void NamesAFunctionDoesNotDefineStayUndefined()
    {
        Graph graph = Call(Function("F", ["a"], ["b"], Build.Node("Add", ["a", "x"], ["b"]))).Load().Graph;
        Assert.AreEqual("undefined", Assert.ThrowsExactly<OpException>(() => NodeOrder.Of(graph)).Rule);
    }

    [TestMethod]
    public void FunctionsTakeAttributesAndDefaults()
    {
        FunctionProto function = Function("F", ["a"], ["b"],
            Build.Node("Op", ["a"], ["b"], Build.Reference("given", "p", AttributeType.Int),
                Build.Reference("usual", "q", AttributeType.Int), Build.Reference("none", "r", AttributeType.Int)));
        function.Attribute.Add("p");
        function.AttributeProto.Add(Build.Int("q", 8));
        ModelProto model = Call(function);
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => model.Load()).Message, "requires the attribute 'p'");
        model.Graph.Node[0].Attribute.Add(Build.Int("p", 5));
        Node node = model.Load().Graph.Nodes[0];
        Assert.AreEqual(5L, node.Attributes.Int("given"));
        Assert.AreEqual(8L, node.Attributes.Int("usual"));
        Assert.IsFalse(node.Attributes.Has("none"));
    }

    [TestMethod]
    public void SubgraphsOfFunctionsSeeTheFunction()
    {
        GraphProto branch = Build.Graph([], [Build.Value("z")], Build.Node("Add", ["h", "h"], ["z"]));
        FunctionProto function = Function("F", ["c"], ["b"], Build.Node("Relu", ["c"], ["h"]),
            Build.Node("If", ["c"], ["b"], Build.Subgraph("then_branch", branch)));
        Node node = Call(function).Load().Graph.Nodes[1];
        Graph inner = node.Subgraphs.Single();
        Assert.AreEqual("F.1/h", inner.Nodes[0].Inputs[0]);
        Assert.AreEqual("F.1/z", inner.Outputs[0].Name);
        CollectionAssert.Contains(NodeOrder.Reads(node).ToArray(), "F.1/h");
    }

    [TestMethod]
    public void FunctionsMayPassAnInputThrough()
    {
        Graph graph = Call(Function("F", ["a"], ["a"])).Load().Graph;
        Assert.AreEqual("Identity", graph.Nodes.Single().Op);
    }

    [TestMethod]
    public void RefusesFunctionsThatCallThemselves() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<OpException>(() => Call(Function("F", ["a"], ["b"], Own(Build.Node("F", ["a"], ["b"])))).Load()).Message,
            "calls itself");

    [TestMethod]
    [Timeout(60_000)]
    public void RefusesFunctionsThatExplode()
    {
        // Each function calls the next one ten times: 10^12 nodes when inlined.
        ModelProto model = Call(Function("F", ["a"], ["b"],
            [.. Enumerable.Range(0, 10).Select(i => Own(Build.Node("F1", ["a"], [i == 0 ? "b" : $"c{i}"])))]));
        for (int level = 1; level < 12; level++)
            model.Functions.Add(Function($"F{level}", ["a"], ["b"],
                [.. Enumerable.Range(0, 10).Select(i => Own(Build.Node($"F{level + 1}", ["a"], [i == 0 ? "b" : $"c{i}"])))]));
        model.Functions.Add(Function("F12", ["a"], ["b"], Build.Node("Relu", ["a"], ["b"])));
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => model.Load()).Message, "nodes");
    }

    [TestMethod]
    public void RefusesWhatIsNoSoundModel()
    {
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => new ModelProto { IrVersion = 8 }.Load()).Message, "no graph");
        Refuses("has no op type", Build.Node("", [], ["y"]));
        Refuses("given twice", Build.Node("Op", [], ["y"], Build.Int("a", 1), Build.Int("a", 2)));
        Refuses("outside a function", Build.Node("Op", [], ["y"], Build.Reference("a", "b", AttributeType.Int)));
        Refuses("has no value", Build.Node("Op", [], ["y"], new AttributeProto { Name = "a" }));
        Refuses("holds no tensor", Build.Node("Op", [], ["y"], new AttributeProto { Name = "a", Type = AttributeType.Tensor }));
        Refuses("holds no graph", Build.Node("Op", [], ["y"], new AttributeProto { Name = "a", Type = AttributeType.Graph }));
        Refuses("which ONNX does not have", Build.Node("Op", [], ["y"], new AttributeProto { Name = "a", Type = (AttributeType)77 }));
        Refuses("does not import domain 'own'", Own(Build.Node("Op", [], ["y"])));
        Refuses("two constants 'y'", Build.Node("Constant", [], ["y"], Build.Int("value_int", 1)),
            Build.Node("Constant", [], ["y"], Build.Int("value_int", 1)));
    }

    [TestMethod]
    public void OldModelsNeedNoImports()
    {
        var model = new ModelProto { IrVersion = 2, Graph = Build.Graph([], [], Build.Node("Relu", ["x"], ["y"])) };
        Assert.AreEqual(1, model.Load().Graph.Nodes[0].Opset);
    }

    private static void Refuses(string said, params NodeProto[] nodes) =>
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => Build.Model(Build.Graph([], [], nodes)).Load()).Message, said);

    private static NodeProto Own(NodeProto node)
    {
        node.Domain = "own";
        return node;
    }

    /// <summary>A model that calls a function <c>F</c> on x.</summary>
    private static ModelProto Call(FunctionProto function)
    {
        ModelProto model = Build.Model(Build.Graph([Build.Value("x")], [Build.Value("y")], Own(Build.Node("F", ["x"], ["y"]))));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        model.Functions.Add(function);
        return model;
    }

    private static FunctionProto Function(string name, string[] inputs, string[] outputs, params NodeProto[] nodes)
    {
        var function = new FunctionProto { Name = name, Domain = "own", Input = { inputs }, Output = { outputs }, Node = { nodes } };
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 7 });
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        return function;
    }
}
