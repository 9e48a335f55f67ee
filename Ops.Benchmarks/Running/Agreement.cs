using System.Globalization;
using Ops.Tensors;

namespace Ops.Benchmarks.Running;

/// <summary>Compares what two sides computed: speed is worth nothing without it.</summary>
internal static class Agreement
{
    private const double Relative = 1e-3;

    /// <summary>What is different; null when nothing is.</summary>
    public static string? Differences(TensorValue ours, TensorValue theirs, double absolute)
    {
        if (ours.Type != theirs.Type || ours.Length != theirs.Length)
            return $"ours is {ours}, the peer's {theirs}";
        ReadOnlySpan<float> a = ours.Span<float>(), b = theirs.Span<float>();
        for (int i = 0; i < a.Length; i++)
            if (!(Math.Abs(a[i] - b[i]) <= absolute + Relative * Math.Abs(b[i])))
                return string.Create(CultureInfo.InvariantCulture, $"element {i} is {a[i]}, the peer's {b[i]}");
        return null;
    }
}
