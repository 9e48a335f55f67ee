using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ops.Simd;

/// <summary>A single T, computed by the instructions and routines that a vector's lane would take.</summary>
internal readonly unsafe struct Simd1<T> : ISimd<Simd1<T>, T>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    internal readonly T Value;

    [MethodImpl(Inline)]
    internal Simd1(T value) => Value = value;

    private Simd128<T> Wide
    {
        [MethodImpl(Inline)]
        get => new(Vector128.CreateScalarUnsafe(Value));
    }

    [MethodImpl(Inline)]
    private static Simd1<T> Of(Simd128<T> wide) => new(wide.Value.ToScalar());

    public static int Count
    {
        [MethodImpl(Inline)]
        get => 1;
    }

    public static Simd1<T> Zero
    {
        [MethodImpl(Inline)]
        get => default;
    }

    public static Simd1<T> AllBitsSet
    {
        [MethodImpl(Inline)]
        get => Of(Simd128<T>.AllBitsSet);
    }

    public static Simd1<T> Indices
    {
        [MethodImpl(Inline)]
        get => default;
    }

    [MethodImpl(Inline)]
    public static Simd1<T> Create(T value) => new(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Constant(double value) => new(Constants.To<T>(value));

    [MethodImpl(Inline)]
    public static Simd1<T> Load(T* source) => new(Unsafe.ReadUnaligned<T>(source));

    [MethodImpl(Inline)]
    public static void Store(Simd1<T> value, T* destination) => Unsafe.WriteUnaligned(destination, value.Value);

    [MethodImpl(Inline)]
    public static void StoreNonTemporal(Simd1<T> value, T* destination) => Unsafe.WriteUnaligned(destination, value.Value);

    [MethodImpl(Inline)]
    public static Simd1<T> LoadPartial(T* source, int count) => count == 0 ? default : Load(source);

    [MethodImpl(Inline)]
    public static void StorePartial(Simd1<T> value, T* destination, int count)
    {
        if (count != 0) Store(value, destination);
    }

    [MethodImpl(Inline)]
    public static Simd1<T> Gather(T* source, Simd1<T> places) =>
        typeof(T) == typeof(float) ? new(source[(int)Unsafe.BitCast<T, float>(places.Value)])
        : typeof(T) == typeof(double) ? new(source[(long)Unsafe.BitCast<T, double>(places.Value)])
        : throw Unsupported.ForIntegers();

    [MethodImpl(Inline)]
    public static Simd1<T> LoadHalf(Half* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return new(Half128.Widen(Vector128.CreateScalarUnsafe((uint)*(ushort*)source)).As<float, T>().ToScalar());
    }

    [MethodImpl(Inline)]
    public static void StoreHalf(Simd1<T> value, Half* destination)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        *(ushort*)destination = (ushort)Half128.Narrow(value.Wide.Value.AsSingle()).ToScalar();
    }

    [MethodImpl(Inline)]
    public static Simd1<T> LoadBFloat16(BFloat16* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return new(Unsafe.BitCast<uint, T>((uint)*(ushort*)source << 16));
    }

    [MethodImpl(Inline)]
    public static void StoreBFloat16(Simd1<T> value, BFloat16* destination)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        *destination = (BFloat16)Unsafe.BitCast<T, float>(value.Value);
    }

    [MethodImpl(Inline)]
    public static Simd1<T> LoadSByte(sbyte* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return new(Unsafe.BitCast<float, T>(*source));
    }

    [MethodImpl(Inline)]
    public static Simd1<T> LoadMask(byte* source) => *source != 0 ? AllBitsSet : default;

    [MethodImpl(Inline)]
    public static void StoreMask(Simd1<T> mask, byte* destination) => *destination = (byte)(*(byte*)&mask & 1);

    [MethodImpl(Inline)]
    public static Simd1<T> operator +(Simd1<T> left, Simd1<T> right) => Of(left.Wide + right.Wide);

    [MethodImpl(Inline)]
    public static Simd1<T> operator -(Simd1<T> left, Simd1<T> right) => Of(left.Wide - right.Wide);

    [MethodImpl(Inline)]
    public static Simd1<T> operator *(Simd1<T> left, Simd1<T> right) => Of(left.Wide * right.Wide);

    [MethodImpl(Inline)]
    public static Simd1<T> operator /(Simd1<T> left, Simd1<T> right) =>
        typeof(T) == typeof(float) || typeof(T) == typeof(double) ? Of(left.Wide / right.Wide) : Lanes.Divide<Simd1<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd1<T> operator &(Simd1<T> left, Simd1<T> right) => Of(left.Wide & right.Wide);

    [MethodImpl(Inline)]
    public static Simd1<T> operator |(Simd1<T> left, Simd1<T> right) => Of(left.Wide | right.Wide);

    [MethodImpl(Inline)]
    public static Simd1<T> operator ^(Simd1<T> left, Simd1<T> right) => Of(left.Wide ^ right.Wide);

    [MethodImpl(Inline)]
    public static Simd1<T> operator -(Simd1<T> value) => Of(-value.Wide);

    [MethodImpl(Inline)]
    public static Simd1<T> operator ~(Simd1<T> value) => Of(~value.Wide);

    [MethodImpl(Inline)]
    public static Simd1<T> Equal(Simd1<T> left, Simd1<T> right) => Of(Simd128<T>.Equal(left.Wide, right.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> NotEqual(Simd1<T> left, Simd1<T> right) => Of(Simd128<T>.NotEqual(left.Wide, right.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Less(Simd1<T> left, Simd1<T> right) => Of(Simd128<T>.Less(left.Wide, right.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> LessOrEqual(Simd1<T> left, Simd1<T> right) => Of(Simd128<T>.LessOrEqual(left.Wide, right.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Greater(Simd1<T> left, Simd1<T> right) => Of(Simd128<T>.Greater(left.Wide, right.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> GreaterOrEqual(Simd1<T> left, Simd1<T> right) => Of(Simd128<T>.GreaterOrEqual(left.Wide, right.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> CopySign(Simd1<T> value, Simd1<T> sign) => Of(Simd128<T>.CopySign(value.Wide, sign.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Min(Simd1<T> left, Simd1<T> right) => Of(Simd128<T>.Min(left.Wide, right.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Max(Simd1<T> left, Simd1<T> right) => Of(Simd128<T>.Max(left.Wide, right.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> MaxNative(Simd1<T> left, Simd1<T> right) => Of(Simd128<T>.MaxNative(left.Wide, right.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Scale(Simd1<T> value, Simd1<T> exponent) => Of(Simd128<T>.Scale(value.Wide, exponent.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Select(Simd1<T> mask, Simd1<T> whenTrue, Simd1<T> whenFalse) =>
        Of(Simd128<T>.Select(mask.Wide, whenTrue.Wide, whenFalse.Wide));

    [MethodImpl(Inline)]
    public static bool Any(Simd1<T> mask) => *(byte*)&mask != 0;

    [MethodImpl(Inline)]
    public static bool All(Simd1<T> mask) => *(byte*)&mask != 0;

    [MethodImpl(Inline)]
    public static Simd1<T> IsNaN(Simd1<T> value) => Of(Simd128<T>.IsNaN(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> IsInfinity(Simd1<T> value) => Of(Simd128<T>.IsInfinity(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Abs(Simd1<T> value) => Of(Simd128<T>.Abs(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Sign(Simd1<T> value) => Of(Simd128<T>.Sign(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Floor(Simd1<T> value) => Of(Simd128<T>.Floor(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Ceiling(Simd1<T> value) => Of(Simd128<T>.Ceiling(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Round(Simd1<T> value) => Of(Simd128<T>.Round(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Truncate(Simd1<T> value) => Of(Simd128<T>.Truncate(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Exponent(Simd1<T> value) => Of(Simd128<T>.Exponent(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Exp(Simd1<T> value) => Of(Simd128<T>.Exp(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Exp2(Simd1<T> value) => Of(Simd128<T>.Exp2(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> ExpOver(Simd1<T> value, Simd1<T> whole) => Of(Simd128<T>.ExpOver(value.Wide, whole.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Exp2Over(Simd1<T> value, Simd1<T> whole) => Of(Simd128<T>.Exp2Over(value.Wide, whole.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Log(Simd1<T> value) => Of(Simd128<T>.Log(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Log1p(Simd1<T> value) => Of(Simd128<T>.Log1p(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Expm1(Simd1<T> value) => Of(Simd128<T>.Expm1(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Tanh(Simd1<T> value) => Of(Simd128<T>.Tanh(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Erf(Simd1<T> value) => Of(Simd128<T>.Erf(value.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> FusedMultiplyAdd(Simd1<T> left, Simd1<T> right, Simd1<T> addend) => 
        Of(Simd128<T>.FusedMultiplyAdd(left.Wide, right.Wide, addend.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Clamp(Simd1<T> value, Simd1<T> low, Simd1<T> high) =>
        Of(Simd128<T>.Clamp(value.Wide, low.Wide, high.Wide));

    [MethodImpl(Inline)]
    public static Simd1<T> Sqrt(Simd1<T> value) => 
        typeof(T) == typeof(float) || typeof(T) == typeof(double) ? Of(Simd128<T>.Sqrt(value.Wide)) : Lanes.Sqrt<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Sin(Simd1<T> value) =>
        typeof(T) == typeof(float) ? Of(Simd128<T>.Sin(value.Wide)) : Lanes.Sin<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Cos(Simd1<T> value) =>
        typeof(T) == typeof(float) ? Of(Simd128<T>.Cos(value.Wide)) : Lanes.Cos<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Tan(Simd1<T> value) =>
        typeof(T) == typeof(float) ? Of(Simd128<T>.Tan(value.Wide)) : Lanes.Tan<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Asin(Simd1<T> value) => Lanes.Asin<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Acos(Simd1<T> value) => Lanes.Acos<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Atan(Simd1<T> value) => Lanes.Atan<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Sinh(Simd1<T> value) => Lanes.Sinh<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Cosh(Simd1<T> value) => Lanes.Cosh<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Asinh(Simd1<T> value) => Lanes.Asinh<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Acosh(Simd1<T> value) => Lanes.Acosh<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Atanh(Simd1<T> value) => Lanes.Atanh<Simd1<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd1<T> Remainder(Simd1<T> left, Simd1<T> right) => Lanes.Remainder<Simd1<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd1<T> Modulo(Simd1<T> left, Simd1<T> right) => Lanes.Modulo<Simd1<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd1<T> Pow(Simd1<T> value, Simd1<T> exponent) =>
        typeof(T) == typeof(float) ? Of(Simd128<T>.Pow(value.Wide, exponent.Wide)) : Lanes.Pow<Simd1<T>, T>(value, exponent);

    [MethodImpl(Inline)]
    public static Simd1<T> ShiftLeft(Simd1<T> value, Simd1<T> count) => Lanes.ShiftLeft<Simd1<T>, T>(value, count);

    [MethodImpl(Inline)]
    public static Simd1<T> ShiftRight(Simd1<T> value, Simd1<T> count) => Lanes.ShiftRight<Simd1<T>, T>(value, count);

    [MethodImpl(Inline)]
    public static Simd1<T> Exchange(Simd1<T> value, int distance) => value;

    [MethodImpl(Inline)]
    public static T First(Simd1<T> value) => value.Value;

    [MethodImpl(Inline)]
    public static T SumLanes(Simd1<T> value) => value.Value;

    [MethodImpl(Inline)]
    public static T MaxLanes(Simd1<T> value) => value.Value;

    [MethodImpl(Inline)]
    public static T MinLanes(Simd1<T> value) => value.Value;
}
