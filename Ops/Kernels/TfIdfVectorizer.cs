using Ops.Kernels;
using Ops.Specs.Types;

namespace Ops;

/// <remarks>An n-gram that is in the pool twice counts as its last place.</remarks>
public static unsafe partial class TfIdfVectorizer
{
    private static partial void Compute(in Args args, in Operand X, in Operand Y)
    {
        if (X.Type == ElementType.String) throw KernelErrors.UnsupportedType("TfIdfVectorizer", X.Type);
        var elements = new IndexList(X);
        Dictionary<Gram, int> pool = Pool(args);
        long rows = Layout.Product(args.b), width = Y.Dims[^1];
        new Span<float>(Y.Data, checked((int)(rows * width))).Clear();
        var row = new long[args.L];
        for (long i = 0; i < rows; i++)
        {
            for (long j = 0; j < args.L; j++) row[j] = elements[(i * args.L) + j];
            Count(args, pool, row, new Span<float>((float*)Y.Data + (i * width), (int)width));
        }
    }

    private static void Count(in Args args, Dictionary<Gram, int> pool, long[] row, Span<float> found)
    {
        for (long length = args.min_gram_length; length <= Math.Min(args.max_gram_length, row.Length); length++)
        {
            // Elements of one have no distance.
            for (long distance = 1; distance <= (length == 1 ? 1 : args.max_skip_count + 1); distance++)
            {
                long span = (length - 1) * distance;
                if (span >= row.Length) break;
                for (long start = 0; start + span < row.Length; start++)
                    if (pool.TryGetValue(new Gram(row, start, length, distance), out int number))
                        Take(args, number, ref found[(int)args.ngram_indexes[number]]);
            }
        }
    }

    private static void Take(in Args args, int number, ref float value)
    {
        float weight = args.weights is { Length: > 0 } weights ? (float)weights[number] : 1;
        value = args.mode switch
        {
            "TF" => value + 1,
            "IDF" => weight,
            _ => value + weight,
        };
    }

    /// <summary>The number of each n-gram of the pool.</summary>
    private static Dictionary<Gram, int> Pool(in Args args)
    {
        var pool = new Dictionary<Gram, int>();
        long[] numbers = args.pool_int64s ?? [];
        int next = 0;
        for (int length = 1; length <= args.ngram_counts.Length; length++)
        {
            long end = length < args.ngram_counts.Length ? Math.Min(args.ngram_counts[length], numbers.Length) : numbers.Length;
            for (long start = args.ngram_counts[length - 1]; start + length <= end && next < args.ngram_indexes.Length; start += length)
                pool[new Gram(numbers, start, length, 1)] = next++;
        }

        return pool;
    }

    /// <summary>Some elements of a sequence at one distance.</summary>
    private readonly struct Gram(long[] sequence, long start, long length, long distance) : IEquatable<Gram>
    {
        private long Length => length;

        public bool Equals(Gram other)
        {
            if (length != other.Length) return false;
            for (long i = 0; i < length; i++)
                if (At(i) != other.At(i)) return false;
            return true;
        }

        public override bool Equals(object? obj) => obj is Gram other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            for (long i = 0; i < length; i++) hash.Add(At(i));
            return hash.ToHashCode();
        }

        private long At(long place) => sequence[start + (place * distance)];
    }
}
