using Ops.Graphs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;

namespace Ops;

public static partial class Scan
{
    private static partial Dim OutputCount(object? body) => SubgraphInference.OutputCount(body);

    private static partial TensorType Output(Dim T, IReadOnlyList<TensorType> initial_state_and_scan_inputs, Dim num_scan_inputs,
        Seq<Dim> scan_input_axes, Seq<Dim> scan_output_axes, object? body, Dim k) =>
        SubgraphInference.Output(body, k, () => Outputs(initial_state_and_scan_inputs, num_scan_inputs, body,
            given => given, (given, i) => Without(given, At(scan_input_axes, i)), (made, i) => With(made, At(scan_output_axes, i), T)));

    private static partial TensorType BatchOutput(Dim B, Dim T, IReadOnlyList<TensorType> initial_state_and_scan_inputs,
        Dim num_scan_inputs, object? body, Dim k) =>
        SubgraphInference.Output(body, k, () => Outputs(initial_state_and_scan_inputs, num_scan_inputs, body,
            given => Without(given, 0), (given, _) => Without(Without(given, 0), 0), (made, _) => With(made, 0, T))
            is { } outputs ? [.. outputs.Select(o => With(o, 0, B))] : null);

    /// <summary>The types of the states, then of the outputs that are stacked.</summary>
    private static IReadOnlyList<TensorType>? Outputs(IReadOnlyList<TensorType> inputs, Dim scanned, object? body,
        Func<TensorType, TensorType> state, Func<TensorType, int, TensorType> slice, Func<TensorType, int, TensorType> stack)
    {
        if (!scanned.IsKnown || scanned.Value < 0 || scanned.Value > inputs.Count)
            return null;
        int states = inputs.Count - (int)scanned.Value;
        TensorType[] carried = [.. inputs.Take(states).Select(state).Select(SubgraphInference.WithoutData)];
        IReadOnlyList<TensorType>? made = SubgraphInference.Outputs(body, [.. carried, .. inputs.Skip(states).Select(slice)]);
        if (made is null || made.Count < states)
            return null;
        // A state keeps its type and shape: what the body declares and tells of it holds for all iterations.
        return [.. carried.Select((before, i) => Kept(((Graph)body!).Inputs[i], before, made[i])), .. made.Skip(states).Select(stack)];
    }

    private static TensorType Kept(GraphValue declared, TensorType before, TensorType after)
    {
        TensorType known = TypeMerge.Of(declared.Name, before, declared.Type),
            both = TypeMerge.Of(declared.Name, known, SubgraphInference.WithoutData(after));
        // The name of a dim outside says more than a number inside.
        return known.Shape.IsKnown ? both with { Shape = Seq.Map(known.Shape, both.Shape, (k, b) => k.IsUnknown ? b : k) } : both;
    }

    private static Dim At(Seq<Dim> list, int index) => list.IsKnown && index < list.Items.Length ? list.Items[index] : Dim.Unknown;

    private static TensorType Without(TensorType type, Dim axis)
    {
        if (!type.Shape.IsKnown || type.Shape.Items.Length == 0)
            return new TensorType(type.Element, default);
        int rank = type.Shape.Items.Length;
        if (!axis.IsKnown)
            return new TensorType(type.Element, Seq.Of(new Dim[rank - 1]));
        long at = axis.Value < 0 ? axis.Value + rank : axis.Value;
        return new TensorType(type.Element, Seq.Of(type.Shape.ToArray().Where((_, i) => i != at).ToArray()));
    }

    private static TensorType With(TensorType type, Dim axis, Dim extent)
    {
        if (!type.Shape.IsKnown)
            return new TensorType(type.Element, default);
        var dims = type.Shape.ToArray().ToList();
        if (!axis.IsKnown)
            return new TensorType(type.Element, Seq.Of(new Dim[dims.Count + 1]));
        long at = axis.Value < 0 ? axis.Value + dims.Count + 1 : axis.Value;
        if (at < 0 || at > dims.Count)
            return new TensorType(type.Element, Seq<Dim>.Invalid($"{axis} is no axis of a scan output of {dims.Count + 1} axes"));
        dims.Insert((int)at, extent);
        return new TensorType(type.Element, Seq.Of(dims.ToArray()));
    }
}
