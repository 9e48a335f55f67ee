using Ops.Specs.Model;
using static Ops.Specs.Evaluation.SpecValues;

namespace Ops.Specs.Evaluation;

/// <summary>The built-in functions that look at values alone.</summary>
internal static class SpecFunctions
{
    /// <summary>The value of a call; null when it is not known.</summary>
    /// <exception cref="InvalidValueException">It has none.</exception>
    public static object? Call(Function function, object?[] arguments)
    {
        object? first = arguments.Length > 0 ? arguments[0] : null;
        switch (function)
        {
            case Function.Len: return List(first) is { } counted ? (double)counted.Length : null;
            case Function.Sum: return Fold(first, 0, (a, b) => a + b);
            case Function.Product: return Fold(first, 1, (a, b) => a * b);
            case Function.Min: return Best(arguments, Math.Min);
            case Function.Max: return Best(arguments, Math.Max);
            case Function.Floor: return Lift(first, x => Math.Floor((double)x));
            case Function.Ceil: return Lift(first, x => Math.Ceiling((double)x));
            case Function.Abs: return Lift(first, x => Math.Abs((double)x));
            case Function.Sqrt: return Lift(first, x => Math.Sqrt((double)x));
            case Function.Float: return Lift(first, x => (double)(float)(double)x);
            case Function.Clamp: return arguments.Length == 3 && arguments[0] is double x && arguments[1] is double low
                && arguments[2] is double high ? Math.Min(Math.Max(x, low), high) : null;
            case Function.Broadcast: return Broadcast(arguments);
            case Function.Index:
                if (List(first) is not { } list || arguments[1] is not { } wanted || list.Any(i => i is null))
                    return null;
                int place = Array.FindIndex(list, item => Equal(item!, wanted));
                return place >= 0 ? (double)place : throw new InvalidValueException("not in the list");
            case Function.Distinct: return List(first) is { } items && items.All(i => i is not null)
                ? items.Distinct().Count() == items.Length : null;
            case Function.All: return Truth(first);
            case Function.Any:
                if (List(first) is not { } truths)
                    return null;
                return truths.Any(t => Truth(t) == true) ? true : truths.Any(t => Truth(t) is null) ? null : false;
            default: return null;
        }
    }

    private static object? Fold(object? value, double start, Func<double, double, double> fold)
    {
        if (List(value) is not { } list || list.Any(i => i is not (double or bool)))
            return null;
        return list.Aggregate(start, (a, b) => fold(a, Number(b!)));
    }

    private static object? Best(object?[] arguments, Func<double, double, double> better)
    {
        object?[] items = arguments.Length == 1 && List(arguments[0]) is { } list ? list : arguments;
        if (items.Any(i => i is not double))
            return null;
        return items.Length == 0 ? throw new InvalidValueException("the best of nothing") : items.Cast<double>().Aggregate(better);
    }

    private static object?[]? Broadcast(object?[] arguments)
    {
        // One list of lists is the shapes of a family.
        object?[][] shapes = [.. (arguments.Length == 1 && arguments[0] is object?[] { Length: > 0 } nested
            && nested.All(n => n is object?[]) ? nested : arguments).Select(a => List(a) ?? [])];
        if (arguments.Any(a => List(a) is null))
            return null;
        int rank = shapes.Length == 0 ? 0 : shapes.Max(s => s.Length);
        var result = new object?[rank];
        for (int axis = 1; axis <= rank; axis++)
        {
            object? extent = 1.0;
            foreach (object?[] shape in shapes)
                if (axis <= shape.Length)
                    extent = Broadcast(extent, shape[shape.Length - axis]);
            result[rank - axis] = extent;
        }
        return result;
    }

    /// <summary>A known extent other than 1 decides: the other one is 1 or the same.</summary>
    private static object? Broadcast(object? left, object? right)
    {
        if (left is 1.0)
            return right;
        if (right is 1.0)
            return left;
        if (left is double a && right is double b)
            return a == b ? left : throw new InvalidValueException($"{a} and {b} do not broadcast");
        return left ?? right;
    }
}
