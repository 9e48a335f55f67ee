using Ops.Graphs;
using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Schemas;

/// <summary>A call of an op on tensors; running it fills <see cref="Outputs"/>.</summary>
/// <param name="Inputs">The inputs by position; null for an absent one. Trailing absent ones may be left out.</param>
/// <param name="Attributes">The attributes given.</param>
/// <param name="OutputsWanted">Which outputs the caller asks for, by position.</param>
public sealed record OpCall(IReadOnlyList<TensorValue?> Inputs, AttributeValues Attributes, IReadOnlyList<bool> OutputsWanted)
{
    /// <summary>The outputs by position; null for one that was not asked for.</summary>
    public TensorValue?[] Outputs { get; set; } = [];

    /// <summary>The execution that the call belongs to, which knows how much memory there is; null when it stands alone.</summary>
    internal ExecutionState? Execution { get; init; }

    /// <summary>
    /// The inputs, by position, whose memory the caller gives away: an output that may share it, such as a cache, is that very tensor then,
    /// changed in place. Inputs beyond the list keep theirs, and are copied.
    /// </summary>
    public IReadOnlyList<bool> Donated { get; init; } = [];

    /// <summary>The input at <paramref name="index"/>, or null when it is absent.</summary>
    public TensorValue? Input(int index) => index < Inputs.Count ? Inputs[index] : null;

    /// <summary>Whether the caller asks for the output at <paramref name="index"/>.</summary>
    public bool Wants(int index) => index < OutputsWanted.Count && OutputsWanted[index];

    /// <summary>What was packed of the inputs, by position; there may be fewer.</summary>
    internal PackedOperand?[] Packed { get; init; } = [];

    /// <summary>The input at <paramref name="index"/> as kernels see it.</summary>
    public unsafe Operand Operand(int index) => Input(index) is { } tensor
        ? new Operand(tensor.Pointer, tensor.Type, tensor.Dims) { Packed = tensor.Packed ?? (index < Packed.Length ? Packed[index] : null) } : Kernels.Operand.Absent;

    /// <summary>The inputs from <paramref name="index"/> on as kernels see them.</summary>
    public Operand[] Operands(int index) => [.. Enumerable.Range(index, Math.Max(0, Inputs.Count - index)).Select(Operand)];

    /// <summary>The output at <paramref name="index"/> as kernels see it.</summary>
    public unsafe Operand OutputOperand(int index) =>
        index < Outputs.Length && Outputs[index] is { } tensor ? new Operand(tensor.Pointer, tensor.Type, tensor.Dims) : Kernels.Operand.Absent;

    /// <summary>The outputs from <paramref name="index"/> on as kernels see them.</summary>
    public Operand[] OutputOperands(int index) => [.. Enumerable.Range(index, Math.Max(0, Outputs.Length - index)).Select(OutputOperand)];

    /// <summary>Allocates the outputs that a validated call has.</summary>
    /// <param name="inference">The types of the outputs.</param>
    /// <param name="aliases">For each output the input whose memory it may share, or -1; trailing ones may be left out.</param>
    /// <exception cref="Specs.OpException">A shape or type is not known before running, or too large.</exception>
    public void Allocate(ShapeInference inference, params ReadOnlySpan<int> aliases)
    {
        var outputs = new TensorValue?[inference.Outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
            if (i < aliases.Length && aliases[i] >= 0 && aliases[i] < Donated.Count && Donated[aliases[i]])
                outputs[i] = Inputs[aliases[i]];
            else if (inference.Outputs[i] is { } type)
            {
                long[] dims = TypedTensors.KnownDims("output", i.ToString(System.Globalization.CultureInfo.InvariantCulture), type);
                outputs[i] = Execution is null ? TensorValue.Allocate(type.Element, dims) : Execution.Allocate(type.Element, dims);
            }
        Outputs = outputs;
    }

    /// <summary>The same call as inference sees it, with the data of every input.</summary>
    public InferenceCall ToInference() => new(Types(), Attributes, OutputsWanted);

    private TensorType?[] Types()
    {
        var types = new TensorType?[Inputs.Count];
        for (int i = 0; i < types.Length; i++)
            types[i] = Inputs[i]?.ToTensorType();
        return types;
    }
}
