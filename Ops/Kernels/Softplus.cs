using Ops.Kernels;

namespace Ops;

public static partial class Softplus
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => Activations.Softplus<V, T>(X);
    }
}
