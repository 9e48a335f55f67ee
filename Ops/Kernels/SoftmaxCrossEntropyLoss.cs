using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;

namespace Ops;

public static partial class SoftmaxCrossEntropyLoss
{
    private static partial Dim CountOutside(TensorType labels, Dim C) => ClassTargets.CountOutside(labels, C, null);

    private static partial Dim CountOutside(TensorType labels, Dim C, Dim ignore_index) =>
        ignore_index.IsKnown ? ClassTargets.CountOutside(labels, C, ignore_index.Value) : Dim.Unknown;
}
