using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Any number of inputs, folded block by block in the type of computation.</summary>
internal readonly unsafe struct VariadicLoop<V, T, C, K>(in K kernel, int inputs) : IElementwiseLoop
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
    where K : struct, IVariadicKernel
{
    /// <summary>Bytes of a block's accumulators, which stay in the first-level cache.</summary>
    private const int BlockBytes = 4096;

    private readonly K _kernel = kernel;
    private readonly int _inputs = inputs;

    public static int VectorCount => V.Count;

    public static int OutputSize => sizeof(T);

    public static bool IsAligned => false;

    public static int InputSize(int i) => sizeof(T);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(byte** pointers, nint* steps, nint pairs)
    {
        K kernel = _kernel;
        V count = V.Constant(_inputs);
        C* accumulators = stackalloc C[BlockBytes / sizeof(C)];
        nint block = BlockBytes / (sizeof(C) * V.Count);
        byte* y = pointers[_inputs];
        for (nint start = 0, vectors = 2 * pairs; start < vectors; start += block)
        {
            nint length = Math.Min(block, vectors - start);
            byte* x = pointers[0] + (start * steps[0]);
            for (nint i = 0; i < length; i++, x += steps[0]) V.Store(Storage.Load<V, T, C>(x), accumulators + (i * V.Count));
            for (int input = 1; input < _inputs; input++)
            {
                nint step = steps[input];
                x = pointers[input] + (start * step);
                C* place = accumulators;
                for (nint i = 0; i < length; i++, x += step, place += V.Count)
                    V.Store(kernel.Combine<V, C>(V.Load(place), Storage.Load<V, T, C>(x)), place);
            }

            for (nint i = 0; i < length; i++, y += V.Count * sizeof(T))
                Storage.Store<V, T, C>(kernel.Finish<V, C>(V.Load(accumulators + (i * V.Count)), count), y);
        }
    }
}
