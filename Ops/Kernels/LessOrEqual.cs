namespace Ops;

public static partial class LessOrEqual
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V A, V B) => V.LessOrEqual(A, B);
    }
}
