using Ops.Kernels;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops;

public static unsafe partial class ConstantOfShape
{
    private static partial void Compute(in Args args, in Operand input, in Operand output)
    {
        long count = output.Length;
        int bits = output.Type.Bits();
        byte* element = stackalloc byte[16];
        new Span<byte>(element, 16).Clear();
        if (args.value is { } value) value.Bytes.CopyTo(new Span<byte>(element, 16));
        if (bits >= 8)
        {
            StridedCopy.Fill(bits / 8, element, output.Data, count);
            return;
        }

        // Every byte is the same but for the last one, where what is left over is zero.
        int all = 0, perByte = 8 / bits;
        for (int i = 0; i < perByte; i++) all |= (*element & ((1 << bits) - 1)) << (i * bits);
        *element = (byte)all;
        StridedCopy.Fill(1, element, output.Data, (count + perByte - 1) / perByte);
        if (count % perByte is var rest and > 0) ((byte*)output.Data)[count / perByte] &= (byte)((1 << (int)(rest * bits)) - 1);
    }

    /// <summary>The element type that the attribute asks for.</summary>
    private static partial ElementType TypeOf(object? value) => value is TensorValue tensor ? tensor.Type : ElementType.Float;

    /// <summary>The one element, when it is an integer.</summary>
    private static partial Dim ElementOf(object? value) => value switch
    {
        null => 0,
        TensorValue { Length: 1 } tensor => TensorValueData.Of(tensor) is { } data ? data[0] : Dim.Unknown,
        TensorValue tensor => Dim.Invalid($"value has {tensor.Length} elements, not one"),
        _ => Dim.Unknown,
    };
}
