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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(byte** pointers, nint* steps, nint n)
    {
        K kernel = _kernel;
        byte* x = pointers[0], y = pointers[1];
        nint dx = steps[0], dy = V.Count * O.Size<T>();

        if (O.Aligned && ((nint)y & (dy - 1)) != 0)
        {
            nint head = Math.Min((dy - ((nint)y & (dy - 1))) / O.Size<T>(), n);
            V first = PartialPort.Load<V, T, C, Numbers>(x, dx, head);
            PartialPort.Store<V, T, C, O>(kernel.Apply<V, C>(first), y, head);
            if (dx != 0) x += head * sizeof(T);
            y += head * O.Size<T>();
            n -= head;
        }

        for (; n >= 4 * V.Count; n -= 4 * V.Count, x += 4 * dx, y += 4 * dy)
        {
            V x0 = Storage.Load<V, T, C>(x), x1 = Storage.Load<V, T, C>(x + dx);
            V x2 = Storage.Load<V, T, C>(x + (2 * dx)), x3 = Storage.Load<V, T, C>(x + (3 * dx));
            O.Store<V, T, C>(kernel.Apply<V, C>(x0), y);
            O.Store<V, T, C>(kernel.Apply<V, C>(x1), y + dy);
            O.Store<V, T, C>(kernel.Apply<V, C>(x2), y + (2 * dy));
            O.Store<V, T, C>(kernel.Apply<V, C>(x3), y + (3 * dy));
        }

        for (; n >= V.Count; n -= V.Count, x += dx, y += dy)
            O.Store<V, T, C>(kernel.Apply<V, C>(Storage.Load<V, T, C>(x)), y);

        if (n > 0)
        {
            V last = PartialPort.Load<V, T, C, Numbers>(x, dx, n);
            PartialPort.Store<V, T, C, O>(kernel.Apply<V, C>(last), y, n);
        }
    }
}

/// <summary>Two inputs.</summary>
internal readonly unsafe struct BinaryLoop<V, T, C, K, O>(in K kernel) : IElementwiseLoop
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
    where K : struct, IBinaryKernel
    where O : struct, IOutput
{
    private readonly K _kernel = kernel;

    public static int VectorCount => V.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(byte** pointers, nint* steps, nint n)
    {
        K kernel = _kernel;
        byte* a = pointers[0], b = pointers[1], y = pointers[2];
        nint da = steps[0], db = steps[1], dy = V.Count * O.Size<T>();

        if (O.Aligned && ((nint)y & (dy - 1)) != 0)
        {
            nint head = Math.Min((dy - ((nint)y & (dy - 1))) / O.Size<T>(), n);
            V a0 = PartialPort.Load<V, T, C, Numbers>(a, da, head), b0 = PartialPort.Load<V, T, C, Numbers>(b, db, head);
            PartialPort.Store<V, T, C, O>(kernel.Apply<V, C>(a0, b0), y, head);
            if (da != 0) a += head * sizeof(T);
            if (db != 0) b += head * sizeof(T);
            y += head * O.Size<T>();
            n -= head;
        }

        for (; n >= 4 * V.Count; n -= 4 * V.Count, a += 4 * da, b += 4 * db, y += 4 * dy)
        {
            V a0 = Storage.Load<V, T, C>(a), a1 = Storage.Load<V, T, C>(a + da);
            V a2 = Storage.Load<V, T, C>(a + (2 * da)), a3 = Storage.Load<V, T, C>(a + (3 * da));
            V b0 = Storage.Load<V, T, C>(b), b1 = Storage.Load<V, T, C>(b + db);
            V b2 = Storage.Load<V, T, C>(b + (2 * db)), b3 = Storage.Load<V, T, C>(b + (3 * db));
            O.Store<V, T, C>(kernel.Apply<V, C>(a0, b0), y);
            O.Store<V, T, C>(kernel.Apply<V, C>(a1, b1), y + dy);
            O.Store<V, T, C>(kernel.Apply<V, C>(a2, b2), y + (2 * dy));
            O.Store<V, T, C>(kernel.Apply<V, C>(a3, b3), y + (3 * dy));
        }

        for (; n >= V.Count; n -= V.Count, a += da, b += db, y += dy)
            O.Store<V, T, C>(kernel.Apply<V, C>(Storage.Load<V, T, C>(a), Storage.Load<V, T, C>(b)), y);

        if (n > 0)
        {
            V a0 = PartialPort.Load<V, T, C, Numbers>(a, da, n), b0 = PartialPort.Load<V, T, C, Numbers>(b, db, n);
            PartialPort.Store<V, T, C, O>(kernel.Apply<V, C>(a0, b0), y, n);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(byte** pointers, nint* steps, nint n)
    {
        K kernel = _kernel;
        byte* a = pointers[0], b = pointers[1], c = pointers[2], y = pointers[3];
        nint da = steps[0], db = steps[1], dc = steps[2], dy = V.Count * sizeof(T);

        for (; n >= 2 * V.Count; n -= 2 * V.Count, a += 2 * da, b += 2 * db, c += 2 * dc, y += 2 * dy)
        {
            V a0 = I.Load<V, T, C>(a), a1 = I.Load<V, T, C>(a + da);
            V b0 = Storage.Load<V, T, C>(b), b1 = Storage.Load<V, T, C>(b + db);
            V c0 = Storage.Load<V, T, C>(c), c1 = Storage.Load<V, T, C>(c + dc);
            Storage.Store<V, T, C>(kernel.Apply<V, C>(a0, b0, c0), y);
            Storage.Store<V, T, C>(kernel.Apply<V, C>(a1, b1, c1), y + dy);
        }

        for (; n >= V.Count; n -= V.Count, a += da, b += db, c += dc, y += dy)
        {
            V a0 = I.Load<V, T, C>(a);
            Storage.Store<V, T, C>(kernel.Apply<V, C>(a0, Storage.Load<V, T, C>(b), Storage.Load<V, T, C>(c)), y);
        }

        if (n > 0)
        {
            V a0 = PartialPort.Load<V, T, C, I>(a, da, n);
            V b0 = PartialPort.Load<V, T, C, Numbers>(b, db, n), c0 = PartialPort.Load<V, T, C, Numbers>(c, dc, n);
            PartialPort.Store<V, T, C, Numbers>(kernel.Apply<V, C>(a0, b0, c0), y, n);
        }
    }
}

/// <summary>Any number of inputs, folded block by block in the type of computation.</summary>
internal readonly unsafe struct VariadicLoop<V, T, C, K>(in K kernel, int inputs) : IElementwiseLoop
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
    where K : struct, IVariadicKernel
{
    /// <summary>Elements of a block; the accumulators stay in the first-level cache.</summary>
    private const int Block = 1024;

    private readonly K _kernel = kernel;
    private readonly int _inputs = inputs;

    public static int VectorCount => V.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(byte** pointers, nint* steps, nint n)
    {
        K kernel = _kernel;
        V count = V.Constant(_inputs);
        C* accumulators = stackalloc C[Block];
        byte* y = pointers[_inputs];
        for (nint start = 0; start < n; start += Block)
        {
            nint length = Math.Min(Block, n - start), vectors = (length + V.Count - 1) / V.Count;
            for (int input = 0; input < _inputs; input++)
            {
                nint step = steps[input];
                byte* x = pointers[input] + (start / V.Count * step);
                nint whole = length / V.Count;
                for (nint i = 0; i < vectors; i++, x += step)
                {
                    V value = i < whole
                        ? Storage.Load<V, T, C>(x)
                        : PartialPort.Load<V, T, C, Numbers>(x, step, length - (whole * V.Count));
                    C* place = accumulators + (i * V.Count);
                    V.Store(input == 0 ? value : kernel.Combine<V, C>(V.Load(place), value), place);
                }
            }

            byte* destination = y + (start * sizeof(T));
            for (nint i = 0; i < vectors; i++, destination += V.Count * sizeof(T))
            {
                V result = kernel.Finish<V, C>(V.Load(accumulators + (i * V.Count)), count);
                nint left = length - (i * V.Count);
                if (left >= V.Count) Storage.Store<V, T, C>(result, destination);
                else PartialPort.Store<V, T, C, Numbers>(result, destination, left);
            }
        }
    }
}
