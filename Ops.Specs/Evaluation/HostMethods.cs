using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>
/// Methods that specs leave to C# and on which the shapes of a body depend, for numbers that are known. What is not here is for C# alone to
/// know.
/// </summary>
internal static class HostMethods
{
    private static readonly Dictionary<(string Op, string Method), Func<object?[], object?>> Methods = new()
    {
        [("Reshape", "Want")] = arguments => arguments[0] is 0.0 ? arguments[1] : arguments[0],
        [("Range", "Count")] = arguments => One(arguments[0]) is { } start && One(arguments[1]) is { } limit
            && One(arguments[2]) is { } delta
            ? delta == 0 ? throw new InvalidValueException("delta is 0") : Math.Max(Math.Ceiling((limit - start) / delta), 0) : null,
        [("OneHot", "Depth")] = arguments => One(arguments[0]) is not { } depth ? null
            : depth < 0 && ((TensorFacts)arguments[0]!).Element.IsFloat()
            ? throw new InvalidValueException($"depth is {depth}") : Math.Truncate(depth),
        [("DequantizeLinear", "TypeOf")] = arguments => arguments[0] is double type
            ? type == 0 ? arguments[1] : (ElementType)(int)type : null,
        [("QuantizeLinear", "TypeOf")] = arguments => arguments[0] is double type
            ? type == 0 ? ElementType.UInt8 : (ElementType)(int)type : null,
    };

    /// <summary>Those that are here; a test holds each against the op's own.</summary>
    internal static IEnumerable<(string Op, string Method)> Known => Methods.Keys;

    /// <summary>What a method of an op returns; null when that is not known.</summary>
    /// <exception cref="InvalidValueException">It has no value.</exception>
    public static object? Call(string op, string method, object?[] arguments) =>
        Methods.TryGetValue((op, method), out Func<object?[], object?>? known) ? known(arguments) : null;

    private static double? One(object? tensor) => tensor is TensorFacts { Items: { Length: 1 } items } ? items[0] as double? : null;
}
