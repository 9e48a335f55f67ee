namespace Ops;

public static partial class Where
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V condition, V X, V Y) => V.Select(condition, X, Y);
    }
}
