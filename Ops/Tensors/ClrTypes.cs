using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>Which C# type holds which element type.</summary>
public static class ClrTypes
{
    /// <summary>The element type that <typeparamref name="T"/> holds.</summary>
    /// <exception cref="OpException">There is none.</exception>
    public static ElementType ElementTypeOf<T>() => TryElementTypeOf<T>() is var type && type != ElementType.Undefined
        ? type : throw new OpException("tensor", "element-type", $"{typeof(T).Name} is the C# type of no element type");

    /// <summary>The element type that <typeparamref name="T"/> holds, or <see cref="ElementType.Undefined"/>.</summary>
    public static ElementType TryElementTypeOf<T>()
    {
        if (typeof(T) == typeof(float)) return ElementType.Float;
        if (typeof(T) == typeof(double)) return ElementType.Double;
        if (typeof(T) == typeof(Half)) return ElementType.Float16;
        if (typeof(T) == typeof(BFloat16)) return ElementType.BFloat16;
        if (typeof(T) == typeof(long)) return ElementType.Int64;
        if (typeof(T) == typeof(int)) return ElementType.Int32;
        if (typeof(T) == typeof(bool)) return ElementType.Bool;
        if (typeof(T) == typeof(byte)) return ElementType.UInt8;
        if (typeof(T) == typeof(sbyte)) return ElementType.Int8;
        if (typeof(T) == typeof(ushort)) return ElementType.UInt16;
        if (typeof(T) == typeof(short)) return ElementType.Int16;
        if (typeof(T) == typeof(uint)) return ElementType.UInt32;
        if (typeof(T) == typeof(ulong)) return ElementType.UInt64;
        if (typeof(T) == typeof(string)) return ElementType.String;
        if (typeof(T) == typeof(System.Numerics.Complex)) return ElementType.Complex128;
        return ElementType.Undefined;
    }
}
