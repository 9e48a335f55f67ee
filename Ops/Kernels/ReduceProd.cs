namespace Ops;

public static partial class ReduceProd
{
    static partial class Body<V, T>
    {
        public static partial V Start(in Args args) => V.Constant(1);

        public static partial V Absorb(in Args args, V accumulator, V x) => accumulator * x;

        public static partial V Merge(in Args args, V a, V b) => a * b;

        public static partial V Finish(in Args args, V accumulator, V count) => accumulator;
    }
}
