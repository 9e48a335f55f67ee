using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Tensors;

namespace Ops;

public static unsafe partial class Unique
{
    private static partial void Compute(in Args args, in Operand X, in Operand Y, in Operand indices, in Operand inverse_indices,
        in Operand counts)
    {
        DistinctSlices slices = DistinctSlices.Of("Unique", X, args.before, args.whole, args.after, args.sorted);
        long[] first = Array.ConvertAll(slices.First, place => (long)place);
        long block = args.after * Layout.Width("Unique", X.Type);
        fixed (long* offsets = Array.ConvertAll(first, place => place * block))
            BlockGather.Run((byte*)X.Data, offsets, first.Length, args.before, args.whole * block, (byte*)Y.Data, block);
        if (!indices.IsAbsent) first.CopyTo(new Span<long>(indices.Data, first.Length));
        if (!inverse_indices.IsAbsent)
            for (int i = 0; i < slices.Which.Length; i++) ((long*)inverse_indices.Data)[i] = slices.Which[i];
        if (counts.IsAbsent) return;
        new Span<long>(counts.Data, first.Length).Clear();
        foreach (int which in slices.Which) ((long*)counts.Data)[which]++;
    }

    /// <summary>How many slices are different.</summary>
    private static partial Dim Count(TensorType X, Dim before, Dim whole, Dim after) =>
        IElementMemory.Of(X) is { IsAbsent: false } x && before.IsKnown && whole.IsKnown && after.IsKnown
            ? DistinctSlices.Of("Unique", x, before.Value, whole.Value, after.Value, sorted: true).First.Length : Dim.Unknown;
}
