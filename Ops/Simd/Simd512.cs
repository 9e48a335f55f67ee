using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ops.Simd;

/// <summary>512 bits of T.</summary>
internal readonly unsafe partial struct Simd512<T> : ISimd<Simd512<T>, T>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    internal readonly Vector512<T> Value;

    [MethodImpl(Inline)]
    internal Simd512(Vector512<T> value) => Value = value;

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
        get => Vector512<T>.Count;
    }

    public static Simd512<T> Zero
    {
        [MethodImpl(Inline)]
        get => new(Vector512<T>.Zero);
    }

    public static Simd512<T> AllBitsSet
    {
        [MethodImpl(Inline)]
        get => new(Vector512<T>.AllBitsSet);
    }

    public static Simd512<T> Indices
    {
        [MethodImpl(Inline)]
        get => new(Vector512<T>.Indices);
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Create(T value) => new(Vector512.Create(value));

    [MethodImpl(Inline)]
    public static Simd512<T> Constant(double value) => new(Vector512.Create(Constants.To<T>(value)));

    [MethodImpl(Inline)]
    public static Simd512<T> Load(T* source) => new(Vector512.Load(source));

    [MethodImpl(Inline)]
    public static void Store(Simd512<T> value, T* destination) => value.Value.Store(destination);

    [MethodImpl(Inline)]
    public static void StoreNonTemporal(Simd512<T> value, T* destination) => value.Value.StoreAlignedNonTemporal(destination);

    [MethodImpl(Inline)]
    public static Simd512<T> LoadPartial(T* source, int count) => Partial.Load<Simd512<T>, T>(source, count);

    [MethodImpl(Inline)]
    public static void StorePartial(Simd512<T> value, T* destination, int count) => Partial.Store(value, destination, count);

    [MethodImpl(Inline)]
    public static Simd512<T> operator +(Simd512<T> left, Simd512<T> right) => new(left.Value + right.Value);

    [MethodImpl(Inline)]
    public static Simd512<T> operator -(Simd512<T> left, Simd512<T> right) => new(left.Value - right.Value);

    [MethodImpl(Inline)]
    public static Simd512<T> operator *(Simd512<T> left, Simd512<T> right) => new(left.Value * right.Value);

    [MethodImpl(Inline)]
    public static Simd512<T> operator /(Simd512<T> left, Simd512<T> right) =>
        IsFloat ? new(left.Value / right.Value) : Lanes.Divide<Simd512<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd512<T> operator -(Simd512<T> value) => new(-value.Value);

    [MethodImpl(Inline)]
    public static Simd512<T> operator &(Simd512<T> left, Simd512<T> right) => new(left.Value & right.Value);

    [MethodImpl(Inline)]
    public static Simd512<T> operator |(Simd512<T> left, Simd512<T> right) => new(left.Value | right.Value);

    [MethodImpl(Inline)]
    public static Simd512<T> operator ^(Simd512<T> left, Simd512<T> right) => new(left.Value ^ right.Value);

    [MethodImpl(Inline)]
    public static Simd512<T> operator ~(Simd512<T> value) => new(~value.Value);

    [MethodImpl(Inline)]
    public static Simd512<T> Equal(Simd512<T> left, Simd512<T> right) => new(Vector512.Equals(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd512<T> NotEqual(Simd512<T> left, Simd512<T> right) => new(~Vector512.Equals(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd512<T> Less(Simd512<T> left, Simd512<T> right) => new(Vector512.LessThan(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd512<T> LessOrEqual(Simd512<T> left, Simd512<T> right) => new(Vector512.LessThanOrEqual(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd512<T> Greater(Simd512<T> left, Simd512<T> right) => new(Vector512.GreaterThan(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd512<T> GreaterOrEqual(Simd512<T> left, Simd512<T> right) =>
        new(Vector512.GreaterThanOrEqual(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd512<T> Select(Simd512<T> mask, Simd512<T> whenTrue, Simd512<T> whenFalse) => 
        new(Vector512.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    [MethodImpl(Inline)]
    public static Simd512<T> IsNaN(Simd512<T> value) => IsFloat ? NotEqual(value, value) : Zero;

    [MethodImpl(Inline)]
    public static Simd512<T> IsInfinity(Simd512<T> value) => IsFloat ? Equal(Abs(value), Constant(double.PositiveInfinity)) : Zero;

    [MethodImpl(Inline)]
    public static bool Any(Simd512<T> mask) => mask.Value.AsByte() != Vector512<byte>.Zero;

    [MethodImpl(Inline)]
    public static bool All(Simd512<T> mask) => mask.Value.AsByte() == Vector512<byte>.AllBitsSet;

    [MethodImpl(Inline)]
    public static Simd512<T> Abs(Simd512<T> value) => IsUnsigned ? value : new(Vector512.Abs(value.Value));

    [MethodImpl(Inline)]
    public static Simd512<T> Sign(Simd512<T> value)
    {
        Simd512<T> one = Constant(1);
        if (IsUnsigned) return Min(value, one);
        if (IsFloat) return Select(Equal(value, Zero) | IsNaN(value), value, CopySign(one, value));
        return (Greater(value, Zero) & one) | Less(value, Zero);
    }

    [MethodImpl(Inline)]
    public static Simd512<T> CopySign(Simd512<T> value, Simd512<T> sign)
    {
        if (IsUnsigned) return value;
        if (IsFloat) return Select(Constant(-0.0), sign, value);
        return Select(Less(value ^ sign, Zero), -value, value);
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Min(Simd512<T> left, Simd512<T> right) => new(Vector512.Min(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd512<T> Max(Simd512<T> left, Simd512<T> right) => new(Vector512.Max(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd512<T> MaxNative(Simd512<T> left, Simd512<T> right) => new(Vector512.MaxNative(left.Value, right.Value));

    // The native instructions give their second operand if there is a NaN (x86), or the NaN (others).
    [MethodImpl(Inline)]
    public static Simd512<T> Clamp(Simd512<T> value, Simd512<T> low, Simd512<T> high) =>
        new(Vector512.MinNative(high.Value, Vector512.MaxNative(low.Value, value.Value)));

    [MethodImpl(Inline)]
    public static Simd512<T> Sqrt(Simd512<T> value) => IsFloat ? new(Vector512.Sqrt(value.Value)) : Lanes.Sqrt<Simd512<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd512<T> Floor(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector512.Floor(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector512.Floor(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Ceiling(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector512.Ceiling(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector512.Ceiling(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Round(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector512.Round(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector512.Round(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Truncate(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector512.Truncate(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector512.Truncate(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd512<T> FusedMultiplyAdd(Simd512<T> left, Simd512<T> right, Simd512<T> addend)
    {
        if (typeof(T) == typeof(float))
            return new(Vector512.FusedMultiplyAdd(left.Value.AsSingle(), right.Value.AsSingle(), addend.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double))
            return new(Vector512.FusedMultiplyAdd(left.Value.AsDouble(), right.Value.AsDouble(), addend.Value.AsDouble()).As<double, T>());
        return new((left.Value * right.Value) + addend.Value);
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Remainder(Simd512<T> left, Simd512<T> right) => Lanes.Remainder<Simd512<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd512<T> Modulo(Simd512<T> left, Simd512<T> right) => Lanes.Modulo<Simd512<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd512<T> Exp(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath512.Exp(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath512.Exp(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Exp2(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath512.Exp2(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath512.Exp2(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Log(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath512.Log(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath512.Log(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Log1p(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath512.Log1p(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath512.Log1p(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Expm1(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath512.Expm1(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath512.Expm1(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Tanh(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath512.Tanh(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath512.Tanh(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Erf(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath512.Erf(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath512.Erf(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Sin(Simd512<T> value)
    {
        if (typeof(T) != typeof(float)) return Lanes.Sin<Simd512<T>, T>(value);
        Simd512<T> quick = new(FloatAngles512.Sin(value.Value.AsSingle()).As<float, T>()), large = new(FloatAngles512.IsLarge(value.Value.AsSingle()).As<float, T>());
        return Any(large) ? Select(large, Lanes.Sin<Simd512<T>, T>(value), quick) : quick;
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Cos(Simd512<T> value)
    {
        if (typeof(T) != typeof(float)) return Lanes.Cos<Simd512<T>, T>(value);
        Simd512<T> quick = new(FloatAngles512.Cos(value.Value.AsSingle()).As<float, T>()), large = new(FloatAngles512.IsLarge(value.Value.AsSingle()).As<float, T>());
        return Any(large) ? Select(large, Lanes.Cos<Simd512<T>, T>(value), quick) : quick;
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Tan(Simd512<T> value)
    {
        if (typeof(T) != typeof(float)) return Lanes.Tan<Simd512<T>, T>(value);
        Simd512<T> quick = new(FloatAngles512.Tan(value.Value.AsSingle()).As<float, T>()), large = new(FloatAngles512.IsLarge(value.Value.AsSingle()).As<float, T>());
        return Any(large) ? Select(large, Lanes.Tan<Simd512<T>, T>(value), quick) : quick;
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Asin(Simd512<T> value) => Lanes.Asin<Simd512<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd512<T> Acos(Simd512<T> value) => Lanes.Acos<Simd512<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd512<T> Atan(Simd512<T> value) => Lanes.Atan<Simd512<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd512<T> Sinh(Simd512<T> value) => Lanes.Sinh<Simd512<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd512<T> Cosh(Simd512<T> value) => Lanes.Cosh<Simd512<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd512<T> Asinh(Simd512<T> value) => Lanes.Asinh<Simd512<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd512<T> Acosh(Simd512<T> value) => Lanes.Acosh<Simd512<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd512<T> Atanh(Simd512<T> value) => Lanes.Atanh<Simd512<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd512<T> Pow(Simd512<T> value, Simd512<T> exponent) => typeof(T) == typeof(float)
        ? new(FloatPower512.Pow(value.Value.AsSingle(), exponent.Value.AsSingle()).As<float, T>())
        : Lanes.Pow<Simd512<T>, T>(value, exponent);

    [MethodImpl(Inline)]
    public static Simd512<T> ShiftLeft(Simd512<T> value, Simd512<T> count) => Lanes.ShiftLeft<Simd512<T>, T>(value, count);

    [MethodImpl(Inline)]
    public static Simd512<T> ShiftRight(Simd512<T> value, Simd512<T> count) => Lanes.ShiftRight<Simd512<T>, T>(value, count);

    [MethodImpl(Inline)]
    public static Simd512<T> Exchange(Simd512<T> value, int distance)
    {
        if (sizeof(T) == 1)
            return new(Vector512.Shuffle(value.Value.AsByte(), Vector512<byte>.Indices ^ Vector512.Create((byte)distance)).As<byte, T>());
        if (sizeof(T) == 2)
            return new(Vector512.Shuffle(value.Value.AsInt16(), Vector512<short>.Indices ^ Vector512.Create((short)distance)).As<short,
                T>());
        if (sizeof(T) == 4)
            return new(Vector512.Shuffle(value.Value.AsInt32(), Vector512<int>.Indices ^ Vector512.Create(distance)).As<int, T>());
        return new(Vector512.Shuffle(value.Value.AsInt64(), Vector512<long>.Indices ^ Vector512.Create((long)distance)).As<long, T>());
    }

    [MethodImpl(Inline)]
    public static T First(Simd512<T> value) => value.Value.ToScalar();

    [MethodImpl(Inline)]
    private static Simd512<T> Of(Simd512<float> value) => new(value.Value.As<float, T>());

    [MethodImpl(Inline)]
    private static Simd512<T> Of(Simd512<double> value) => new(value.Value.As<double, T>());
}
