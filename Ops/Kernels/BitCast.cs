using Ops.Kernels;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops;

public static unsafe partial class BitCast
{
    private static partial void Compute(in Args args, in Operand input, in Operand output) =>
        StridedCopy.Block(input.Data, output.Data, Layout.Bytes("BitCast", input));

    /// <summary>How many bits an element of a type takes.</summary>
    private static partial Dim Bits(ElementType T1) => T1.Bits() is var bits and > 0 ? bits : Dim.Unknown;
}
