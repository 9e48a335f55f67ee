using System.Numerics;
using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Types;

namespace Ops.Tests.Kernels;

/// <summary>A test body for one type in memory (T) and of computation (C).</summary>
internal interface IKindVisitor
{
    void Visit<T, C>(ElementType type)
        where T : unmanaged
        where C : unmanaged, INumber<C>, IMinMaxValue<C>;
}

/// <summary>All element types, levels and the conversions between types in memory and of computation.</summary>
internal static unsafe class Kinds
{
    internal static readonly IsaLevel[] Levels = [IsaLevel.Scalar, IsaLevel.Bits128, IsaLevel.Bits256, IsaLevel.Bits512];

    internal static void ForAll(IKindVisitor visitor)
    {
        ForFloats(visitor);
        visitor.Visit<byte, byte>(ElementType.UInt8);
        visitor.Visit<sbyte, sbyte>(ElementType.Int8);
        visitor.Visit<ushort, ushort>(ElementType.UInt16);
        visitor.Visit<short, short>(ElementType.Int16);
        visitor.Visit<uint, uint>(ElementType.UInt32);
        visitor.Visit<int, int>(ElementType.Int32);
        visitor.Visit<ulong, ulong>(ElementType.UInt64);
        visitor.Visit<long, long>(ElementType.Int64);
    }

    internal static void ForFloats(IKindVisitor visitor)
    {
        visitor.Visit<float, float>(ElementType.Float);
        visitor.Visit<double, double>(ElementType.Double);
        visitor.Visit<Half, float>(ElementType.Float16);
        visitor.Visit<BFloat16, float>(ElementType.BFloat16);
    }

    internal static B To<A, B>(A value)
        where A : unmanaged
        where B : unmanaged
    {
        if (typeof(A) == typeof(B)) return Unsafe.BitCast<A, B>(value);
        object wide = value switch
        {
            Half half => (float)half,
            BFloat16 brain => (float)brain,
            _ => value,
        };
        object narrow = typeof(B) == typeof(Half) ? (Half)(float)wide : typeof(B) == typeof(BFloat16) ? (BFloat16)(float)wide : wide;
        return (B)narrow;
    }

    private static readonly double[] Specials = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 0.0];

    /// <summary>Small values, with NaN, infinities and signed zeros among the floats.</summary>
    internal static void Fill<T, C>(Span<T> span, Random random, bool special = true)
        where T : unmanaged
        where C : unmanaged, INumber<C>, IMinMaxValue<C>
    {
        for (int i = 0; i < span.Length; i++)
        {
            double value = (random.NextDouble() * 20) - 10;
            if (special && random.Next(16) == 0)
                value = Specials[random.Next(Specials.Length)];
            if (C.IsInteger(C.One / (C.One + C.One)))
                span[i] = To<C, T>(random.Next(16) switch
                {
                    0 => C.MinValue,
                    1 => C.MaxValue,
                    _ => C.CreateTruncating(random.NextInt64())
                });
            else
                span[i] = To<C, T>(C.CreateSaturating(value));
        }
    }

    /// <summary>Equal bits, or both NaN.</summary>
    internal static bool Same<T>(T x, T y)
        where T : unmanaged
    {
        if (new Span<byte>(&x, sizeof(T)).SequenceEqual(new Span<byte>(&y, sizeof(T)))) return true;
        return (x, y) switch
        {
            (float a, float b) => float.IsNaN(a) && float.IsNaN(b),
            (double a, double b) => double.IsNaN(a) && double.IsNaN(b),
            (Half a, Half b) => Half.IsNaN(a) && Half.IsNaN(b),
            (BFloat16 a, BFloat16 b) => BFloat16.IsNaN(a) && BFloat16.IsNaN(b),
            _ => false,
        };
    }

    internal static void AssertSame<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : unmanaged
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        for (int i = 0; i < expected.Length; i++)
            if (!Same(expected[i], actual[i])) Assert.Fail($"{what}: element {i} is {actual[i]}, not {expected[i]}");
    }

    internal static Operand Operand(void* data, ElementType type, params long[] dims) => new(data, type, dims);

    internal static long Product(long[] dims)
    {
        long product = 1;
        foreach (long extent in dims) product *= extent;
        return product;
    }
}
