using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;

namespace Ops.Tests.Graphs;

/// <summary>An op may have several bodies; the version of ai.onnx that a model imports chooses.</summary>
[TestClass]
public class BodyChoiceTests
{
    [TestMethod]
    [DataRow(13, 13, 1, DisplayName = "the first body, before the second one's opset")]
    [DataRow(17, 13, 1, DisplayName = "the first body, one before")]
    [DataRow(18, 18, 2, DisplayName = "the second body, from its opset on")]
    [DataRow(25, 18, 2, DisplayName = "the second body, later")]
    public void The_models_opset_chooses_the_body(int opset, int resolvedAt, int operands)
    {
        Graph body = Expand("Softmax", 13, opset, TensorType.Of(ElementType.Float, 2, 3));
        Node greatest = body.Nodes.Single(n => n.Op == "ReduceMax");
        Assert.AreEqual(resolvedAt, greatest.Opset);
        Assert.HasCount(operands, greatest.Inputs);
        Assert.IsTrue(body.Nodes.All(n => n.BaseOpset == resolvedAt));
    }

    [TestMethod]
    public void What_no_output_asked_for_needs_is_left_out()
    {
        var call = new InferenceCall([.. Enumerable.Repeat(TensorType.Of(ElementType.Float, 1, 2, 3, 4), 3)], AttributeValues.None, [true]);
        Graph attention = OpRegistry.Get("ai.onnx", "Attention", 23).Expand!(call, 23);
        Assert.IsFalse(attention.Nodes.Any(n => n.Op is "Range" or "Where" or "Tanh"), "nothing is masked and nothing capped");
    }

    private static Graph Expand(string op, int version, int opset, TensorType input) =>
        OpRegistry.Get("ai.onnx", op, version).Expand!(new InferenceCall([input], AttributeValues.None, [true]), opset);
}
