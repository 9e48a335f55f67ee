using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class RotaryEmbedding
{
    private static partial void Compute(
        in Args args, in Operand X, in Operand cos_cache, in Operand sin_cache, in Operand position_ids, in Operand Y)
    {
        if (X.Length == 0) return;
        using var scratch = Scratch.Rent((X.Length + (2 * cos_cache.Length)) * sizeof(float));
        var free = (float*)scratch.Data;
        float* cos = Floats(cos_cache, ref free), sin = Floats(sin_cache, ref free);
        float* x = Floats(X, ref free), y = X.Type == ElementType.Float ? (float*)Y.Data : x;
        var body = new Body(args, x, y, cos, sin, (long*)(position_ids.IsAbsent ? null : position_ids.Data), X.Dims.Length == 4);
        body.Rows = X.Length / args.size;
        body.Parts = StridedCopy.Parts(body.Rows, X.Length * sizeof(float));
        Workers.Run(body.Parts, ref body);
        if (X.Type != ElementType.Float) ElementConversion.Run("RotaryEmbedding", new Operand(y, ElementType.Float, Y.Dims), Y);
    }

    /// <summary>The elements as float, converted if they are of another type.</summary>
    private static float* Floats(in Operand operand, ref float* free)
    {
        if (operand.Type == ElementType.Float) return (float*)operand.Data;
        float* converted = free;
        free += operand.Length;
        ElementConversion.Run("RotaryEmbedding", operand, new Operand(converted, ElementType.Float, operand.Dims));
        return converted;
    }

    /// <summary>Head by head of each place; x and y may be the same.</summary>
    private struct Body(Args args, float* x, float* y, float* cos, float* sin, long* positions, bool headsFirst) : IParallelBody
    {
        internal long Rows { get; set; }

        internal int Parts { get; set; }

        public readonly void Run(int part)
        {
            long first = (long)((Int128)Rows * part / Parts), end = (long)((Int128)Rows * (part + 1) / Parts);
            long half = args.rotated / 2;
            for (long row = first; row < end; row++)
            {
                long place = headsFirst ? row % args.length : row / args.heads % args.length;
                long sequence = (row / (args.heads * args.length) * args.length) + place;
                long angle = (positions == null ? sequence : positions[sequence]) * half;
                float* from = x + (row * args.size), to = y + (row * args.size);
                long near = args.interleaved ? 2 : 1, far = args.interleaved ? 1 : half;
                for (long i = 0; i < half; i++)
                {
                    float a = from[i * near], b = from[(i * near) + far], c = cos[angle + i], s = sin[angle + i];
                    to[i * near] = (c * a) - (s * b);
                    to[(i * near) + far] = (s * a) + (c * b);
                }

                if (from == to)
                    continue;
                int kept = (int)(args.size - args.rotated);
                new ReadOnlySpan<float>(from + args.rotated, kept).CopyTo(new Span<float>(to + args.rotated, kept));
            }
        }
    }
}
