using System.Runtime.InteropServices;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Kernels;

/// <summary>Tensors from doubles and back.</summary>
internal static class AttentionTensor
{
    /// <summary>A tensor of the values, rounded to its type.</summary>
    public static TensorValue Of(ElementType type, long[] dims, Func<long, double> value)
    {
        TensorValue tensor = TensorValue.Allocate(type, dims);
        for (int i = 0; i < tensor.Length; i++)
        {
            double x = value(i);
            switch (type)
            {
                case ElementType.Float: MemoryMarshal.Cast<byte, float>(tensor.Bytes)[i] = (float)x; break;
                case ElementType.Double: MemoryMarshal.Cast<byte, double>(tensor.Bytes)[i] = x; break;
                case ElementType.Float16: MemoryMarshal.Cast<byte, Half>(tensor.Bytes)[i] = (Half)x; break;
                case ElementType.BFloat16: MemoryMarshal.Cast<byte, BFloat16>(tensor.Bytes)[i] = (BFloat16)x; break;
                case ElementType.Int64: MemoryMarshal.Cast<byte, long>(tensor.Bytes)[i] = (long)x; break;
                case ElementType.Int8: tensor.Bytes[i] = (byte)(sbyte)x; break;
                case ElementType.Bool: tensor.Bytes[i] = x != 0 ? (byte)1 : (byte)0; break;
                default: throw new NotSupportedException();
            }
        }

        return tensor;
    }

    /// <summary>Uniform in -1 to 1.</summary>
    public static TensorValue Random(ElementType type, long[] dims, Random random) => Of(type, dims, _ => random.NextDouble() * 2 - 1);

    /// <summary>The elements.</summary>
    public static double[] Doubles(TensorValue tensor)
    {
        var values = new double[tensor.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = tensor.Type switch
            {
                ElementType.Float => MemoryMarshal.Cast<byte, float>(tensor.Bytes)[i],
                ElementType.Double => MemoryMarshal.Cast<byte, double>(tensor.Bytes)[i],
                ElementType.Float16 => (double)MemoryMarshal.Cast<byte, Half>(tensor.Bytes)[i],
                ElementType.BFloat16 => MemoryMarshal.Cast<byte, BFloat16>(tensor.Bytes)[i],
                ElementType.Int64 => MemoryMarshal.Cast<byte, long>(tensor.Bytes)[i],
                ElementType.Int8 => (sbyte)tensor.Bytes[i],
                ElementType.Bool => tensor.Bytes[i],
                _ => throw new NotSupportedException(),
            };
        }

        return values;
    }
}
