namespace Ops.Com.Example;

public static partial class Swoosh
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => X / (V.Constant(1) + V.Exp(X * V.Constant(-args.sharpness)));
    }
}
