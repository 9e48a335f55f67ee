namespace Ops;

public static partial class Atan
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input) => V.Atan(input);
    }
}
