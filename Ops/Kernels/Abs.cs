namespace Ops;

public static partial class Abs
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => V.Abs(X);
    }
}
