using Ops.Specs.Inference;
using Ops.Specs.Symbolic;

namespace Ops.Kernels;

/// <summary>Targets that must name classes.</summary>
internal static class ClassTargets
{
    /// <summary>How many targets are neither a class nor the one that is ignored; unknown when the targets are.</summary>
    public static Dim CountOutside(TensorType targets, Dim classes, long? ignored)
    {
        if (targets.Data is not { } data || !classes.IsKnown) return Dim.Unknown;
        long count = 0;
        for (long i = 0; i < data.Count; i++)
        {
            if (!data[i].IsKnown) return Dim.Unknown;
            long target = data[i].Value;
            if ((target < 0 || target >= classes.Value) && target != ignored) count++;
        }

        return count;
    }
}
