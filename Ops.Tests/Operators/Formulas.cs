using System.Numerics;

namespace Ops.Tests.Operators;

/// <summary>The formulas of all element-wise ops.</summary>
internal static class Formulas
{
    private const double Tenth = 0.1f, Fifth = 0.2f;

    internal static IReadOnlyList<Formula> All { get; } =
    [
        Two("Add", (a, b) => a + b, (a, b) => a + b) with { Ulps = 1 },
        Two("Sub", (a, b) => a - b, (a, b) => a - b) with { Ulps = 1 },
        Two("Mul", (a, b) => a * b, (a, b) => unchecked(a * b)) with { Ulps = 1 },
        Two("Div", (a, b) => a / b, (a, b) => a / b) with { Ulps = 1, Divides = true },
        new("Mod", 2, null, (v, _) => v[0] - (v[1] * FloorQuotient(v[0], v[1]))) { Divides = true },
        Two("Mod", (a, b) => a % b, (a, b) => a % b) with { Exact = true, Divides = true, Attributes = new() { ["fmod"] = 1L } },
        Two("Pow", Math.Pow, Power),
        One("Neg", x => -x, x => -x) with { Exact = true },
        One("Abs", Math.Abs, x => x < 0 ? -x : x) with { Exact = true },
        One("Sign", x => x > 0 ? 1 : x < 0 ? -1 : x, x => Int128.Sign(x)) with { Exact = true },
        One("Sqrt", Math.Sqrt) with { Ulps = 1 },
        One("Exp", Math.Exp),
        One("Log", Math.Log),
        One("Reciprocal", x => 1 / x) with { Ulps = 1 },
        One("Floor", Math.Floor) with { Exact = true },
        One("Ceil", Math.Ceiling) with { Exact = true },
        One("Round", x => Math.Round(x, MidpointRounding.ToEven)) with { Exact = true },
        One("Relu", x => Math.Max(x, 0), x => x < 0 ? 0 : x) with { Exact = true },
        One("LeakyRelu", x => x < 0 ? 0.01f * x : x),
        One("LeakyRelu", x => x < 0 ? Tenth * x : x) with { Attributes = new() { ["alpha"] = 0.1f } },
        Two("PRelu", (x, s) => x < 0 ? s * x : x, (x, s) => x < 0 ? unchecked(s * x) : x) with { OneWay = true },
        One("Elu", x => x < 0 ? Reference.Expm1(x) : x),
        One("Elu", x => x < 0 ? Tenth * Reference.Expm1(x) : x) with { Attributes = new() { ["alpha"] = 0.1f } },
        One("Selu", x => 1.05070102f * (x < 0 ? 1.67326319f * Reference.Expm1(x) : x)) with { Steps = 2 },
        One("Selu", x => 3.0 * (x < 0 ? 2.0 * Reference.Expm1(x) : x)) with
        {
            Steps = 6, Attributes = new() { ["alpha"] = 2f, ["gamma"] = 3f },
        },
        One("Celu", x => Math.Max(x, 0) + Math.Min(Reference.Expm1(x), 0)),
        One("Celu", x => Math.Max(x, 0) + Math.Min(2 * Reference.Expm1(x / 2), 0)) with { Attributes = new() { ["alpha"] = 2f } },
        One("Sigmoid", Reference.Sigmoid),
        One("Tanh", Math.Tanh),
        One("HardSigmoid", x => Math.Clamp((Fifth * x) + 0.5, 0, 1)) with { Slack = _ => 1 },
        One("HardSigmoid", x => Math.Clamp((0.5 * x) + Tenth, 0, 1)) with
        {
            Slack = _ => 1, Attributes = new() { ["alpha"] = 0.5f, ["beta"] = 0.1f },
        },
        One("HardSwish", x => x * Math.Clamp((x / 6) + 0.5, 0, 1)) with { Slack = v => Math.Min(Math.Abs(v[0]), 6) },
        One("Softplus", Reference.Softplus),
        One("Softsign", x => x / (1 + Math.Abs(x))),
        One("ThresholdedRelu", x => x > 1 ? x : 0) with { Exact = true },
        One("ThresholdedRelu", x => x > -2 ? x : 0) with { Exact = true, Attributes = new() { ["alpha"] = -2f } },
        One("Mish", x => x * Math.Tanh(Reference.Softplus(x))) with { Ulps = 8, Steps = 100 },
        One("Gelu", x => 0.5 * x * (1 + Reference.Erf(x / Math.Sqrt(2)))) with { Slack = v => Math.Min(Math.Abs(v[0]), 100) },
        One("Gelu", x => x * Reference.Sigmoid(Math.Sqrt(8 / Math.PI) * (x + (0.044715 * x * x * x)))) with
        {
            Attributes = new() { ["approximate"] = "tanh" },
            Ulps = 400, // The argument of the exponential is large, and so is its error.
        },
        One("Erf", Reference.Erf),
        One("Swish", x => x * Reference.Sigmoid(x)) with { Steps = 100 },
        One("Swish", x => x * Reference.Sigmoid(2 * x)) with { Steps = 100, Attributes = new() { ["alpha"] = 2f } },
        One("Shrink", x => Math.Abs(x) > 0.5 ? x : 0, x => x),
        new("Shrink", 1, v => v[0] < -1.5 ? v[0] + Tenth : v[0] > 1.5 ? v[0] - Tenth : 0, (v, bits) => ShrinkWhole(v[0], 1.5, 0.1))
        {
            Slack = _ => 2, Attributes = new() { ["lambd"] = 1.5f, ["bias"] = 0.1f },
        },
        new("Shrink", 1, v => v[0] < -1 ? v[0] + 2.5 : v[0] > 1 ? v[0] - 2.5 : 0, (v, bits) => ShrinkWhole(v[0], 1, 2.5))
        {
            Slack = _ => 4, Attributes = new() { ["lambd"] = 1f, ["bias"] = 2.5f },
        },
        One("Sin", Math.Sin),
        One("Cos", Math.Cos),
        One("Tan", Math.Tan),
        One("Asin", Math.Asin),
        One("Acos", Math.Acos),
        One("Atan", Math.Atan),
        One("Sinh", Math.Sinh),
        One("Cosh", Math.Cosh),
        One("Asinh", Math.Asinh),
        One("Acosh", Math.Acosh),
        One("Atanh", Math.Atanh),
        new("And", 2, null, (v, _) => v[0] & v[1]),
        new("Or", 2, null, (v, _) => v[0] | v[1]),
        new("Xor", 2, null, (v, _) => v[0] ^ v[1]),
        new("Not", 1, null, (v, _) => 1 - v[0]),
        Two("Equal", (a, b) => a == b ? 1 : 0, (a, b) => a == b ? 1 : 0),
        Two("Less", (a, b) => a < b ? 1 : 0, (a, b) => a < b ? 1 : 0),
        Two("LessOrEqual", (a, b) => a <= b ? 1 : 0, (a, b) => a <= b ? 1 : 0),
        Two("Greater", (a, b) => a > b ? 1 : 0, (a, b) => a > b ? 1 : 0),
        Two("GreaterOrEqual", (a, b) => a >= b ? 1 : 0, (a, b) => a >= b ? 1 : 0),
        new("BitwiseAnd", 2, null, (v, _) => v[0] & v[1]),
        new("BitwiseOr", 2, null, (v, _) => v[0] | v[1]),
        new("BitwiseXor", 2, null, (v, _) => v[0] ^ v[1]),
        new("BitwiseNot", 1, null, (v, _) => ~v[0]),
        new("BitShift", 2, null, (v, bits) => v[1] >= bits ? 0 : v[0] << (int)v[1]) { Attributes = new() { ["direction"] = "LEFT" } },
        new("BitShift", 2, null, (v, bits) => v[1] >= bits ? 0 : v[0] >> (int)v[1]) { Attributes = new() { ["direction"] = "RIGHT" } },
        One("IsNaN", x => double.IsNaN(x) ? 1 : 0),
        One("IsInf", x => double.IsInfinity(x) ? 1 : 0),
        One("IsInf", x => double.IsPositiveInfinity(x) ? 1 : 0) with { Attributes = new() { ["detect_negative"] = 0L } },
        One("IsInf", x => double.IsNegativeInfinity(x) ? 1 : 0) with { Attributes = new() { ["detect_positive"] = 0L } },
        One("IsInf", _ => 0) with { Attributes = new() { ["detect_negative"] = 0L, ["detect_positive"] = 0L } },
        new("Max", 3, v => v.Aggregate(Math.Max), (v, _) => v.Max()) { Exact = true },
        new("Min", 3, v => v.Aggregate(Math.Min), (v, _) => v.Min()) { Exact = true },
        new("Max", 1, v => v[0], (v, _) => v[0]) { Exact = true },
        new("Sum", 3, v => v[0] + v[1] + v[2]) { Slack = Magnitude },
        new("Mean", 3, v => (v[0] + v[1] + v[2]) / 3) { Slack = Magnitude },
        Clip(1, 100),
        Clip(null, 2),
        Clip(3, null),
        Clip(5, 2),
        Clip(null, null),
    ];

    private static Formula One(string op, Func<double, double> real, Func<Int128, Int128>? whole = null) =>
        new(op, 1, v => real(v[0]), whole is null ? null : (v, _) => whole(v[0]));

    private static Formula Two(string op, Func<double, double, double> real, Func<Int128, Int128, Int128> whole) =>
        new(op, 2, v => real(v[0], v[1]), (v, _) => whole(v[0], v[1]));

    private static Formula Clip(double? min, double? max) => new("Clip", 1,
        v => Math.Min(Math.Max(v[0], min ?? double.NegativeInfinity), max ?? double.PositiveInfinity),
        (v, _) => Int128.Min(Int128.Max(v[0], (Int128?)min ?? Int128.MinValue), (Int128?)max ?? Int128.MaxValue))
    {
        Exact = true, Scalars = [min, max],
    };

    private static double Magnitude(double[] values) => 2 * values.Where(double.IsFinite).Sum(Math.Abs);

    private static Int128 FloorQuotient(Int128 a, Int128 b)
    {
        (Int128 quotient, Int128 remainder) = Int128.DivRem(a, b);
        return remainder != 0 && Int128.IsNegative(remainder) != Int128.IsNegative(b) ? quotient - 1 : quotient;
    }

    private static Int128 Power(Int128 x, Int128 y)
    {
        if (y < 0) return x == 1 || x == -1 ? (Int128.IsOddInteger(y) ? x : 1) : 0;
        return (Int128)BigInteger.ModPow(x, y, BigInteger.One << 64);
    }

    private static Int128 ShrinkWhole(Int128 x, double lambd, double bias)
    {
        // Sums beyond 2^53 are exact only in integers; x is far from zero there, so truncation is the floor or the ceiling.
        bias = (float)bias;
        if ((double)x < -lambd) return x + (Int128)((double)x < -bias ? Math.Ceiling(bias) : Math.Floor(bias));
        return (double)x > lambd ? x - (Int128)((double)x > bias ? Math.Ceiling(bias) : Math.Floor(bias)) : 0;
    }
}
