namespace Ops;

public static partial class HardSwish
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X)
        {
            V line = V.FusedMultiplyAdd(V.Constant(1.0 / 6), X, V.Constant(0.5));
            return X * V.Clamp(line, V.Zero, V.Constant(1));
        }
    }
}
