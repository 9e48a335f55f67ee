using System.Runtime.CompilerServices;

namespace Ops.Simd;

/// <summary>Constants of a kernel, given as double, in the type it computes in.</summary>
internal static class Constants
{
    /// <summary>log2(e).</summary>
    internal const double Log2E = 1.4426950408889634;

    /// <summary>log 2.</summary>
    internal const double DoubleLn2 = 0.69314718055994531;

    /// <summary>log 2 as a float.</summary>
    internal const double FloatLn2 = 0.69314718246459961;

    /// <summary>Rounds to floats; saturates and truncates to integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T To<T>(double value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Unsafe.BitCast<float, T>((float)value);
        if (typeof(T) == typeof(double)) return Unsafe.BitCast<double, T>(value);
        if (typeof(T) == typeof(byte)) return Unsafe.BitCast<byte, T>(byte.CreateSaturating(value));
        if (typeof(T) == typeof(sbyte)) return Unsafe.BitCast<sbyte, T>(sbyte.CreateSaturating(value));
        if (typeof(T) == typeof(ushort)) return Unsafe.BitCast<ushort, T>(ushort.CreateSaturating(value));
        if (typeof(T) == typeof(short)) return Unsafe.BitCast<short, T>(short.CreateSaturating(value));
        if (typeof(T) == typeof(uint)) return Unsafe.BitCast<uint, T>(uint.CreateSaturating(value));
        if (typeof(T) == typeof(int)) return Unsafe.BitCast<int, T>(int.CreateSaturating(value));
        if (typeof(T) == typeof(ulong)) return Unsafe.BitCast<ulong, T>(ulong.CreateSaturating(value));
        if (typeof(T) == typeof(long)) return Unsafe.BitCast<long, T>(long.CreateSaturating(value));
        throw new NotSupportedException($"Vectors of {typeof(T).Name} do not exist.");
    }
}
