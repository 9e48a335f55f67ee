using Ops.Graphs;
using Ops.Kernels;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Threading;

namespace Ops.Tests.Modifiers;

[TestClass]
[DoNotParallelize]
public sealed class MemoryTests
{
    private const int Queries = 300, Keys = 16384, Depth = 64;

    /// <summary>What a thread may take: rows, a packed cell, a tile of scores and what a program works with.</summary>
    private const long PerThread = 4 << 20;

    [TestMethod]
    public void A_fused_modifier_takes_tiles_and_its_body_the_scores()
    {
        var w = new GraphWriter(ElementType.Float);
        FlexCase shape = new() { Heads = 1, Queries = Queries, Keys = Keys };
        string seen = w["LessOrEqual", Positions.All[0].Along(w, shape, 3), Positions.All[0].Along(w, shape, 2)];
        Graph modifier = w.Build(w["Where", seen, w["Tanh", w.Score], w.Number(double.NegativeInfinity)]);
        var inputs = new Dictionary<string, TensorValue?>
        {
            ["Q"] = TensorValue.Allocate(ElementType.Float, [1, 1, Queries, Depth], clear: true),
            ["K"] = TensorValue.Allocate(ElementType.Float, [1, 1, Keys, Depth], clear: true),
            ["V"] = TensorValue.Allocate(ElementType.Float, [1, 1, Keys, Depth], clear: true),
        };
        var graph = new Graph
        {
            Inputs = [.. inputs.Keys.Select(n => new GraphValue(n, ValueKind.Tensor, TensorType.Unknown))],
            Outputs = [new GraphValue("Y", ValueKind.Tensor, TensorType.Unknown)],
            Nodes = [new Node { Op = "FlexAttention", Domain = "ai.onnx.preview", Opset = 1, Inputs = [.. inputs.Keys], Outputs = ["Y"],
                Attributes = new AttributeValues(new Dictionary<string, object> { ["score_mod"] = modifier }) }],
        };
        // Room for inputs and output, and for far less than the scores.
        long most = inputs.Values.Sum(v => v!.ByteCount) + 2L * Queries * Depth * sizeof(float) + PerThread;
        Assert.IsLessThan((long)Queries * Keys * sizeof(float), PerThread);
        foreach (int threads in new[] { 1, 2 })
        {
            using Workers.Forced forced = Workers.Force(threads);
            long managed = 0, kept = 0, shared = 0;
            var thread = new Thread(() =>
            {
                var executor = new GraphExecutor(graph, new ExecutionOptions { Path = ExecutionPath.Fused, MaxBytes = most });
                executor.Run(inputs);
                long before = GC.GetTotalAllocatedBytes(precise: true), sharedBefore = (long)PackingBuffer.TotalAllocated;
                executor.Run(inputs);
                managed = GC.GetTotalAllocatedBytes(precise: true) - before;
                shared = (long)PackingBuffer.TotalAllocated - sharedBefore;
                kept = Scratch.Kept;
            });
            thread.Start();
            thread.Join();
            Assert.IsLessThan(PerThread, managed, "managed, the output included");
            Assert.IsLessThan(PerThread, kept, "of the thread");
            Assert.IsLessThan(threads * PerThread, shared, "shared by the threads");
        }
        var decomposed = new GraphExecutor(graph, new ExecutionOptions { Path = ExecutionPath.Decomposed, MaxBytes = most });
        Assert.AreEqual("memory", Assert.ThrowsExactly<OpException>(() => decomposed.Run(inputs)).Rule);
    }
}
