namespace Ops;

public static partial class PRelu
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X, V slope) => V.Select(V.Less(X, V.Zero), slope * X, X);
    }
}
