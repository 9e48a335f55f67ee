using Google.Protobuf;
using Ops.OnnxRuntime;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Tests.Onnx;

namespace Ops.Tests.OnnxRuntime;

[TestClass]
public class OrtSessionTests
{
    [TestInitialize]
    public void Require() => OrtLibraryNeeded.Require();

    [TestMethod]
    public void LibraryNamesItsVersion() => StringAssert.Matches(OrtLibrary.Version, new(@"^\d+\.\d+\.\d+"));

    [TestMethod]
    [DataRow(ElementType.Float)]
    [DataRow(ElementType.Double)]
    [DataRow(ElementType.Float16)]
    [DataRow(ElementType.BFloat16)]
    [DataRow(ElementType.Bool)]
    [DataRow(ElementType.Int8)]
    [DataRow(ElementType.UInt8)]
    [DataRow(ElementType.Int16)]
    [DataRow(ElementType.UInt16)]
    [DataRow(ElementType.Int32)]
    [DataRow(ElementType.UInt32)]
    [DataRow(ElementType.Int64)]
    [DataRow(ElementType.UInt64)]
    public void EveryElementTypePasses(ElementType type)
    {
        TensorValue x = TensorValue.Allocate(type, [3, 5]);
        for (int i = 0; i < x.ByteCount; i++)
            x.Bytes[i] = (byte)(type == ElementType.Bool ? i & 1 : 3 * i);
        using OrtSession session = Session("Identity", 1, type);
        TensorValue y = session.Run(new Dictionary<string, TensorValue?> { ["x0"] = x })[0]!;
        Assert.AreEqual(type, y.Type);
        CollectionAssert.AreEqual(new long[] { 3, 5 }, y.Dims);
        CollectionAssert.AreEqual(x.Bytes.ToArray(), y.Bytes.ToArray());
    }

    [TestMethod]
    public void ScalarsAndEmptyTensorsPass()
    {
        using OrtSession session = Session("Add", 2, ElementType.Float);
        Assert.AreEqual(3f, session.Run(Inputs(TensorValue.From<float>([1], []), TensorValue.From<float>([2], [])))[0]!.Span<float>()[0]);
        CollectionAssert.AreEqual(new long[] { 0, 4 },
            session.Run(Inputs(TensorValue.Allocate(ElementType.Float, [0, 4]), TensorValue.Allocate(ElementType.Float, [0, 4])))[0]!.Dims);
    }

    [TestMethod]
    public void PreparedRunsSeeNewElements()
    {
        TensorValue a = TensorValue.From<float>([1, 2], 2), b = TensorValue.From<float>([10, 20], 2),
            y = TensorValue.Allocate(ElementType.Float, [2]);
        using OrtSession session = Session("Add", 2, ElementType.Float);
        CollectionAssert.AreEqual(new[] { "x0", "x1" }, session.Inputs.ToArray());
        CollectionAssert.AreEqual(new[] { "y" }, session.Outputs.ToArray());
        using OrtRun run = session.Prepare([new("x0", a), new("x1", b)], [y]);
        run.Invoke();
        CollectionAssert.AreEqual(new[] { 11f, 22 }, y.Span<float>().ToArray());
        a.Span<float>()[0] = 5;
        run.Invoke();
        CollectionAssert.AreEqual(new[] { 15f, 22 }, y.Span<float>().ToArray());
        Assert.AreSame(y, run.Outputs()[0]);
    }

    [TestMethod]
    public void OutputsOfTheLibraryAreCopiedOnce()
    {
        using OrtSession session = Session("Add", 2, ElementType.Float);
        using OrtRun run = session.Prepare([new("x0", TensorValue.From<float>([1, 2], 2)), new("x1", TensorValue.From<float>([3, 4], 2))]);
        for (int i = 0; i < 3; i++)
            run.Invoke();
        CollectionAssert.AreEqual(new[] { 4f, 6 }, run.Outputs()[0]!.Span<float>().ToArray());
    }

    [TestMethod]
    public void ErrorsCarryTheLibrarysMessage()
    {
        OpException broken = Assert.ThrowsExactly<OpException>(() => OrtSession.Parse([1, 2, 3]));
        Assert.AreEqual("model", broken.Rule);
        OpException missing = Assert.ThrowsExactly<OpException>(() => OrtSession.Load("/no/such/model.onnx"));
        StringAssert.Contains(missing.Message, "/no/such/model.onnx");
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => Session("NoSuchOp", 1, ElementType.Float)).Message, "NoSuchOp");
        using OrtSession session = Session("Add", 2, ElementType.Float);
        OpException run = Assert.ThrowsExactly<OpException>(
            () => session.Run(Inputs(TensorValue.From<float>([1, 2], 2), TensorValue.From<float>([1, 2, 3], 3))));
        Assert.AreEqual("run", run.Rule);
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(
            () => session.Run(new Dictionary<string, TensorValue?> { ["z"] = TensorValue.From<float>([1], 1) })).Message,
            "z");
        Assert.ThrowsExactly<OpException>(() => session.Prepare([], []));
        Assert.ThrowsExactly<OpException>(() => session.Prepare([new("x0", TensorValue.From(new[] { "text" }, 1))]));
    }

    [TestMethod]
    public void OptionsAreTaken()
    {
        using OrtSession session = Session("Relu", 1, ElementType.Float,
            new OrtSessionOptions { Threads = 2, Optimization = OrtOptimization.None, StopSpinning = false });
        CollectionAssert.AreEqual(new[] { 0f, 2 }, session.Run(Inputs(TensorValue.From<float>([-1, 2], 2)))[0]!.Span<float>().ToArray());
    }

    [TestMethod]
    public void DisposedSessionsSaySo()
    {
        OrtSession session = Session("Add", 2, ElementType.Float);
        session.Dispose();
        session.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(
            () => session.Run(Inputs(TensorValue.From<float>([1], 1), TensorValue.From<float>([1], 1))));
    }

    private static Dictionary<string, TensorValue?> Inputs(params TensorValue?[] values) =>
        Enumerable.Range(0, values.Length).ToDictionary(i => $"x{i}", i => values[i]);

    private static OrtSession Session(string op, int inputs, ElementType type, OrtSessionOptions? options = null)
    {
        string[] names = [.. Enumerable.Range(0, inputs).Select(i => $"x{i}")];
        var model = Build.Model(Build.Graph(names.Select(n => Unshaped(n, type)), [Unshaped("y", type)], Build.Node(op, names, ["y"])));
        return OrtSession.Parse(model.ToByteArray(), options);
    }

    private static Ops.Onnx.Proto.ValueInfoProto Unshaped(string name, ElementType type)
    {
        Ops.Onnx.Proto.ValueInfoProto value = Build.Value(name, type);
        value.Type.TensorType.Shape = null;
        return value;
    }
}
