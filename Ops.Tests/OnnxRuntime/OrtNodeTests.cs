using Ops.Cli.Testing;
using Ops.Graphs;
using Ops.Onnx;
using Ops.OnnxRuntime;
using Ops.Tensors;
using Ops.Tests.Onnx;

namespace Ops.Tests.OnnxRuntime;

/// <summary>ONNX's node tests in ONNX Runtime and on the specs: both must give the same.</summary>
[TestClass]
public class OrtNodeTests
{
    [TestMethod]
    [DataRow("test_add_bcast")]
    [DataRow("test_add_uint8")]
    [DataRow("test_and_bcast4v3d")]
    [DataRow("test_bitshift_left_uint8")]
    [DataRow("test_equal_uint8")]
    [DataRow("test_gelu_default_2")]
    [DataRow("test_gemm_default_vector_bias")]
    [DataRow("test_isinf_positive")]
    [DataRow("test_layer_normalization_4d_axis1")]
    [DataRow("test_matmul_3d")]
    [DataRow("test_max_float16")]
    [DataRow("test_max_float64")]
    [DataRow("test_max_int64")]
    [DataRow("test_mod_mixed_sign_int32")]
    [DataRow("test_reduce_sum_keepdims_random")]
    [DataRow("test_rms_normalization_4d_axis1")]
    [DataRow("test_softmax_large_number")]
    [DataRow("test_where_long_example")]
    public void BothAgree(string name)
    {
        string folder = Path.Combine(SharedData.NodeTests, name);
        OrtLibraryNeeded.Require();
        byte[] bytes = File.ReadAllBytes(Path.Combine(folder, "model.onnx"));
        Graph graph = OnnxModel.Parse(bytes).Graph;
        Dictionary<string, TensorValue?> inputs = DataSet.Read(Path.Combine(folder, "test_data_set_0"), "input", graph.Inputs)
            .ToDictionary(i => i.Key, i => (TensorValue?)i.Value);
        IReadOnlyList<TensorValue?> ours = new GraphExecutor(graph).Run(inputs).Outputs;
        using OrtSession session = OrtSession.Parse(bytes);
        TensorValue?[] theirs = session.Run(inputs);
        Assert.HasCount(ours.Count, theirs);
        for (int i = 0; i < theirs.Length; i++)
            Assert.IsNull(TensorComparer.Compare(theirs[i]!, ours[i]!, Tolerance.For(ours[i]!.Type, new TestSettings())));
    }
}
