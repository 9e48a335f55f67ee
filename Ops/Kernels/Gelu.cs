using Ops.Kernels;

namespace Ops;

public static partial class Gelu
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X)
        {
            if (args.usesTanh)
            {
                // (1 + tanh z) / 2 is the logistic function of 2z, which loses nothing where the hyperbolic tangent is close to -1.
                V z = V.Constant(2 * 0.7978845608028654) * V.FusedMultiplyAdd(V.Constant(0.044715) * X * X, X, X);
                return X * Activations.Sigmoid<V, T>(z);
            }

            V half = V.Constant(0.5);
            return X * V.FusedMultiplyAdd(half, V.Erf(X * V.Constant(0.7071067811865476)), half);
        }
    }
}
