using Ops.Graphs;
using Ops.Onnx.Proto;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tests.Onnx;

namespace Ops.Tests.Graphs;

[TestClass]
public class GraphInferenceTests
{
    private static readonly InferenceOptions Options = new() { Ops = FakeOps.Source };

    [TestMethod]
    public void PassesSymbolsThroughTheGraph() => Assert.AreEqual("float[N, 4]", Infer(Chain()).Types["y"].ToString());

    [TestMethod]
    public void GivenInputsReplaceDeclaredOnes() =>
        Assert.AreEqual("float[7]",
            GraphInference.Infer(Chain().Load().Graph, new Dictionary<string, TensorType?> { ["x"] = TensorType.Of(ElementType.Float, 7) },
            Options with { UseDeclared = false })["y"].ToString());

    [TestMethod]
    public void DeclarationsComplete()
    {
        ModelProto model = Chain();
        model.Graph.Input[0] = Build.Value("x", ElementType.Float, null, 4);
        model.Graph.ValueInfo.Add(Build.Value("a", ElementType.Float, 3, null));
        Assert.AreEqual("float[3, 4]", Infer(model)["y"].ToString());
    }

    [TestMethod]
    public void DeclarationsMayNotContradict()
    {
        ModelProto model = Chain();
        model.Graph.Output[0] = Build.Value("y", ElementType.Float, "N", 5);
        OpException error = Assert.ThrowsExactly<OpException>(() => Infer(model));
        StringAssert.Contains(error.Message, "declares float[N, 5], its inputs make it float[N, 4]");
        StringAssert.Contains(error.Message, "node Twice of 'y'");
    }

    [TestMethod]
    public void OpsWithoutASpecLeaveOutputsUnknown()
    {
        ModelProto model = Chain();
        model.Graph.Node[0].OpType = "Nope";
        model.Graph.Output[0] = new ValueInfoProto { Name = "y" };
        InferredGraph inferred = Infer(model);
        Assert.AreEqual("no spec for Nope", inferred.Uncovered.Single());
        Assert.AreEqual("unknown[...]", inferred["y"].ToString());
    }

    [TestMethod]
    public void ValuesThatAreNoTensorsStayOut()
    {
        ModelProto model = Chain();
        model.Graph.Input[0] = new ValueInfoProto { Name = "x", Type = new TypeProto { SequenceType = new TypeProto.Types.Sequence() } };
        InferredGraph inferred = Infer(model);
        Assert.IsFalse(inferred.Types.ContainsKey("y"));
        Assert.HasCount(2, inferred.Uncovered);
    }

    private static InferredGraph Infer(ModelProto model) => GraphInference.Infer(model.Load().Graph, options: Options);

    private static ModelProto Chain() =>
        Build.Model(Build.Graph([Build.Value("x", ElementType.Float, "N", 4)], [Build.Value("y", ElementType.Float, "N", null)],
        Build.Node("Twice", ["x"], ["a"]), Build.Node("Twice", ["a"], ["y"])));
}
