using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>What is known of a tensor, as expressions read it. Numbers are doubles; null is not known.</summary>
/// <param name="Element">Its element type; undefined when not known.</param>
/// <param name="Dims">Its dims; null when not even their number is known.</param>
/// <param name="Items">Its elements in row-major order; null when none is known.</param>
internal sealed record TensorFacts(ElementType Element, object?[]? Dims, object?[]? Items = null)
{
    /// <summary>A tensor of which nothing is known.</summary>
    public static TensorFacts Unknown { get; } = new(ElementType.Undefined, null);

    /// <summary>The same tensor, its elements forgotten.</summary>
    public TensorFacts WithoutItems() => Items is null ? this : this with { Items = null };

    /// <summary>The type as specs write it, for instance <c>float[2, 3, ?]</c>.</summary>
    public override string ToString() => Element.Name() + Text(Dims);

    /// <summary>Dims as specs write them.</summary>
    public static string Text(object?[]? dims) =>
        dims is null ? "[...]"
            : $"[{string.Join(", ", dims.Select(d => d is double n ? Convert.ToString(n, System.Globalization.CultureInfo.InvariantCulture) : "?"))}]";
}
