using System.Numerics;
using Ops.Specs.Types;

namespace Ops.Tests.Kernels;

/// <summary>How a test reckons with elements of T as C, without vectors.</summary>
internal interface IContractionArithmetic<T, C>
{
    static abstract ElementType Type { get; }

    static abstract T Random(Random random);

    static abstract C Widen(T value);

    static abstract T Narrow(C value);

    static abstract C MultiplyAdd(C left, C right, C addend);

    /// <summary>2 product + 3 addend, as <see cref="ContractionEpilogue"/>.</summary>
    static abstract C Finish(C product, C addend);
}

internal readonly struct SingleArithmetic : IContractionArithmetic<float, float>
{
    public static ElementType Type => ElementType.Float;

    /// <summary>Mostly of moderate size, sometimes a special value.</summary>
    public static float Random(Random random) => random.Next(5000) switch
    {
        0 => float.NaN,
        1 => float.PositiveInfinity,
        2 => float.NegativeInfinity,
        3 => float.Epsilon,
        4 => -0f,
        < 200 => 0f,
        _ => (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-4, 5))),
    };

    public static float Widen(float value) => value;

    public static float Narrow(float value) => value;

    public static float MultiplyAdd(float left, float right, float addend) => MathF.FusedMultiplyAdd(left, right, addend);

    public static float Finish(float product, float addend) => (product * 2) + (addend * 3);
}

internal readonly struct DoubleArithmetic : IContractionArithmetic<double, double>
{
    public static ElementType Type => ElementType.Double;

    public static double Random(Random random) => SingleArithmetic.Random(random) * 1.0000000001;

    public static double Widen(double value) => value;

    public static double Narrow(double value) => value;

    public static double MultiplyAdd(double left, double right, double addend) => Math.FusedMultiplyAdd(left, right, addend);

    public static double Finish(double product, double addend) => (product * 2) + (addend * 3);
}

internal readonly struct HalfArithmetic : IContractionArithmetic<Half, float>
{
    public static ElementType Type => ElementType.Float16;

    public static Half Random(Random random) => (Half)SingleArithmetic.Random(random);

    public static float Widen(Half value) => (float)value;

    public static Half Narrow(float value) => (Half)value;

    public static float MultiplyAdd(float left, float right, float addend) => MathF.FusedMultiplyAdd(left, right, addend);

    public static float Finish(float product, float addend) => (product * 2) + (addend * 3);
}

internal readonly struct BFloat16Arithmetic : IContractionArithmetic<BFloat16, float>
{
    public static ElementType Type => ElementType.BFloat16;

    public static BFloat16 Random(Random random) => (BFloat16)SingleArithmetic.Random(random);

    public static float Widen(BFloat16 value) => (float)value;

    public static BFloat16 Narrow(float value) => (BFloat16)value;

    public static float MultiplyAdd(float left, float right, float addend) => MathF.FusedMultiplyAdd(left, right, addend);

    public static float Finish(float product, float addend) => (product * 2) + (addend * 3);
}

/// <summary>Integers of all magnitudes, so that sums wrap.</summary>
internal readonly struct IntegerArithmetic<T> : IContractionArithmetic<T, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static ElementType Type =>
        typeof(T) == typeof(int) ? ElementType.Int32
        : typeof(T) == typeof(uint) ? ElementType.UInt32
        : typeof(T) == typeof(long) ? ElementType.Int64
        : ElementType.UInt64;

    public static T Random(Random random) => T.CreateTruncating(random.NextInt64() >> random.Next(63));

    public static T Widen(T value) => value;

    public static T Narrow(T value) => value;

    public static T MultiplyAdd(T left, T right, T addend) => unchecked((left * right) + addend);

    public static T Finish(T product, T addend) => unchecked((product * T.CreateTruncating(2)) + (addend * T.CreateTruncating(3)));
}
