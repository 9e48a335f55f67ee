namespace Ops;

public static partial class Equal
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V A, V B) => V.Equal(A, B);
    }
}
