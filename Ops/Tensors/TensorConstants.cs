using System.Globalization;
using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>Makes small tensors of a type that only the running program knows.</summary>
internal static class TensorConstants
{
    /// <summary>A tensor of the given numbers (long or double), rounded to the type.</summary>
    /// <exception cref="OpException">The type is none of float, integer or bool.</exception>
    public static TensorValue Of(ElementType type, IReadOnlyList<object> items, long[] dims) => type switch
    {
        ElementType.Float => Make(items, dims, x => (float)Convert.ToDouble(x, CultureInfo.InvariantCulture)),
        ElementType.Double => Make(items, dims, x => Convert.ToDouble(x, CultureInfo.InvariantCulture)),
        ElementType.Float16 => Make(items, dims, x => (Half)Convert.ToDouble(x, CultureInfo.InvariantCulture)),
        ElementType.BFloat16 => Make(items, dims, x => (BFloat16)Convert.ToDouble(x, CultureInfo.InvariantCulture)),
        ElementType.Int64 => Make(items, dims, Integer),
        ElementType.Int32 => Make(items, dims, x => (int)Integer(x)),
        ElementType.Int16 => Make(items, dims, x => (short)Integer(x)),
        ElementType.Int8 => Make(items, dims, x => (sbyte)Integer(x)),
        ElementType.UInt64 => Make(items, dims, x => (ulong)Integer(x)),
        ElementType.UInt32 => Make(items, dims, x => (uint)Integer(x)),
        ElementType.UInt16 => Make(items, dims, x => (ushort)Integer(x)),
        ElementType.UInt8 => Make(items, dims, x => (byte)Integer(x)),
        ElementType.Bool => Make(items, dims, x => Integer(x) != 0),
        _ => throw new OpException("constant", "element-type", $"a constant cannot be {type.Name()}"),
    };

    private static long Integer(object item) => item is double real ? (long)real : (long)item;

    private static TensorValue Make<T>(IReadOnlyList<object> items, long[] dims, Func<object, T> convert) where T : unmanaged =>
        TensorValue.From<T>([.. items.Select(convert)], dims);
}
