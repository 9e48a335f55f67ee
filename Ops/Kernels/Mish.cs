namespace Ops;

public static partial class Mish
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X)
        {
            // tanh(log(1 + e)) = (e² + 2e) / (e² + 2e + 2), which is 1 to the last bit long before e² overflows.
            V e = V.Exp(V.Min(X, V.Constant(40))), n = e * (e + V.Constant(2));
            return X * (n / (n + V.Constant(2)));
        }
    }
}
