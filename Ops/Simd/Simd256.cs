using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ops.Simd;

/// <summary>A vector of T as wide as the name says.</summary>
internal readonly unsafe partial struct Simd256<T> : ISimd<Simd256<T>, T>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    internal readonly Vector256<T> Value;

    [MethodImpl(Inline)]
    internal Simd256(Vector256<T> value) => Value = value;

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
        get => Vector256<T>.Count;
    }

    public static Simd256<T> Zero
    {
        [MethodImpl(Inline)]
        get => new(Vector256<T>.Zero);
    }

    public static Simd256<T> AllBitsSet
    {
        [MethodImpl(Inline)]
        get => new(Vector256<T>.AllBitsSet);
    }

    public static Simd256<T> Indices
    {
        [MethodImpl(Inline)]
        get => new(Vector256<T>.Indices);
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Create(T value) => new(Vector256.Create(value));

    [MethodImpl(Inline)]
    public static Simd256<T> Constant(double value) => new(Vector256.Create(Constants.To<T>(value)));

    [MethodImpl(Inline)]
    public static Simd256<T> Load(T* source) => new(Vector256.Load(source));

    [MethodImpl(Inline)]
    public static void Store(Simd256<T> value, T* destination) => value.Value.Store(destination);

    [MethodImpl(Inline)]
    public static void StoreNonTemporal(Simd256<T> value, T* destination) => value.Value.StoreAlignedNonTemporal(destination);

    [MethodImpl(Inline)]
    public static Simd256<T> LoadPartial(T* source, int count) => Partial.Load<Simd256<T>, T>(source, count);

    [MethodImpl(Inline)]
    public static void StorePartial(Simd256<T> value, T* destination, int count) => Partial.Store(value, destination, count);

    [MethodImpl(Inline)]
    public static Simd256<T> operator +(Simd256<T> left, Simd256<T> right) => new(left.Value + right.Value);

    [MethodImpl(Inline)]
    public static Simd256<T> operator -(Simd256<T> left, Simd256<T> right) => new(left.Value - right.Value);

    [MethodImpl(Inline)]
    public static Simd256<T> operator *(Simd256<T> left, Simd256<T> right) => new(left.Value * right.Value);

    [MethodImpl(Inline)]
    public static Simd256<T> operator /(Simd256<T> left, Simd256<T> right) =>
        IsFloat ? new(left.Value / right.Value) : Lanes.Divide<Simd256<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd256<T> operator -(Simd256<T> value) => new(-value.Value);

    [MethodImpl(Inline)]
    public static Simd256<T> operator &(Simd256<T> left, Simd256<T> right) => new(left.Value & right.Value);

    [MethodImpl(Inline)]
    public static Simd256<T> operator |(Simd256<T> left, Simd256<T> right) => new(left.Value | right.Value);

    [MethodImpl(Inline)]
    public static Simd256<T> operator ^(Simd256<T> left, Simd256<T> right) => new(left.Value ^ right.Value);

    [MethodImpl(Inline)]
    public static Simd256<T> operator ~(Simd256<T> value) => new(~value.Value);

    [MethodImpl(Inline)]
    public static Simd256<T> Equal(Simd256<T> left, Simd256<T> right) => new(Vector256.Equals(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd256<T> NotEqual(Simd256<T> left, Simd256<T> right) => new(~Vector256.Equals(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd256<T> Less(Simd256<T> left, Simd256<T> right) => new(Vector256.LessThan(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd256<T> LessOrEqual(Simd256<T> left, Simd256<T> right) => new(Vector256.LessThanOrEqual(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd256<T> Greater(Simd256<T> left, Simd256<T> right) => new(Vector256.GreaterThan(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd256<T> GreaterOrEqual(Simd256<T> left, Simd256<T> right) =>
        new(Vector256.GreaterThanOrEqual(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd256<T> Select(Simd256<T> mask, Simd256<T> whenTrue, Simd256<T> whenFalse) => 
        new(Vector256.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    [MethodImpl(Inline)]
    public static Simd256<T> IsNaN(Simd256<T> value) => IsFloat ? NotEqual(value, value) : Zero;

    [MethodImpl(Inline)]
    public static Simd256<T> IsInfinity(Simd256<T> value) => IsFloat ? Equal(Abs(value), Constant(double.PositiveInfinity)) : Zero;

    [MethodImpl(Inline)]
    public static bool Any(Simd256<T> mask) => mask.Value.AsByte() != Vector256<byte>.Zero;

    [MethodImpl(Inline)]
    public static bool All(Simd256<T> mask) => mask.Value.AsByte() == Vector256<byte>.AllBitsSet;

    [MethodImpl(Inline)]
    public static Simd256<T> Abs(Simd256<T> value) => IsUnsigned ? value : new(Vector256.Abs(value.Value));

    [MethodImpl(Inline)]
    public static Simd256<T> Sign(Simd256<T> value)
    {
        Simd256<T> one = Constant(1);
        if (IsUnsigned) return Min(value, one);
        if (IsFloat) return Select(Equal(value, Zero) | IsNaN(value), value, CopySign(one, value));
        return (Greater(value, Zero) & one) | Less(value, Zero);
    }

    [MethodImpl(Inline)]
    public static Simd256<T> CopySign(Simd256<T> value, Simd256<T> sign)
    {
        if (IsUnsigned) return value;
        if (IsFloat) return Select(Constant(-0.0), sign, value);
        return Select(Less(value ^ sign, Zero), -value, value);
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Min(Simd256<T> left, Simd256<T> right) => new(Vector256.Min(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd256<T> Max(Simd256<T> left, Simd256<T> right) => new(Vector256.Max(left.Value, right.Value));

    [MethodImpl(Inline)]
    public static Simd256<T> MaxNative(Simd256<T> left, Simd256<T> right) => new(Vector256.MaxNative(left.Value, right.Value));

    // The native instructions give their second operand if there is a NaN (x86), or the NaN (others).
    [MethodImpl(Inline)]
    public static Simd256<T> Clamp(Simd256<T> value, Simd256<T> low, Simd256<T> high) =>
        new(Vector256.MinNative(high.Value, Vector256.MaxNative(low.Value, value.Value)));

    [MethodImpl(Inline)]
    public static Simd256<T> Sqrt(Simd256<T> value) => IsFloat ? new(Vector256.Sqrt(value.Value)) : Lanes.Sqrt<Simd256<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd256<T> Floor(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector256.Floor(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector256.Floor(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Ceiling(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector256.Ceiling(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector256.Ceiling(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Round(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector256.Round(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector256.Round(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Truncate(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(Vector256.Truncate(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(Vector256.Truncate(value.Value.AsDouble()).As<double, T>());
        return value;
    }

    [MethodImpl(Inline)]
    public static Simd256<T> FusedMultiplyAdd(Simd256<T> left, Simd256<T> right, Simd256<T> addend)
    {
        if (typeof(T) == typeof(float))
            return new(Vector256.FusedMultiplyAdd(left.Value.AsSingle(), right.Value.AsSingle(), addend.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double))
            return new(Vector256.FusedMultiplyAdd(left.Value.AsDouble(), right.Value.AsDouble(), addend.Value.AsDouble()).As<double, T>());
        return new((left.Value * right.Value) + addend.Value);
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Remainder(Simd256<T> left, Simd256<T> right) => Lanes.Remainder<Simd256<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd256<T> Modulo(Simd256<T> left, Simd256<T> right) => Lanes.Modulo<Simd256<T>, T>(left, right);

    [MethodImpl(Inline)]
    public static Simd256<T> Exp(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath256.Exp(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath256.Exp(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Exp2(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath256.Exp2(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath256.Exp2(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> ExpOver(Simd256<T> value, Simd256<T> whole)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath256.ExpOver(value.Value.AsSingle(), whole.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath256.ExpOver(value.Value.AsDouble(), whole.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Exp2Over(Simd256<T> value, Simd256<T> whole)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath256.Exp2Over(value.Value.AsSingle(), whole.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath256.Exp2Over(value.Value.AsDouble(), whole.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Log(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath256.Log(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath256.Log(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Log1p(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath256.Log1p(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath256.Log1p(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Expm1(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath256.Expm1(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath256.Expm1(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Tanh(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath256.Tanh(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath256.Tanh(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Erf(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return new(FloatMath256.Erf(value.Value.AsSingle()).As<float, T>());
        if (typeof(T) == typeof(double)) return new(DoubleMath256.Erf(value.Value.AsDouble()).As<double, T>());
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Sin(Simd256<T> value)
    {
        if (typeof(T) != typeof(float)) return Lanes.Sin<Simd256<T>, T>(value);
        Simd256<T> quick = new(FloatAngles256.Sin(value.Value.AsSingle()).As<float, T>()),
            large = new(FloatAngles256.IsLarge(value.Value.AsSingle()).As<float, T>());
        return Any(large) ? Select(large, Lanes.Sin<Simd256<T>, T>(value), quick) : quick;
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Cos(Simd256<T> value)
    {
        if (typeof(T) != typeof(float)) return Lanes.Cos<Simd256<T>, T>(value);
        Simd256<T> quick = new(FloatAngles256.Cos(value.Value.AsSingle()).As<float, T>()),
            large = new(FloatAngles256.IsLarge(value.Value.AsSingle()).As<float, T>());
        return Any(large) ? Select(large, Lanes.Cos<Simd256<T>, T>(value), quick) : quick;
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Tan(Simd256<T> value)
    {
        if (typeof(T) != typeof(float)) return Lanes.Tan<Simd256<T>, T>(value);
        Simd256<T> quick = new(FloatAngles256.Tan(value.Value.AsSingle()).As<float, T>()),
            large = new(FloatAngles256.IsLarge(value.Value.AsSingle()).As<float, T>());
        return Any(large) ? Select(large, Lanes.Tan<Simd256<T>, T>(value), quick) : quick;
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Asin(Simd256<T> value) => Lanes.Asin<Simd256<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd256<T> Acos(Simd256<T> value) => Lanes.Acos<Simd256<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd256<T> Atan(Simd256<T> value) => Lanes.Atan<Simd256<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd256<T> Sinh(Simd256<T> value) => Lanes.Sinh<Simd256<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd256<T> Cosh(Simd256<T> value) => Lanes.Cosh<Simd256<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd256<T> Asinh(Simd256<T> value) => Lanes.Asinh<Simd256<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd256<T> Acosh(Simd256<T> value) => Lanes.Acosh<Simd256<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd256<T> Atanh(Simd256<T> value) => Lanes.Atanh<Simd256<T>, T>(value);

    [MethodImpl(Inline)]
    public static Simd256<T> Pow(Simd256<T> value, Simd256<T> exponent) => typeof(T) == typeof(float)
        ? new(FloatPower256.Pow(value.Value.AsSingle(), exponent.Value.AsSingle()).As<float, T>())
        : Lanes.Pow<Simd256<T>, T>(value, exponent);

    [MethodImpl(Inline)]
    public static Simd256<T> ShiftLeft(Simd256<T> value, Simd256<T> count) => Lanes.ShiftLeft<Simd256<T>, T>(value, count);

    [MethodImpl(Inline)]
    public static Simd256<T> ShiftRight(Simd256<T> value, Simd256<T> count) => Lanes.ShiftRight<Simd256<T>, T>(value, count);

    [MethodImpl(Inline)]
    public static Simd256<T> Exchange(Simd256<T> value, int distance)
    {
        if (sizeof(T) == 1)
            return new(Vector256.Shuffle(value.Value.AsByte(), Vector256<byte>.Indices ^ Vector256.Create((byte)distance)).As<byte, T>());
        if (sizeof(T) == 2)
            return new(Vector256.Shuffle(
                value.Value.AsInt16(), Vector256<short>.Indices ^ Vector256.Create((short)distance)).As<short, T>());
        if (sizeof(T) == 4)
            return new(Vector256.Shuffle(value.Value.AsInt32(), Vector256<int>.Indices ^ Vector256.Create(distance)).As<int, T>());
        return new(Vector256.Shuffle(value.Value.AsInt64(), Vector256<long>.Indices ^ Vector256.Create((long)distance)).As<long, T>());
    }

    [MethodImpl(Inline)]
    public static T First(Simd256<T> value) => value.Value.ToScalar();

    [MethodImpl(Inline)]
    private static Simd256<T> Of(Simd256<float> value) => new(value.Value.As<float, T>());

    [MethodImpl(Inline)]
    private static Simd256<T> Of(Simd256<double> value) => new(value.Value.As<double, T>());
}
