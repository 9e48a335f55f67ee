using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;

namespace Ops;

public static partial class NegativeLogLikelihoodLoss
{
    private static partial Dim CountOutside(TensorType target, Dim C) => ClassTargets.CountOutside(target, C, null);

    private static partial Dim CountOutside(TensorType target, Dim C, Dim ignore_index) =>
        ignore_index.IsKnown ? ClassTargets.CountOutside(target, C, ignore_index.Value) : Dim.Unknown;
}
