using Ops.Kernels;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Model;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A node, ready to run: its op is found and it is known how it runs. Ops whose attributes are graphs get steps of their
/// own.</summary>
internal abstract class NodeStep(Node node, OpSchema schema, ExecutionPath path)
{
    public Node Node { get; } = node;

    public OpSchema Schema { get; } = schema;

    public ExecutionPath Path { get; } = path;

    /// <summary>The types each input may have, as bits.</summary>
    private readonly ulong[] allowed = [.. node.Inputs.Select((_, i) =>
        Coverage.AllowedTypes(schema, i) is { } types ? types.Aggregate(0UL, (bits, type) => bits | 1UL << (int)type) : ulong.MaxValue)];

    /// <summary>The values the node reads by name besides its inputs: what its subgraphs take from around them.</summary>
    public virtual IReadOnlyList<string> Captures => [];

    /// <summary>Whether the node reads an input wherever its axes lie.</summary>
    public virtual bool ReadsPermuted(int input) => false;

    /// <summary>Refuses inputs of types that the op's spec does not list.</summary>
    /// <exception cref="OpException">There is one.</exception>
    public void CheckTypes(ReadOnlySpan<TensorValue?> inputs)
    {
        bool listed = true;
        for (int i = 0; i < allowed.Length; i++)
            listed &= inputs[i] is not { } input || (allowed[i] >> (int)input.Type & 1) != 0;
        if (!listed && Coverage.MissingType(Schema,
            [.. inputs[..allowed.Length].ToArray().Select(i => i?.Type ?? ElementType.Undefined)]) is { } missing)
            throw missing;
    }

    /// <summary>Runs the node; the outputs come by position.</summary>
    /// <param name="inputs">The inputs by position, then the values of <see cref="Captures"/>.</param>
    /// <param name="spare">The inputs, by position, that nobody reads after the node and whose memory it may use; there may be
    /// fewer.</param>
    /// <param name="state">What all nodes of the execution share.</param>
    public abstract TensorValue?[] Run(TensorValue?[] inputs, bool[] spare, ExecutionState state);

    /// <summary>The step of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constants">The values that are the same in every run.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="OpException">Nothing runs the op in the way asked for.</exception>
    public static NodeStep Of(Node node, IReadOnlyDictionary<string, TensorValue> constants, ExecutionOptions options)
    {
        if (Coverage.Missing(node, options.Ops) is { } missing)
            throw new OpException($"node {node}", Coverage.NoSpec, missing);
        OpDefinition definition = options.Ops(node.Domain, node.Op, node.Opset)!;
        try
        {
            node.Attributes.Check(definition.Schema);
        }
        catch (OpException e)
        {
            throw ErrorContext.Within($"node {node}", e);
        }
        if (definition.Schema.Kernel == ControlStep.Pattern)
            return ControlStep.Of(node, definition, constants, options);
        if (definition.Schema.Kernel == ViewStep.Pattern)
            return new ViewStep(node, definition);
        if (definition is { Expand: not null, Run: not null } && options.Path == ExecutionPath.Auto
            && definition.Schema.Attributes.Any(a => a.Kind == AttributeKind.Graph))
            return new FusibleStep(new KernelStep(node, definition, Packed()), new BodyStep(node, definition, options));
        if (definition.Expand is not null
            && (options.Path == ExecutionPath.Decomposed || definition.Run is null && options.Path == ExecutionPath.Auto))
            return new BodyStep(node, definition, options);
        if (definition.Run is null && definition.Schema.HasBody && options.Path == ExecutionPath.Fused)
            throw new OpException($"node {node}", Coverage.NotFused, $"{definition.Schema} did not run fused: it has no kernel");
        if (definition.Run is null)
            throw new OpException($"node {node}", Coverage.NoKernel, $"{definition.Schema} has no kernel");
        return new KernelStep(node, definition, Packed());

        // A body is built for one call: packing its constants would cost more than it saves.
        PackedOperand?[] Packed() => options.Depth == 0 ? ConstantPacking.Of(node, definition, constants) : [];
    }
}

/// <summary>A node that runs by the kernel of its op.</summary>
internal sealed class KernelStep(Node node, OpDefinition definition,
    PackedOperand?[] packed) : NodeStep(node, definition.Schema, ExecutionPath.Fused)
{
    private readonly bool[] wanted = [.. node.Outputs.Select(o => o.Length > 0)];
    private readonly CallMemory memory = new();

    /// <summary>Infers the outputs of a call.</summary>
    public TensorType?[] Infer(InferenceCall call) => definition.Infer(call);

    /// <summary>Infers the outputs for some inputs.</summary>
    public TensorType?[] InferAlone(IReadOnlyList<TensorValue?> inputs) =>
        definition.Infer(new OpCall(inputs, Node.Attributes, wanted).ToInference());

    public override bool ReadsPermuted(int input) => Schema.Kernel == "contraction" && input < 2;

    public override TensorValue?[] Run(TensorValue?[] inputs, bool[] spare, ExecutionState state)
    {
        var call = new OpCall(inputs, Node.Attributes, wanted) { Packed = packed, Execution = state, Donated = spare, Memory = memory };
        definition.Run!(call);
        return call.Outputs;
    }
}
