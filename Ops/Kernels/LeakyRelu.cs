namespace Ops;

public static partial class LeakyRelu
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => V.Select(V.Less(X, V.Zero), V.Constant(args.alpha) * X, X);
    }
}
