using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>One input; O says how results are written.</summary>
internal readonly unsafe struct UnaryLoop<V, T, C, K, O>(in K kernel) : IElementwiseLoop
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
    where K : struct, IUnaryKernel
    where O : struct, IOutput
{
    private readonly K _kernel = kernel;

    public static int VectorCount => V.Count;

    public static int InputSize(int i) => sizeof(T);

    public static int OutputSize => O.Size<T>();

    public static bool IsAligned => O.Aligned;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(byte** pointers, nint* steps, nint pairs)
    {
        K kernel = _kernel;
        byte* x = pointers[0], y = pointers[1];
        nint dx = steps[0], dy = V.Count * OutputSize;
        for (; pairs > 0; pairs--, x += 2 * dx, y += 2 * dy)
        {
            V x0 = Storage.Load<V, T, C>(x), x1 = Storage.Load<V, T, C>(x + dx);
            O.Store<V, T, C>(kernel.Apply<V, C>(x0), y);
            O.Store<V, T, C>(kernel.Apply<V, C>(x1), y + dy);
        }
    }
}

/// <summary>Two inputs; O says how results are written.</summary>
internal readonly unsafe struct BinaryLoop<V, T, C, K, O>(in K kernel) : IElementwiseLoop
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
    where K : struct, IBinaryKernel
    where O : struct, IOutput
{
    private readonly K _kernel = kernel;

    public static int VectorCount => V.Count;

    public static int InputSize(int i) => sizeof(T);

    public static int OutputSize => O.Size<T>();

    public static bool IsAligned => O.Aligned;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(byte** pointers, nint* steps, nint pairs)
    {
        K kernel = _kernel;
        byte* a = pointers[0], b = pointers[1], y = pointers[2];
        nint da = steps[0], db = steps[1], dy = V.Count * OutputSize;
        for (; pairs > 0; pairs--, a += 2 * da, b += 2 * db, y += 2 * dy)
        {
            V a0 = Storage.Load<V, T, C>(a), a1 = Storage.Load<V, T, C>(a + da);
            V b0 = Storage.Load<V, T, C>(b), b1 = Storage.Load<V, T, C>(b + db);
            O.Store<V, T, C>(kernel.Apply<V, C>(a0, b0), y);
            O.Store<V, T, C>(kernel.Apply<V, C>(a1, b1), y + dy);
        }
    }
}

/// <summary>Three inputs, of which I reads the first.</summary>
internal readonly unsafe struct TernaryLoop<V, T, C, K, I>(in K kernel) : IElementwiseLoop
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
    where K : struct, ITernaryKernel
    where I : struct, IInput
{
    private readonly K _kernel = kernel;

    public static int VectorCount => V.Count;

    public static int InputSize(int i) => i == 0 ? I.Size<T>() : sizeof(T);

    public static int OutputSize => sizeof(T);

    public static bool IsAligned => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(byte** pointers, nint* steps, nint pairs)
    {
        K kernel = _kernel;
        byte* a = pointers[0], b = pointers[1], c = pointers[2], y = pointers[3];
        nint da = steps[0], db = steps[1], dc = steps[2], dy = V.Count * OutputSize;
        for (; pairs > 0; pairs--, a += 2 * da, b += 2 * db, c += 2 * dc, y += 2 * dy)
        {
            V a0 = I.Load<V, T, C>(a), a1 = I.Load<V, T, C>(a + da);
            V b0 = Storage.Load<V, T, C>(b), b1 = Storage.Load<V, T, C>(b + db);
            V c0 = Storage.Load<V, T, C>(c), c1 = Storage.Load<V, T, C>(c + dc);
            Storage.Store<V, T, C>(kernel.Apply<V, C>(a0, b0, c0), y);
            Storage.Store<V, T, C>(kernel.Apply<V, C>(a1, b1, c1), y + dy);
        }
    }
}
