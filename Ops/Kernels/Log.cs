namespace Ops;

public static partial class Log
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input) => V.Log(input);
    }
}
