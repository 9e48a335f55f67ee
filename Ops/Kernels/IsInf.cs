namespace Ops;

public static partial class IsInf
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X)
        {
            V infinite = V.IsInfinity(X);
            if (!args.detect_negative) infinite &= V.Greater(X, V.Zero);
            if (!args.detect_positive) infinite &= V.Less(X, V.Zero);
            return infinite;
        }
    }
}
