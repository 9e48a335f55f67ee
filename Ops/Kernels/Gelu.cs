using Ops.Kernels;

namespace Ops;

public static partial class Gelu
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => args.usesTanh ? Activations.GeluTanh<V, T>(X) : Activations.Gelu<V, T>(X);
    }
}
