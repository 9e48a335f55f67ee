using Ops.Graphs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops;

public static partial class Loop
{
    private static partial Dim OutputCount(object? body) => SubgraphInference.OutputCount(body);

    private static partial TensorType Output(TensorType? M, TensorType? cond, IReadOnlyList<TensorType> v_initial, object? body, Dim k) =>
        SubgraphInference.Output(body, k, () => Outputs(M, cond, v_initial, body));

    private static IReadOnlyList<TensorType>? Outputs(TensorType? most, TensorType? first, IReadOnlyList<TensorType> initial, object? body)
    {
        if (body is not Graph graph || graph.Inputs.Count != initial.Count + 2)
            return null;
        // What is passed on may change its shape from one iteration to the next: what all of them have in common is found by trying.
        TensorType number = Scalar(ElementType.Int64, graph.Inputs[0]), condition = Scalar(ElementType.Bool, graph.Inputs[1]);
        TensorType[] states = [.. initial.Select(SubgraphInference.WithoutData)];
        IReadOnlyList<TensorType> outputs;
        while (true)
        {
            outputs = SubgraphInference.Outputs(body, [number, condition, .. states])!;
            TensorType[] next = [.. states.Zip(outputs.Skip(1), SubgraphInference.Common)];
            if (next.Zip(states).All(pair => Same(pair.First, pair.Second)))
                break;
            states = next;
        }
        Dim iterations = most?.Data is { Count: 1 } count && IsTrue(first) && IsTrue(outputs[0])
            ? count[0] is { IsKnown: true } known ? Math.Max(0, known.Value) : Dim.Unknown : Dim.Unknown;
        return [.. states,
            .. outputs.Skip(1 + states.Length)
                .Select(o => new TensorType(o.Element, o.Shape.IsKnown ? Seq.Join<Dim>(iterations, o.Shape) : default))];
    }

    private static bool IsTrue(TensorType? condition) =>
        condition is null || condition.Data is { Count: 1 } data && data[0].IsKnown && data[0].Value != 0;

    private static bool Same(TensorType left, TensorType right) =>
        left.Element == right.Element && left.Shape.IsKnown == right.Shape.IsKnown
        && (!left.Shape.IsKnown || left.Shape.Items.SequenceEqual(right.Shape.Items));

    /// <summary>Old models declare the number of the iteration and the condition as vectors of one.</summary>
    private static TensorType Scalar(ElementType type, GraphValue input) =>
        TensorType.Of(type, input.Type.Shape is { IsKnown: true, Items.Length: 1 } ? [1] : []);
}
