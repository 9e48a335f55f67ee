using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Cli.Inference;

/// <summary>Compares an inferred type with a recorded one: what was known must be known, and the same.</summary>
internal static class InferenceComparer
{
    /// <summary>What is lost or contradicted; null when the type is equal or more precise.</summary>
    public static string? Compare(TensorType inferred, TensorType recorded)
    {
        if (recorded.Element != ElementType.Undefined && inferred.Element != recorded.Element)
            return inferred.Element == ElementType.Undefined
                ? $"loss: the element type is not known, recorded is {recorded.Element.Name()}"
                : $"contradiction: {inferred.Element.Name()}, recorded is {recorded.Element.Name()}";
        if (!recorded.Shape.IsKnown)
            return null;
        if (!inferred.Shape.IsKnown)
            return $"loss: the rank is not known, recorded is {recorded.Shape}";
        ReadOnlySpan<Dim> ours = inferred.Shape.Items, theirs = recorded.Shape.Items;
        if (ours.Length != theirs.Length)
            return $"contradiction: {inferred.Shape}, recorded is {recorded.Shape}";
        for (int i = 0; i < ours.Length; i++)
            if (Difference(ours[i], theirs[i]) is { } difference)
                return $"{difference} at axis {i}: {inferred.Shape}, recorded is {recorded.Shape}";
        return null;
    }

    private static string? Difference(Dim ours, Dim theirs)
    {
        if (theirs.IsUnknown || (ours == theirs).IsTrue)
            return null;
        if (ours.IsUnknown)
            return "loss";
        // A formula in place of a number says less; in place of another symbol, or a number in place of a symbol, something else.
        return theirs.IsKnown && ours.IsSymbolic && !(ours == theirs).Fails ? "loss" : "contradiction";
    }
}
