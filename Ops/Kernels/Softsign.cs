namespace Ops;

public static partial class Softsign
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input) => input / (V.Constant(1) + V.Abs(input));
    }
}
