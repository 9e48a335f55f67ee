using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Rows as 8-bit integers, in blocks of the summed axis that each have a scale: the greatest magnitude becomes 127.</summary>
internal readonly unsafe struct QuantizedRows
{
    /// <summary>How many elements are rounded before they become integers.</summary>
    private const int Strip = 64;

    private readonly byte* memory;
    private readonly int depth;
    private readonly int blockSize;

    private QuantizedRows(byte* memory, int depth, int blockSize)
    {
        this.memory = memory;
        this.depth = depth;
        this.blockSize = blockSize;
    }

    /// <summary>Blocks of a row.</summary>
    public int Blocks => (depth + blockSize - 1) / blockSize;

    /// <summary>Bytes of a block's integers, those beyond its end being 0.</summary>
    private int BlockBytes => (blockSize + 7) / 8 * 8;

    private nint RowBytes => ((nint)Blocks * (BlockBytes + sizeof(float) + sizeof(int)) + 63) / 64 * 64;

    /// <summary>The memory that rows take.</summary>
    public static nint Bytes(nint rows, int depth, int blockSize) => rows * new QuantizedRows(null, depth, blockSize).RowBytes;

    /// <summary>The integers of a row.</summary>
    public sbyte* Integers(int row) => (sbyte*)(memory + row * RowBytes);

    /// <summary>The scales of a row's blocks.</summary>
    public float* Scales(int row) => (float*)(memory + row * RowBytes + (nint)Blocks * BlockBytes);

    /// <summary>The sums of the integers of a row's blocks.</summary>
    public int* Sums(int row) => (int*)Scales(row) + Blocks;

    /// <summary>Quantises rows.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="picks">The number of the pick at each place; null where rows stand in that order.</param>
    /// <param name="perRow">How many picks each row has.</param>
    /// <param name="rows">How many places.</param>
    /// <param name="depth">Elements of a row.</param>
    /// <param name="blockSize">Elements that share a scale.</param>
    /// <param name="memory"><see cref="Bytes"/> bytes.</param>
    /// <param name="threads">How many threads.</param>
    public static QuantizedRows Of<V, T>(T* x, int* picks, int perRow, int rows, int depth, int blockSize, void* memory, int threads)
        where V : struct, ISimd<V, float>
        where T : unmanaged
    {
        var quantised = new QuantizedRows((byte*)memory, depth, blockSize);
        var body = new Body<V, T>(quantised, x, picks, perRow, rows, int.Min(rows, 8 * threads));
        if (threads > 1) Workers.Run(body.Parts, ref body);
        else for (int part = 0; part < body.Parts; part++) body.Run(part);
        return quantised;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill<V, T>(T* x, int row)
        where V : struct, ISimd<V, float>
        where T : unmanaged
    {
        sbyte* to = Integers(row);
        float* scales = Scales(row);
        int* sums = Sums(row);
        float* values = stackalloc float[Strip + 16];
        for (int block = 0; block < Blocks; block++, to += BlockBytes)
        {
            int first = block * blockSize, count = int.Min(blockSize, depth - first);
            V largest = V.Zero;
            for (int i = 0; i < count; i += V.Count)
                largest = V.Max(largest, V.Abs(Elements<V, T, float>.LoadPartial(x + first + i, count - i)));
            float magnitude = V.MaxLanes(largest), scale = magnitude / 127;
            V inverse = V.Create(magnitude > 0 ? 127 / magnitude : 0);
            int sum = 0;
            for (int from = 0; from < count; from += Strip)
            {
                int some = int.Min(Strip, count - from), i = 0;
                for (; i < some; i += V.Count)
                    V.Store(V.Round(Elements<V, T, float>.LoadPartial(x + first + from + i, some - i) * inverse), values + i);
                for (i = 0; i <= some - 16; i += 16)
                {
                    // Rounded, the greatest magnitude is 127.
                    Vector128<int> a = Vector128.ConvertToInt32(Vector128.Load(values + i)),
                        b = Vector128.ConvertToInt32(Vector128.Load(values + i + 4));
                    Vector128<int> c = Vector128.ConvertToInt32(Vector128.Load(values + i + 8)),
                        d = Vector128.ConvertToInt32(Vector128.Load(values + i + 12));
                    Vector128.Narrow(Vector128.Narrow(a, b), Vector128.Narrow(c, d)).Store(to + from + i);
                    sum += Vector128.Sum(a + b + c + d);
                }
                for (; i < some; i++) sum += to[from + i] = (sbyte)values[i];
            }
            for (int i = count; i < BlockBytes; i++) to[i] = 0;
            scales[block] = scale;
            sums[block] = sum;
        }
    }

    private readonly struct Body<V, T>(QuantizedRows rows, T* x, int* picks, int perRow, int count, int parts) : IParallelBody
        where V : struct, ISimd<V, float>
        where T : unmanaged
    {
        public int Parts => parts;

        public void Run(int part)
        {
            for (int row = (int)((long)count * part / parts); row < (int)((long)count * (part + 1) / parts); row++)
                rows.Fill<V, T>(x + (nint)(picks == null ? row : picks[row] / perRow) * rows.depth, row);
        }
    }
}
