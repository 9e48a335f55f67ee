using Ops.Graphs;
using Ops.Onnx.Proto;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Tests.Onnx;

namespace Ops.Tests.Operators;

/// <summary>What inference knows of shapes that models compute from shapes.</summary>
[TestClass]
public sealed class ShapeChainTests
{
    [TestMethod]
    public void SymbolsPassThroughShapeGatherConcatReshape() => Assert.AreEqual("float[B, S, 4, H/4]", Infer(
        Build.Value("x", ElementType.Float, "B", "S", "H"),
        Build.Node("Shape", ["x"], ["dims"]),
        Constant("zero", 0L), Constant("one", 1L), Constants("tail", 4, -1), Constants("axes", 0),
        Build.Node("Gather", ["dims", "zero"], ["b"]), Build.Node("Gather", ["dims", "one"], ["s"]),
        Build.Node("Unsqueeze", ["b", "axes"], ["b1"]), Build.Node("Unsqueeze", ["s", "axes"], ["s1"]),
        Build.Node("Concat", ["b1", "s1", "tail"], ["shape"], Build.Int("axis", 0)),
        Build.Node("Reshape", ["x", "shape"], ["y"])));

    [TestMethod]
    public void ArithmeticOnDimsStaysExact() => Assert.AreEqual("float[B*S, H]", Infer(
        Build.Value("x", ElementType.Float, "B", "S", "H"),
        Build.Node("Shape", ["x"], ["rows"], Build.Int("start", 0), Build.Int("end", 2)),
        Build.Node("Shape", ["x"], ["columns"], Build.Int("start", -1)),
        Constant("zero", 0L), Constant("one", 1L), Constants("axes", 0),
        Build.Node("Gather", ["rows", "zero"], ["b"]), Build.Node("Gather", ["rows", "one"], ["s"]),
        Build.Node("Mul", ["b", "s"], ["bs"]), Build.Node("Unsqueeze", ["bs", "axes"], ["bs1"]),
        Build.Node("Concat", ["bs1", "columns"], ["shape"], Build.Int("axis", 0)),
        Build.Node("Reshape", ["x", "shape"], ["y"])));

    [TestMethod]
    public void SlicesOfShapesKeepTheirSymbols() => Assert.AreEqual("float[S, H]", Infer(
        Build.Value("x", ElementType.Float, "B", "S", "H"),
        Build.Node("Shape", ["x"], ["dims"]),
        Constants("starts", 1), Constants("ends", long.MaxValue), Constants("axes", 0),
        Build.Node("Slice", ["dims", "starts", "ends", "axes"], ["shape"]),
        Build.Node("ConstantOfShape", ["shape"], ["y"])));

    [TestMethod]
    public void AnUnknownElementLeavesTheOthersKnown() => Assert.AreEqual("float[B, ?, 4]", Infer(
        Build.Value("x", ElementType.Float, "B", null, "H"),
        Build.Node("Shape", ["x"], ["two"], Build.Int("start", 0), Build.Int("end", 2)),
        Constants("four", 4),
        Build.Node("Concat", ["two", "four"], ["shape"], Build.Int("axis", 0)),
        Build.Node("ConstantOfShape", ["shape"], ["y"])));

    [TestMethod]
    public void RangesOfDimsHaveTheirLength() => Assert.AreEqual("int64[S]", Infer(
        Build.Value("x", ElementType.Float, "B", "S", "H"),
        Build.Node("Shape", ["x"], ["dims"]),
        Constant("zero", 0L), Constant("one", 1L),
        Build.Node("Gather", ["dims", "one"], ["s"]),
        Build.Node("Range", ["zero", "s", "one"], ["y"])));

    [TestMethod]
    public void TheCountOfNonZerosIsUnknownButItsRankIsNot() => Assert.AreEqual("int64[3, ?]", Infer(
        Build.Value("x", ElementType.Float, "B", "S", "H"), Build.Node("NonZero", ["x"], ["y"])));

    private static string Infer(ValueInfoProto input, params NodeProto[] nodes) =>
        GraphInference.Infer(Build.Model(Build.Graph([input], [new ValueInfoProto { Name = "y" }], nodes)).Load().Graph)["y"].ToString();

    private static NodeProto Constant(string name, long value) =>
        Build.Node("Constant", [], [name], Build.Tensor("value", TensorValue.From<long>([value], [])));

    private static NodeProto Constants(string name, params long[] values) =>
        Build.Node("Constant", [], [name], Build.Tensor("value", TensorValue.From<long>(values, values.Length)));
}
