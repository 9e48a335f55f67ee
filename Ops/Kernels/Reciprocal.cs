namespace Ops;

public static partial class Reciprocal
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => V.Constant(1) / X;
    }
}
