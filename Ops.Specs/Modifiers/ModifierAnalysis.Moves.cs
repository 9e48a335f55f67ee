using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <content>Ops that make positions, and ops that move elements: these only change coordinates.</content>
internal sealed partial class ModifierAnalysis
{
    private ModifierField[] Moves(Call call)
    {
        switch (call.Node.Op)
        {
            case "Constant": return [Constant(call)];
            case "Shape": return [Shape(call)];
            case "Size": return [ModifierField.Scalar(ElementType.Int64,
                exprs.Extent(call.Field(0).Dims.Aggregate((Dim)1, (n, d) => n * d)))];
            case "Range": return [Range(call)];
            case "ConstantOfShape": return [ConstantOfShape(call)];
            case "CumSum": return [CumSum(call)];
            case "NonZero": return [NonZero(call)];
            case "Trilu": return [Trilu(call)];
            case "EyeLike": return [EyeLike(call)];
            case "Reshape": return [Reshape(call.Field(0), Target(call))];
            case "Flatten": return [Flatten(call)];
            case "Squeeze": return [Squeeze(call)];
            case "Unsqueeze": return [Unsqueeze(call)];
            case "Expand": return [Expand(call.Field(0), call.List(1, "shape")!)];
            case "Tile": return [Tile(call)];
            case "Transpose": return [Transpose(call)];
            case "Slice": return [Slice(call)];
            case "Split": return Split(call);
            case "Concat": return [Concat(call)];
            case "Gather": return [Gather(call)];
            case "GatherElements": return [GatherElements(call)];
            case "GatherND": return [GatherND(call)];
            case "Dropout" when !call.Has(2)
                || call.Field(2) is { Rank: 0, Expr: { IsConstant: true, Integer: 0 } }: return [call.Field(0)];
            case "ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceMean" or "ReduceL1" or "ReduceL2" or "ReduceSumSquare"
                or "ReduceLogSum" or "ReduceLogSumExp": return [Reduce(call)];
            case "If" or "Loop" or "Scan": throw new ModifierException("control flow");
            default: throw new ModifierException($"{call.Node.Op} is no function of single elements that modifiers know");
        }
    }

    /// <summary>A value seen at other coordinates.</summary>
    /// <param name="x">The value.</param>
    /// <param name="dims">The dims of the result.</param>
    /// <param name="place">What the coordinate of an axis of x, from the first, becomes; the arguments of it are coordinates of the
    /// result.</param>
    private ModifierField View(ModifierField x, Dim[] dims, Func<int, ModifierExpr> place) =>
        ModifierField.Of(x.Type, dims, exprs.Substitute(ExprOf(x), c => place(x.Rank - 1 - c.Axis)));

    private ModifierExpr At(Dim[] dims, int axis) => exprs.Coordinate(dims.Length - 1 - axis, dims[axis]);

    private static bool IsList(ModifierField x) => x.Items is not null;

    private ModifierField Constant(Call call)
    {
        foreach (KeyValuePair<string, object> attribute in call.Node.Attributes)
        {
            switch (attribute.Key, attribute.Value)
            {
                case ("value", ModifierTensor tensor): return Leaf(tensor);
                case ("value_int", long value): return ModifierField.Scalar(ElementType.Int64, exprs.Integer(value));
                case ("value_float", float value): return ModifierField.Scalar(ElementType.Float, exprs.Real(value, ElementType.Float));
                case ("value_ints", long[] values): return Leaf(ModifierTensor.Of(call.Node.Outputs[0], values, values.Length));
                case ("value_floats", float[] values): return Leaf(ModifierTensor.Of(call.Node.Outputs[0], ElementType.Float,
                    Array.ConvertAll(values, v => (double)v), values.Length));
            }
        }
        throw new ModifierException("a constant without numbers");
    }

    private ModifierField Shape(Call call)
    {
        Dim[] dims = call.Field(0).Dims;
        int start = Bound(call.Int("start", 0)), end = Bound(call.Int("end", dims.Length));
        return ModifierField.List(ElementType.Int64, [.. dims.Skip(start).Take(Math.Max(0, end - start)).Select(exprs.Extent)]);

        int Bound(long axis) => (int)Math.Max(0, Math.Min(dims.Length, axis < 0 ? axis + dims.Length : axis));
    }

    private ModifierField Range(Call call)
    {
        ModifierField[] bounds = [call.Number(0), call.Number(1), call.Number(2)];
        ElementType type = SameType(bounds);
        ModifierExpr[] ends = Array.ConvertAll(bounds, ScalarOf);
        if (type.IsFloat())
        {
            if (exprs.Whole(ends[0]) is { } first && exprs.Whole(ends[1]) is { } last && exprs.Whole(ends[2]) is { } by)
            {
                double exact = ModifierTypes.Exact(type);
                ModifierField whole = Positions(first, last, by, type);
                return whole.Expr.Range.Within(-exact, exact) ? ModifierField.Of(type, whole.Dims, exprs.ToReal(whole.Expr, type))
                    : throw new ModifierException("the range leaves the integers that its type has");
            }
            if (!ends.All(e => e.IsConstant) || type is not (ElementType.Float or ElementType.Double))
                throw new ModifierException("a range of reals whose bounds depend on data");
            Dim count = (long)Math.Max(0, Math.Ceiling((ends[1].Real - ends[0].Real) / ends[2].Real));
            return ModifierField.Of(type, [count],
                exprs.Apply(ModifierOp.Add, ends[0],
                    exprs.Apply(ModifierOp.Multiply, exprs.ToReal(exprs.Coordinate(0, count), type), ends[2])));
        }
        return Checked(Positions(ends[0], ends[1], ends[2], type));
    }

    private ModifierExpr ScalarOf(ModifierField field) =>
        Elements(field) is { Length: 1 } only ? only[0] : throw new ModifierException("it takes a list for a scalar");

    private ModifierField Positions(ModifierExpr start, ModifierExpr limit, ModifierExpr step, ElementType type)
    {
        if (step is not { IsConstant: true, Integer: not 0 })
            throw new ModifierException("the step of a range depends on data");
        Dim span = DimOf(exprs.Sum(limit, start, -1)), count = step.Integer == 1 ? span
            : span.IsKnown ? (span.Value + step.Integer - Math.Sign(step.Integer)) / step.Integer
            : throw new ModifierException("a range of an unknown number of steps");
        if (count.IsKnown)
            count = Math.Max(0, count.Value);
        return ModifierField.Of(type, [count], exprs.Sum(start, exprs.Coordinate(0, count), step.Integer));
    }

    private ModifierField ConstantOfShape(Call call)
    {
        Dim[] dims = DimsOf(call.Field(0));
        ModifierField value = call.Find("value") is ModifierTensor tensor
            ? Leaf(tensor) : ModifierField.Scalar(ElementType.Float, exprs.Real(0, ElementType.Float));
        return ModifierField.Of(value.Type, dims, ExprOf(value));
    }

    private ModifierField CumSum(Call call)
    {
        ModifierField x = call.Number(0);
        int axis = Call.Axis(DimOf(ScalarOf(call.Field(1))).ValueOr(long.MaxValue), x.Rank);
        ModifierExpr e = ExprOf(x), place = At(x.Dims, axis), last = exprs.Sum(exprs.Extent(x.Dims[axis]), exprs.Integer(1), -1);
        if (e.HasScore)
            throw new ModifierException("it adds scores up");
        if (DependsOn(e, x.Rank - 1 - axis))
            throw new ModifierException("it adds up what differs from position to position");
        ModifierExpr count = call.Int("reverse", 0) != 0 ? exprs.Sum(last, place, -1) : place;
        if (call.Int("exclusive", 0) == 0)
            count = exprs.Sum(count, exprs.Integer(1), 1);
        if (x.Type.IsFloat())
        {
            double exact = ModifierTypes.Exact(x.Type);
            ModifierExpr sum = exprs.Whole(e) is { } whole
                ? exprs.Apply(ModifierOp.Multiply, whole, count) : throw new ModifierException("it adds up fractions");
            return sum.Range.Within(-exact, exact) ? ModifierField.Of(x.Type, x.Dims, exprs.ToReal(sum, x.Type))
                : throw new ModifierException("the sum leaves the integers that its type has");
        }
        return Checked(ModifierField.Of(x.Type, x.Dims, exprs.Apply(ModifierOp.Multiply, e, count)));
    }

    private static bool DependsOn(ModifierExpr e, int axis) =>
        (e.Uses & (axis < 4 ? (ModifierUses)(1 << axis) : ModifierUses.Further)) != 0;

    private ModifierField NonZero(Call call)
    {
        ModifierField x = call.Field(0);
        ModifierExpr truth = exprs.ToTruth(ExprOf(x));
        if (!truth.Range.IsTrue || x.Rank != 1)
            throw new ModifierException("which elements are not 0 depends on data");
        return ModifierField.Of(ElementType.Int64, [1, x.Dims[0]], exprs.Coordinate(0, x.Dims[0]));
    }

    private ModifierField Trilu(Call call)
    {
        ModifierField x = call.Field(0);
        if (x.Rank < 2)
            throw new ModifierException("it wants a matrix");
        ModifierExpr k = call.Has(1) ? Elements(call.Field(1))[0] : exprs.Integer(0), e = ExprOf(x);
        ModifierExpr above = exprs.Sum(At(x.Dims, x.Rank - 1), At(x.Dims, x.Rank - 2), -1);
        ModifierExpr kept = call.Int("upper", 1) != 0
            ? exprs.Apply(ModifierOp.LessOrEqual, k, above) : exprs.Apply(ModifierOp.LessOrEqual, above, k);
        return ModifierField.Of(x.Type, x.Dims, exprs.Where(kept, e, e.IsTruth ? exprs.Truth(false) : Number(0, e)));
    }

    private ModifierField EyeLike(Call call)
    {
        ModifierField x = call.Field(0);
        if (x.Rank != 2)
            throw new ModifierException("it wants a matrix");
        ElementType type = (ElementType)call.Int("dtype", (long)x.Type);
        ModifierExpr hit = exprs.Apply(ModifierOp.Equal, At(x.Dims, 1), exprs.Sum(At(x.Dims, 0), exprs.Integer(call.Int("k", 0)), 1));
        return Cast(ModifierField.Of(ElementType.Bool, x.Dims, hit), type);
    }

    private Dim[] Target(Call call)
    {
        ModifierField x = call.Field(0);
        Dim[] target = call.List(1, "shape") ?? throw new ModifierException("the shape is missing");
        bool zeroIsZero = call.Int("allowzero", 0) != 0;
        Dim rest = x.Dims.Aggregate((Dim)1, (n, d) => n * d);
        int open = -1;
        for (int k = 0; k < target.Length; k++)
        {
            if (target[k] is { IsKnown: true, Value: -1 })
            {
                open = open < 0 ? k : throw new ModifierException("two dims are -1");
                continue;
            }
            if (target[k] is { IsKnown: true, Value: 0 } && !zeroIsZero)
                target[k] = k < x.Rank ? x.Dims[k] : throw new ModifierException("a dim 0 has no counterpart");
            if (open < 0 || !target[k].IsKnown || target[k].Value != 0)
                rest = rest.IsKnown && target[k].IsKnown && target[k].Value == 0 ? rest : rest / target[k];
        }
        if (open >= 0)
            target[open] = rest.AsExtent();
        foreach (Dim dim in target)
            if (dim.Reason is { } reason)
                throw new ModifierException(reason);
        return target;
    }

    private ModifierField Flatten(Call call)
    {
        ModifierField x = call.Field(0);
        long axis = call.Int("axis", 1);
        int at = axis == x.Rank ? x.Rank : Call.Axis(axis, x.Rank);
        return Reshape(x, [x.Dims.Take(at).Aggregate((Dim)1, (n, d) => n * d), x.Dims.Skip(at).Aggregate((Dim)1, (n, d) => n * d)]);
    }

    /// <summary>Axes are matched where they are the same; where some are split or merged, coordinates become quotients and
    /// remainders.</summary>
    private ModifierField Reshape(ModifierField x, Dim[] dims)
    {
        if (IsList(x) && dims.Length == 1)
            return x;
        var places = new ModifierExpr[x.Rank];
        int from = 0, to = 0;
        while (from < x.Rank || to < dims.Length)
        {
            if (from < x.Rank && IsOne(x.Dims[from]))
            {
                places[from++] = exprs.Integer(0);
                continue;
            }
            if (to < dims.Length && IsOne(dims[to]))
            {
                to++;
                continue;
            }
            if (from == x.Rank || to == dims.Length)
                throw new ModifierException($"[{string.Join(", ", x.Dims)}] does not fill [{string.Join(", ", dims)}]");
            int firstFrom = from, firstTo = to;
            Dim own = x.Dims[from++], other = dims[to++];
            while (!own.Equals(other)
                && !(from - firstFrom == 1 && to - firstTo == 1 && from == x.Rank && to == dims.Length && Same(own, other)))
            {
                bool moreOwn = own.IsKnown && other.IsKnown
                    ? own.Value < other.Value : from < x.Rank && (to - firstTo > from - firstFrom || to == dims.Length);
                if (moreOwn && from < x.Rank) own *= x.Dims[from++];
                else if (!moreOwn && to < dims.Length) other *= dims[to++];
                else throw new ModifierException($"[{string.Join(", ", x.Dims)}] does not fill [{string.Join(", ", dims)}]");
            }
            ModifierExpr linear = exprs.Integer(0);
            for (int k = firstTo; k < to; k++)
                linear = exprs.Sum(exprs.Apply(ModifierOp.Multiply, linear, exprs.Extent(dims[k])), At(dims, k), 1);
            for (int k = from - 1; k >= firstFrom; k--)
            {
                if (IsOne(x.Dims[k]))
                {
                    places[k] = exprs.Integer(0);
                    continue;
                }
                ModifierExpr extent = exprs.Extent(x.Dims[k]);
                bool first = x.Dims.Skip(firstFrom).Take(k - firstFrom).All(IsOne);
                if (!first && extent.Range.Low <= 0)
                    throw new ModifierException("axes of unknown extents are split");
                places[k] = first ? linear : exprs.Apply(ModifierOp.Modulo, linear, extent);
                if (!first)
                    linear = exprs.Apply(ModifierOp.Divide, linear, extent);
            }
        }
        return View(x, dims, axis => places[axis]);
    }

    private ModifierField Squeeze(Call call)
    {
        ModifierField x = call.Field(0);
        int[] axes = call.Axes(1, "axes", x.Rank) ?? [.. Enumerable.Range(0, x.Rank).Where(k => IsOne(x.Dims[k]))];
        if (axes.Any(k => !Same(x.Dims[k], 1)))
            throw new ModifierException("an axis squeezed is not of extent 1");
        return Reshape(x, [.. x.Dims.Where((_, k) => !axes.Contains(k))]);
    }

    private ModifierField Unsqueeze(Call call)
    {
        ModifierField x = call.Field(0);
        Dim[] list = call.List(1, "axes") ?? throw new ModifierException("the axes are missing");
        int rank = x.Rank + list.Length;
        HashSet<int> axes = [.. list.Select(d => Call.Axis(d.ValueOr(long.MaxValue), rank))];
        if (axes.Count != list.Length)
            throw new ModifierException("an axis stands twice");
        var dims = new Dim[rank];
        for (int k = 0, from = 0; k < rank; k++)
            dims[k] = axes.Contains(k) ? 1 : x.Dims[from++];
        return Reshape(x, dims);
    }

    private ModifierField Expand(ModifierField x, Dim[] shape)
    {
        Dim[] dims = Broadcast(x.Dims, shape);
        return ModifierField.Of(x.Type, dims, ExprOf(x));
    }

    private ModifierField Tile(Call call)
    {
        ModifierField x = call.Field(0);
        Dim[] repeats = DimsOf(call.Field(1));
        if (repeats.Length != x.Rank)
            throw new ModifierException("repeats do not fit the rank");
        Dim[] dims = [.. x.Dims.Select((d, k) => d * repeats[k])];
        return View(x, dims, k => IsOne(repeats[k]) ? At(dims, k) : exprs.Apply(ModifierOp.Modulo, At(dims, k), exprs.Extent(x.Dims[k])));
    }

    private ModifierField Transpose(Call call)
    {
        ModifierField x = call.Field(0);
        int[] order = call.Find("perm") is long[] perm
            ? Array.ConvertAll(perm, p => Call.Axis(p, x.Rank)) : [.. Enumerable.Range(0, x.Rank).Reverse()];
        if (order.Length != x.Rank || order.Distinct().Count() != x.Rank)
            throw new ModifierException("perm is no permutation");
        Dim[] dims = [.. order.Select(k => x.Dims[k])];
        return View(x, dims, axis => At(dims, Array.IndexOf(order, axis)));
    }

    private ModifierField Slice(Call call)
    {
        ModifierField x = call.Field(0);
        Dim[] starts = call.List(1, "starts")!, ends = call.List(2, "ends")!;
        int[] axes = call.Axes(3, "axes", x.Rank) ?? [.. Enumerable.Range(0, starts.Length)];
        Dim[] steps = call.List(4, "steps") ?? [.. starts.Select(_ => (Dim)1)];
        Dim[] dims = [.. x.Dims];
        var first = new Dim[x.Rank];
        var step = new long[x.Rank];
        for (int k = 0; k < x.Rank; k++)
            (first[k], step[k]) = (0, 1);
        for (int n = 0; n < axes.Length; n++)
        {
            int axis = axes[n];
            Dim extent = x.Dims[axis];
            step[axis] = steps[n].IsKnown && steps[n].Value != 0 ? steps[n].Value : throw new ModifierException("a step depends on data");
            if (extent.IsKnown && starts[n].IsKnown && ends[n].IsKnown)
            {
                long size = extent.Value, by = step[axis], low = by > 0 ? 0 : -1, high = by > 0 ? size : size - 1;
                long from = Math.Max(by > 0 ? 0 : 0,
                    Math.Min(by > 0 ? size : size - 1, starts[n].Value < 0 ? starts[n].Value + size : starts[n].Value));
                long to = Math.Max(low, Math.Min(high, ends[n].Value < 0 && ends[n].Value >= -size ? ends[n].Value + size : ends[n].Value));
                first[axis] = from;
                dims[axis] = Math.Max(0, by > 0 ? (to - from + by - 1) / by : (from - to - by - 1) / -by);
                continue;
            }
            // Of an unknown extent: a whole axis, or a part that begins or ends at one of its ends.
            if (step[axis] != 1)
                throw new ModifierException("an axis of unknown extent is stepped through");
            Dim From(Dim bound) => bound is { IsKnown: true, Value: < 0 } ? extent + bound : bound;
            first[axis] = From(starts[n]);
            Dim end = ends[n].IsKnown && ends[n].Value >= int.MaxValue ? extent : From(ends[n]);
            dims[axis] = end - first[axis];
            if (!end.Equals(extent) && !extent.IsSymbolic)
                throw new ModifierException("a slice ends at an unknown place");
        }
        if (IsList(x))
            return first[0].IsKnown && dims[0].IsKnown ? ModifierField.List(x.Type,
                [.. Enumerable.Range(0, (int)dims[0].Value).Select(i => x.Items![first[0].Value + i * step[0]])])
                : throw new ModifierException("a shape is cut at an unknown place");
        return View(x, dims, k => exprs.Sum(exprs.Extent(first[k]), At(dims, k), step[k]));
    }

    private ModifierField[] Split(Call call)
    {
        ModifierField x = call.Field(0);
        int axis = Call.Axis(call.Int("axis", 0), x.Rank);
        int count = call.Node.Outputs.Count;
        Dim extent = x.Dims[axis];
        Dim[] parts = call.List(1, "split") ?? (extent.IsKnown
            ? [.. Enumerable.Range(0, count)
                .Select(n => (Dim)Math.Min((extent.Value + count - 1) / count,
                    Math.Max(0, extent.Value - n * ((extent.Value + count - 1) / count))))]
            : throw new ModifierException("an unknown extent is split"));
        if (parts.Length != count)
            throw new ModifierException($"there are {parts.Length} parts for {count} outputs");
        var results = new ModifierField[count];
        Dim start = 0;
        for (int n = 0; n < count; n++)
        {
            Dim[] dims = [.. x.Dims];
            dims[axis] = parts[n];
            Dim from = start;
            results[n] = IsList(x) ? ModifierField.List(x.Type, [.. x.Items!.Skip((int)from.Value).Take((int)parts[n].Value)])
                : View(x, dims, k => k == axis ? exprs.Sum(exprs.Extent(from), At(dims, k), 1) : At(dims, k));
            start += parts[n];
        }
        return results;
    }

    private ModifierField Concat(Call call)
    {
        ModifierField[] parts = [.. Enumerable.Range(0, call.Count).Select(call.Field)];
        ElementType type = SameType(parts);
        int rank = parts[0].Rank, axis = Call.Axis(call.Int("axis", 0), rank);
        if (rank == 1 && ModifierTypes.IsInteger(type) && parts.All(p => p.Dims[0].IsKnown)
            && parts.Sum(p => p.Dims[0].Value) <= ModifierField.LongestList)
            return ModifierField.List(type, [.. parts.SelectMany(Elements)]);
        if (parts.Any(p => p.Rank != rank || Enumerable.Range(0, rank).Any(k => k != axis && !Same(p.Dims[k], parts[0].Dims[k]))))
            throw new ModifierException("the parts do not fit each other");
        Dim[] dims = [.. parts[0].Dims];
        dims[axis] = parts.Aggregate((Dim)0, (n, p) => n + p.Dims[axis]);
        ModifierExpr place = At(dims, axis), start = exprs.Integer(0);
        ModifierExpr? result = null;
        foreach (ModifierField part in parts)
        {
            if (part.Dims[axis] is { IsKnown: true, Value: 0 })
                continue;
            // Beyond its own elements a part is not looked at, but its coordinates stay within it.
            ModifierExpr extent = exprs.Extent(part.Dims[axis]), last = exprs.Sum(extent, exprs.Integer(1), -1), from = start;
            ModifierExpr inside = exprs.Apply(ModifierOp.Minimum,
                exprs.Apply(ModifierOp.Maximum, exprs.Sum(place, from, -1), exprs.Integer(0)), last);
            ModifierExpr e = View(part, dims, k => k == axis ? inside : At(dims, k)).Expr;
            result = result is null ? e : exprs.Where(exprs.Apply(ModifierOp.Less, place, from), result, e);
            start = exprs.Sum(start, extent, 1);
        }
        return ModifierField.Of(type, dims, result ?? throw new ModifierException("there is nothing to join"));
    }

    /// <summary>An index that counts from the end where it is negative; refused where it may leave the axis.</summary>
    private ModifierExpr Index(ModifierExpr index, Dim extent)
    {
        ModifierExpr size = exprs.Extent(extent);
        if (index.Range.Low < 0)
        {
            // From -n to n - 1: what a remainder makes of it is within the axis.
            ModifierExpr shifted = exprs.Sum(index, size, 1);
            if (shifted.Range.Low < 0 || !exprs.Apply(ModifierOp.Less, index, size).Range.IsTrue || !extent.IsKnown)
                return Deferred(index, extent);
            return index.Range.High < 0 ? shifted : exprs.Apply(ModifierOp.Modulo, shifted, size);
        }
        return exprs.Apply(ModifierOp.Less, index, size).Range.IsTrue ? index : Deferred(index, extent);
    }

    private ModifierExpr Deferred(ModifierExpr index, Dim extent)
    {
        if (!defersPlaces || !extent.IsKnown || index.HasScore)
            throw new ModifierException($"an index of {index.Range} may leave the axis of extent {extent}");
        places.Add((index, extent.Value));
        return index;
    }

    private ModifierField Gather(Call call)
    {
        ModifierField x = call.Field(0), indices = call.Field(1);
        int axis = Call.Axis(call.Int("axis", 0), x.Rank);
        if (!ModifierTypes.IsInteger(indices.Type))
            throw new ModifierException("the indices are no integers");
        if (IsList(x))
        {
            ModifierExpr[] places = indices.Rank <= 1 ? Elements(indices) : [];
            if (places.Length > 0 && places.All(p => p.IsConstant))
            {
                ModifierExpr[] taken = [.. places.Select(p => Index(p, x.Items!.Length).Integer is >= 0 and var at && at < x.Items!.Length
                    ? x.Items[at] : throw new ModifierException($"there is no element {p.Integer} of {x.Items!.Length}"))];
                return indices.Rank == 0 ? ModifierField.Scalar(x.Type, taken[0]) : ModifierField.List(x.Type, taken);
            }
        }
        Dim[] dims = [.. x.Dims.Take(axis), .. indices.Dims, .. x.Dims.Skip(axis + 1)];
        int behind = x.Rank - 1 - axis;
        // The coordinates of the indices lie before those of the axes behind.
        ModifierExpr index = Index(exprs.Substitute(ExprOf(indices), c => exprs.Coordinate(c.Axis + behind, c.Extent)), x.Dims[axis]);
        return View(x, dims, k => k < axis ? At(dims, k) : k > axis ? At(dims, k + indices.Rank - 1) : index);
    }

    private ModifierField GatherElements(Call call)
    {
        ModifierField x = call.Field(0), indices = call.Field(1);
        int axis = Call.Axis(call.Int("axis", 0), x.Rank);
        if (indices.Rank != x.Rank)
            throw new ModifierException("the indices have another rank");
        ModifierExpr index = Index(ExprOf(indices), x.Dims[axis]);
        return View(x, indices.Dims, k => k == axis ? index : At(indices.Dims, k));
    }

    private ModifierField GatherND(Call call)
    {
        ModifierField x = call.Field(0), indices = call.Field(1);
        int batch = (int)call.Int("batch_dims", 0), last = indices.Rank - 1;
        if (last < 0 || !indices.Dims[last].IsKnown || batch + indices.Dims[last].Value > x.Rank)
            throw new ModifierException("the indices do not fit");
        int length = (int)indices.Dims[last].Value, behind = x.Rank - batch - length;
        Dim[] dims = [.. indices.Dims.Take(last), .. x.Dims.Skip(batch + length)];
        var places = new ModifierExpr[length];
        ModifierExpr e = ExprOf(indices);
        for (int n = 0; n < length; n++)
        {
            int number = n;
            places[n] =
                Index(exprs.Substitute(e, c => c.Axis == 0 ? exprs.Integer(number) : exprs.Coordinate(c.Axis - 1 + behind, c.Extent)),
                x.Dims[batch + n]);
        }
        return View(x, dims, k => k < batch ? At(dims, k) : k < batch + length ? places[k - batch] : At(dims, k - length - batch + last));
    }

    private ModifierField Reduce(Call call)
    {
        string op = call.Node.Op;
        ModifierField x = call.Real(0);
        int[] axes = call.Axes(1, "axes", x.Rank) ?? [];
        bool keeps = call.Int("keepdims", 1) != 0;
        if (axes.Length == 0 && (call.Int("noop_with_empty_axes", 0) != 0 || x.Rank != 1))
            throw new ModifierException("it reduces whole tensors");
        if (axes.Length == 0)
            axes = [0];
        if (!allowReductions)
            throw new ModifierException($"{op} mixes scores of a row before the softmax");
        if (axes.Length != 1 || axes[0] != x.Rank - 1 || x.Rank != domain.Length || !SameDims(x.Dims, domain))
            throw new ModifierException("it reduces something else than rows of keys");
        ElementType type = x.Type, wide = type == ElementType.Double ? type : ElementType.Float;
        ModifierExpr e = exprs.ToReal(ExprOf(x), wide);
        ModifierExpr[] row = Identity(domain).Take(domain.Length - 1).ToArray();
        ModifierExpr Sum(ModifierExpr body) => exprs.Reduce(ModifierReduction.Sum, body, row);
        ModifierExpr result = op switch
        {
            "ReduceMax" => exprs.Reduce(ModifierReduction.Max, e, row),
            "ReduceMin" => exprs.Reduce(ModifierReduction.Min, e, row),
            "ReduceMean" => exprs.Apply(ModifierOp.Divide, Sum(e), exprs.ToReal(exprs.Extent(domain[domain.Length - 1]), wide)),
            "ReduceL1" => Sum(exprs.Apply(ModifierOp.Absolute, e)),
            "ReduceL2" => exprs.Apply(ModifierOp.Sqrt, Sum(exprs.Apply(ModifierOp.Multiply, e, e))),
            "ReduceSumSquare" => Sum(exprs.Apply(ModifierOp.Multiply, e, e)),
            "ReduceLogSum" => exprs.Apply(ModifierOp.Log, Sum(e)),
            "ReduceLogSumExp" => LogSumExp(),
            _ => Sum(e),
        };
        result = exprs.ToReal(result, type);
        Dim[] kept = [.. x.Dims.Take(x.Rank - 1), 1];
        ModifierField reduced = ModifierField.Of(type, kept, result);
        return keeps ? reduced : Reshape(reduced, [.. kept.Take(x.Rank - 1)]);

        ModifierExpr LogSumExp()
        {
            ModifierExpr peak = exprs.Reduce(ModifierReduction.Max, e, row);
            ModifierExpr from = exprs.Where(exprs.Apply(ModifierOp.IsInfinity, peak), exprs.Real(0, wide), peak);
            return exprs.Apply(ModifierOp.Add,
                exprs.Apply(ModifierOp.Log, Sum(exprs.Apply(ModifierOp.Exp, exprs.Apply(ModifierOp.Subtract, e, from)))), from);
        }
    }
}
