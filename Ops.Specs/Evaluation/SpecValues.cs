using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>
/// Arithmetic on the values that specs' expressions have: numbers are doubles, lists arrays of values, and null is not known. What is done
/// to a list is done to each of its elements.
/// </summary>
internal static class SpecValues
{
    /// <summary>A value as one truth: a list means all of them.</summary>
    public static bool? Truth(object? value)
    {
        if (value is not object?[] list)
            return value as bool?;
        bool? all = true;
        foreach (object? item in list)
            if (Truth(item) is not { } one)
                all = null;
            else if (!one)
                return false;
        return all;
    }

    /// <summary>The elements of a list or tensor.</summary>
    public static object?[]? List(object? value) => value switch
    {
        object?[] list => list,
        TensorFacts tensor => tensor.Items,
        _ => null,
    };

    /// <summary>A number, or a truth as 0 or 1.</summary>
    public static double Number(object value) => value is bool truth ? truth ? 1 : 0 : (double)value;

    public static object? Lift(object? value, Func<object, object?> map) =>
        List(value) is { } list ? Array.ConvertAll(list, item => Lift(item, map)) : value is null ? null : map(value);

    public static object? Lift(object? left, object? right, Func<object, object, object?> map)
    {
        object?[]? lefts = List(left), rights = List(right);
        if (lefts is not null && rights is not null)
        {
            // A list of one element goes with any length.
            int n = lefts.Length, m = rights.Length;
            if (n != m && n != 1 && m != 1)
                throw new InvalidValueException("lists of different lengths");
            var lifted = new object?[n == 1 ? m : n];
            for (int i = 0; i < lifted.Length; i++)
                lifted[i] = Lift(lefts[n == 1 ? 0 : i], rights[m == 1 ? 0 : i], map);
            return lifted;
        }
        if (lefts is not null)
            return Array.ConvertAll(lefts, a => Lift(a, right, map));
        if (rights is not null)
            return Array.ConvertAll(rights, b => Lift(left, b, map));
        return left is null || right is null ? null : map(left, right);
    }

    public static object? Compare(CompareOp op, object? left, object? right)
    {
        if (op is CompareOp.Equal or CompareOp.NotEqual && List(left) is { } lefts && List(right) is { } rights)
            return Same(lefts, rights) is { } same ? same == (op == CompareOp.Equal) : null;
        return Lift(left, right, (a, b) => op switch
        {
            CompareOp.Equal => Equal(a, b),
            CompareOp.NotEqual => !Equal(a, b),
            CompareOp.Less => Number(a) < Number(b),
            CompareOp.LessOrEqual => Number(a) <= Number(b),
            CompareOp.Greater => Number(a) > Number(b),
            _ => Number(a) >= Number(b),
        });
    }

    public static bool Equal(object left, object right) =>
        left is bool || right is bool || left is double
            ? left is string or ElementType ? left.Equals(right) : Number(left) == Number(right) : left.Equals(right);

    private static bool? Same(object?[] left, object?[] right)
    {
        if (left.Length != right.Length)
            return false;
        bool? all = true;
        for (int i = 0; i < left.Length; i++)
            if (Truth(Compare(CompareOp.Equal, left[i], right[i])) is not { } one)
                all = null;
            else if (!one)
                return false;
        return all;
    }

    /// <summary>The whole numbers from one on, before another.</summary>
    public static object?[] Count(double from, double to)
    {
        if (to - from > 100_000)
            throw new InvalidValueException("a list too long");
        return [.. Enumerable.Range(0, (int)Math.Max(0, to - from)).Select(i => (object?)(from + i))];
    }

    /// <summary>Where an index lies in a list, counted from the back when negative.</summary>
    public static int Place(double index, int length)
    {
        double at = index < 0 ? index + length : index;
        return at >= 0 && at < length && at == Math.Floor(at)
            ? (int)at : throw new InvalidValueException($"{index} is outside of {length}");
    }

    /// <summary>Where an end of a slice lies in a list.</summary>
    public static int Bound(double index, int length) => (int)Math.Min(Math.Max(index < 0 ? index + length : index, 0), length);
}
