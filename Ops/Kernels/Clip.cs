namespace Ops;

public static partial class Clip
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input, V min, V max)
        {
            if (args.Hasmin) input = V.Max(input, min);
            if (args.Hasmax) input = V.Min(input, max);
            return input;
        }
    }
}
