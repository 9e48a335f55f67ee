using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Benchmarks.Cases;

/// <summary>Graphs that cases give as attributes.</summary>
internal static class ExpertGraphs
{
    /// <summary>Sigmoid (gate) * gate * up.</summary>
    public static Graph SwiGlu(long inner)
    {
        var type = new TensorType(ElementType.Float, Seq.Of<Dim>(Dim.Symbol("rows"), inner));
        Node Step(string op, string output, params string[] inputs) =>
            new() { Op = op, Domain = "ai.onnx", Opset = 20, Inputs = inputs, Outputs = [output], Attributes = AttributeValues.None };
        return new Graph
        {
            Name = "swiglu",
            Inputs = [new("gate", ValueKind.Tensor, type), new("up", ValueKind.Tensor, type)],
            Outputs = [new("result", ValueKind.Tensor, type)],
            Nodes = [Step("Sigmoid", "share", "gate"), Step("Mul", "silu", "gate", "share"), Step("Mul", "result", "silu", "up")],
            Constants = new Dictionary<string, Tensors.TensorValue>(),
        };
    }
}
