using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Floats = System.Runtime.Intrinsics.Vector256<float>;
using Ints = System.Runtime.Intrinsics.Vector256<int>;
using Vector = System.Runtime.Intrinsics.Vector256;

namespace Ops.Simd;

/// <summary>Functions of angles in float, up to <see cref="Largest"/>. Relative errors stay below 2.5e-7.</summary>
/// <remarks>Written as <see cref="FloatMath256"/> is.</remarks>
internal static class FloatAngles256
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The greatest magnitude of an angle; beyond it pi is needed in more digits.</summary>
    internal const float Largest = 1e6f;

    /// <summary>Whether an angle is too large, or infinite.</summary>
    [MethodImpl(Inline)]
    internal static Floats IsLarge(Floats x) => Vector.GreaterThan(Vector.Abs(x), Vector.Create(Largest));

    [MethodImpl(Inline)]
    internal static Floats Sin(Floats x)
    {
        Floats rest = Rest(x, out Ints quarter);
        return Vector.ConditionalSelect(Vector.Equals(x, Floats.Zero), x, Turned(rest, quarter));
    }

    [MethodImpl(Inline)]
    internal static Floats Cos(Floats x)
    {
        Floats rest = Rest(x, out Ints quarter);
        return Turned(rest, quarter + Vector.Create(1));
    }

    [MethodImpl(Inline)]
    internal static Floats Tan(Floats x)
    {
        Floats rest = Rest(x, out Ints quarter), sine = Sine(rest), cosine = Cosine(rest), odd = IsOdd(quarter);
        Floats result = Vector.ConditionalSelect(odd, -cosine, sine) / Vector.ConditionalSelect(odd, sine, cosine);
        return Vector.ConditionalSelect(Vector.Equals(x, Floats.Zero), x, result);
    }

    /// <summary>The angle less the nearest multiple of a quarter turn, and the number of quarters in the low bits.</summary>
    [MethodImpl(Inline)]
    private static Floats Rest(Floats x, out Ints quarter)
    {
        // Adding 1.5 * 2^23 leaves the nearest integer in the low bits. The first difference is exact, as both sides are multiples of
        // 2^-24.
        Floats shifted = Vector.FusedMultiplyAdd(x, Vector.Create(0.63661975f), Vector.Create(12582912f)),
            n = shifted - Vector.Create(12582912f);
        quarter = shifted.AsInt32();
        Floats rest = Vector.FusedMultiplyAdd(n, Vector.Create(-1.57079637f), x);
        rest = Vector.FusedMultiplyAdd(n, Vector.Create(4.37113883e-8f), rest);
        return Vector.FusedMultiplyAdd(n, Vector.Create(1.7151245e-15f), rest);
    }

    /// <summary>The sine of an angle of so many quarters and a rest.</summary>
    [MethodImpl(Inline)]
    private static Floats Turned(Floats rest, Ints quarter)
    {
        Floats value = Vector.ConditionalSelect(IsOdd(quarter), Cosine(rest), Sine(rest));
        return value ^ ((quarter & Vector.Create(2)) << 30).AsSingle();
    }

    [MethodImpl(Inline)]
    private static Floats IsOdd(Ints quarter) => Vector.Equals(quarter & Vector.Create(1), Vector.Create(1)).AsSingle();

    [MethodImpl(Inline)]
    private static Floats Sine(Floats x)
    {
        // (sin x / x - 1) / x^2 in x^2 up to pi / 4
        Floats square = x * x, p = Vector.Create(-0.000195145631f);
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.00833215548f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.166666545f));
        return Vector.FusedMultiplyAdd(square * x, p, x);
    }

    [MethodImpl(Inline)]
    private static Floats Cosine(Floats x)
    {
        // (cos x - 1 + x^2 / 2) / x^4 in x^2 up to pi / 4
        Floats square = x * x, p = Vector.Create(2.44324147e-05f);
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.00138873099f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.0416666456f));
        return Vector.FusedMultiplyAdd(square * square, p, Vector.FusedMultiplyAdd(square, Vector.Create(-0.5f), Vector.Create(1f)));
    }
}
