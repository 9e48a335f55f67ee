using Ops.Specs.Modifiers;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Modifiers;

/// <summary>
/// What programs may take for granted of captures: types, dims, and in few coarse steps how large elements are, which decides what numbers
/// vectors hold exactly. Calls with captures of one signature share their programs, whatever the captures hold.
/// </summary>
internal sealed class CaptureSignature : IEquatable<CaptureSignature>
{
    private readonly (ElementType Type, long[] Dims, Interval Range)[] captures;

    private CaptureSignature((ElementType, long[], Interval)[] captures) => this.captures = captures;

    /// <summary>The signature of captures.</summary>
    public static CaptureSignature Of(ModifierTensor[] captures) =>
        new(Array.ConvertAll(captures, c => (c.Type, c.Dims.Select(d => d.Value).ToArray(), Step(c.Type, c.Range))));

    /// <summary>The signature of captures of which only types and dims are known: of small numbers, and integers that are not
    /// negative.</summary>
    /// <param name="types">The types and dims.</param>
    /// <param name="hasInfinities">Whether reals may be anything instead.</param>
    public static CaptureSignature OfTypes(IEnumerable<(ElementType Type, long[] Dims)> types, bool hasInfinities = false) =>
        new([.. types.Select(t => (t.Type, t.Dims, Step(t.Type, hasInfinities && t.Type.IsFloat() ? Interval.All : Interval.Of(0.0))))]);

    /// <summary>The captures as the compiler of modifiers reads them.</summary>
    public ModifierTensor[] ToTensors() =>
        [.. captures.Select((c, i) => ModifierTensor.Capture($"captures[{i}]", c.Type, Array.ConvertAll(c.Dims, d => (Dim)d), i, c.Range))];

    /// <summary>The least of a few ranges that holds another one.</summary>
    private static Interval Step(ElementType type, Interval range)
    {
        if (type == ElementType.Bool) return Interval.Either;
        if (type.IsFloat())
            return range.MayBeNaN ? Interval.All
                : range.Within(-1024, 1024) ? new Interval(-1024, 1024)
                : range.Within(-1e30, 1e30) ? Interval.Finite
                : Interval.All;
        Interval all = ModifierTensor.Capture("", type, [], 0).Range;
        // Small enough that sums with positions are integers that floats have; integers that floats have; that doubles have. Half of a
        // narrow type, for sums.
        foreach (int bits in (ReadOnlySpan<int>)[22, 24, 30, 53])
        {
            double most = Math.Min(1L << bits, Math.Floor(all.High / 2));
            if (range.Within(0, most)) return new Interval(0, most);
            if (range.Within(-most, most) && all.Low < 0) return new Interval(-most, most);
        }
        return all;
    }

    /// <inheritdoc/>
    public bool Equals(CaptureSignature? other)
    {
        if (other is null || other.captures.Length != captures.Length) return false;
        for (int i = 0; i < captures.Length; i++)
        {
            var (x, y) = (captures[i], other.captures[i]);
            if (x.Type != y.Type || !x.Dims.AsSpan().SequenceEqual(y.Dims) || !x.Range.Equals(y.Range)) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CaptureSignature);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (type, dims, range) in captures)
        {
            hash.Add(type);
            foreach (long dim in dims) hash.Add(dim);
            hash.Add(range);
        }
        return hash.ToHashCode();
    }
}
