using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>Single elements of tensors of any type, for comparing and printing.</summary>
public static class TensorElements
{
    /// <summary>An element as text; strings in quotes.</summary>
    public static string TextAt(this TensorValue tensor, long index)
    {
        if (tensor.Type == ElementType.String)
            return $"'{tensor.Strings![index]}'";
        if (tensor.Type == ElementType.Bool)
            return tensor.Bytes[(int)index] != 0 ? "true" : "false";
        if (IsComplex(tensor.Type))
            return string.Create(CultureInfo.InvariantCulture,
                $"{tensor.ComplexAt(index).Real}{tensor.ComplexAt(index).Imaginary:+0.######;-0.######}i");
        if (!IsReal(tensor.Type))
            return tensor.IntegerAt(index).ToString(CultureInfo.InvariantCulture);
        // A float prints shortest as float, not as the double it widens to.
        double value = tensor.RealAt(index);
        return tensor.Type == ElementType.Double
            ? value.ToString(CultureInfo.InvariantCulture) : ((float)value).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a type holds real numbers that are no integers: floats of 4 to 64 bits.</summary>
    public static bool IsReal(ElementType type) => type.IsFloat() || type is ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ
        or ElementType.Float8E5M2 or ElementType.Float8E5M2FNUZ or ElementType.Float4E2M1 or ElementType.Float8E8M0;

    /// <summary>Whether a type holds complex numbers.</summary>
    public static bool IsComplex(ElementType type) => type is ElementType.Complex64 or ElementType.Complex128;

    /// <summary>An element of a tensor of real numbers.</summary>
    /// <exception cref="OpException">It holds something else.</exception>
    public static double RealAt(this TensorValue tensor, long index)
    {
        ReadOnlySpan<byte> bytes = tensor.Bytes;
        int i = (int)index;
        return tensor.Type switch
        {
            ElementType.Float => MemoryMarshal.Cast<byte, float>(bytes)[i],
            ElementType.Double => MemoryMarshal.Cast<byte, double>(bytes)[i],
            ElementType.Float16 => (double)MemoryMarshal.Cast<byte, Half>(bytes)[i],
            ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Cast<byte, ushort>(bytes)[i] << 16),
            ElementType.Float8E4M3FN => SmallFloats.Decode(bytes[i], 4, 7, SmallFloats.Specials.NaNAtTop),
            ElementType.Float8E4M3FNUZ => SmallFloats.Decode(bytes[i], 4, 8, SmallFloats.Specials.NaNAtNegativeZero),
            ElementType.Float8E5M2 => SmallFloats.Decode(bytes[i], 5, 15, SmallFloats.Specials.Ieee),
            ElementType.Float8E5M2FNUZ => SmallFloats.Decode(bytes[i], 5, 16, SmallFloats.Specials.NaNAtNegativeZero),
            ElementType.Float4E2M1 => SmallFloats.DecodeE2M1(Packed(bytes, i, 4)),
            ElementType.Float8E8M0 => bytes[i] == 0xFF ? double.NaN : Math.ScaleB(1, bytes[i] - 127),
            _ => throw new OpException("tensor", "element-type", $"{tensor.Type.Name()} holds no real numbers"),
        };
    }

    /// <summary>An element of a tensor of complex numbers.</summary>
    /// <exception cref="OpException">It holds something else.</exception>
    public static Complex ComplexAt(this TensorValue tensor, long index)
    {
        int i = (int)index;
        switch (tensor.Type)
        {
            case ElementType.Complex64:
                ReadOnlySpan<float> singles = MemoryMarshal.Cast<byte, float>(tensor.Bytes);
                return new Complex(singles[2 * i], singles[2 * i + 1]);
            case ElementType.Complex128:
                ReadOnlySpan<double> doubles = MemoryMarshal.Cast<byte, double>(tensor.Bytes);
                return new Complex(doubles[2 * i], doubles[2 * i + 1]);
            default:
                throw new OpException("tensor", "element-type", $"{tensor.Type.Name()} holds no complex numbers");
        }
    }

    /// <summary>An element of a tensor of integers or truth values.</summary>
    /// <exception cref="OpException">It holds something else.</exception>
    public static Int128 IntegerAt(this TensorValue tensor, long index)
    {
        ReadOnlySpan<byte> bytes = tensor.Bytes;
        int i = (int)index;
        return tensor.Type switch
        {
            ElementType.Int64 => MemoryMarshal.Cast<byte, long>(bytes)[i],
            ElementType.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[i],
            ElementType.Int16 => MemoryMarshal.Cast<byte, short>(bytes)[i],
            ElementType.Int8 => (sbyte)bytes[i],
            ElementType.UInt64 => MemoryMarshal.Cast<byte, ulong>(bytes)[i],
            ElementType.UInt32 => MemoryMarshal.Cast<byte, uint>(bytes)[i],
            ElementType.UInt16 => MemoryMarshal.Cast<byte, ushort>(bytes)[i],
            ElementType.UInt8 or ElementType.Bool => bytes[i],
            ElementType.UInt4 => Packed(bytes, i, 4),
            ElementType.UInt2 => Packed(bytes, i, 2),
            ElementType.Int4 => (sbyte)(Packed(bytes, i, 4) << 4) >> 4,
            ElementType.Int2 => (sbyte)(Packed(bytes, i, 2) << 6) >> 6,
            _ => throw new OpException("tensor", "element-type", $"{tensor.Type.Name()} holds no integers"),
        };
    }

    /// <summary>An element below 8 bits; the first one lies in the lowest bits.</summary>
    private static byte Packed(ReadOnlySpan<byte> bytes, int index, int bits)
    {
        int perByte = 8 / bits;
        return (byte)(bytes[index / perByte] >> (index % perByte * bits) & ((1 << bits) - 1));
    }
}
