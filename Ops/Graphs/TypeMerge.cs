using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Graphs;

/// <summary>Completes what is inferred of a value by what the model declares of it.</summary>
internal static class TypeMerge
{
    /// <summary>The more precise of both, dim by dim.</summary>
    /// <exception cref="OpException">They contradict each other.</exception>
    public static TensorType Of(string name, TensorType inferred, TensorType declared)
    {
        if (inferred.Element != ElementType.Undefined && declared.Element != ElementType.Undefined && inferred.Element != declared.Element)
            throw Contradiction(name, inferred, declared);
        ElementType element = inferred.Element != ElementType.Undefined ? inferred.Element : declared.Element;
        if (!inferred.Shape.IsKnown || !declared.Shape.IsKnown)
            return inferred with { Element = element, Shape = inferred.Shape.IsKnown ? inferred.Shape : declared.Shape };
        ReadOnlySpan<Dim> left = inferred.Shape.Items, right = declared.Shape.Items;
        if (left.Length != right.Length)
            throw Contradiction(name, inferred, declared);
        var dims = new Dim[left.Length];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = (left[i] == right[i]).Fails ? throw Contradiction(name, inferred, declared) : Dim.Join(left[i], right[i]);
        return inferred with { Element = element, Shape = Seq.Of(dims) };
    }

    private static OpException Contradiction(string name, TensorType inferred, TensorType declared) =>
        new($"value '{name}'", "declared", $"the model declares {declared}, its inputs make it {inferred}");
}
