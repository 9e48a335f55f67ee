namespace Ops;

public static partial class BitwiseNot
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => ~X;
    }
}
