namespace Ops;

public static partial class Min
{
    static partial class Body<V, T>
    {
        public static partial V Combine(in Args args, V accumulator, V x) => V.Min(accumulator, x);

        public static partial V Finish(in Args args, V accumulator, V count) => accumulator;
    }
}
