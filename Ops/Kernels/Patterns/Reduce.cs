namespace Ops.Kernels;

/// <summary>Reduction over any set of axes.</summary>
public static unsafe class Reduce
{
    /// <summary>y = the reduction of x over <paramref name="axes"/>.</summary>
    public static void Run<T, C, K>(in K kernel, in Operand x, ReadOnlySpan<long> axes, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IReduceKernel => throw new NotImplementedException();
}
