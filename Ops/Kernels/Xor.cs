namespace Ops;

public static partial class Xor
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V A, V B) => A ^ B;
    }
}
