using Ops.Cli.Testing;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>The kernel of an op against its body on one call. A kernel may keep more precision than the body, never less.</summary>
internal static class BodyComparison
{
    /// <summary>Ops of a body that choose: a difference in the last place may choose another element.</summary>
    private static readonly HashSet<string> Choosing = ["TopK", "ArgMax", "ArgMin"];

    /// <summary>What differs; null when nothing does, or when the two cannot be compared on this call.</summary>
    /// <param name="definition">The op, with a kernel and a body.</param>
    /// <param name="model">Its spec.</param>
    /// <param name="call">The call.</param>
    /// <param name="opset">The version of ai.onnx that the model around it imports: it decides which body counts.</param>
    /// <param name="compared">How many outputs were compared.</param>
    public static string? Difference(OpDefinition definition, OpModel model, OpCall call, long opset, out int compared)
    {
        compared = 0;
        IReadOnlyList<TensorValue?> body;
        try
        {
            definition.Run!(call);
        }
        catch (OpException)
        {
            return null;
        }
        try
        {
            body = RunBody(definition, call, opset);
        }
        catch (OpException e) when (Coverage.IsAbout(e))
        {
            // A type that an op of the body has no version or kernel for.
            return null;
        }
        ElementType[] types = [.. TypesOf(definition.Schema, call)];
        if (model.Body!.Calls.Any(Choosing.Contains) && types.Any(t => t is ElementType.Float16 or ElementType.BFloat16))
            return null;
        var exact = new Lazy<IReadOnlyList<TensorValue?>?>(() => RunWideBody(definition, call, opset));
        for (int o = 0; o < call.Outputs.Length; o++)
        {
            if (call.Outputs[o] is not { } kernel || body[o] is not { } reference)
                continue;
            compared++;
            if (Compare(kernel, reference, call, types) is { } difference
                && (exact.Value?[o] is not { } wide || Compare(kernel, Converted(wide, kernel.Type), call, types) is not null))
                return $"{definition.Schema.Outputs[Math.Min(o, definition.Schema.Outputs.Count - 1)].Name}: {difference}";
        }
        return null;
    }

    /// <summary>What a call of an op means: what its body makes of it, or the kernel of a primitive.</summary>
    /// <exception cref="OpException">The call breaks a rule, or nothing runs it.</exception>
    public static IReadOnlyList<TensorValue?> Meaning(OpDefinition definition, OpCall call)
    {
        if (definition.Expand is not null || definition.Schema.Kernel == ControlGraphs.Pattern)
            return RunBody(definition, call, long.MaxValue);
        definition.Run!(call);
        return call.Outputs;
    }

    /// <summary>What differs between a result and the one it should be; null when nothing does.</summary>
    public static string? Compare(TensorValue kernel, TensorValue reference, OpCall call, ElementType[] types)
    {
        if (kernel.Type != reference.Type || !kernel.Dims.AsSpan().SequenceEqual(reference.Dims))
            return $"the kernel gives {kernel}, the body {reference}";
        // A body may go through doubles, which do not hold every integer of 64 bits.
        if (kernel.Type is ElementType.Int64 or ElementType.UInt64)
            (kernel, reference) = (Widened(kernel), Widened(reference));
        bool finite = call.Inputs.All(i => i is null || IsFinite(i));
        double largest = 1;
        if (TensorElements.IsReal(kernel.Type))
        {
            reference = Copy(reference);
            for (int i = 0; i < reference.Length; i++)
                if (double.IsFinite(reference.RealAt(i)))
                    largest = Math.Max(largest, Math.Abs(reference.RealAt(i)));
                else if (double.IsFinite(kernel.RealAt(i)) && (finite || IsNear(kernel.RealAt(i), reference.RealAt(i), kernel.Type)))
                    // The body overflowed where it rounds in between.
                    CaseElements.Write(reference, i, kernel.RealAt(i));
        }
        Tolerance tolerance = ToleranceOf(types, call);
        return TensorComparer.Compare(kernel, reference, tolerance with { Absolute = tolerance.Absolute * largest });
    }

    /// <summary>
    /// The body rounds after every op, the kernel once: some units in the last place of the narrowest type that takes part, more of them
    /// the longer the sums are, and more where a mean is taken away from what is near it. A body hands reals to other ops as ONNX floats,
    /// so that doubles agree only as far as those do.
    /// </summary>
    private static Tolerance ToleranceOf(ElementType[] types, OpCall call)
    {
        long longest = call.Inputs.Where(i => i is not null).SelectMany(i => i!.Dims).DefaultIfEmpty(1).Max();
        double growth = Math.Sqrt(Math.Max(1, longest / 8.0));
        Tolerance one = types.Contains(ElementType.BFloat16) ? new Tolerance(1e-1, 3e-2) : types.Contains(ElementType.Float16)
            ? new Tolerance(2e-2, 4e-3)
            : types.Contains(ElementType.Float) ? new Tolerance(1e-4, 2e-4) : new Tolerance(1e-6, 1e-7);
        return new Tolerance(one.Relative * growth, one.Absolute * growth);
    }

    /// <summary>The types that take part: of the tensors, and those that attributes name.</summary>
    public static IEnumerable<ElementType> TypesOf(OpSchema schema, OpCall call) =>
        schema.Attributes.Where(a => a.Kind == AttributeKind.Dtype)
            .Select(a => call.Attributes.Dtype(a.Name) ?? (ElementType)(a.Default as long? ?? 0))
            .Concat(call.Inputs.Concat(call.Outputs).Select(t => t?.Type ?? ElementType.Undefined)).Distinct();

    /// <summary>The outputs of a call by the body of its op, by position.</summary>
    public static IReadOnlyList<TensorValue?> RunBody(OpDefinition definition, OpCall call, long opset)
    {
        var node = new Node
        {
            Op = definition.Schema.Name,
            Domain = definition.Schema.Domain,
            Opset = definition.Schema.Since,
            BaseOpset = opset,
            Inputs = [.. call.Inputs.Select((tensor, i) => tensor is null ? "" : $"in{i}")],
            Outputs = [.. call.OutputsWanted.Select((wanted, i) => wanted ? $"out{i}" : "")],
            Attributes = call.Attributes,
        };
        var given = call.Inputs.Select((tensor, i) => (Tensor: tensor, Name: $"in{i}")).Where(p => p.Tensor is not null).ToArray();
        var graph = new Graph
        {
            Inputs = [.. given.Select(p => new GraphValue(p.Name, ValueKind.Tensor, p.Tensor!.ToTensorType()))],
            Outputs = [.. node.Outputs.Where(o => o.Length > 0).Select(o => new GraphValue(o, ValueKind.Tensor, TensorType.Unknown))],
            Nodes = [node],
        };
        GraphRun run = new GraphExecutor(graph,
            new ExecutionOptions { Path = ExecutionPath.Decomposed }).Run(given.ToDictionary(p => p.Name, p => p.Tensor));
        var outputs = new TensorValue?[node.Outputs.Count];
        for (int i = 0, next = 0; i < outputs.Length; i++)
            if (node.Outputs[i].Length > 0)
                outputs[i] = run.Outputs[next++];
        return outputs;
    }

    /// <summary>
    /// The outputs by the body in floats where the call has floats of 16 bits; null when it has none, or the op wants just those. Where
    /// what is rounded in between cancels, this is nearer to what the op means, and to what a kernel that rounds once gives.
    /// </summary>
    private static IReadOnlyList<TensorValue?>? RunWideBody(OpDefinition definition, OpCall call, long opset)
    {
        if (!call.Inputs.Any(i => i?.Type is ElementType.Float16 or ElementType.BFloat16))
            return null;
        TensorValue?[] inputs =
            [.. call.Inputs.Select(i => i?.Type is ElementType.Float16 or ElementType.BFloat16 ? Converted(i, ElementType.Float) : i)];
        try
        {
            return RunBody(definition, new OpCall(inputs, call.Attributes, call.OutputsWanted), opset);
        }
        catch (OpException)
        {
            return null;
        }
    }

    /// <summary>Whether a number is on its way to an infinity.</summary>
    private static bool IsNear(double number, double infinity, ElementType type) =>
        double.IsInfinity(infinity) && number * infinity > 0
            && Math.Abs(number) > (type == ElementType.Float16 ? 32752 : type == ElementType.Double ? 1e307 : 1e38);

    private static bool IsFinite(TensorValue tensor)
    {
        for (int i = 0; TensorElements.IsReal(tensor.Type) && i < tensor.Length; i++)
            if (!double.IsFinite(tensor.RealAt(i)))
                return false;
        return true;
    }

    private static TensorValue Copy(TensorValue tensor)
    {
        TensorValue copy = TensorValue.Allocate(tensor.Type, tensor.Dims);
        tensor.Bytes.CopyTo(copy.Bytes);
        return copy;
    }

    private static TensorValue Converted(TensorValue tensor, ElementType type)
    {
        if (tensor.Type == type || !TensorElements.IsReal(tensor.Type))
            return tensor;
        TensorValue converted = TensorValue.Allocate(type, tensor.Dims);
        for (int i = 0; i < tensor.Length; i++)
            CaseElements.Write(converted, i, tensor.RealAt(i));
        return converted;
    }

    private static TensorValue Widened(TensorValue tensor)
    {
        TensorValue wide = TensorValue.Allocate(ElementType.Double, tensor.Dims);
        for (long i = 0; i < tensor.Length; i++)
            wide.Span<double>()[(int)i] = (double)tensor.IntegerAt(i);
        return wide;
    }
}
