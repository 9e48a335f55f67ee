using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Types;
using static Ops.Specs.Evaluation.SpecValues;

namespace Ops.Specs.Evaluation;

/// <summary>
/// Computes the expressions of a spec for one choice of everything it leaves open, straight from the model: nothing of it is shared with
/// the code that is generated from the same model, so that each is a test of the other.
/// </summary>
internal sealed class SpecEvaluator(SpecChoices given)
{
    private readonly Dictionary<string, object?> lets = [];
    private readonly Dictionary<string, object?> locals = [];
    private readonly HashSet<ConditionalPort> choosing = [];

    /// <summary>Whether a rule holds; null when that is not known.</summary>
    public bool? Holds(Expr predicate)
    {
        try
        {
            return Truth(Evaluate(predicate));
        }
        catch (InvalidValueException)
        {
            return false;
        }
    }

    /// <summary>Forgets what definitions stand for, because a choice has changed.</summary>
    public void Forget() => lets.Clear();

    /// <summary>The dims of a port, or of an element of a family; null when they are not all known.</summary>
    /// <exception cref="InvalidValueException">They are no dims.</exception>
    public long[]? ShapeOf(PortType type, Family? family = null, int index = 0) =>
        DimsOf(type, family, index) is { } dims && dims.All(d => d is double) ? Array.ConvertAll(dims, d => (long)(double)d!) : null;

    /// <summary>The dims of a port, or of an element of a family, as far as they are known; null when not even their number is.</summary>
    /// <exception cref="InvalidValueException">They are no dims.</exception>
    public object?[]? DimsOf(PortType type, Family? family = null, int index = 0) => type switch
    {
        ConditionalPort conditional => Chosen(conditional) is { } chosen ? DimsOf(chosen, family, index) : null,
        TensorPort tensor => family is null ? DimsOf(tensor) : With(family.Binder, (double)index, () => DimsOf(tensor)),
        _ => null,
    };

    /// <summary>The element type of a port; undefined when it is not known.</summary>
    public ElementType ElementOf(PortType type) => type switch
    {
        ConditionalPort conditional => ElementOf(conditional.Then) is var then && then == ElementOf(conditional.Otherwise) ? then
            : Chosen(conditional) is { } chosen ? ElementOf(chosen) : ElementType.Undefined,
        TensorPort { Element: FixedElement fixedElement } => fixedElement.Type,
        TensorPort { Element: VariableElement variable } => given.Value(variable.Name) as ElementType? ?? ElementType.Undefined,
        TensorPort { Element: ComputedElement computed } => Evaluate(computed.Dtype) as ElementType? ?? ElementType.Undefined,
        _ => ElementType.Undefined,
    };

    /// <summary>The value of an expression; null when it is not known.</summary>
    /// <exception cref="InvalidValueException">It has none.</exception>
    public object? Evaluate(Expr expr) => expr switch
    {
        IntLiteral e => (double)e.Value,
        RealLiteral e => e.Value,
        BoolLiteral e => e.Value,
        StringLiteral e => e.Value,
        DtypeLiteral e => e.Value,
        NameExpr e => Name(e),
        UnaryExpr { Op: UnaryOp.Negate } e => Lift(Evaluate(e.Operand), x => -(double)x),
        UnaryExpr e => Truth(Evaluate(e.Operand)) is { } truth ? !truth : null,
        BinaryExpr e => Binary(e),
        CompareExpr e => Compare(e.Op, Evaluate(e.Left), Evaluate(e.Right)),
        MembershipExpr e => Membership(e),
        RangeExpr e => Range(e),
        ListExpr e => Items(e.Items),
        ComprehensionExpr e => Comprehension(e),
        ConditionalExpr e => Truth(Evaluate(e.Condition)) is { } condition
            ? condition ? Evaluate(e.Then) : e.Otherwise is null ? (object)true : Evaluate(e.Otherwise) : null,
        IndexExpr e => Index(e),
        CallExpr e => Call(e),
        HostExpr e => Host(e),
        _ => null,
    };

    /// <summary>The value of an expression in which a binder has a value.</summary>
    /// <exception cref="InvalidValueException">It has none.</exception>
    public object? Evaluate(Expr expr, string binder, object? value) => With(binder, value, () => Evaluate(expr));

    /// <summary>The side of a choice. Where the condition asks for the rank of the very port, chance has chosen.</summary>
    private PortType? Chosen(ConditionalPort port)
    {
        if (!choosing.Add(port))
            return given.Value(SpecChoices.FreeSide) is true ? port.Then : port.Otherwise;
        try
        {
            return Truth(Evaluate(port.Condition)) is { } holds ? holds ? port.Then : port.Otherwise : null;
        }
        finally
        {
            choosing.Remove(port);
        }
    }

    private object?[]? DimsOf(TensorPort tensor)
    {
        var dims = new List<object?>(tensor.Items.Count);
        foreach (ShapeItem item in tensor.Items)
        {
            if (item is SpliceItem splice)
            {
                if (List(splice.Dims is null ? given.Value(SpecChoices.AnyShape) : Evaluate(splice.Dims)) is not { } list)
                    return null;
                foreach (object? extent in list)
                    dims.Add(Extent(extent));
            }
            else
            {
                dims.Add(item is DimItem dim ? Extent(Evaluate(dim.Extent)) : null);
            }
        }
        return [.. dims];
    }

    private static object? Extent(object? value) => value is not double number ? null
        : number == Math.Floor(number) && number >= 0 && number <= int.MaxValue
        ? value : throw new InvalidValueException($"{number} is no extent");

    private T With<T>(string name, object? value, Func<T> compute)
    {
        bool hidden = locals.TryGetValue(name, out object? outer);
        locals[name] = value;
        try
        {
            return compute();
        }
        finally
        {
            if (hidden)
                locals[name] = outer;
            else
                locals.Remove(name);
        }
    }

    private object? Name(NameExpr name)
    {
        switch (name.Symbol)
        {
            case SymbolKind.Binder:
                return locals.TryGetValue(name.Name, out object? local) ? local : null;
            case SymbolKind.Let:
                if (!lets.TryGetValue(name.Name, out object? value))
                    lets[name.Name] = value = Evaluate(given.Names.Lets[name.Name].Value);
                return value;
            case SymbolKind.Attribute:
                AttributeModel attribute = given.Names.Attributes[name.Name];
                return given.Present.Contains(name.Name) ? given.Value(name.Name) is { } known && IsValue(known) ? known : null
                    : attribute.Default is { } fallback ? Evaluate(fallback) : null;
            case SymbolKind.Input:
                Port input = given.Names.Inputs[name.Name];
                if (given.Tensors(name.Name) is { } tensors)
                    return input.Family is null ? Read(tensors[0]) : tensors.Select(Read).ToArray();
                return !given.Present.Contains(name.Name) && input.Value is { } absent ? Evaluate(absent) : null;
            default:
                return given.Value(name.Name);
        }
    }

    private static bool IsValue(object value) => value is double or bool or string or ElementType or object?[];

    private static object? Read(TensorFacts tensor) => tensor.Items is null ? null : tensor;

    /// <summary>What C# computes; null where it is for C# alone to know.</summary>
    private object? Host(HostExpr e)
    {
        var arguments = new object?[e.Arguments.Count];
        for (int i = 0; i < arguments.Length; i++)
            try
            {
                arguments[i] = e.Arguments[i] is NameExpr { Symbol: SymbolKind.Input } name
                    ? given.Tensors(name.Name)?[0] : Evaluate(e.Arguments[i]);
            }
            catch (InvalidValueException)
            {
                // A method may not need an argument that has no value.
                arguments[i] = null;
            }
        return HostMethods.Call(given.Model.Name, e.Method, arguments);
    }

    private object? Binary(BinaryExpr e)
    {
        if (e.Op is BinaryOp.And or BinaryOp.Or)
        {
            bool decides = e.Op == BinaryOp.Or;
            bool? left = Truth(Evaluate(e.Left));
            if (left == decides)
                return decides;
            bool? right = Truth(Evaluate(e.Right));
            return right == decides ? decides : left is null || right is null ? null : !decides;
        }
        bool exact = e.Type.Kind is not (ExprKind.Real or ExprKind.RealTensor);
        return Lift(Evaluate(e.Left), Evaluate(e.Right), (a, b) => e.Op switch
        {
            BinaryOp.Add => Number(a) + Number(b),
            BinaryOp.Subtract => Number(a) - Number(b),
            BinaryOp.Multiply => Number(a) * Number(b),
            BinaryOp.Divide => exact && Number(b) == 0 ? throw new InvalidValueException("division by zero") : Number(a) / Number(b),
            _ => Number(b) == 0 ? throw new InvalidValueException("division by zero")
                : Number(a) - Number(b) * Math.Floor(Number(a) / Number(b)),
        });
    }

    private object? Membership(MembershipExpr e)
    {
        object? item = Evaluate(e.Item);
        if (e.Set is RangeExpr range)
        {
            object? from = range.From is null ? double.NegativeInfinity : Evaluate(range.From),
                to = range.To is null ? double.PositiveInfinity : Evaluate(range.To);
            object? within = Lift(item,
                x => x is not double number || from is not double low || to is not double high
                    ? null : number >= low && (range.HalfOpen ? number < high : number <= high));
            return e.Negated ? Lift(within, x => !(bool)x) : within;
        }
        if (List(Evaluate(e.Set)) is not { } set)
            return null;
        return Lift(item, x => set.Any(s => s is null) ? null : set.Any(s => Equal(x, s!)) != e.Negated);
    }

    private object? Range(RangeExpr e) =>
        e.From is null || e.To is null || Evaluate(e.From) is not double from || Evaluate(e.To) is not double to
            ? null : Count(from, e.HalfOpen ? to : to + 1);

    private object?[]? Items(IEnumerable<ListItem> items)
    {
        var list = new List<object?>();
        foreach (ListItem item in items)
            if (!item.Spread)
                list.Add(Evaluate(item.Value));
            else if (List(Evaluate(item.Value)) is { } spread)
                list.AddRange(spread);
            else
                return null;
        return [.. list];
    }

    private object? Comprehension(ComprehensionExpr e)
    {
        var list = new List<object?>();
        return Fill(0) ? list.ToArray() : null;

        bool Fill(int depth)
        {
            if (depth == e.Binders.Count)
            {
                list.Add(Evaluate(e.Value));
                return true;
            }
            Binder binder = e.Binders[depth];
            object?[]? source = binder.Source is not null ? List(Evaluate(binder.Source)) : Evaluate(binder.Limit!) is double limit
                ? Count(0, limit) : null;
            if (source is null)
                return false;
            foreach (object? item in source)
                if (!With(binder.Name, item,
                    () => binder.Condition is null
                        ? Fill(depth + 1) : Truth(Evaluate(binder.Condition)) is { } kept && (!kept || Fill(depth + 1))))
                    return false;
            return true;
        }
    }

    private object? Index(IndexExpr e)
    {
        object? target = Evaluate(e.Target);
        if (target is TensorFacts { Dims.Length: > 1, Items: not null } tensor)
            return Slice(tensor, e.Indices);
        if (List(target) is not { } list)
            return null;
        IndexItem[] places = [.. e.Indices.Where(i => i is not EllipsisIndex)];
        if (places.Length == 0)
            return list;
        if (places.Length > 1)
            throw new InvalidValueException("too many indices");
        if (places[0] is PositionIndex position)
            return Evaluate(position.Position) is double at ? list[Place(at, list.Length)] : null;
        var slice = (SliceIndex)places[0];
        object? from = slice.From is null ? 0.0 : Evaluate(slice.From), to = slice.To is null ? (double)list.Length : Evaluate(slice.To);
        return from is double low && to is double high
            ? list.Skip(Bound(low, list.Length)).Take(Bound(high, list.Length) - Bound(low, list.Length)).ToArray() : null;
    }

    private object? Slice(TensorFacts tensor, IEnumerable<IndexItem> indices)
    {
        IndexItem[] all = [.. indices];
        int dots = Array.FindIndex(all, i => i is EllipsisIndex), rank = tensor.Dims!.Length;
        var wanted = new double?[rank];
        for (int i = 0; i < all.Length; i++)
            if (all[i] is PositionIndex position)
            {
                int axis = dots < 0 || i < dots ? i : rank - (all.Length - i);
                if (axis < 0 || axis >= rank)
                    throw new InvalidValueException("too many indices");
                if (Evaluate(position.Position) is not double at)
                    return null;
                wanted[axis] = Place(at, (int)(double)tensor.Dims[axis]!);
            }
        var kept = new List<object?>();
        for (long i = 0; i < tensor.Items!.Length; i++)
        {
            long rest = i;
            bool matches = true;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                matches &= wanted[axis] is null || wanted[axis] == rest % (long)(double)tensor.Dims[axis]!;
                rest /= (long)(double)tensor.Dims[axis]!;
            }
            if (matches)
                kept.Add(tensor.Items[i]);
        }
        return wanted.All(w => w is not null) && kept.Count == 1 ? kept[0] : kept.ToArray();
    }

    private object? Call(CallExpr e)
    {
        if (e.Function is Function.Has or Function.Rank or Function.Shape or Function.Arity)
            return About(e.Function, (NameExpr)e.Arguments[0].Value);
        return Items(e.Arguments) is { } arguments ? SpecFunctions.Call(e.Function, arguments) : null;
    }

    private object? About(Function function, NameExpr name)
    {
        if (function == Function.Has)
            return given.Present.Contains(name.Name);
        if (function == Function.Arity)
            return given.Value(name.Name) is IGraphSignature graph ? (double)graph.InputCount : null;
        object?[]? dims = given.Tensors(name.Name) is { Count: > 0 } tensors ? tensors[0].Dims
            : !given.Present.Contains(name.Name) ? null
            : given.Names.Inputs.TryGetValue(name.Name, out Port? port) || given.Names.Outputs.TryGetValue(name.Name, out port)
            ? DimsOf(port.Type) : null;
        return dims is null ? null : function == Function.Rank ? (double)dims.Length : dims;
    }
}
