using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Inference;

namespace Ops.Tests.Graphs;

[TestClass]
public class NodeOrderTests
{
    [TestMethod]
    public void KeepsTheModelsOrder() => Assert.AreEqual("a b c", Order(N("a", "x"), N("b", "x"), N("c", "a")));

    [TestMethod]
    public void PutsProducersFirst() => Assert.AreEqual("b a c", Order(N("a", "b"), N("b", "x"), N("c", "a")));

    [TestMethod]
    public void NamesANodeOnTheCycle()
    {
        // 'd' only waits for the cycle of 'b' and 'c'.
        OpException error = Assert.ThrowsExactly<OpException>(() => Order(N("d", "c"), N("a", "x"), N("b", "c"), N("c", "b")));
        Assert.AreEqual("cycle", error.Rule);
        StringAssert.Contains(error.Message, "node Op of 'c'");
        Assert.AreEqual("cycle", Assert.ThrowsExactly<OpException>(() => Order(N("a", "a"))).Rule);
    }

    [TestMethod]
    public void RefusesUndefinedNames()
    {
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => Order(N("a", "nothing"))).Message,
            "nothing defines the value 'nothing'");
        var graph = new Graph { Outputs = [new GraphValue("y", ValueKind.Tensor, TensorType.Unknown)] };
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => NodeOrder.Of(graph)).Message, "the output 'y'");
    }

    [TestMethod]
    public void RefusesNamesDefinedTwice()
    {
        Assert.AreEqual("duplicate", Assert.ThrowsExactly<OpException>(() => Order(N("a", "x"), N("a", "x"))).Rule);
        Assert.AreEqual("duplicate", Assert.ThrowsExactly<OpException>(() => Order(N("x", "x"))).Rule);
    }

    [TestMethod]
    public void AbsentInputsAndOutputsHaveNoName() =>
        Assert.AreEqual("|", string.Join("|", NodeOrder.Of(Graph(N("", ""), N("", "x"))).SelectMany(n => n.Outputs)));

    [TestMethod]
    public void SubgraphsReadOuterNames()
    {
        var inner = new Graph { Nodes = [N("i", "b"), N("j", "i")] };
        var node = new Node
        {
            Op = "If", Domain = "ai.onnx", Opset = 20, Inputs = ["x"], Outputs = ["y"],
            Attributes = new(new Dictionary<string, object> { ["then_branch"] = inner }),
        };
        CollectionAssert.AreEquivalent(new[] { "x", "b" }, NodeOrder.Reads(node).ToArray());
        Assert.AreEqual("b y", string.Join(" ", NodeOrder.Of(Graph(node, N("b", "x"))).Select(n => n.Outputs[0])));
    }

    private static string Order(params Node[] nodes) => string.Join(" ", NodeOrder.Of(Graph(nodes)).Select(n => n.Outputs[0]));

    private static Graph Graph(params Node[] nodes) =>
        new() { Inputs = [new GraphValue("x", ValueKind.Tensor, TensorType.Unknown)], Nodes = nodes };

    private static Node N(string output, params string[] inputs) =>
        new() { Op = "Op", Domain = "ai.onnx", Opset = 20, Inputs = inputs, Outputs = [output] };
}
