using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>Reads one element of memory whose type only the running program knows.</summary>
internal static unsafe class ElementReader
{
    /// <summary>An element of an integer or bool tensor; unknown for other types and for numbers beyond 63 bits.</summary>
    public static Dim Exact(ElementType type, void* data, long index) => type switch
    {
        ElementType.Int64 => ((long*)data)[index],
        ElementType.Int32 => ((int*)data)[index],
        ElementType.Int16 => ((short*)data)[index],
        ElementType.Int8 => ((sbyte*)data)[index],
        ElementType.UInt64 => ((ulong*)data)[index] is var u and <= long.MaxValue ? (Dim)(long)u : Dim.Unknown,
        ElementType.UInt32 => ((uint*)data)[index],
        ElementType.UInt16 => ((ushort*)data)[index],
        ElementType.UInt8 => ((byte*)data)[index],
        ElementType.Bool => ((byte*)data)[index] == 0 ? 0 : 1,
        _ => Dim.Unknown,
    };

    /// <summary>An element of a float or integer tensor.</summary>
    public static Real Real(ElementType type, void* data, long index) => type switch
    {
        ElementType.Float => ((float*)data)[index],
        ElementType.Double => ((double*)data)[index],
        ElementType.Float16 => (double)((Half*)data)[index],
        ElementType.BFloat16 => (float)((BFloat16*)data)[index],
        _ => Exact(type, data, index),
    };
}
