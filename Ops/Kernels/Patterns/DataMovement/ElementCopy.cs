namespace Ops.Kernels;

/// <summary>Copies all elements of a tensor, in order.</summary>
internal static unsafe class ElementCopy
{
    /// <summary>Fills <paramref name="to"/>, which has as many elements.</summary>
    public static void Run(string op, in Operand from, in Operand to) => StridedCopy.Block(from.Data, to.Data, Layout.Bytes(op, from));
}
