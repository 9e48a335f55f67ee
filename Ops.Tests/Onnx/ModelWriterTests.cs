using Ops.Graphs;
using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Onnx;

/// <summary>Graphs written as models, and read again.</summary>
[TestClass]
public class ModelWriterTests
{
    [TestMethod]
    public void A_body_with_a_graph_inside_is_the_same_model_when_read_again()
    {
        var random = new Random(5);
        TensorValue Make(params long[] dims)
        {
            TensorValue tensor = TensorValue.Allocate(ElementType.Float, dims);
            foreach (ref float x in tensor.Span<float>())
                x = -random.NextSingle();
            return tensor;
        }
        TensorValue[] inputs = [Make(1, 3, 8), Make(1, 3, 8), Make(1, 3, 8), Make(1, 2, 4, 4), Make(1, 3, 2), Make(1, 3, 2)];
        var attributes = new AttributeValues(new Dictionary<string, object> { ["q_num_heads"] = 2L, ["kv_num_heads"] = 2L });
        Graph body = OpRegistry.Get("ai.onnx", "LinearAttention",
            27).Expand!(new InferenceCall([.. inputs.Select(i => i.ToTensorType())], attributes, [true, true]), 27);
        Graph read = OnnxModel.Parse(ModelWriter.Write(body)).Graph;
        Dictionary<string, TensorValue?> named = body.Inputs.Zip(inputs).ToDictionary(p => p.First.Name, p => (TensorValue?)p.Second);
        IReadOnlyList<TensorValue?> expected = new GraphExecutor(body).Run(named).Outputs,
            actual = new GraphExecutor(read).Run(named).Outputs;
        Assert.HasCount(2, actual);
        for (int i = 0; i < 2; i++)
            CollectionAssert.AreEqual(expected[i]!.Bytes.ToArray(), actual[i]!.Bytes.ToArray());
    }

    [TestMethod]
    public void A_model_imports_the_oldest_opset_that_has_its_ops()
    {
        Graph body = OpRegistry.Get("ai.onnx", "Softmax",
            13).Expand!(new InferenceCall([TensorType.Of(ElementType.Float, 2, 3)], AttributeValues.None, [true]), 25);
        ModelProto model = ModelProto.Parser.ParseFrom(ModelWriter.Write(body));
        Assert.AreEqual(18, model.OpsetImport.Single().Version);
        Assert.IsTrue(OpRegistry.Get("ai.onnx", "ReduceMax", 18).Schema.Since == 18);
    }

    [TestMethod]
    public void What_a_model_cannot_hold_is_refused()
    {
        var graph = new Graph { Name = "g", Unsupported = ["sparse initialiser 's'"] };
        OpException error = Assert.ThrowsExactly<OpException>(() => ModelWriter.Write(graph));
        Assert.AreEqual(Coverage.NotSupported, error.Rule);
    }
}
