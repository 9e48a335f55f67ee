namespace Ops;

public static partial class Cosh
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input) => V.Cosh(input);
    }
}
