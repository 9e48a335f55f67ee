using Ops.Schemas;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Runs one of two graphs.</summary>
internal sealed class IfStep : ControlStep
{
    private readonly Subgraph then;
    private readonly Subgraph otherwise;

    public IfStep(Node node, OpDefinition definition, IReadOnlyDictionary<string, TensorValue> constants,
        ExecutionOptions options) : base(node, definition, constants, options)
    {
        then = Prepare("then_branch");
        otherwise = Prepare("else_branch");
    }

    protected override TensorValue?[] Run(TensorValue?[] inputs, TensorValue?[] captured, ExecutionState state) =>
        (inputs[0]!.Bytes[0] != 0 ? then : otherwise).Run([], captured, state);
}
