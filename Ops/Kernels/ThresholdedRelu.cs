namespace Ops;

public static partial class ThresholdedRelu
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => V.Select(V.Greater(X, V.Constant(args.alpha)), X, V.Zero);
    }
}
