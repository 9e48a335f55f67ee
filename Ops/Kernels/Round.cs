namespace Ops;

public static partial class Round
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => V.Round(X);
    }
}
