using Ops.Kernels;

namespace Ops;

public static unsafe partial class TensorScatter
{
    private static partial void Compute(
        in Args args, in Operand past_cache, in Operand update, in Operand write_indices, in Operand present_cache)
    {
        StridedCopy.Block(past_cache.Data, present_cache.Data, Layout.Bytes("TensorScatter", past_cache));
        if (update.Length == 0) return;
        int width = Layout.Width("TensorScatter", past_cache.Type);
        long batches = args.pre[0], inner = Layout.Product(args.post), between = Layout.Product(args.pre.AsSpan(1));
        long place = inner * width, own = args.S * place, whole = args.N * place;
        for (long batch = 0; batch < batches; batch++)
        {
            long begin = write_indices.IsAbsent ? 0 : ((long*)write_indices.Data)[batch] % args.N;
            long first = Math.Min(args.S, args.N - begin);
            byte* from = (byte*)update.Data + (batch * between * own), to = (byte*)present_cache.Data + (batch * between * whole);
            Put(from, to + (begin * place), first);
            Put(from + (first * place), to, args.S - first);
        }

        void Put(byte* from, byte* to, long places) => StridedCopy.Run(1, [between, places * place], from, [own, 1], to, [whole, 1]);
    }
}
