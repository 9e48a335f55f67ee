namespace Ops;

public static partial class HardSigmoid
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X)
        {
            V line = V.FusedMultiplyAdd(V.Constant(args.alpha), X, V.Constant(args.beta));
            return V.Clamp(line, V.Zero, V.Constant(1));
        }
    }
}
