namespace Ops;

public static partial class Selu
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => V.Constant(args.gamma) * V.Select(V.Less(X, V.Zero), V.Constant(args.alpha) * V.Expm1(X), X);
    }
}
