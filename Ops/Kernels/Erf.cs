namespace Ops;

public static partial class Erf
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input) => V.Erf(input);
    }
}
