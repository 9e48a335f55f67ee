using Ops.Graphs;
using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Types;
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
        ? new Operand(tensor.Pointer, tensor.Type, tensor.Dims)
        {
            Packed = tensor.Packed ?? (index < Packed.Length ? Packed[index] : null),
            Strides = tensor.Strides
        } : Kernels.Operand.Absent;

    /// <summary>The inputs from <paramref name="index"/> on as kernels see them.</summary>
    public Operand[] Operands(int index) => [.. Enumerable.Range(index, Math.Max(0, Inputs.Count - index)).Select(Operand)];

    /// <summary>The output at <paramref name="index"/> as kernels see it.</summary>
    public unsafe Operand OutputOperand(int index) =>
        index < Outputs.Length && Outputs[index] is { } tensor
            ? new Operand(tensor.Pointer, tensor.Type, tensor.Dims) : Kernels.Operand.Absent;

    /// <summary>The outputs from <paramref name="index"/> on as kernels see them.</summary>
    public Operand[] OutputOperands(int index) => [.. Enumerable.Range(index, Math.Max(0, Outputs.Length - index)).Select(OutputOperand)];

    /// <summary>Stands for any input in the lists of what outputs may share.</summary>
    public const int AnyInput = -2;

    /// <summary>What the node of the call remembers of the one before; null when nobody remembers.</summary>
    internal CallMemory? Memory { get; init; }

    /// <summary>What <see cref="ToInference"/> made of the inputs last.</summary>
    private TensorType?[] types = [];

    /// <summary>
    /// Whether the call is like the last one of its node, which was valid. Then this one is too, its outputs are allocated, and
    /// <paramref name="args"/> is what the kernel gets.
    /// </summary>
    public bool Recall<TArgs>(out TArgs args)
    {
        if (Memory?.Recall(Inputs) is Outcome<TArgs> known)
        {
            args = known.Args;
            Allocate(known.Outputs, known.Aliases);
            return true;
        }
        args = default!;
        return false;
    }

    /// <summary>Allocates the outputs of a call that was found valid, and has its node remember it.</summary>
    /// <param name="inference">The types of the outputs.</param>
    /// <param name="args">What the kernel gets.</param>
    /// <param name="aliases">
    /// For each output the input whose memory it may share if both have one type and shape, -1 for none, or <see cref="AnyInput"/>;
    /// trailing ones may be left out.
    /// </param>
    /// <exception cref="Specs.OpException">A shape or type is not known before running, or too large.</exception>
    public void Accept<TArgs>(ShapeInference inference, in TArgs args, params ReadOnlySpan<int> aliases)
    {
        OutputType?[] outputs = [.. inference.Outputs.Select((type, i) => type is null ? null : OutputType.Of(i, type))];
        int[] shared = aliases.ToArray();
        Allocate(outputs, shared);
        Memory?.Keep(Inputs, types, new Outcome<TArgs>(args, outputs, shared));
    }

    /// <summary>Allocates the outputs that a validated call has.</summary>
    /// <param name="inference">The types of the outputs.</param>
    /// <exception cref="Specs.OpException">A shape or type is not known before running, or too large.</exception>
    public void Allocate(ShapeInference inference) => Accept(inference, false);

    private void Allocate(OutputType?[] types, int[] aliases)
    {
        var outputs = new TensorValue?[types.Length];
        for (int i = 0; i < outputs.Length; i++)
            if (types[i] is { } type)
                outputs[i] = (i < aliases.Length ? Shared(aliases[i], type) : null)
                    ?? (Execution is null ? TensorValue.Allocate(type.Element, type.Dims) : Execution.Allocate(type.Element, type.Dims));
        Outputs = outputs;
    }

    /// <summary>The input that the caller gives away and an output may be; null when there is none.</summary>
    private TensorValue? Shared(int alias, OutputType output)
    {
        for (int i = Math.Max(alias, 0), end = alias == AnyInput ? Donated.Count : Math.Min(alias + 1, Donated.Count); i < end; i++)
            if (Donated[i] && Inputs[i] is { } input && input.Type == output.Element && input.Dims.AsSpan().SequenceEqual(output.Dims))
                return input;
        return null;
    }

    /// <summary>The same call as inference sees it, with the data of every input.</summary>
    public InferenceCall ToInference() => new(types = Types(), Attributes, OutputsWanted);

    private TensorType?[] Types()
    {
        var types = new TensorType?[Inputs.Count];
        for (int i = 0; i < types.Length; i++)
            types[i] = Inputs[i] is not { } input ? null : Memory is null ? input.ToTensorType() : CallMemory.Watch(input);
        return types;
    }

    /// <summary>What a valid call leads to.</summary>
    private sealed record Outcome<TArgs>(TArgs Args, OutputType?[] Outputs, int[] Aliases);

    /// <summary>The type of an output, all of it known.</summary>
    private sealed record OutputType(ElementType Element, long[] Dims)
    {
        public static OutputType Of(int index, TensorType type) =>
            new(type.Element, TypedTensors.KnownDims("output", index.ToString(System.Globalization.CultureInfo.InvariantCulture), type));
    }
}
