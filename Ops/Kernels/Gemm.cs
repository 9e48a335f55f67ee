namespace Ops;

public static partial class Gemm
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V product, V C)
        {
            V scaled = V.Constant(args.alpha) * product;
            return args.HasC ? V.FusedMultiplyAdd(V.Constant(args.beta), C, scaled) : scaled;
        }
    }
}
