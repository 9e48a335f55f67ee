namespace Ops;

public static partial class Relu
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => V.Max(X, V.Zero);
    }
}
