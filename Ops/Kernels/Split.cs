using Ops.Kernels;

namespace Ops;

public static unsafe partial class Split
{
    private static partial void Compute(in Args args, in Operand input, in Operand split, ReadOnlySpan<Operand> outputs_)
    {
        int width = Layout.Width("Split", input.Type);
        long before = Layout.Product(args.pre), after = Layout.Product(args.post), whole = args.N * after;
        var source = (byte*)input.Data;
        for (int i = 0; i < outputs_.Length; i++)
        {
            long part = args.parts[i] * after;
            if (!outputs_[i].IsAbsent) StridedCopy.Run(width, [before, part], source, [whole, 1], outputs_[i].Data, [part, 1]);
            source += part * width;
        }
    }
}
