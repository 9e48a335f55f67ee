using System.Numerics;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

/// <remarks>
/// The result has the type of the base. Exponents of another type are converted to it where nothing is lost: for floats by their type, a
/// single one also by its value. Otherwise both are converted to double, and the result is rounded, for integers truncated and saturated.
/// Integers to integer powers wrap. A negative power of an integer is the truncated quotient, 1 and -1 keep their magnitude and all else
/// is 0, 0 itself included.
/// </remarks>
public static unsafe partial class Pow
{
    private static partial void Compute(in Args args, in Operand X, in Operand Y, in Operand Z)
    {
        switch (X.Type)
        {
            case ElementType.Float: Floats<float, float>(X, Y, Z, 24); break;
            case ElementType.Double: Floats<double, double>(X, Y, Z, 53); break;
            case ElementType.Float16: Floats<Half, float>(X, Y, Z, 11); break;
            case ElementType.BFloat16: Floats<BFloat16, float>(X, Y, Z, 8); break;
            case ElementType.Int32: Integers<int>(X, Y, Z); break;
            case ElementType.Int64: Integers<long>(X, Y, Z); break;
            default: throw KernelErrors.UnsupportedType("Pow", X.Type);
        }
    }

    /// <summary>Bases that are floats of <paramref name="precision"/> significant bits, stored as T and computed in C.</summary>
    private static void Floats<T, C>(in Operand x, in Operand y, in Operand z, int precision)
        where T : unmanaged
        where C : unmanaged
    {
        if (y.Type == x.Type)
        {
            Elementwise.Binary<T, C, Kernel>(default, x, y, z);
            return;
        }

        long count = y.Length;
        using var scratch = Scratch.Rent(count * (sizeof(double) + sizeof(T)));
        var exponents = (double*)scratch.Data;
        Read(y, exponents);
        var same = new Operand(exponents + count, x.Type, y.Dims);
        bool exact = Precision(y.Type) <= precision && (x.Type, y.Type) is not (ElementType.Float16, ElementType.BFloat16);
        if (count == 1 && !exact)
        {
            Write(exponents, same);
            double rounded;
            Read(same, &rounded);
            exact = rounded == exponents[0] && Math.Abs(rounded) <= 1L << 53;
        }
        else if (exact)
        {
            Write(exponents, same);
        }

        if (exact) Elementwise.Binary<T, C, Kernel>(default, x, same, z);
        else Doubles(x, new Operand(exponents, ElementType.Double, y.Dims), z);
    }

    private static void Integers<T>(in Operand x, in Operand y, in Operand z)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (y.Type == x.Type)
        {
            Elementwise.Binary<T, T, Kernel>(default, x, y, z);
            return;
        }

        long count = y.Length;
        using var scratch = Scratch.Rent(count * sizeof(double));
        if (y.Type.IsFloat())
        {
            var exponents = (double*)scratch.Data;
            Read(y, exponents);
            Doubles(x, new Operand(exponents, ElementType.Double, y.Dims), z);
            return;
        }

        var same = new Operand(scratch.Data, x.Type, y.Dims);
        switch (y.Type)
        {
            case ElementType.UInt8: Fold<byte, T>(y, same); break;
            case ElementType.Int8: Fold<sbyte, T>(y, same); break;
            case ElementType.UInt16: Fold<ushort, T>(y, same); break;
            case ElementType.Int16: Fold<short, T>(y, same); break;
            case ElementType.UInt32: Fold<uint, T>(y, same); break;
            case ElementType.Int32: Fold<int, T>(y, same); break;
            case ElementType.UInt64: Fold<ulong, T>(y, same); break;
            case ElementType.Int64: Fold<long, T>(y, same); break;
            default: throw KernelErrors.UnsupportedType("Pow", y.Type);
        }

        Elementwise.Binary<T, T, Kernel>(default, x, same, z);
    }

    /// <summary>
    /// Converts exponents to the base's type; what does not fit becomes an exponent that gives every base the same power.
    /// </summary>
    private static void Fold<F, T>(in Operand from, in Operand to)
        where F : unmanaged, IBinaryInteger<F>
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        // Modulo 2^bits the powers of an odd base repeat after 2^(bits - 2), and those of an even one stay 0 from there on at the latest.
        // Of negative exponents only the last bit matters.
        Int128 low = Int128.CreateChecked(T.MinValue), high = Int128.CreateChecked(T.MaxValue), period = (high + 1) / 2;
        var source = (F*)from.Data;
        var destination = (T*)to.Data;
        for (long i = 0, count = from.Length; i < count; i++)
        {
            Int128 exponent = Int128.CreateChecked(source[i]);
            if (exponent > high) exponent = (exponent & (period - 1)) | period;
            else if (exponent < low) exponent = low | (exponent & 1);
            destination[i] = T.CreateChecked(exponent);
        }
    }

    /// <summary>Any types, by way of double.</summary>
    private static void Doubles(in Operand x, in Operand exponents, in Operand z)
    {
        using var scratch = Scratch.Rent((x.Length + z.Length) * sizeof(double));
        double* bases = (double*)scratch.Data, powers = bases + x.Length;
        Read(x, bases);
        var wide = new Operand(powers, ElementType.Double, z.Dims);
        Elementwise.Binary<double, double, Kernel>(default, new Operand(bases, ElementType.Double, x.Dims), exponents, wide);
        Write(powers, z);
    }

    /// <summary>How many bits the significant digits of a type take.</summary>
    private static int Precision(ElementType type) => type switch
    {
        ElementType.BFloat16 => 8,
        ElementType.Float16 => 11,
        ElementType.Float => 24,
        ElementType.Double => 53,
        ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64 => type.Bits() - 1,
        _ => type.Bits(),
    };

    private static void Read(in Operand from, double* to)
    {
        switch (from.Type)
        {
            case ElementType.Float: Read<float>(from, to); break;
            case ElementType.Double: Read<double>(from, to); break;
            case ElementType.Float16: Read<Half>(from, to); break;
            case ElementType.BFloat16:
                for (long i = 0, count = from.Length; i < count; i++) to[i] = (float)((BFloat16*)from.Data)[i];
                break;
            case ElementType.UInt8: Read<byte>(from, to); break;
            case ElementType.Int8: Read<sbyte>(from, to); break;
            case ElementType.UInt16: Read<ushort>(from, to); break;
            case ElementType.Int16: Read<short>(from, to); break;
            case ElementType.UInt32: Read<uint>(from, to); break;
            case ElementType.Int32: Read<int>(from, to); break;
            case ElementType.UInt64: Read<ulong>(from, to); break;
            case ElementType.Int64: Read<long>(from, to); break;
            default: throw KernelErrors.UnsupportedType("Pow", from.Type);
        }
    }

    private static void Read<T>(in Operand from, double* to)
        where T : unmanaged, INumberBase<T>
    {
        var source = (T*)from.Data;
        for (long i = 0, count = from.Length; i < count; i++) to[i] = double.CreateSaturating(source[i]);
    }

    private static void Write(double* from, in Operand to)
    {
        switch (to.Type)
        {
            case ElementType.Float: Write<float>(from, to); break;
            case ElementType.Double: Write<double>(from, to); break;
            case ElementType.Float16: Write<Half>(from, to); break;
            case ElementType.BFloat16:
                for (long i = 0, count = to.Length; i < count; i++) ((BFloat16*)to.Data)[i] = (BFloat16)(float)from[i];
                break;
            case ElementType.Int32: Write<int>(from, to); break;
            case ElementType.Int64: Write<long>(from, to); break;
            default: throw KernelErrors.UnsupportedType("Pow", to.Type);
        }
    }

    private static void Write<T>(double* from, in Operand to)
        where T : unmanaged, INumberBase<T>
    {
        var destination = (T*)to.Data;
        for (long i = 0, count = to.Length; i < count; i++) destination[i] = T.CreateSaturating(from[i]);
    }

    private readonly struct Kernel : IBinaryKernel
    {
        public V Apply<V, T>(V x, V y)
            where V : struct, Simd.ISimd<V, T>
            where T : unmanaged => V.Pow(x, y);
    }
}
