using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Graphs;

/// <summary>Graphs inside bodies: they see the names around them, and get the types of their inputs from the op that runs them.</summary>
[TestClass]
public class InlineGraphTests
{
    private static readonly OpSchema Schema = new()
    {
        Name = "Composed",
        Domain = "ai.onnx",
        Since = 21,
        Summary = "",
        SpecPath = "",
        Types = [new OpTypeVariable("T", [ElementType.Float16, ElementType.Float])],
        Inputs = [new OpPort("X", "T", "T[...]"), new OpPort("Z", "T", "T[...]", Optional: true)],
        Outputs = [new OpPort("Y", "T", "T[...]"), new OpPort("W", "T", "T[...]", Optional: true)],
        Attributes = [],
        Rules = [],
    };

    [TestMethod]
    public void A_scan_reads_what_lies_around_it_and_its_constants_take_the_type_of_a_slice()
    {
        TensorValue x = TensorValue.From<Half>([(Half)1, (Half)2, (Half)3, (Half)4, (Half)5, (Half)6], 3, 2);
        TensorValue[] outputs = Run([x], 2, body =>
        {
            body.Let(["Factor"], () => body.Call("Mul", [body["X"], body.Constant((Real)10)]));
            body.Let(["W", "Y"],
                () => body.Call("Scan",
                    [body.Call("ReduceSum", [body.Constant(Seq.Of<Real>(0, 0)), body.Constant(Seq.Of<Dim>(0))],
                        [new("keepdims", (Dim)0)]), body["X"]],
            [
                new("num_scan_inputs", (Dim)1),
                new("body", body.Graph("step", ["sum", "slice"], ["next", "out"], () =>
                {
                    body.Let(["next"],
                        () => body.Call("Add",
                            [body["sum"], body.Call("Cast",
                                [body.Call("ReduceSum", [body["slice"], body.Constant(Seq.Of<Dim>(0))], [new("keepdims", (Dim)0)])],
                                [new("to", ElementType.Float)])]));
                    body.Let(["out"],
                        () => body.Call("Add", [body.Call("Mul", [body["slice"], body.Constant((Real)2)]),
                            body.Call("ReduceMax", [body["Factor"], body.Constant(Seq.Of<Dim>(0, 1))], [new("keepdims", (Dim)0)])]));
                })),
            ], outputs: 2));
        });
        CollectionAssert.AreEqual(new[] { 62f, 64, 66, 68, 70, 72 }, outputs[0].Span<Half>().ToArray().Select(h => (float)h).ToArray());
        Assert.AreEqual("float16[3, 2]", outputs[0].ToTensorType().ToString());
        Assert.AreEqual(21f, outputs[1].Span<float>()[0]);
    }

    [TestMethod]
    public void A_loop_may_make_what_it_passes_on_larger()
    {
        TensorValue[] outputs = Run([TensorValue.From<float>([1, 2], 2)], 1,
            body => body.Let(["_", "Y"], () => body.Call("Loop", [body.Constant((Dim)3), body.Constant(Truth.True), body["X"], body["X"]],
        [
            new("body", body.Graph("grow", ["i", "go", "x", "y"], ["go", "x2", "y2"], () =>
            {
                body.Let(["x2"], () => body["x"]);
                body.Let(["y2"],
                    () => body.Call("Concat",
                        [body["y"], body.Call("Cast", [body.Call("Unsqueeze", [body["i"], body.Constant(Seq.Of<Dim>(0))])],
                            [new("to", ElementType.Float)])],
                        [new("axis", (Dim)0)]));
            })),
        ], outputs: 2)));
        CollectionAssert.AreEqual(new[] { 1f, 2, 0, 1, 2 }, outputs[0].Span<float>().ToArray());
    }

    [TestMethod]
    public void Of_two_graphs_the_one_chosen_runs_and_only_what_it_needs_is_evaluated()
    {
        // Z is absent: an equation about it that no graph reads must not be evaluated.
        TensorValue[] outputs = Run([TensorValue.From<float>([-3, 2], 2)], 1, body =>
        {
            body.Let(["Absent"], () => body.Call("Neg", [body["Z"]]));
            body.Let(["Outer"], () => body.Call("Abs", [body["X"]]));
            body.Let(["Y"],
                () => body.Call("If",
                    [body.Call("Less", [body.Call("ReduceMin", [body["X"], body.Constant(Seq.Of<Dim>(0))], [new("keepdims", (Dim)0)]),
                        body.Constant((Real)0)])],
            [
                new("then_branch",
                    body.Graph("then", [], ["t"], () => body.Let(["t"], () => body.Call("Mul", [body["Outer"], body.Constant((Real)2)])))),
                new("else_branch",
                    body.Graph("else", [], ["e"], () => body.Let(["e"], () => body.Decide(Truth.True) ? body["X"] : body["Absent"]))),
            ]));
        });
        CollectionAssert.AreEqual(new[] { 6f, 4 }, outputs[0].Span<float>().ToArray());
    }

    private static TensorValue[] Run(TensorValue[] inputs, int outputs, Action<BodyBuilder> equations)
    {
        var call = new InferenceCall([.. inputs.Select(i => i.ToTensorType())], AttributeValues.None,
            [.. Enumerable.Repeat(true, outputs)]);
        var body = new BodyBuilder(Schema, 21, call);
        equations(body);
        GraphRun run = new GraphExecutor(body.ToGraph()).Run(new Dictionary<string, TensorValue?> { ["X"] = inputs[0] });
        return [.. run.Outputs.Select(o => o!)];
    }
}
