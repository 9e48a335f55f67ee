namespace Ops;

public static partial class Sinh
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input) => V.Sinh(input);
    }
}
