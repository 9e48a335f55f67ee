namespace Ops;

public static partial class Hardmax
{
    static partial class Body<V, T>
    {
        public static partial void Row(in Args args, ReadOnlySpan<T> input, Span<T> output)
        {
            int greatest = 0;
            for (int i = 1; i < input.Length; i++)
                if (Comparer<T>.Default.Compare(input[i], input[greatest]) > 0) greatest = i;
            output.Clear();
            if (!output.IsEmpty) output[greatest] = V.First(V.Constant(1));
        }
    }
}
