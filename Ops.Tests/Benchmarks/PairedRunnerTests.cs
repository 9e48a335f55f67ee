using Ops.Benchmarks.Cases;
using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Peers;
using Ops.Benchmarks.Running;
using Ops.OnnxRuntime;
using Ops.Tensors;

namespace Ops.Tests.Benchmarks;

[TestClass]
public class PairedRunnerTests
{
    private static readonly PairedRunner Runner = new(new RunSettings(3, TimeSpan.FromMilliseconds(2), TimeSpan.FromMicroseconds(50)));

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void AllSidesAreMeasured(int threads)
    {
        BenchmarkRow row = Runner.Run(Case((x, y) => Add(x, y, 0)), threads);
        Assert.IsGreaterThan(0, row.Ours!.Value);
        Assert.IsGreaterThan(0, row.LimitRate!.Value);
        Assert.IsGreaterThan(0, row.LimitShare!.Value);
        Assert.AreEqual(OrtLibrary.IsAvailable, row.Ratio > 0);
        Assert.AreEqual(OrtLibrary.Unavailable ?? "", row.Note);
    }

    [TestMethod]
    public void TheRegistryIsTheUsualWay() => Assert.IsGreaterThan(0, Runner.Run(Case(null), 1).Ours!.Value);

    [TestMethod]
    public void WrongResultsAreNotMeasured()
    {
        OnnxRuntime.OrtLibraryNeeded.Require();
        BenchmarkRow row = Runner.Run(Case((x, y) => Add(x, y, 1)), 1);
        Assert.IsTrue(row.Differs);
        Assert.IsNull(row.Ours);
        StringAssert.Contains(row.Note, "element 0");
    }

    [TestMethod]
    public void WhatONNXRuntimeRefusesIsMeasuredAlone()
    {
        OnnxRuntime.OrtLibraryNeeded.Require();
        BenchmarkCase @case = Case((x, y) => Add(x, y, 0));
        BenchmarkRow row = Runner.Run(@case with { Create = () => Subject("NoSuchOp", (x, y) => Add(x, y, 0)) }, 1);
        Assert.IsGreaterThan(0, row.Ours!.Value);
        Assert.IsNull(row.Ratio);
        StringAssert.Contains(row.Note, "NoSuchOp");
    }

    [TestMethod]
    public void OpsWithoutASpecAreSkipped() =>
        Assert.AreEqual("no spec for NoSuchOp-20", Runner.Run(Case(null) with { Needs = ("NoSuchOp", 20) }, 1).Note);

    private static BenchmarkCase Case(OurRun? ours) =>
        new("group", "name", () => Subject("Add", ours), new Limit(LimitKind.Combine, 12 * 64, 12 * 64));

    private static Subject Subject(string op, OurRun? ours) => new()
    {
        Node = new PeerNode(op, 20),
        Inputs = [[Floats.Random(1, 64), Floats.Random(2, 64)], [Floats.Random(3, 64), Floats.Random(4, 64)]],
        Outputs = [Floats.Empty(64)],
        Ours = ours,
    };

    private static void Add(TensorValue[] x, TensorValue[] y, float error)
    {
        for (int i = 0; i < 64; i++)
            y[0].Span<float>()[i] = x[0].Span<float>()[i] + x[1].Span<float>()[i] + error;
    }
}
