using Ops.Specs;

namespace Ops.Kernels;

/// <summary>Copies all elements of a tensor, in order.</summary>
public static unsafe class ElementCopy
{
    /// <summary>Fills <paramref name="to"/>.</summary>
    /// <exception cref="OpException">It has another number of elements, or they are texts.</exception>
    public static void Run(string op, in Operand from, in Operand to)
    {
        if (from.Length != to.Length)
            throw new OpException(op, "view", $"[{string.Join(", ", to.Dims)}] is no other shape of [{string.Join(", ", from.Dims)}]");
        StridedCopy.Block(from.Data, to.Data, Layout.Bytes(op, from));
    }
}
