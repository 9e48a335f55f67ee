namespace Ops;

public static partial class Floor
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V X) => V.Floor(X);
    }
}
