namespace Ops;

public static partial class ReduceMax
{
    static partial class Body<V, T>
    {
        public static partial V Start(in Args args) => V.Constant(double.NegativeInfinity);

        public static partial V Absorb(in Args args, V accumulator, V x) => V.Max(accumulator, x);

        public static partial V Merge(in Args args, V a, V b) => V.Max(a, b);

        public static partial V Finish(in Args args, V accumulator, V count) => accumulator;
    }
}
