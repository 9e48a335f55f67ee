using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ops.Simd;

/// <summary>128 bits of T; member for member as <see cref="Simd512{T}"/>.</summary>
internal readonly unsafe partial struct Simd128<T> : ISimd<Simd128<T>, T>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    internal readonly Vector128<T> Value;

    [MethodImpl(Inline)]
    internal Simd128(Vector128<T> value) => Value = value;

    private static bool IsFloat
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float) || typeof(T) == typeof(double);
    }

    private static bool IsUnsigned
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(byte) || typeof(T) == typeof(ushort) || typeof(T) == typeof(uint) || typeof(T) == typeof(ulong);
    }

    public static int Count
    {
        [MethodImpl(Inline)]
        get => Vector128<T>.Count;
    }

    public static Simd128<T> Zero
    {
        [MethodImpl(Inline)]
        get => new(Vector128<T>.Zero);
    }

    public static Simd128<T> AllBitsSet
    {
        [MethodImpl(Inline)]
        get => new(Vector128<T>.AllBitsSet);
    }

    public static Simd128<T> Indices
    {
        [MethodImpl(Inline)]
        get => new(Vector128<T>.Indices);
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Create(T value) => new(Vector128.Create(value));

    [MethodImpl(Inline)]
    public static Simd128<T> Constant(double value) => new(Vector128.Create(Constants.To<T>(value)));

    [MethodImpl(Inline)]
    public static Simd128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(Inline)]
    public static void Store(Simd128<T> value, T* destination) => value.Value.Store(destination);

    [MethodImpl(Inline)]
    public static void StoreNonTemporal(Simd128<T> value, T* destination) => value.Value.StoreAlignedNonTemporal(destination);

    [MethodImpl(Inline)]
    public static Simd128<T> LoadPartial(T* source, int count) => Partial.Load<Simd128<T>, T>(source, count);

    [MethodImpl(Inline)]
    public static void StorePartial(Simd128<T> value, T* destination, int count) => Partial.Store(value, destination, count);

    [MethodImpl(Inline)]
    public static Simd128<T> operator +(Simd128<T> left, Simd128<T> right) => new(left.Value + right.Value);

    [MethodImpl(Inline)]
    public static Simd128<T> operator -(Simd128<T> left, Simd128<T> right) => new(left.Value - right.Value);

    [MethodImpl(Inline)]
    public static Simd128<T> operator *(Simd128<T> left, Simd128<T> right) => new(left.Value * right.Value);

    [MethodImpl(Inline)]
    public static Simd128<T> operator /(Simd128<T> left, Simd128<T> right) =>
        IsFloat ? new(left.Value / right.Value) : Lanes.Divide<Simd128<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd128<T> operator -(Simd128<T> value) => new(-value.Value);

    [MethodImpl(Inline)]
    public static Simd128<T> operator &(Simd128<T> left, Simd128<T> right) => new(left.Value & right.Value);

    [MethodImpl(Inline)]
    public static Simd128<T> operator |(Simd128<T> left, Simd128<T> right) => new(left.Value | right.Value);

    [MethodImpl(Inline)]
    public static Simd128<T> operator ^(Simd128<T> left, Simd128<T> right) => new(left.Value ^ right.Value);

    [MethodImpl(Inline)]
    public static Simd128<T> operator ~(Simd128<T> value) => new(~value.Value);

    [MethodImpl(Inline)]
    public static Simd128<T> Equal(Simd128<T> left, Simd128<T> right) => new(Vector128.Equals(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd128<T> NotEqual(Simd128<T> left, Simd128<T> right) => new(~Vector128.Equals(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd128<T> Less(Simd128<T> left, Simd128<T> right) => new(Vector128.LessThan(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd128<T> LessOrEqual(Simd128<T> left, Simd128<T> right) => new(Vector128.LessThanOrEqual(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd128<T> Greater(Simd128<T> left, Simd128<T> right) => new(Vector128.GreaterThan(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd128<T> GreaterOrEqual(Simd128<T> left, Simd128<T> right) =>
        new(Vector128.GreaterThanOrEqual(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd128<T> Select(Simd128<T> mask, Simd128<T> whenTrue, Simd128<T> whenFalse) => 
        new(Vector128.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    [MethodImpl(Inline)]
    public static Simd128<T> IsNaN(Simd128<T> value) => IsFloat ? NotEqual(value, value) : Zero;

    [MethodImpl(Inline)]
    public static Simd128<T> IsInfinity(Simd128<T> value) => IsFloat ? Equal(Abs(value), Constant(double.PositiveInfinity)) : Zero;

    [MethodImpl(Inline)]
    public static bool Any(Simd128<T> mask) => mask.Value.AsByte() != Vector128<byte>.Zero;

    [MethodImpl(Inline)]
    public static bool All(Simd128<T> mask) => mask.Value.AsByte() == Vector128<byte>.AllBitsSet;

    [MethodImpl(Inline)]
    public static Simd128<T> Abs(Simd128<T> value) => IsUnsigned ? value : new(Vector128.Abs(value.Value));

    [MethodImpl(Inline)]
    public static Simd128<T> Sign(Simd128<T> value)
    {
        Simd128<T> one = Constant(1);
        if (IsUnsigned) return Min(value, one);
        if (IsFloat) return Select(Equal(value, Zero) | IsNaN(value), value, CopySign(one, value));
        return (Greater(value, Zero) & one) | Less(value, Zero);
    }

    [MethodImpl(Inline)]
    public static Simd128<T> CopySign(Simd128<T> value, Simd128<T> sign)
    {
        if (IsUnsigned) return value;
        if (IsFloat) return Select(Constant(-0.0), sign, value);
        return Select(Less(value ^ sign, Zero), -value, value);
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Min(Simd128<T> left, Simd128<T> right) => new(Vector128.Min(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd128<T> Max(Simd128<T> left, Simd128<T> right) => new(Vector128.Max(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd128<T> MaxNative(Simd128<T> left, Simd128<T> right) => new(Vector128.MaxNative(left.Value, right.Value));

    // The native instructions give their second operand if there is a NaN (x86), or the NaN (others).
    [MethodImpl(Inline)]
    public static Simd128<T> Clamp(Simd128<T> value, Simd128<T> low, Simd128<T> high) =>
        new(Vector128.MinNative(high.Value, Vector128.MaxNative(low.Value, value.Value)));

    [MethodImpl(Inline)]
    public static Simd128<T> Sqrt(Simd128<T> value) => IsFloat ? new(Vector128.Sqrt(value.Value)) : Lanes.Sqrt<Simd128<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd128<T> Floor(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector128.Floor(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector128.Floor(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Ceiling(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector128.Ceiling(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector128.Ceiling(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Round(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector128.Round(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector128.Round(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Truncate(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector128.Truncate(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector128.Truncate(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd128<T> FusedMultiplyAdd(Simd128<T> left, Simd128<T> right, Simd128<T> addend)
    {
        if (typeof(T) == typeof(float))
            return new(Vector128.FusedMultiplyAdd(left.Value.AsSingle(), right.Value.AsSingle(), addend.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double))
            return new(Vector128.FusedMultiplyAdd(left.Value.AsDouble(), right.Value.AsDouble(), addend.Value.AsDouble()).As<double, T>());
        return new((left.Value * right.Value) + addend.Value);
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Remainder(Simd128<T> left, Simd128<T> right) => Lanes.Remainder<Simd128<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd128<T> Modulo(Simd128<T> left, Simd128<T> right) => Lanes.Modulo<Simd128<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd128<T> Exp(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath128.Exp(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath128.Exp(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Exp2(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath128.Exp2(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath128.Exp2(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Log(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath128.Log(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath128.Log(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Log1p(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath128.Log1p(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath128.Log1p(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Expm1(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath128.Expm1(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath128.Expm1(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Tanh(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath128.Tanh(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath128.Tanh(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Erf(Simd128<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath128.Erf(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath128.Erf(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Sin(Simd128<T> value)
    {
        if (typeof(T) != typeof(float)) return Lanes.Sin<Simd128<T>, T>(value);
        Simd128<T> quick = new(FloatAngles128.Sin(value.Value.AsSingle()).As<float, T>()), large = new(FloatAngles128.IsLarge(value.Value.AsSingle()).As<float, T>());
        return Any(large) ? Select(large, Lanes.Sin<Simd128<T>, T>(value), quick) : quick;
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Cos(Simd128<T> value)
    {
        if (typeof(T) != typeof(float)) return Lanes.Cos<Simd128<T>, T>(value);
        Simd128<T> quick = new(FloatAngles128.Cos(value.Value.AsSingle()).As<float, T>()), large = new(FloatAngles128.IsLarge(value.Value.AsSingle()).As<float, T>());
        return Any(large) ? Select(large, Lanes.Cos<Simd128<T>, T>(value), quick) : quick;
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Tan(Simd128<T> value)
    {
        if (typeof(T) != typeof(float)) return Lanes.Tan<Simd128<T>, T>(value);
        Simd128<T> quick = new(FloatAngles128.Tan(value.Value.AsSingle()).As<float, T>()), large = new(FloatAngles128.IsLarge(value.Value.AsSingle()).As<float, T>());
        return Any(large) ? Select(large, Lanes.Tan<Simd128<T>, T>(value), quick) : quick;
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Asin(Simd128<T> value) => Lanes.Asin<Simd128<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd128<T> Acos(Simd128<T> value) => Lanes.Acos<Simd128<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd128<T> Atan(Simd128<T> value) => Lanes.Atan<Simd128<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd128<T> Sinh(Simd128<T> value) => Lanes.Sinh<Simd128<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd128<T> Cosh(Simd128<T> value) => Lanes.Cosh<Simd128<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd128<T> Asinh(Simd128<T> value) => Lanes.Asinh<Simd128<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd128<T> Acosh(Simd128<T> value) => Lanes.Acosh<Simd128<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd128<T> Atanh(Simd128<T> value) => Lanes.Atanh<Simd128<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd128<T> Pow(Simd128<T> value, Simd128<T> exponent) => typeof(T) == typeof(float)
        ? new(FloatPower128.Pow(value.Value.AsSingle(), exponent.Value.AsSingle()).As<float, T>())
        : Lanes.Pow<Simd128<T>, T>(value, exponent);

    [MethodImpl(Inline)]
    public static Simd128<T> ShiftLeft(Simd128<T> value, Simd128<T> count) => Lanes.ShiftLeft<Simd128<T>, T>(value, count);

    [MethodImpl(Inline)]
    public static Simd128<T> ShiftRight(Simd128<T> value, Simd128<T> count) => Lanes.ShiftRight<Simd128<T>, T>(value, count);

    [MethodImpl(Inline)]
    public static Simd128<T> Exchange(Simd128<T> value, int distance)
    {
        if (sizeof(T) == 1)
            return new(Vector128.Shuffle(value.Value.AsByte(), Vector128<byte>.Indices ^ Vector128.Create((byte)distance)).As<byte, T>());
        if (sizeof(T) == 2)
            return new(Vector128.Shuffle(value.Value.AsInt16(), Vector128<short>.Indices ^ Vector128.Create((short)distance)).As<short,
                T>());
        if (sizeof(T) == 4)
            return new(Vector128.Shuffle(value.Value.AsInt32(), Vector128<int>.Indices ^ Vector128.Create(distance)).As<int, T>());
        return new(Vector128.Shuffle(value.Value.AsInt64(), Vector128<long>.Indices ^ Vector128.Create((long)distance)).As<long, T>());
    }

    [MethodImpl(Inline)]
    public static T First(Simd128<T> value) => value.Value.ToScalar();

    [MethodImpl(Inline)]
    private static Simd128<T> Of(Simd128<float> value) => new(value.Value.As<float, T>());

    [MethodImpl(Inline)]
    private static Simd128<T> Of(Simd128<double> value) => new(value.Value.As<double, T>());
}
