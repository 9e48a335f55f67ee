namespace Ops;

public static partial class BitShift
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X, V Y) => args.left ? V.ShiftLeft(X, Y) : V.ShiftRight(X, Y);
    }
}
