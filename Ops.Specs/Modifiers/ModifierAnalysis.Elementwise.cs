using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <content>Ops that take their operands element by element.</content>
internal sealed partial class ModifierAnalysis
{
    private ModifierField[] Evaluate(ModifierNode node)
    {
        if (node.Domain is not ("" or "ai.onnx"))
            throw new ModifierException($"{node.Domain}.{node.Op} is not an op that modifiers know");
        var call = new Call(this, node);
        return Elementwise(call) is { } field ? [field] : Moves(call);
    }

    private ModifierField? Elementwise(Call call)
    {
        switch (call.Node.Op)
        {
            case "Add": return Arithmetic(call, ModifierOp.Add);
            case "Sub": return Arithmetic(call, ModifierOp.Subtract);
            case "Mul": return Arithmetic(call, ModifierOp.Multiply);
            case "Div": return Arithmetic(call, ModifierOp.Divide);
            case "Mod": return Arithmetic(call, call.Int("fmod", 0) != 0 ? ModifierOp.Remainder : ModifierOp.Modulo);
            case "Pow": return Power(call);
            case "Max": return Fold(call, ModifierOp.Maximum);
            case "Min": return Fold(call, ModifierOp.Minimum);
            case "Sum": return Fold(call, ModifierOp.Add);
            case "Mean": return Mean(call);
            case "Clip": return Clip(call);
            case "Neg": return Unary(call, ModifierOp.Negate);
            case "Abs": return Unary(call, ModifierOp.Absolute);
            case "Sign": return Unary(call, ModifierOp.Sign);
            case "Reciprocal": return Unary(call, ModifierOp.Reciprocal);
            case "Sqrt": return Unary(call, ModifierOp.Sqrt);
            case "Exp": return Unary(call, ModifierOp.Exp);
            case "Log": return Unary(call, ModifierOp.Log);
            case "Tanh": return Unary(call, ModifierOp.Tanh);
            case "Sigmoid": return Unary(call, ModifierOp.Sigmoid);
            case "Softplus": return Unary(call, ModifierOp.Softplus);
            case "Erf": return Unary(call, ModifierOp.Erf);
            case "Gelu": return Unary(call, call.Text("approximate", "none") == "tanh" ? ModifierOp.GeluTanh : ModifierOp.Gelu);
            case "Sin": return Unary(call, ModifierOp.Sin);
            case "Cos": return Unary(call, ModifierOp.Cos);
            case "Tan": return Unary(call, ModifierOp.Tan);
            case "Sinh": return Unary(call, ModifierOp.Sinh);
            case "Cosh": return Unary(call, ModifierOp.Cosh);
            case "Asin": return Unary(call, ModifierOp.Asin);
            case "Acos": return Unary(call, ModifierOp.Acos);
            case "Atan": return Unary(call, ModifierOp.Atan);
            case "Asinh": return Unary(call, ModifierOp.Asinh);
            case "Acosh": return Unary(call, ModifierOp.Acosh);
            case "Atanh": return Unary(call, ModifierOp.Atanh);
            case "Floor": return Unary(call, ModifierOp.Floor);
            case "Ceil": return Unary(call, ModifierOp.Ceiling);
            case "Round": return Unary(call, ModifierOp.Round);
            case "Relu": return Map(call.Field(0), x => exprs.Apply(ModifierOp.Maximum, x, Number(0, x)));
            case "LeakyRelu": return Wide(call,
                x => exprs.Where(exprs.Apply(ModifierOp.Less, x, Number(0, x)),
                    exprs.Apply(ModifierOp.Multiply, Number(call.Real("alpha", 0.01f), x), x), x));
            case "ThresholdedRelu": return Wide(call,
                x => exprs.Where(exprs.Apply(ModifierOp.Less, Number(call.Real("alpha", 1), x), x), x, Number(0, x)));
            case "Softsign": return Wide(call,
                x => exprs.Apply(ModifierOp.Divide, x, exprs.Apply(ModifierOp.Add, Number(1, x), exprs.Apply(ModifierOp.Absolute, x))));
            case "Swish": return Wide(call,
                x => exprs.Apply(ModifierOp.Multiply, x,
                    exprs.Apply(ModifierOp.Sigmoid, exprs.Apply(ModifierOp.Multiply, Number(call.Real("alpha", 1), x), x))));
            case "Less": return Comparison(call, ModifierOp.Less, false);
            case "LessOrEqual": return Comparison(call, ModifierOp.LessOrEqual, false);
            case "Greater": return Comparison(call, ModifierOp.Less, true);
            case "GreaterOrEqual": return Comparison(call, ModifierOp.LessOrEqual, true);
            case "Equal": return Comparison(call, ModifierOp.Equal, false);
            case "And": return Truths(call, ModifierOp.And);
            case "Or": return Truths(call, ModifierOp.Or);
            case "Xor": return Truths(call, ModifierOp.Xor);
            case "Not": return Typed(Map(call.Typed(0, ElementType.Bool), x => exprs.Not(x)), ElementType.Bool);
            case "IsNaN": return Typed(Map(call.Real(0), x => exprs.Apply(ModifierOp.IsNaN, x)), ElementType.Bool);
            case "IsInf": return IsInf(call);
            case "Where": return Choice(call);
            case "Cast": return Cast(call.Field(0), (ElementType)call.Int("to", 0));
            case "CastLike": return Cast(call.Field(0), call.Field(1).Type);
            case "Identity": return call.Field(0);
            case "QuantizeLinear": return Quantize(call);
            case "DequantizeLinear": return Dequantize(call);
            default: return null;
        }
    }

    /// <summary>A number of the type of another expression.</summary>
    private ModifierExpr Number(double value, ModifierExpr like) =>
        like.IsInteger ? exprs.Integer((long)value) : exprs.Real(value, like.Type);

    private ModifierField Map(ModifierField x, Func<ModifierExpr, ModifierExpr> function) =>
        x.Items is { } items
            ? ModifierField.List(x.Type, Array.ConvertAll(items, i => function(i))) : ModifierField.Of(x.Type, x.Dims, function(x.Expr));

    /// <summary>A function computed in float for narrower types, and rounded once.</summary>
    private ModifierField Wide(Call call, Func<ModifierExpr, ModifierExpr> function)
    {
        ModifierField x = call.Real(0);
        ElementType wide = x.Type == ElementType.Double ? x.Type : ElementType.Float;
        return Map(x, e => exprs.ToReal(function(exprs.ToReal(e, wide)), x.Type));
    }

    private ModifierField Unary(Call call, ModifierOp op)
    {
        ModifierField x = op is ModifierOp.Negate or ModifierOp.Absolute or ModifierOp.Sign ? call.Number(0) : call.Real(0);
        return Checked(Map(x, e => exprs.Apply(op, e)));
    }

    /// <summary>Elements of several operands, broadcast.</summary>
    private ModifierField Zip(ElementType type, ModifierField[] operands, Func<ModifierExpr[], ModifierExpr> function)
    {
        Dim[] dims = Broadcast([.. operands.Select(o => o.Dims)]);
        if (dims.Length <= 1 && operands.Any(o => o.Items is not null) && dims[0].IsKnown && dims[0].Value <= ModifierField.LongestList)
        {
            int count = (int)dims[0].Value;
            ModifierExpr[][] elements = Array.ConvertAll(operands, Elements);
            return ModifierField.List(type,
                [.. Enumerable.Range(0, count).Select(i => function(Array.ConvertAll(elements, e => e[e.Length == 1 ? 0 : i])))]);
        }
        return ModifierField.Of(type, dims, function(Array.ConvertAll(operands, ExprOf)));
    }

    private static ModifierField Typed(ModifierField field, ElementType type) =>
        field.Items is { } items ? ModifierField.List(type, items) : ModifierField.Of(type, field.Dims, field.Expr);

    /// <summary>Refuses integers that may leave their type: expressions do not wrap.</summary>
    private static ModifierField Checked(ModifierField field)
    {
        if (!ModifierTypes.IsInteger(field.Type))
            return field;
        Interval bounds = ModifierTypes.Bounds(field.Type);
        foreach (ModifierExpr e in field.Items ?? [field.Expr])
            if (!e.Range.Within(bounds.Low, bounds.High))
                throw new ModifierException($"{field.Type.Name()} may overflow");
        return field;
    }

    private static ElementType SameType(params ModifierField[] operands) =>
        operands.All(o => o.Type == operands[0].Type) ? operands[0].Type : throw new ModifierException("operands differ in type");

    private ModifierField Arithmetic(Call call, ModifierOp op)
    {
        ModifierField x = call.Number(0), y = call.Number(1);
        return Checked(Zip(SameType(x, y), [x, y], e => exprs.Apply(op, e[0], e[1])));
    }

    private ModifierField Power(Call call)
    {
        ModifierField x = call.Number(0), y = call.Number(1);
        if (ModifierTypes.IsInteger(x.Type))
        {
            if (!ModifierTypes.IsInteger(y.Type))
                throw new ModifierException("an integer is raised to a real power");
            return Checked(Zip(x.Type, [x, y], e => exprs.Apply(ModifierOp.Power, e[0], e[1])));
        }
        return Zip(x.Type, [x, y], e => exprs.Apply(ModifierOp.Power, e[0], y.Type == x.Type ? e[1] : SameNumber(e[1], x.Type)));

        // Other exponents take part in double precision.
        ModifierExpr SameNumber(ModifierExpr exponent, ElementType type) =>
            exponent.IsConstant && exprs.ToReal(exponent, type) is var real
                && real.Real == (exponent.IsInteger ? exponent.Integer : exponent.Real) ? real
            : throw new ModifierException("the exponent has another type than the base");
    }

    private ModifierField Fold(Call call, ModifierOp op)
    {
        ModifierField[] operands = [.. Enumerable.Range(0, call.Count).Select(call.Number)];
        ElementType type = SameType(operands),
            wide = op == ModifierOp.Add && type is ElementType.Float16 or ElementType.BFloat16 ? ElementType.Float : type;
        return Checked(Zip(type, operands, e => wide == type ? e.Aggregate((a, x) => exprs.Apply(op, a, x))
            : exprs.ToReal(e.Select(x => exprs.ToReal(x, wide)).Aggregate((a, x) => exprs.Apply(op, a, x)), type)));
    }

    private ModifierField Mean(Call call)
    {
        ModifierField[] operands = [.. Enumerable.Range(0, call.Count).Select(call.Real)];
        ElementType type = SameType(operands), wide = type == ElementType.Double ? type : ElementType.Float;
        return Zip(type, operands, e => exprs.ToReal(
            exprs.Apply(ModifierOp.Divide, e.Select(x => exprs.ToReal(x, wide)).Aggregate((a, x) => exprs.Apply(ModifierOp.Add, a, x)),
                exprs.Real(e.Length, wide)), type));
    }

    private ModifierField Clip(Call call)
    {
        ModifierField x = call.Number(0);
        ModifierField? low = Bound(1, "min"), high = Bound(2, "max");
        if (low is not null)
            x = Zip(SameType(x, low), [x, low], e => exprs.Apply(ModifierOp.Maximum, e[0], e[1]));
        if (high is not null)
            x = Zip(SameType(x, high), [x, high], e => exprs.Apply(ModifierOp.Minimum, e[0], e[1]));
        return x;

        ModifierField? Bound(int input, string attribute)
        {
            if (!call.Has(input))
                return call.Find(attribute) is float value ? ModifierField.Scalar(x.Type, exprs.Real(value, x.Type)) : null;
            ModifierField bound = call.Number(input);
            return bound.Rank == 0 ? bound : throw new ModifierException("a bound is no scalar");
        }
    }

    private ModifierField Comparison(Call call, ModifierOp op, bool swap)
    {
        ModifierField x = call.Field(swap ? 1 : 0), y = call.Field(swap ? 0 : 1);
        ElementType type = SameType(x, y);
        if (type == ElementType.Bool && op != ModifierOp.Equal)
            throw new ModifierException("truths are ordered");
        return Zip(ElementType.Bool, [x, y], e => exprs.Apply(op, e[0], e[1]));
    }

    private ModifierField Truths(Call call, ModifierOp op) =>
        Zip(ElementType.Bool, [call.Typed(0, ElementType.Bool), call.Typed(1, ElementType.Bool)], e => exprs.Apply(op, e[0], e[1]));

    private ModifierField IsInf(Call call)
    {
        bool negative = call.Int("detect_negative", 1) != 0, positive = call.Int("detect_positive", 1) != 0;
        return Typed(Map(call.Real(0), x =>
        {
            ModifierExpr infinite = exprs.Apply(ModifierOp.IsInfinity, x);
            if (!negative) infinite = exprs.Apply(ModifierOp.And, infinite, exprs.Apply(ModifierOp.Less, Number(0, x), x));
            if (!positive) infinite = exprs.Apply(ModifierOp.And, infinite, exprs.Apply(ModifierOp.Less, x, Number(0, x)));
            return infinite;
        }), ElementType.Bool);
    }

    private ModifierField Choice(Call call)
    {
        ModifierField condition = call.Typed(0, ElementType.Bool), x = call.Field(1), y = call.Field(2);
        return Zip(SameType(x, y), [condition, x, y], e => exprs.Where(e[0], e[1], e[2]));
    }

    private ModifierField Cast(ModifierField x, ElementType to)
    {
        if (to == x.Type)
            return x;
        ElementType canonical = ModifierTypes.Canonical(to);
        if (canonical == ElementType.Bool)
            return Typed(Map(x, exprs.ToTruth), to);
        if (canonical != ElementType.Int64)
            return Typed(Map(x, e => exprs.ToReal(e, to)), to);
        Interval bounds = ModifierTypes.Bounds(to);
        return Checked(Typed(Map(x, e => exprs.ToInteger(e, e.IsTruth ? Interval.Either : bounds)), to));
    }

    /// <summary>A node with its operands at hand.</summary>
    private sealed class Call(ModifierAnalysis analysis, ModifierNode node)
    {
        public ModifierNode Node { get; } = node;

        public int Count => Node.Inputs.Count;

        public bool Has(int index) => index < Node.Inputs.Count && Node.Inputs[index].Length > 0;

        public ModifierField Field(int index) =>
            Has(index) ? analysis.Value(Node.Inputs[index]) : throw new ModifierException($"input {index} is missing");

        public ModifierField Typed(int index, ElementType type) =>
            Field(index) is var field && field.Type == type ? field : throw new ModifierException($"input {index} is not {type.Name()}");

        public ModifierField Real(int index) =>
            Field(index) is var field && field.Type.IsFloat() ? field : throw new ModifierException($"input {index} is not real");

        public ModifierField Number(int index) =>
            Field(index) is var field && field.Type != ElementType.Bool
                ? field : throw new ModifierException($"input {index} is no number");

        public object? Find(string name) => Node.Attributes.TryGetValue(name, out object? value) ? value : null;

        public long Int(string name, long otherwise) => Find(name) is long value ? value : otherwise;

        public float Real(string name, float otherwise) => Find(name) is float value ? value : otherwise;

        public string Text(string name, string otherwise) => Find(name) is string value ? value : otherwise;

        /// <summary>A list of integers that an input gives, or an attribute did once; null if neither does.</summary>
        public Dim[]? List(int input, string attribute) =>
            Has(input) ? analysis.DimsOf(Field(input)) : Find(attribute) is long[] values ? Array.ConvertAll(values, v => (Dim)v) : null;

        /// <summary>Axes, counted from the first one.</summary>
        public int[]? Axes(int input, string attribute, int rank) =>
            List(input, attribute) is { } list ? [.. list.Select(d => Axis(d.ValueOr(long.MaxValue), rank))] : null;

        public static int Axis(long axis, int rank) =>
            axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw new ModifierException($"there is no axis {axis}");
    }
}
