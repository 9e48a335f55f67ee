using Ops.Specs.Model;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Inference;

/// <summary>The elements of a tensor as rules read them, in row-major order.</summary>
public abstract class TensorData
{
    /// <summary>Tensors with more elements than this take part in inference by their shape only.</summary>
    public const int MaxPropagated = 1024;

    /// <summary>How many elements there are.</summary>
    public abstract long Count { get; }

    /// <summary>An element of an integer or bool tensor (false is 0, true is 1).</summary>
    public abstract Dim this[long index] { get; }

    /// <summary>An element of a float or integer tensor.</summary>
    public abstract Real RealAt(long index);

    /// <summary>The elements as a list.</summary>
    public virtual Seq<Dim> Elements
    {
        get
        {
            var items = new Dim[Count];
            for (int i = 0; i < items.Length; i++)
                items[i] = this[i];
            return Seq.Of(items);
        }
    }

    /// <summary>
    /// Whether every element compares to <paramref name="bound"/> as asked. <paramref name="failure"/> is the place of the first element
    /// that does not, or -1.
    /// </summary>
    public Truth All(CompareOp op, Dim bound, out long failure) => All(op, bound, 0, Count, out failure);

    /// <summary>The same question about the <paramref name="count"/> elements from <paramref name="from"/> on.</summary>
    public virtual Truth All(CompareOp op, Dim bound, long from, long count, out long failure)
    {
        Truth all = true;
        for (failure = from; failure < from + count; failure++)
        {
            Truth one = Comparison.Of(op, this[failure], bound);
            if (one.Fails)
                return one;
            all &= one;
        }
        failure = -1;
        return all;
    }

    /// <summary>The same question about reals; NaN satisfies no comparison but <c>!=</c>.</summary>
    public virtual Truth All(CompareOp op, Real bound, out long failure)
    {
        Truth all = true;
        for (failure = 0; failure < Count; failure++)
        {
            Truth one = Comparison.Of(op, RealAt(failure), bound);
            if (one.Fails)
                return one;
            all &= one;
        }
        failure = -1;
        return all;
    }
}

/// <summary>Elements that inference knows, some of them perhaps symbolically.</summary>
public sealed class KnownElements(Seq<Dim> elements) : TensorData
{
    /// <inheritdoc/>
    public override long Count => elements.Items.Length;

    /// <inheritdoc/>
    public override Dim this[long index] => elements.Items[(int)index];

    /// <inheritdoc/>
    public override Real RealAt(long index) => elements.Items[(int)index];

    /// <inheritdoc/>
    public override Seq<Dim> Elements => elements;
}

/// <summary>What inference knows of a tensor.</summary>
/// <param name="Element">The element type, <see cref="ElementType.Undefined"/> when not known.</param>
/// <param name="Shape">The dims; the unknown list when not even the rank is known.</param>
/// <param name="Data">The elements, when they are known.</param>
public sealed record TensorType(ElementType Element, Seq<Dim> Shape, TensorData? Data = null)
{
    /// <summary>A tensor of which nothing is known.</summary>
    public static TensorType Unknown { get; } = new(ElementType.Undefined, default);

    /// <summary>A tensor of known type and dims.</summary>
    public static TensorType Of(ElementType element, params long[] dims) => new(element, Seq.Of(Array.ConvertAll(dims, d => (Dim)d)));

    /// <summary>The number of axes.</summary>
    public Dim Rank => Shape.Length;

    /// <summary>The type as specs write it, for instance <c>float[2, N, ?]</c>.</summary>
    public override string ToString() => Element.Name() + (Shape.IsKnown ? Shape.ToString() : "[...]");
}
