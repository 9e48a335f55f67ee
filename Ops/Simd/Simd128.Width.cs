global using Avx512DQx128 = System.Runtime.Intrinsics.X86.Avx512DQ.VL;
global using Avx512Fx128 = System.Runtime.Intrinsics.X86.Avx512F.VL;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ops.Simd;

/// <content>What depends on the width: narrow elements in memory, sums over lanes.</content>
internal readonly unsafe partial struct Simd128<T>
{
    [MethodImpl(Inline)]
    public static Simd128<T> Gather(T* source, Simd128<T> places)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<int> at = Vector128.ConvertToInt32(places.Value.AsSingle());
            var x = (float*)source;
            return new(Vector128.Create(x[at[0]], x[at[1]], x[at[2]], x[at[3]]).As<float, T>());
        }
        if (typeof(T) != typeof(double)) throw Unsupported.ForIntegers();
        Vector128<double> numbers = places.Value.AsDouble();
        var y = (double*)source;
        return new(Vector128.Create(y[(int)numbers[0]], y[(int)numbers[1]]).As<double, T>());
    }

    [MethodImpl(Inline)]
    public static Simd128<T> LoadHalf(Half* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return Of(new Simd128<float>(Half128.Widen(Widen((ushort*)source))));
    }

    [MethodImpl(Inline)]
    public static void StoreHalf(Simd128<T> value, Half* destination)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Narrow(Half128.Narrow(value.Value.AsSingle()), (ushort*)destination);
    }

    [MethodImpl(Inline)]
    public static Simd128<T> LoadBFloat16(BFloat16* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return Of(new Simd128<float>((Widen((ushort*)source) << 16).AsSingle()));
    }

    [MethodImpl(Inline)]
    public static void StoreBFloat16(Simd128<T> value, BFloat16* destination)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Narrow(Half128.NarrowBrain(value.Value.AsSingle()), (ushort*)destination);
    }

    [MethodImpl(Inline)]
    public static Simd128<T> LoadSByte(sbyte* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Vector128<sbyte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(source)).AsSByte();
        return Of(new Simd128<float>(Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)))));
    }

    [MethodImpl(Inline)]
    public static Simd128<T> LoadMask(byte* source)
    {
        if (sizeof(T) == 1) return new(~Vector128.Equals(Vector128.Load(source), Vector128<byte>.Zero).As<byte, T>());
        if (sizeof(T) == 2)
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsByte();
            return new(~Vector128.Equals(Vector128.WidenLower(bytes), Vector128<ushort>.Zero).As<ushort, T>());
        }

        if (sizeof(T) == 4)
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(source)).AsByte();
            return new(~Vector128.Equals(Vector128.WidenLower(Vector128.WidenLower(bytes)), Vector128<uint>.Zero).As<uint, T>());
        }

        return new(~Vector128.Equals(Vector128.Create((ulong)source[0], source[1]), Vector128<ulong>.Zero).As<ulong, T>());
    }

    [MethodImpl(Inline)]
    public static void StoreMask(Simd128<T> mask, byte* destination)
    {
        if (sizeof(T) == 1)
        {
            (mask.Value.AsByte() & Vector128.Create((byte)1)).Store(destination);
        }
        else if (sizeof(T) == 2)
        {
            Vector128<byte> bytes = Vector128.Narrow(mask.Value.AsUInt16(), mask.Value.AsUInt16());
            Unsafe.WriteUnaligned(destination, (bytes & Vector128.Create((byte)1)).AsUInt64().ToScalar());
        }
        else if (sizeof(T) == 4)
        {
            Vector128<ushort> words = Vector128.Narrow(mask.Value.AsUInt32(), mask.Value.AsUInt32());
            Unsafe.WriteUnaligned(destination, (Vector128.Narrow(words, words) & Vector128.Create((byte)1)).AsUInt32().ToScalar());
        }
        else
        {
            destination[0] = (byte)(mask.Value.AsByte().GetElement(0) & 1);
            destination[1] = (byte)(mask.Value.AsByte().GetElement(8) & 1);
        }
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Scale(Simd128<T> value, Simd128<T> exponent)
    {
        if (typeof(T) == typeof(float))
            return Of(new Simd128<float>(PowerOfTwo128.Scale(value.Value.AsSingle(), exponent.Value.AsSingle())));
        if (typeof(T) == typeof(double))
            return Of(new Simd128<double>(PowerOfTwo128.Scale(value.Value.AsDouble(), exponent.Value.AsDouble())));
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Exponent(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return Of(new Simd128<float>(PowerOfTwo128.Exponent(value.Value.AsSingle())));
        if (typeof(T) == typeof(double)) return Of(new Simd128<double>(PowerOfTwo128.Exponent(value.Value.AsDouble())));
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static T SumLanes(Simd128<T> value)
    {
        if (sizeof(T) <= 1) value = value + Exchange(value, 8);
        if (sizeof(T) <= 2) value = value + Exchange(value, 4);
        if (sizeof(T) <= 4) value = value + Exchange(value, 2);
        return First(value + Exchange(value, 1));
    }

    [MethodImpl(Inline)]
    public static T MaxLanes(Simd128<T> value)
    {
        if (sizeof(T) <= 1) value = Max(value, Exchange(value, 8));
        if (sizeof(T) <= 2) value = Max(value, Exchange(value, 4));
        if (sizeof(T) <= 4) value = Max(value, Exchange(value, 2));
        return First(Max(value, Exchange(value, 1)));
    }

    [MethodImpl(Inline)]
    public static T MinLanes(Simd128<T> value)
    {
        if (sizeof(T) <= 1) value = Min(value, Exchange(value, 8));
        if (sizeof(T) <= 2) value = Min(value, Exchange(value, 4));
        if (sizeof(T) <= 4) value = Min(value, Exchange(value, 2));
        return First(Min(value, Exchange(value, 1)));
    }

    [MethodImpl(Inline)]
    private static Vector128<uint> Widen(ushort* source) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsUInt16());

    [MethodImpl(Inline)]
    private static void Narrow(Vector128<uint> words, ushort* destination) =>
        Unsafe.WriteUnaligned(destination, Vector128.Narrow(words, words).AsUInt64().ToScalar());
}
