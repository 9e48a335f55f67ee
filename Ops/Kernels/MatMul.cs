namespace Ops;

public static partial class MatMul
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V product) => product;
    }
}
