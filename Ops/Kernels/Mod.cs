namespace Ops;

public static partial class Mod
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V A, V B) => args.fmod ? V.Remainder(A, B) : V.Modulo(A, B);
    }
}
