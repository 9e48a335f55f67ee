using System.Runtime.CompilerServices;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Copies blocks of one size from where a table says to one after another.</summary>
internal static unsafe class BlockGather
{
    /// <summary>
    /// Copies block <c>i</c> from <paramref name="source"/> + <paramref name="offsets"/>[i % count] + (i / count) *
    /// <paramref name="batchBytes"/>.
    /// </summary>
    /// <param name="source">Where offsets count from.</param>
    /// <param name="offsets">Bytes.</param>
    /// <param name="count">How many offsets there are.</param>
    /// <param name="batches">How often the offsets are used.</param>
    /// <param name="batchBytes">How far apart the sources of two batches are.</param>
    /// <param name="destination">Where the first block goes.</param>
    /// <param name="blockBytes">Bytes of a block.</param>
    public static void Run(byte* source, long* offsets, long count, long batches, long batchBytes, byte* destination, long blockBytes)
    {
        long blocks = count * batches;
        if (blocks == 0 || blockBytes == 0) return;
        var body = new Body(source, offsets, count, batchBytes, destination, blockBytes, blocks);
        body.Parts = StridedCopy.Parts(blocks, blocks * Math.Max(blockBytes, 16));
        Workers.Run(body.Parts, ref body);
    }

    private struct Body(byte* source, long* offsets, long count, long batchBytes, byte* destination, long blockBytes,
        long blocks) : IParallelBody
    {
        internal int Parts { get; set; }

        public readonly void Run(int part)
        {
            long first = (long)((Int128)blocks * part / Parts), end = (long)((Int128)blocks * (part + 1) / Parts);
            switch (blockBytes)
            {
                case 1: Elements<byte>(first, end); break;
                case 2: Elements<ushort>(first, end); break;
                case 4: Elements<uint>(first, end); break;
                case 8: Elements<ulong>(first, end); break;
                case 16: Elements<UInt128>(first, end); break;
                default: Blocks(first, end); break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Elements<T>(long first, long end)
            where T : unmanaged
        {
            long entry = first % count;
            byte* from = source + (first / count * batchBytes);
            var to = (T*)destination;
            for (long i = first; i < end; i++)
            {
                to[i] = *(T*)(from + offsets[entry]);
                if (++entry == count)
                {
                    entry = 0;
                    from += batchBytes;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Blocks(long first, long end)
        {
            long entry = first % count;
            byte* from = source + (first / count * batchBytes), to = destination + (first * blockBytes);
            for (long i = first; i < end; i++)
            {
                Buffer.MemoryCopy(from + offsets[entry], to, blockBytes, blockBytes);
                to += blockBytes;
                if (++entry == count)
                {
                    entry = 0;
                    from += batchBytes;
                }
            }
        }
    }
}
