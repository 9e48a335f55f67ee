using Ops.Graphs;
using Ops.Kernels;
using Ops.Specs.Inference;

namespace Ops.Schemas;

/// <summary>One version of one op, ready to infer and run without knowing its C# type. Generated from the op's spec.</summary>
/// <param name="Schema">The op as data.</param>
/// <param name="Infer">Infers the outputs of a call from what is known of its inputs; throws <see cref="Specs.OpException"/> on a
/// contradiction.</param>
/// <param name="Run">Validates and runs a call; throws <see cref="Specs.OpException"/>. Null when the op has no kernel.</param>
/// <param name="Expand">
/// The graph that the op's body means for a call whose types and dims are known, in a model that imports the given version of ai.onnx. Null
/// when the op has no body that can be built.
/// </param>
public sealed record OpDefinition(OpSchema Schema, Func<InferenceCall, TensorType?[]> Infer, Action<OpCall>? Run,
    Func<InferenceCall, long, Graph>? Expand = null)
{
    /// <summary>
    /// Puts constant inputs into the form the kernel reads them in: given are the constants, the other inputs being absent, and what is
    /// known of all inputs; the result stands in the order of the inputs. Null when the kernel reads its inputs as they are.
    /// </summary>
    public Func<OpCall, InferenceCall, PackedOperand?[]>? Pack { get; init; }
}
