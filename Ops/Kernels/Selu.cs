namespace Ops;

public static partial class Selu
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X)
        {
            V elu = V.Select(V.Less(X, V.Zero), V.Constant(args.alpha) * V.Expm1(X), X);
            return V.Constant(args.gamma) * elu;
        }
    }
}
