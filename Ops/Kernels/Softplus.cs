namespace Ops;

public static partial class Softplus
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X)
        {
            // Of e^X and e^-X the one that cannot overflow.
            return V.Max(X, V.Zero) + V.Log1p(V.Exp(-V.Abs(X)));
        }
    }
}
