using System.Globalization;
using System.Numerics.Tensors;
using Ops;
using Ops.Experimental;

/// <summary>Decodes a short sequence token by token: its keys and values lie in pages that are taken as they are needed, in any
/// order.</summary>
public static class PagedDecode
{
    private const int Heads = 4, KeyHeads = 2, Width = 8, PageSize = 4, Pages = 6, Tokens = 10;

    /// <summary>Decodes, prints every step, and returns how far the last token's result is from attention over contiguous keys and
    /// values.</summary>
    public static double Run(TextWriter output)
    {
        // The pools belong to the caller and may serve many sequences; slots nobody uses can hold anything.
        var keyPages = new float[Pages * KeyHeads * PageSize * Width];
        var valuePages = new float[Pages * KeyHeads * PageSize * Width];
        Array.Fill(keyPages, float.NaN);
        Array.Fill(valuePages, float.NaN);
        var free = new Stack<int>([4, 1, 5, 0, 2, 3]);
        int[] table = [-1, -1, -1];

        var query = new float[Heads * Width];
        float[] key = new float[KeyHeads * Width], value = new float[KeyHeads * Width], y = new float[Heads * Width];
        float[] allKeys = new float[KeyHeads * Tokens * Width], allValues = new float[KeyHeads * Tokens * Width];
        for (int position = 0; position < Tokens; position++)
        {
            // What a model would compute for the token.
            Fill(query, 3 * position);
            Fill(key, 3 * position + 1);
            Fill(value, 3 * position + 2);
            for (int head = 0; head < KeyHeads; head++)
            {
                key.AsSpan(head * Width, Width).CopyTo(allKeys.AsSpan((head * Tokens + position) * Width));
                value.AsSpan(head * Width, Width).CopyTo(allValues.AsSpan((head * Tokens + position) * Width));
            }

            if (position % PageSize == 0) table[position / PageSize] = free.Pop();
            long slot = table[position / PageSize] * PageSize + position % PageSize;

            // The same arrays as input and output: the token is written in place, then it attends to all pages so far.
            nint[] pool = [Pages, KeyHeads, PageSize, Width];
            PagedAttention.RunInto<float, float>(
                Read(query, 1, Heads, Width), Read(key, 1, KeyHeads, Width), Read(value, 1, KeyHeads, Width), Read(keyPages, pool),
                Read(valuePages, pool),
                Read([0, 1], 2), Read([position + 1], 1), Read(table, 1, table.Length), Read([slot], 1),
                Write(y, 1, Heads, Width), Write(keyPages, pool), Write(valuePages, pool));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"token {position} in page {slot / PageSize}, slot {slot % PageSize}: y[0] = {y[0]:F4}"));
        }

        var contiguous = new float[Heads * Width];
        Attention.RunInto<float, float, float>(Read(query, 1, Heads, 1, Width), Read(allKeys, 1, KeyHeads, Tokens, Width),
            Read(allValues, 1, KeyHeads, Tokens, Width), Write(contiguous, 1, Heads, 1, Width));
        double difference = y.Zip(contiguous, (a, b) => Math.Abs((double)a - b)).Max();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"difference from contiguous attention: {difference}"));
        return difference;
    }

    private static void Fill(float[] row, int seed)
    {
        for (int i = 0; i < row.Length; i++) row[i] = MathF.Sin(1.7f * i + 0.6f * seed);
    }

    private static ReadOnlyTensorSpan<T> Read<T>(T[] items, params nint[] lengths) => new(items, lengths);

    private static TensorSpan<T> Write<T>(T[] items, params nint[] lengths) => new(items, lengths);
}
