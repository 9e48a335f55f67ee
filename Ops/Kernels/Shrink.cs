namespace Ops;

public static partial class Shrink
{
    static partial class Body<V, T>
    {
        public static partial V Apply(in Args args, V input)
        {
            if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
            {
                V bias = V.Constant(args.bias);
                V above = V.Select(V.Greater(input, V.Constant(args.lambd)), input - bias, V.Zero);
                return V.Select(V.Less(input, V.Constant(-args.lambd)), input + bias, above);
            }

            V right = V.Select(IsAbove(input, args.lambd), Move(input, -args.bias), V.Zero);
            return V.Select(IsBelow(input, -args.lambd), Move(input, args.bias), right);
        }

        // Integers against reals: the bound becomes an integer on the side where V.Constant may saturate it.
        private static V IsAbove(V x, double bound) => bound >= 0
            ? V.Greater(x, V.Constant(Math.Floor(bound)))
            : V.GreaterOrEqual(x, V.Constant(Math.Floor(bound) + 1));

        private static V IsBelow(V x, double bound) => bound <= 0
            ? V.Less(x, V.Constant(Math.Ceiling(bound)))
            : V.LessOrEqual(x, V.Constant(Math.Ceiling(bound) - 1));

        /// <summary>x + distance, truncated.</summary>
        private static V Move(V x, double distance) =>
            V.Select(IsBelow(x, -distance), Add(x, Math.Ceiling(distance)), Add(x, Math.Floor(distance)));

        private static V Add(V x, double whole) => whole >= 0 ? x + V.Constant(whole) : x - V.Constant(-whole);
    }
}
