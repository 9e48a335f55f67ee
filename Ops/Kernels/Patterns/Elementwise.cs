using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Element by element with ONNX's multidirectional broadcasting.</summary>
/// <remarks>
/// T is the type in memory, C the type a kernel computes in: (float, float), (double, double), (Half, float), (BFloat16, float), an integer
/// with itself, and (byte, byte) for bool. 16-bit results are rounded once. The output has the broadcast shape, which the
/// caller has checked; it may be the same memory as an input of the same shape, and must not overlap an input otherwise.
/// An operand that does not broadcast to the output's shape is an <see cref="ArgumentException"/>.
/// </remarks>
public static unsafe class Elementwise
{
    /// <summary>Fewer elements than this per thread are not worth waking one.</summary>
    private const long MinGrain = 32 * 1024;

    /// <summary>Outputs of so many bytes outlive no cache.</summary>
    internal const long StreamedBytes = 64L * 1024 * 1024;

    /// <summary>y = kernel(x), for x of y's shape or broadcast to it.</summary>
    public static void Unary<T, C, K>(in K kernel, in Operand x, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IUnaryKernel
    {
        if (IsStreamed<T, C>([x], y)) UnaryTo<T, C, K, StreamedNumbers>(kernel, x, y);
        else UnaryTo<T, C, K, Numbers>(kernel, x, y);
    }

    /// <summary>y = kernel(a, b).</summary>
    public static void Binary<T, C, K>(in K kernel, in Operand a, in Operand b, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IBinaryKernel
    {
        if (IsStreamed<T, C>([a, b], y)) BinaryTo<T, C, K, StreamedNumbers>(kernel, a, b, y);
        else BinaryTo<T, C, K, Numbers>(kernel, a, b, y);
    }

    /// <summary>y = kernel(a, b, c).</summary>
    public static void Ternary<T, C, K>(in K kernel, in Operand a, in Operand b, in Operand c, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, ITernaryKernel => TernaryFrom<T, C, K, Numbers>(kernel, a, b, c, y);

    /// <summary>y = the fold over all <paramref name="xs"/>, of which there is at least one.</summary>
    public static void Variadic<T, C, K>(in K kernel, ReadOnlySpan<Operand> xs, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IVariadicKernel
    {
        if (xs.IsEmpty) throw new ArgumentException("A fold needs at least one operand.", nameof(xs));
        int n = xs.Length;
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: Run<VariadicLoop<Simd512<C>, T, C, K>>(new(kernel, n), xs, y); break;
            case IsaLevel.Bits256: Run<VariadicLoop<Simd256<C>, T, C, K>>(new(kernel, n), xs, y); break;
            case IsaLevel.Bits128: Run<VariadicLoop<Simd128<C>, T, C, K>>(new(kernel, n), xs, y); break;
            default: Run<VariadicLoop<Simd1<C>, T, C, K>>(new(kernel, n), xs, y); break;
        }
    }

    /// <summary>y = kernel(x), where the kernel gives a mask and y holds bools.</summary>
    public static void UnaryTest<T, C, K>(in K kernel, in Operand x, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IUnaryKernel => UnaryTo<T, C, K, Bools>(kernel, x, y);

    /// <summary>y = kernel(a, b), where the kernel gives a mask and y holds bools.</summary>
    public static void BinaryTest<T, C, K>(in K kernel, in Operand a, in Operand b, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IBinaryKernel => BinaryTo<T, C, K, Bools>(kernel, a, b, y);

    /// <summary>y = kernel(condition, a, b), where the condition holds bools and reaches the kernel as a mask.</summary>
    public static void Select<T, C, K>(in K kernel, in Operand condition, in Operand a, in Operand b, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, ITernaryKernel => TernaryFrom<T, C, K, Bools>(kernel, condition, a, b, y);

    private static void UnaryTo<T, C, K, O>(in K kernel, in Operand x, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IUnaryKernel
        where O : struct, IOutput
    {
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: Run<UnaryLoop<Simd512<C>, T, C, K, O>>(new(kernel), [x], y); break;
            case IsaLevel.Bits256: Run<UnaryLoop<Simd256<C>, T, C, K, O>>(new(kernel), [x], y); break;
            case IsaLevel.Bits128: Run<UnaryLoop<Simd128<C>, T, C, K, O>>(new(kernel), [x], y); break;
            default: Run<UnaryLoop<Simd1<C>, T, C, K, O>>(new(kernel), [x], y); break;
        }
    }

    private static void BinaryTo<T, C, K, O>(in K kernel, in Operand a, in Operand b, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IBinaryKernel
        where O : struct, IOutput
    {
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: Run<BinaryLoop<Simd512<C>, T, C, K, O>>(new(kernel), [a, b], y); break;
            case IsaLevel.Bits256: Run<BinaryLoop<Simd256<C>, T, C, K, O>>(new(kernel), [a, b], y); break;
            case IsaLevel.Bits128: Run<BinaryLoop<Simd128<C>, T, C, K, O>>(new(kernel), [a, b], y); break;
            default: Run<BinaryLoop<Simd1<C>, T, C, K, O>>(new(kernel), [a, b], y); break;
        }
    }

    private static void TernaryFrom<T, C, K, I>(in K kernel, in Operand a, in Operand b, in Operand c, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, ITernaryKernel
        where I : struct, IInput
    {
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: Run<TernaryLoop<Simd512<C>, T, C, K, I>>(new(kernel), [a, b, c], y); break;
            case IsaLevel.Bits256: Run<TernaryLoop<Simd256<C>, T, C, K, I>>(new(kernel), [a, b, c], y); break;
            case IsaLevel.Bits128: Run<TernaryLoop<Simd128<C>, T, C, K, I>>(new(kernel), [a, b, c], y); break;
            default: Run<TernaryLoop<Simd1<C>, T, C, K, I>>(new(kernel), [a, b, c], y); break;
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<L>(in L loop, ReadOnlySpan<Operand> inputs, in Operand y)
        where L : struct, IElementwiseLoop
    {
        int count = inputs.Length;
        long* memory = stackalloc long[Broadcast.MemoryFor(y.Dims.Length, count)];
        Broadcast plan = Broadcast.Create(y.Dims, inputs, memory);
        if (plan.Length == 0) return;

        byte** data = stackalloc byte*[count + 1];
        for (int i = 0; i < count; i++) data[i] = (byte*)inputs[i].Data;
        data[count] = (byte*)y.Data;

        long parts = Math.Clamp(plan.Length / MinGrain, 1, Workers.Count == 1 ? 1 : 4L * Workers.Count);
        long grain = ((plan.Length + parts - 1) / parts + 1023) & ~1023L;
        var body = new ElementwiseBody<L>(loop, plan, data, parts == 1 ? plan.Length : grain);
        Workers.Run((int)parts, ref body);
    }

    /// <summary>Whether to write past the caches: the output is large, and no input would have its lines loaded anyway.</summary>
    private static bool IsStreamed<T, C>(ReadOnlySpan<Operand> inputs, in Operand y)
    {
        if (typeof(T) != typeof(C) || y.Length * Unsafe.SizeOf<T>() < StreamedBytes) return false;
        if ((nint)y.Data % Unsafe.SizeOf<T>() != 0) return false;
        foreach (Operand input in inputs)
            if (input.Data == y.Data) return false;
        return true;
    }
}
