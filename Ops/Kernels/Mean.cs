namespace Ops;

public static partial class Mean
{
    static partial class Body<V, T>
    {
        public static partial V Combine(in Args args, V accumulator, V x) => accumulator + x;

        public static partial V Finish(in Args args, V accumulator, V count) => accumulator / count;
    }
}
