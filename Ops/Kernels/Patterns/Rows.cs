namespace Ops.Kernels;

/// <summary>Row by row.</summary>
public static unsafe class Rows
{
    /// <summary>Calls the kernel once per row.</summary>
    public static void Run<C, K>(in K kernel, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs, int rowStart, int rowRank)
        where C : unmanaged
        where K : struct, IRowKernel => throw new NotImplementedException();
}
