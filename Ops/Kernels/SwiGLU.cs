using Ops.Kernels;

namespace Ops;

public static partial class SwiGLU
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V A, V B) => A * Activations.Sigmoid<V, T>(V.Constant(args.alpha) * A) * B;
    }
}
