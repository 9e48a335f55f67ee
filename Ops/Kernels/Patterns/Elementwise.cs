namespace Ops.Kernels;

/// <summary>Element by element with ONNX's multidirectional broadcasting.</summary>
/// <remarks>
/// T is the type in memory, C the type a kernel computes in: (float, float), (double, double), (Half, float), (BFloat16, float), an integer
/// with itself, and (byte, byte) for bool. 16-bit results are rounded once. The output has the broadcast shape, which the
/// caller has checked; it may be the same memory as an input of the same shape, and must not overlap an input otherwise.
/// </remarks>
public static unsafe class Elementwise
{
    /// <summary>y = kernel(x), for x and y of one shape, or x broadcast to y.</summary>
    public static void Unary<T, C, K>(in K kernel, in Operand x, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IUnaryKernel => throw new NotImplementedException();

    /// <summary>y = kernel(a, b).</summary>
    public static void Binary<T, C, K>(in K kernel, in Operand a, in Operand b, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IBinaryKernel => throw new NotImplementedException();

    /// <summary>y = kernel(a, b, c).</summary>
    public static void Ternary<T, C, K>(in K kernel, in Operand a, in Operand b, in Operand c, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, ITernaryKernel => throw new NotImplementedException();

    /// <summary>y = the fold over all <paramref name="xs"/>, of which there is at least one.</summary>
    public static void Variadic<T, C, K>(in K kernel, ReadOnlySpan<Operand> xs, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IVariadicKernel => throw new NotImplementedException();

    /// <summary>y = kernel(x), where the kernel gives a mask and y holds bools.</summary>
    public static void UnaryTest<T, C, K>(in K kernel, in Operand x, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IUnaryKernel => throw new NotImplementedException();

    /// <summary>y = kernel(a, b), where the kernel gives a mask and y holds bools.</summary>
    public static void BinaryTest<T, C, K>(in K kernel, in Operand a, in Operand b, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IBinaryKernel => throw new NotImplementedException();

    /// <summary>y = kernel(condition, a, b), where the condition holds bools and reaches the kernel as a mask.</summary>
    public static void Select<T, C, K>(in K kernel, in Operand condition, in Operand a, in Operand b, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, ITernaryKernel => throw new NotImplementedException();
}
