using System.Runtime.InteropServices;
using Ops.Kernels;
using Ops.Threading;

namespace Ops;

public static unsafe partial class Trilu
{
    private static partial void Compute(in Args args, in Operand input, in Operand k, in Operand output)
    {
        int width = Layout.Width("Trilu", input.Type);
        var body = new Body((byte*)input.Data, (byte*)output.Data, args.M, args.N, k.IsAbsent ? 0 : *(long*)k.Data, args.upper, width);
        body.Units = Layout.Product(args.batch) * args.M;
        body.Parts = StridedCopy.Parts(body.Units, body.Units * args.N * width);
        Workers.Run(body.Parts, ref body);
    }

    /// <summary>Row by row: zeros, then elements, or the other way round.</summary>
    private struct Body(byte* input, byte* output, long rows, long columns, long diagonal, bool upper, int width) : IParallelBody
    {
        internal long Units { get; set; }

        internal int Parts { get; set; }

        public readonly void Run(int part)
        {
            long first = (long)((Int128)Units * part / Parts), end = (long)((Int128)Units * (part + 1) / Parts);
            for (long row = first; row < end; row++)
            {
                // The first column that belongs to the upper triangle, or the first one beyond the lower one.
                Int128 bound = (Int128)(row % rows) + diagonal + (upper ? 0 : 1);
                long split = (long)Int128.Clamp(bound, 0, columns) * width, bytes = columns * width;
                byte* from = input + (row * bytes), to = output + (row * bytes);
                long begin = upper ? split : 0, count = upper ? bytes - split : split;
                NativeMemory.Clear(upper ? to : to + split, (nuint)(bytes - count));
                Buffer.MemoryCopy(from + begin, to + begin, count, count);
            }
        }
    }
}
