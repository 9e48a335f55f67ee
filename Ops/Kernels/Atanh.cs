namespace Ops;

public static partial class Atanh
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input) => V.Atanh(input);
    }
}
