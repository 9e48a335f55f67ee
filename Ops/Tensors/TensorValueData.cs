using System.Runtime.InteropServices;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>The elements of a tensor as rules read them.</summary>
/// <param name="tensor">An integer, bool or float tensor.</param>
public sealed class TensorValueData(TensorValue tensor) : TensorData
{
    /// <inheritdoc/>
    public override long Count => tensor.Length;

    /// <inheritdoc/>
    public override Dim this[long index]
    {
        get
        {
            ReadOnlySpan<byte> bytes = tensor.Bytes;
            int i = (int)index;
            return tensor.Type switch
            {
                ElementType.Int64 => MemoryMarshal.Cast<byte, long>(bytes)[i],
                ElementType.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[i],
                ElementType.Int16 => MemoryMarshal.Cast<byte, short>(bytes)[i],
                ElementType.Int8 => (sbyte)bytes[i],
                ElementType.UInt64 => MemoryMarshal.Cast<byte, ulong>(bytes)[i] is var u && u <= long.MaxValue ? (Dim)(long)u : Dim.Unknown,
                ElementType.UInt32 => MemoryMarshal.Cast<byte, uint>(bytes)[i],
                ElementType.UInt16 => MemoryMarshal.Cast<byte, ushort>(bytes)[i],
                ElementType.UInt8 => bytes[i],
                ElementType.Bool => bytes[i] == 0 ? 0 : 1,
                _ => Dim.Unknown,
            };
        }
    }

    /// <summary>The data of a tensor whose elements rules can read; null for the others.</summary>
    public static TensorValueData? Of(TensorValue tensor) =>
        tensor.Type.IsInteger() || tensor.Type.IsFloat() || tensor.Type == ElementType.Bool ? new TensorValueData(tensor) : null;

    /// <inheritdoc/>
    public override Real RealAt(long index)
    {
        ReadOnlySpan<byte> bytes = tensor.Bytes;
        int i = (int)index;
        return tensor.Type switch
        {
            ElementType.Float => MemoryMarshal.Cast<byte, float>(bytes)[i],
            ElementType.Double => MemoryMarshal.Cast<byte, double>(bytes)[i],
            ElementType.Float16 => (double)MemoryMarshal.Cast<byte, Half>(bytes)[i],
            ElementType.BFloat16 => (float)MemoryMarshal.Cast<byte, BFloat16>(bytes)[i],
            _ => this[index],
        };
    }
}
