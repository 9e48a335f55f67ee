using Ops.Kernels;

namespace Ops;

public static unsafe partial class Concat
{
    private static partial void Compute(in Args args, ReadOnlySpan<Operand> inputs_, in Operand concat_result)
    {
        int width = Layout.Width("Concat", concat_result.Type);
        long before = Layout.Product(args.pre), after = Layout.Product(args.post), whole = args.N.Sum() * after;
        var destination = (byte*)concat_result.Data;
        for (int i = 0; i < inputs_.Length; i++)
        {
            long part = args.N[i] * after;
            StridedCopy.Run(width, [before, part], inputs_[i].Data, [part, 1], destination, [whole, 1]);
            destination += part * width;
        }
    }
}
