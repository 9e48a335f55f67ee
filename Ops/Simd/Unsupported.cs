namespace Ops.Simd;

/// <summary>Errors of vector operations that an element type has no meaning for.</summary>
internal static class Unsupported
{
    internal static NotSupportedException ForIntegers() => new("This function is defined for float and double only.");

    internal static NotSupportedException ForFloats() => new("This function is defined for integers only.");

    internal static NotSupportedException NotFloat() => new("16-bit floats are computed in float only.");
}
