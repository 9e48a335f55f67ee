using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>
/// Methods that specs leave to C# and on which the shapes of a body depend, for numbers that are known. What is not here is for C# alone to know.
/// </summary>
internal static class HostMethods
{
    /// <summary>What a method of an op returns; null when that is not known.</summary>
    /// <exception cref="InvalidValueException">It has no value.</exception>
    public static object? Call(string op, string method, object?[] arguments) => (op, method) switch
    {
        ("Reshape", "Want") => arguments[0] is 0.0 ? arguments[1] : arguments[0],
        ("Range", "Count") => One(arguments[0]) is { } start && One(arguments[1]) is { } limit && One(arguments[2]) is { } delta
            ? delta == 0 ? throw new InvalidValueException("delta is 0") : Math.Max(Math.Ceiling((limit - start) / delta), 0) : null,
        ("OneHot", "Depth") => One(arguments[0]),
        ("DequantizeLinear", "TypeOf") => arguments[0] is double type ? type == 0 ? arguments[1] : (ElementType)(int)type : null,
        ("QuantizeLinear", "TypeOf") => arguments[0] is double type ? type == 0 ? ElementType.UInt8 : (ElementType)(int)type : null,
        _ => null,
    };

    private static double? One(object? tensor) => tensor is TensorFacts { Items: { Length: 1 } items } ? items[0] as double? : null;
}
