using Ops.Kernels;

namespace Ops;

public static partial class Tanh
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input) => Activations.QuickTanh<V, T>(input);
    }
}
