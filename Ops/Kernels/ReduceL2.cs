namespace Ops;

public static partial class ReduceL2
{
    static partial class Body<V, T>
    {
        public static partial V Start(in Args args) => V.Zero;

        public static partial V Absorb(in Args args, V accumulator, V x) => V.FusedMultiplyAdd(x, x, accumulator);

        public static partial V Merge(in Args args, V a, V b) => a + b;

        public static partial V Finish(in Args args, V accumulator, V count) => V.Sqrt(accumulator);
    }
}
