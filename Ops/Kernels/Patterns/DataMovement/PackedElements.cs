using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Elements of 2 or 4 bits, of which a byte holds several; the first one is in its lowest bits.</summary>
internal static unsafe class PackedElements
{
    /// <summary>Whether several elements of a type share a byte.</summary>
    public static bool IsPacked(ElementType type) => type.Bits() is 2 or 4;

    /// <summary>Writes each element into a byte of its own.</summary>
    public static void Unpack(in Operand from, byte* to)
    {
        int bits = from.Type.Bits(), mask = (1 << bits) - 1, perByte = 8 / bits;
        var packed = (byte*)from.Data;
        for (long i = 0, count = from.Length; i < count; i++) to[i] = (byte)(packed[i / perByte] >> ((int)(i % perByte) * bits) & mask);
    }

    /// <summary>Packs elements that have a byte each; the bits that are left over are zero.</summary>
    public static void Pack(byte* from, in Operand to)
    {
        int bits = to.Type.Bits(), mask = (1 << bits) - 1, perByte = 8 / bits;
        var packed = (byte*)to.Data;
        long count = to.Length;
        for (long i = 0; i < count; i += perByte)
        {
            int joined = 0;
            for (int j = 0; j < perByte && i + j < count; j++) joined |= (from[i + j] & mask) << (j * bits);
            packed[i / perByte] = (byte)joined;
        }
    }
}
