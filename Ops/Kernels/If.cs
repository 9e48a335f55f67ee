using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops;

public static partial class If
{
    private static partial Dim OutputCount(object? then_branch) => SubgraphInference.OutputCount(then_branch);

    /// <summary>The type of an output: of the branch that runs, or what both have in common.</summary>
    private static partial TensorType Output(TensorType cond, object? then_branch, object? else_branch, Dim i) =>
        SubgraphInference.Output(then_branch, i, () => Outputs(cond, then_branch, else_branch));

    private static IReadOnlyList<TensorType>? Outputs(TensorType cond, object? then, object? otherwise)
    {
        if (cond.Data is { Count: 1 } data && data[0].IsKnown)
            return SubgraphInference.Outputs(data[0].Value != 0 ? then : otherwise, []);
        // A branch that contradicts itself does not run: models test a shape before they rely on it.
        IReadOnlyList<TensorType>? left = Attempt(then, out OpException? leftError),
            right = Attempt(otherwise, out OpException? rightError);
        if (leftError is not null && rightError is not null)
            throw leftError;
        if (leftError is not null || rightError is not null)
            return left ?? right;
        return left is null || right is null ? null : [.. left.Zip(right, Common)];
    }

    private static TensorType Common(TensorType then, TensorType otherwise) =>
        then.Element != otherwise.Element && then.Element != ElementType.Undefined && otherwise.Element != ElementType.Undefined
            ? throw new OpException("If", "branches-of-one-type",
                $"an output is {then.Element.Name()} in then_branch and {otherwise.Element.Name()} in else_branch")
            : SubgraphInference.Common(then, otherwise);

    private static IReadOnlyList<TensorType>? Attempt(object? branch, out OpException? error)
    {
        error = null;
        try
        {
            return SubgraphInference.Outputs(branch, []);
        }
        catch (OpException e)
        {
            error = e;
            return null;
        }
    }
}
