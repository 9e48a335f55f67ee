using Ops.Specs.Types;

namespace Ops.Specs.Symbolic;

/// <summary>What specs do with lists. An operation on an unknown list is unknown, on an invalid one invalid.</summary>
public static class Seq
{
    /// <summary>Lists longer than this are not built element by element; they count as unknown.</summary>
    public const int MaxLength = 1 << 22;

    /// <summary>A list of the given elements.</summary>
    public static Seq<T> Of<T>(params T[] items) => new(items);

    /// <summary>The lists one after another.</summary>
    public static Seq<T> Join<T>(params Seq<T>[] parts)
    {
        int length = 0;
        foreach (Seq<T> part in parts)
        {
            if (!part.IsKnown)
                return part;
            length += part.Items.Length;
        }
        var joined = new T[length];
        int at = 0;
        foreach (Seq<T> part in parts)
        {
            part.Items.CopyTo(joined.AsSpan(at));
            at += part.Items.Length;
        }
        return new Seq<T>(joined);
    }

    /// <summary>The element at <paramref name="index"/>, counted from the back when negative.</summary>
    public static Dim At(Seq<Dim> list, Dim index) =>
        TryAt(list, index, out Dim item, out string? reason) ? item : reason is null ? Dim.Unknown : Dim.Invalid(reason);

    /// <summary>The element at <paramref name="index"/>, counted from the back when negative.</summary>
    public static Truth At(Seq<Truth> list, Dim index) =>
        TryAt(list, index, out Truth item, out string? reason) ? item : reason is null ? Truth.Unknown : Truth.Invalid(reason);

    /// <summary>The element at <paramref name="index"/>, counted from the back when negative.</summary>
    public static Real At(Seq<Real> list, Dim index) => TryAt(list, index, out Real item, out _) ? item : Real.Unknown;

    /// <summary>The element at <paramref name="index"/>, counted from the back when negative; null when not known.</summary>
    public static string? At(Seq<string> list, Dim index) => TryAt(list, index, out string? item, out _) ? item : null;

    /// <summary>The element type at <paramref name="index"/>, counted from the back when negative; undefined when not known.</summary>
    public static ElementType At(Seq<ElementType> list, Dim index) =>
        TryAt(list, index, out ElementType item, out _) ? item : ElementType.Undefined;

    /// <summary>The list at <paramref name="index"/>, counted from the back when negative.</summary>
    public static Seq<T> At<T>(Seq<Seq<T>> list, Dim index) =>
        TryAt(list, index, out Seq<T> item, out string? reason) ? item : reason is null ? default : Seq<T>.Invalid(reason);

    /// <summary>The elements from <paramref name="from"/> up to <paramref name="to"/>, counted from the back when negative; an absent end
    /// is the list's.</summary>
    public static Seq<T> Slice<T>(Seq<T> list, Dim? from, Dim? to)
    {
        if (!list.IsKnown)
            return list;
        int length = list.Items.Length;
        Dim start = from ?? 0, stop = to ?? length;
        if ((start.Reason ?? stop.Reason) is { } reason)
            return Seq<T>.Invalid(reason);
        if (!start.IsKnown || !stop.IsKnown)
            return default;
        long first = start.Value < 0 ? start.Value + length : start.Value, last = stop.Value < 0 ? stop.Value + length : stop.Value;
        if (first < 0 || last > length || first > last)
            return Seq<T>.Invalid($"[{start}:{stop}] is outside a list of {length}");
        return new Seq<T>(list.Items.Slice((int)first, (int)(last - first)).ToArray());
    }

    /// <summary>The integers from 0 below <paramref name="count"/>.</summary>
    public static Seq<Dim> Range(Dim count) => Range(0, count);

    /// <summary>The integers from <paramref name="from"/> below <paramref name="to"/>.</summary>
    public static Seq<Dim> Range(Dim from, Dim to)
    {
        if ((from.Reason ?? to.Reason) is { } reason)
            return Seq<Dim>.Invalid(reason);
        if (!from.IsKnown || !to.IsKnown || to.Value - (decimal)from.Value > MaxLength)
            return default;
        var items = new Dim[Math.Max(0, to.Value - from.Value)];
        for (int i = 0; i < items.Length; i++)
            items[i] = from.Value + i;
        return new Seq<Dim>(items);
    }

    /// <summary>Each element, mapped.</summary>
    public static Seq<R> Map<T, R>(Seq<T> list, Func<T, R> map)
    {
        if (!list.IsKnown)
            return new Seq<R>(null, list.Reason);
        var mapped = new R[list.Items.Length];
        for (int i = 0; i < mapped.Length; i++)
            mapped[i] = map(list.Items[i]);
        return new Seq<R>(mapped);
    }

    /// <summary>Elements at the same place, mapped; a list of one element goes with any length.</summary>
    public static Seq<R> Map<T, U, R>(Seq<T> left, Seq<U> right, Func<T, U, R> map)
    {
        if (!left.IsKnown || !right.IsKnown)
            return new Seq<R>(null, left.Reason ?? right.Reason);
        int n = left.Items.Length, m = right.Items.Length;
        if (n != m && n != 1 && m != 1)
            return Seq<R>.Invalid($"a list of {n} does not go with a list of {m}");
        var mapped = new R[n == 1 ? m : n];
        for (int i = 0; i < mapped.Length; i++)
            mapped[i] = map(left.Items[n == 1 ? 0 : i], right.Items[m == 1 ? 0 : i]);
        return new Seq<R>(mapped);
    }

    /// <summary>The elements that satisfy a condition; unknown as soon as one of the answers is.</summary>
    public static Seq<T> Where<T>(Seq<T> list, Func<T, Truth> condition)
    {
        if (!list.IsKnown)
            return list;
        var kept = new List<T>();
        foreach (T item in list.Items)
        {
            Truth keep = condition(item);
            if (keep.IsInvalid)
                return Seq<T>.Invalid(keep.Reason!);
            if (!keep.IsTrue && !keep.IsFalse)
                return default;
            if (keep.IsTrue)
                kept.Add(item);
        }
        return new Seq<T>([.. kept]);
    }

    /// <summary>The lists that the elements map to, one after another.</summary>
    public static Seq<R> MapMany<T, R>(Seq<T> list, Func<T, Seq<R>> map)
    {
        Seq<Seq<R>> parts = Map(list, map);
        return parts.IsKnown ? Join(parts.ToArray()) : new Seq<R>(null, parts.Reason);
    }

    /// <summary>The sum, 0 when empty.</summary>
    public static Dim Sum(Seq<Dim> list) => Fold(list, 0, (a, b) => a + b);

    /// <summary>The sum of reals, 0 when empty.</summary>
    public static Real Sum(Seq<Real> list) => list.IsKnown ? list.ToArray().Aggregate((Real)0.0, (a, b) => a + b) : Real.Unknown;

    /// <summary>The product of reals, 1 when empty.</summary>
    public static Real Product(Seq<Real> list) => list.IsKnown ? list.ToArray().Aggregate((Real)1.0, (a, b) => a * b) : Real.Unknown;

    /// <summary>The product, 1 when empty. A factor 0 makes it 0 whatever the others are.</summary>
    public static Dim Product(Seq<Dim> list) => Fold(list, 1, (a, b) => a * b);

    /// <summary>The least element; invalid when empty.</summary>
    public static Dim Min(Seq<Dim> list) => Best(list, Dim.Min);

    /// <summary>The greatest element; invalid when empty.</summary>
    public static Dim Max(Seq<Dim> list) => Best(list, Dim.Max);

    /// <summary>The least of some reals; unknown when there is none.</summary>
    public static Real Min(Seq<Real> list) => Best(list, Real.Min);

    /// <summary>The greatest of some reals; unknown when there is none.</summary>
    public static Real Max(Seq<Real> list) => Best(list, Real.Max);

    /// <summary>The first place of <paramref name="item"/>; invalid when it is not there.</summary>
    public static Dim IndexOf(Seq<Dim> list, Dim item)
    {
        if (!list.IsKnown)
            return list.Reason is { } why ? Dim.Invalid(why) : Dim.Unknown;
        for (int i = 0; i < list.Items.Length; i++)
        {
            Truth same = list.Items[i] == item;
            if (same.IsTrue)
                return i;
            if (!same.IsFalse)
                return Dim.Unknown;
        }
        return Dim.Invalid($"{item} is not in {list}");
    }

    /// <summary>Whether no element occurs twice.</summary>
    public static Truth Distinct(Seq<Dim> list)
    {
        if (!list.IsKnown)
            return list.Reason is { } why ? Truth.Invalid(why) : Truth.Unknown;
        bool allKnown = true;
        foreach (Dim item in list.Items)
        {
            if (item.Reason is { } invalid)
                return Truth.Invalid(invalid);
            allKnown &= item.IsKnown;
        }
        if (allKnown)
        {
            var seen = new HashSet<long>();
            foreach (Dim item in list.Items)
                if (!seen.Add(item.Value))
                    return false;
            return true;
        }
        Truth distinct = true;
        for (int i = 0; i < list.Items.Length && !distinct.IsFalse; i++)
            for (int j = 0; j < i && !distinct.IsFalse; j++)
                distinct &= list.Items[i] != list.Items[j];
        return distinct;
    }

    /// <summary>Whether <paramref name="item"/> is one of the elements.</summary>
    public static Truth Contains(Seq<Dim> list, Dim item) => Truth.Any(Map(list, x => x == item));

    /// <summary>Whether <paramref name="item"/> is one of the elements.</summary>
    public static Truth Contains(Seq<Real> list, Real item) => Truth.Any(Map(list, x => x == item));

    /// <summary>Whether <paramref name="item"/> is one of the elements; unknown when it is null.</summary>
    public static Truth Contains(Seq<string> list, string? item) =>
        item is null ? Truth.Unknown : Truth.Any(Map(list, x => (Truth)(x == item)));

    /// <summary>Whether <paramref name="item"/> is one of the elements; unknown when either is.</summary>
    public static Truth Contains(Seq<ElementType> list, ElementType item) => Truth.Any(Map(list, x => Same(x, item)));

    /// <summary>Whether two element types are the same; unknown when one is not known.</summary>
    public static Truth Same(ElementType left, ElementType right) =>
        left == ElementType.Undefined || right == ElementType.Undefined ? Truth.Unknown : left == right;

    /// <summary>Whether two texts are the same; unknown when one is null.</summary>
    public static Truth Same(string? left, string? right) => left is null || right is null ? Truth.Unknown : left == right;

    /// <summary>Whether two lists have the same length and elements.</summary>
    public static Truth Same(Seq<Dim> left, Seq<Dim> right) => Same(left, right, (a, b) => a == b);

    /// <summary>Whether two lists have the same length and elements.</summary>
    public static Truth Same(Seq<Real> left, Seq<Real> right) => Same(left, right, (a, b) => a == b);

    /// <summary>Whether two lists have the same length and elements.</summary>
    public static Truth Same(Seq<string> left, Seq<string> right) => Same(left, right, (a, b) => Same(a, b));

    /// <summary>Whether two lists have the same length and elements.</summary>
    public static Truth Same(Seq<ElementType> left, Seq<ElementType> right) => Same(left, right, (a, b) => Same(a, b));

    /// <summary>Whether two lists have the same length and elements.</summary>
    public static Truth Same<T>(Seq<T> left, Seq<T> right, Func<T, T, Truth> same)
    {
        if ((left.Reason ?? right.Reason) is { } reason)
            return Truth.Invalid(reason);
        if (!left.IsKnown || !right.IsKnown)
            return Truth.Unknown;
        return left.Items.Length != right.Items.Length ? false : Truth.All(Map(left, right, same));
    }

    /// <summary>
    /// ONNX's multidirectional broadcasting: aligned at the last axis, 1 gives way to the other dim, two different numbers are invalid, two
    /// different symbols are unknown.
    /// </summary>
    public static Seq<Dim> Broadcast(params Seq<Dim>[] shapes)
    {
        int rank = 0;
        foreach (Seq<Dim> shape in shapes)
        {
            if (!shape.IsKnown)
                return shape;
            rank = Math.Max(rank, shape.Items.Length);
        }
        var result = new Dim[rank];
        for (int i = 0; i < rank; i++)
        {
            Dim dim = 1;
            foreach (Seq<Dim> shape in shapes)
            {
                int axis = i - (rank - shape.Items.Length);
                if (axis >= 0)
                    dim = BroadcastDim(dim, shape.Items[axis]);
            }
            result[i] = dim;
        }
        foreach (Dim dim in result)
            if (dim.Reason is { } reason)
                return Seq<Dim>.Invalid($"{string.Join(" and ", shapes)} do not broadcast: {reason}");
        return new Seq<Dim>(result);
    }

    /// <summary>Broadcasting of a family's shapes.</summary>
    public static Seq<Dim> Broadcast(Seq<Seq<Dim>> shapes) =>
        shapes.IsKnown ? Broadcast(shapes.ToArray()) : new Seq<Dim>(null, shapes.Reason);

    private static Dim BroadcastDim(Dim left, Dim right)
    {
        // What has already failed stays failed, whatever comes next.
        if (left.Reason is not null)
            return left;
        if (right.Reason is not null)
            return right;
        if (left is { IsKnown: true, Value: 1 })
            return right;
        if (right is { IsKnown: true, Value: 1 })
            return left;
        if (left.IsKnown && right.IsKnown)
            return left.Value == right.Value ? left : Dim.Invalid($"{left} against {right}");
        // A known dim other than 1 decides: the other one is 1 or the same.
        if (left.IsKnown)
            return left;
        if (right.IsKnown)
            return right;
        return (left == right).IsTrue ? left : Dim.Unknown;
    }

    private static Dim Fold(Seq<Dim> list, Dim start, Func<Dim, Dim, Dim> combine)
    {
        if (!list.IsKnown)
            return list.Reason is { } why ? Dim.Invalid(why) : Dim.Unknown;
        Dim result = start;
        foreach (Dim item in list.Items)
            result = combine(result, item);
        return result;
    }

    private static Dim Best(Seq<Dim> list, Func<Dim, Dim, Dim> better)
    {
        if (!list.IsKnown || list.Items.Length == 0)
            return list.Reason is { } why ? Dim.Invalid(why)
                : list.IsKnown ? Dim.Invalid("an empty list has no least or greatest element")
                : Dim.Unknown;
        Dim best = list.Items[0];
        foreach (Dim item in list.Items)
            best = better(best, item);
        return best;
    }

    private static Real Best(Seq<Real> list, Func<Real, Real, Real> better) =>
        list.IsKnown && list.Items.Length > 0 ? list.ToArray().Aggregate(better) : Real.Unknown;

    private static bool TryAt<T>(Seq<T> list, Dim index, out T item, out string? reason)
    {
        item = default!;
        reason = list.Reason ?? index.Reason;
        if (reason is not null || !list.IsKnown || !index.IsKnown)
            return false;
        int length = list.Items.Length;
        long place = index.Value < 0 ? index.Value + length : index.Value;
        if (place < 0 || place >= length)
        {
            reason = $"[{index}] is outside a list of {length}";
            return false;
        }
        item = list.Items[(int)place];
        return true;
    }
}
