namespace Ops;

public static partial class Or
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V A, V B) => A | B;
    }
}
