using Ops.Kernels;

namespace Ops;

public static partial class Sigmoid
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => Activations.Sigmoid<V, T>(X);
    }
}
