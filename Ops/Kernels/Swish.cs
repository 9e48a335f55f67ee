using Ops.Kernels;

namespace Ops;

public static partial class Swish
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => X * Activations.Sigmoid<V, T>(V.Constant(args.alpha) * X);
    }
}
