namespace Ops;

public static partial class Asinh
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input) => V.Asinh(input);
    }
}
