namespace Ops;

public static partial class Celu
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X)
        {
            V alpha = V.Constant(args.alpha);
            return V.Max(X, V.Zero) + V.Min(alpha * V.Expm1(X / alpha), V.Zero);
        }
    }
}
