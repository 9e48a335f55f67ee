using Ops.Kernels;

namespace Ops;

public static unsafe partial class Size
{
    private static partial void Compute(in Args args, in Operand data, in Operand size) => *(long*)size.Data = data.Length;
}
