using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>Writes numbers into tensors of any type.</summary>
internal static class CaseElements
{
    /// <summary>Writes an element: the number itself as far as the type holds it, else some bits made of it.</summary>
    public static void Write(TensorValue tensor, int index, double value)
    {
        int bits = tensor.Type.Bits();
        long whole = double.IsFinite(value) ? (long)Math.Round(value) : 1;
        switch (tensor.Type)
        {
            case ElementType.String: tensor.Strings![index] = $"{whole}"; break;
            case ElementType.Float: tensor.Span<float>()[index] = (float)value; break;
            case ElementType.Double: tensor.Span<double>()[index] = value; break;
            case ElementType.Float16: tensor.Span<Half>()[index] = (Half)value; break;
            case ElementType.BFloat16: tensor.Span<BFloat16>()[index] = (BFloat16)(float)value; break;
            case ElementType.Bool: tensor.Bytes[index] = (byte)(whole & 1); break;
            case ElementType.Complex64 or ElementType.Complex128: break;
            default:
                if (bits >= 8)
                {
                    long stored = IsUnsigned(tensor.Type) ? Math.Abs(whole) : whole;
                    for (int b = 0; b < bits / 8; b++)
                        tensor.Bytes[index * bits / 8 + b] = (byte)(stored >> 8 * b);
                }
                else
                {
                    int shift = index * bits % 8, mask = (1 << bits) - 1;
                    ref byte cell = ref tensor.Bytes[index * bits / 8];
                    cell = (byte)(cell & ~(mask << shift) | ((int)whole & mask) << shift);
                }
                break;
        }
    }

    private static bool IsUnsigned(ElementType type) =>
        type is ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64;
}
