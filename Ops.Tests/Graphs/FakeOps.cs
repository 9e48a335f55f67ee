using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Graphs;

/// <summary>A few ops made by hand, so that graphs are tested without the generated ones.</summary>
internal static class FakeOps
{
    /// <summary>Twice: x + x. Fork: two outputs, the second optional. Composite: has a body. Broken: fails in a way it should
    /// not.</summary>
    public static OpSource Source { get; } = (_, name, opset) => name switch
    {
        "Twice" when opset >= 7 => new OpDefinition(Schema("Twice", 1), Same, call => Set(call, Double(call.Input(0)!))),
        "Fork" => new OpDefinition(Schema("Fork", 2), c => [c.Input(0), c.Input(0)],
            call => Set(call, call.Input(0), call.Wants(1) ? call.Input(0) : null)),
        "Maybe" => new OpDefinition(Schema("Maybe", 1), c => [c.Input(0) ?? TensorType.Of(ElementType.Float)],
            call => Set(call, call.Input(0) ?? TensorValue.From<float>([-1]))),
        "Composite" => new OpDefinition(Schema("Composite", 1) with { HasBody = true }, Same, null),
        "Huge" => new OpDefinition(Schema("Huge", 1), _ => [TensorType.Of(ElementType.Float, 1 << 20, 1 << 20)],
            call => call.Allocate(Inferred(TensorType.Of(ElementType.Float, 1 << 20, 1 << 20)))),
        "Broken" => new OpDefinition(Schema("Broken", 1), Same, _ => throw new IndexOutOfRangeException("outside")),
        _ => null,
    };

    private static OpSchema Schema(string name, int outputs) => new()
    {
        Name = name,
        Domain = "ai.onnx",
        Since = 7,
        Summary = "",
        SpecPath = "",
        Types = [new OpTypeVariable("T", [ElementType.Float])],
        Inputs = [new OpPort("x", "T", "T[...]")],
        Outputs = [.. Enumerable.Range(0, outputs).Select(i => new OpPort($"y{i}", "T", "T[...]"))],
        Attributes = [],
        Rules = [],
    };

    private static ShapeInference Inferred(TensorType output)
    {
        var inference = new ShapeInference("Huge", 1, concrete: true);
        inference.Output(0, "y0", output.Element, output.Shape);
        return inference;
    }

    private static TensorType?[] Same(InferenceCall call) => [call.Input(0)! with { Data = null }];

    private static void Set(OpCall call, params TensorValue?[] outputs) => call.Outputs = outputs;

    private static TensorValue Double(TensorValue x)
    {
        TensorValue y = TensorValue.Allocate(x.Type, x.Dims);
        for (int i = 0; i < x.Length; i++)
            y.Span<float>()[i] = 2 * x.Span<float>()[i];
        return y;
    }
}
