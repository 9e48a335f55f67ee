using System.Globalization;
using Ops.Specs.Collections;
using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes a bound expression as C# over the shape algebra (Dim, Real, Truth, Seq).</summary>
/// <param name="version">The version whose names the expressions use.</param>
internal sealed class ExpressionEmitter(OpVersion version)
{
    private readonly OpModel model = version.Model;

    private const int Primary = 10, Unary = 9, Multiplicative = 8, Additive = 7, Relational = 6, Equality = 5, Conjunction = 4,
        Disjunction = 3;

    /// <summary>C# text with the precedence of its outermost operator; <paramref name="Bare"/> is a C# number that still needs to become a
    /// Dim.</summary>
    private readonly record struct Code(string Text, int Precedence = Primary, bool Bare = false)
    {
        public string In(int context) => Precedence < context ? $"({Text})" : Text;
    }

    /// <summary>The C# type of a value of a spec.</summary>
    public static string TypeName(ExprType type)
    {
        string name = type.Kind switch
        {
            ExprKind.Bool => "Truth",
            ExprKind.Exact => "Dim",
            ExprKind.Real => "Real",
            ExprKind.String => "string",
            ExprKind.Dtype => "ElementType",
            ExprKind.RealTensor => "Seq<Real>",
            _ => "Seq<Dim>",
        };
        for (int i = 0; i < type.Depth; i++)
            name = $"Seq<{name}>";
        return name == "string" ? "string?" : name;
    }

    /// <summary>The value as an expression of its own type.</summary>
    public string Value(Expr expr) => Emit(expr).Text;

    /// <summary>The value as an operand of a member access or a cast.</summary>
    public string Operand(Expr expr) => Typed(expr).In(Primary);

    /// <summary>The value as one truth: a list of truths means all of them.</summary>
    public string Predicate(Expr expr) => Conjoined(expr).Text;

    private Code Conjoined(Expr expr)
    {
        if (expr is ComprehensionExpr { Type: { Kind: ExprKind.Bool, Depth: 1 } } all)
            return new Code($"Truth.All({Comprehension(all, isConjunction: true).Text})");
        Code code = Emit(expr);
        return expr.Type is { Kind: ExprKind.Bool, Depth: > 0 } ? new Code($"Truth.All({code.Text})") : code;
    }

    /// <summary>A number that C# would take for an int becomes a Dim.</summary>
    private Code Typed(Expr expr)
    {
        Code code = Emit(expr);
        return code.Bare ? new Code(Number(code, "Dim"), Unary) : code;
    }

    private Code Emit(Expr expr) => expr switch
    {
        IntLiteral e => e.Value == long.MinValue ? new Code("long.MinValue", Bare: true)
            : new Code(e.Value.ToString(CultureInfo.InvariantCulture), e.Value < 0 ? Unary : Primary, Bare: true),
        RealLiteral e => new Code($"(Real){RealText(e.Value)}", Unary),
        BoolLiteral e => new Code(e.Value ? "Truth.True" : "Truth.False"),
        StringLiteral e => new Code(CodeWriter.Quote(e.Value)),
        DtypeLiteral e => new Code($"ElementType.{e.Value}"),
        NameExpr e => Name(e),
        UnaryExpr e => UnaryOperator(e),
        BinaryExpr e => BinaryOperator(e),
        CompareExpr e => Comparison(e),
        MembershipExpr e => Membership(e),
        RangeExpr e => new Code($"Seq.Range({Value(e.From!)}, {(e.HalfOpen ? Value(e.To!) : $"{Typed(e.To!).In(Additive)} + 1")})"),
        ListExpr e => List(e.Items, e.Type),
        ComprehensionExpr e => Comprehension(e),
        ConditionalExpr e => Conditional(e),
        IndexExpr e => Index(e),
        CallExpr e => Call(e),
        HostExpr e => new Code($"{e.Method}({string.Join(", ", e.Arguments.Select(HostArgument))})"),
        _ => throw new NotSupportedException($"an expression of type {expr.GetType().Name}"),
    };

    /// <summary>The parameter type of a C# method that the op's author writes: what <see cref="HostArgument"/> passes.</summary>
    public string HostParameter(Expr argument) => argument switch
    {
        NameExpr { Symbol: SymbolKind.Input } name => Names.TypeOf(model.Inputs.First(p => p.Name == name.Name)),
        NameExpr { Symbol: SymbolKind.Attribute } name when version.Attribute(name.Name) is { HasValue: false } graph =>
            graph.InferenceType,
        _ => TypeName(argument.Type),
    };

    private static Code Name(NameExpr e) => new(e.Symbol == SymbolKind.Input ? Names.Elements(e.Name) : Names.Local(e.Name));

    /// <summary>A C# method gets ports and tensor attributes as they are, so that it can ask for more than their integers.</summary>
    private string HostArgument(Expr argument) => argument switch
    {
        NameExpr { Symbol: SymbolKind.Input } port => Names.Local(port.Name),
        NameExpr { Symbol: SymbolKind.Attribute } name when version.Attribute(name.Name) is { HasValue: false } graph =>
            graph.InferenceParameter,
        _ => Value(argument),
    };

    private Code UnaryOperator(UnaryExpr e)
    {
        if (IsSeq(e.Operand) && e.Operand.Type.Kind != ExprKind.Bool)
            return Lift(e.Operand, item => new Code($"-{item}", Unary));
        Code operand = e.Op == UnaryOp.Not ? Conjoined(e.Operand) : Emit(e.Operand);
        return new Code((e.Op == UnaryOp.Not ? "!" : "-") + operand.In(Unary), Unary, operand.Bare);
    }

    private Code BinaryOperator(BinaryExpr e)
    {
        if (e.Op is BinaryOp.And or BinaryOp.Or)
        {
            int level = e.Op == BinaryOp.And ? Conjunction : Disjunction;
            return new Code(
                $"{Conjoined(e.Left).In(level)} {(e.Op == BinaryOp.And ? "&&" : "||")} {Conjoined(e.Right).In(level + 1)}", level);
        }
        var (sign, precedence) = e.Op switch
        {
            BinaryOp.Add => ("+", Additive),
            BinaryOp.Subtract => ("-", Additive),
            BinaryOp.Multiply => ("*", Multiplicative),
            BinaryOp.Divide => ("/", Multiplicative),
            _ => ("%", Multiplicative),
        };
        return Lift(e.Left, e.Right, (left, right) =>
            new Code($"{Cast(left, right, e.Type).In(precedence)} {sign} {right.In(precedence + 1)}", precedence));
    }

    /// <summary>Of two numbers C# would take for ints, the left one becomes what the operation is about.</summary>
    private static Code Cast(Code left, Code right, ExprType type) =>
        left.Bare && right.Bare ? new Code(Number(left, type.Kind == ExprKind.Real ? "Real" : "Dim"), Unary) : left;

    /// <summary>A C# number converted; C# wants parentheses around a negative one.</summary>
    private static string Number(Code code, string type) =>
        code.Text.StartsWith("-", StringComparison.Ordinal) ? $"({type})({code.Text})" : $"({type}){code.In(Unary)}";

    private Code Comparison(CompareExpr e)
    {
        ExprType left = e.Left.Type, right = e.Right.Type;
        bool negated = e.Op == CompareOp.NotEqual;
        Code Not(Code code) => negated ? new Code("!" + code.In(Unary), Unary) : code;
        if (IsTensorName(e.Left) is { } port && !IsSeq(e.Right))
            return new Code($"inference.All({port}, CompareOp.{e.Op}, {Bound(e.Left, e.Right)})");
        if (IsTensorName(e.Right) is { } other && !IsSeq(e.Left))
            return new Code($"inference.All({other}, CompareOp.{Mirrored(e.Op)}, {Bound(e.Right, e.Left)})");
        if (IsSeq(e.Left) && IsSeq(e.Right) && e.Op is CompareOp.Equal or CompareOp.NotEqual)
            return Not(new Code($"Seq.Same({Emit(e.Left).Text}, {Emit(e.Right).Text})"));
        if (left.Kind is ExprKind.String or ExprKind.Dtype && !left.IsSequence() && !right.IsSequence())
            return Not(new Code($"Seq.Same({Emit(e.Left).Text}, {Emit(e.Right).Text})"));
        var (sign, precedence) = e.Op switch
        {
            CompareOp.Equal => ("==", Equality),
            CompareOp.NotEqual => ("!=", Equality),
            CompareOp.Less => ("<", Relational),
            CompareOp.LessOrEqual => ("<=", Relational),
            CompareOp.Greater => (">", Relational),
            _ => (">=", Relational),
        };
        ExprType operands = left.Kind == ExprKind.Real || right.Kind == ExprKind.Real
            ? new ExprType(ExprKind.Real) : new ExprType(ExprKind.Exact);
        return OfAll(e, e.Left, e.Right,
            Lift(e.Left, e.Right,
                (a, b) => new Code($"{Cast(a, b, operands).In(precedence + 1)} {sign} {b.In(precedence + 1)}", precedence)));
    }

    /// <summary>What the elements of an input are compared with; those of floats only compare with reals.</summary>
    private string Bound(Expr input, Expr bound) =>
        input.Type.Kind == ExprKind.RealTensor && bound.Type.Kind == ExprKind.Exact ? Number(Typed(bound), "Real") : Typed(bound).Text;

    /// <summary>What is true of a tensor is true of all its elements.</summary>
    private static Code OfAll(Expr test, Expr left, Expr right, Code code) =>
        test.Type.Depth == 0 && (IsSeq(left) || IsSeq(right)) ? new Code($"Truth.All({code.Text})") : code;

    /// <summary>The comparison that says the same with its sides exchanged.</summary>
    private static CompareOp Mirrored(CompareOp op) => op switch
    {
        CompareOp.Less => CompareOp.Greater,
        CompareOp.LessOrEqual => CompareOp.GreaterOrEqual,
        CompareOp.Greater => CompareOp.Less,
        CompareOp.GreaterOrEqual => CompareOp.LessOrEqual,
        _ => op,
    };

    private Code Membership(MembershipExpr e)
    {
        Code Test(Code item)
        {
            Code inside;
            if (e.Set is RangeExpr range)
            {
                var parts = new List<string>();
                string typed = item.Bare ? Number(item, "Dim") : item.In(Relational + 1);
                if (range.From is not null)
                    parts.Add($"{typed} >= {Emit(range.From).In(Relational + 1)}");
                if (range.To is not null)
                    parts.Add($"{typed} {(range.HalfOpen ? "<" : "<=")} {Emit(range.To).In(Relational + 1)}");
                inside = parts.Count == 1 ? new Code(parts[0], Relational)
                    : parts.Count == 0 ? new Code("Truth.True")
                    : new Code($"({parts[0]}) & ({parts[1]})", Conjunction);
            }
            else
            {
                inside = new Code($"Seq.Contains({Emit(e.Set).Text}, {item.Text})");
            }
            return e.Negated ? new Code("!" + inside.In(Unary), Unary) : inside;
        }
        if (e.Item is IndexExpr { Indices: var indices } slice && IsTensorName(slice.Target) is { } port
            && indices.Any(i => i is EllipsisIndex))
            return new Code($"inference.All({port}, {Positions(indices)}, item => {Test(new Code("item")).Text})");
        if (IsTensorName(e.Item) is { } whole && e is { Negated: false, Set: RangeExpr ends })
        {
            // One pass over the memory for each end, whatever the tensor's rank.
            string[] passes =
            [
                .. ends.From is null
                    ? Array.Empty<string>() : [$"inference.All({whole}, CompareOp.GreaterOrEqual, {Bound(e.Item, ends.From)})"],
                .. ends.To is null ? Array.Empty<string>()
                    : [$"inference.All({whole}, CompareOp.{(ends.HalfOpen ? "Less" : "LessOrEqual")}, {Bound(e.Item, ends.To)})"],
            ];
            return passes.Length == 1 ? new Code(passes[0]) : new Code($"{passes[0]} & {passes[1]}", Conjunction);
        }
        return IsSeq(e.Item) ? OfAll(e, e.Item, e.Item, Lift(e.Item, item => Test(new Code(item)))) : Test(Emit(e.Item));
    }

    /// <summary>The positions before and after <c>...</c> as C# arrays.</summary>
    private string Positions(EquatableArray<IndexItem> indices)
    {
        int dots = 0;
        while (indices[dots] is not EllipsisIndex)
            dots++;
        string Array(IEnumerable<IndexItem> items) => $"[{string.Join(", ", items.Select(i => Value(((PositionIndex)i).Position)))}]";
        return $"{Array(indices.Take(dots))}, {Array(indices.Skip(dots + 1))}";
    }

    private Code List(EquatableArray<ListItem> items, ExprType type)
    {
        ExprType item = type with { Depth = type.Depth - 1 };
        string element = TypeName(item).TrimEnd('?');
        if (items.All(i => !i.Spread))
            return new Code($"Seq.Of<{element}>({string.Join(", ", items.Select(i => Emit(i.Value).Text))})");
        if (items.Count == 1)
            return Emit(items[0].Value);
        return new Code(
            $"Seq.Join<{element}>({string.Join(", ", items.Select(i => i.Spread ? Emit(i.Value).Text : Choice(i.Value, item)))})");
    }

    /// <param name="e">The comprehension.</param>
    /// <param name="isConjunction">Whether its elements are truths of which only matters whether all hold, so that one may stand for
    /// several.</param>
    private Code Comprehension(ComprehensionExpr e, bool isConjunction = false)
    {
        string? run = isConjunction ? AlongLastAxis(e) : null;
        string Build(int index)
        {
            Binder binder = e.Binders[index];
            string source = binder.Limit is { } limit ? $"Seq.Range({Value(limit)})" : Value(binder.Source!);
            string name = Names.Local(binder.Name);
            if (binder.Condition is { } condition)
                source = $"Seq.Where({source}, {name} => {Predicate(condition)})";
            if (run is not null && index + 2 == e.Binders.Count)
                return $"Seq.Map({source}, {name} => {run})";
            if (index + 1 < e.Binders.Count)
                return $"Seq.MapMany({source}, {name} => {Build(index + 1)})";
            // What maps every element to itself adds nothing.
            return e.Value is NameExpr { Symbol: SymbolKind.Binder } same && same.Name == binder.Name
                ? source : $"Seq.Map({source}, {name} => {Item(e.Value)})";
        }
        return new Code(Build(0));
    }

    /// <summary>An element of a list; texts in lists are never null.</summary>
    private string Item(Expr value) =>
        value is IndexExpr { Type: { Kind: ExprKind.String, Depth: 0 } } ? Typed(value).Text + "!" : Typed(value).Text;

    /// <summary>A comparison of a tensor's elements along its last axis, as one pass over memory; null for anything else.</summary>
    private string? AlongLastAxis(ComprehensionExpr e)
    {
        if (e.Binders.Count < 2
            || e.Binders[e.Binders.Count - 1]
                is not { Limit: null, Condition: null, Source: RangeExpr { From: { } from, To: { } to } range } along)
            return null;
        if (e.Value is not CompareExpr { Left: IndexExpr { Indices: var indices } element } compare
            || IsTensorName(element.Target) is not { } port || IsSeq(compare.Right))
            return null;
        bool IsAlong(Expr x) => x is NameExpr { Symbol: SymbolKind.Binder } name && name.Name == along.Name;
        // Only what plainly has nothing to do with the position.
        bool Uses(Expr x) => x is not (IntLiteral or NameExpr) || IsAlong(x);
        if (indices.Count < 2 || !indices.All(i => i is PositionIndex) || !IsAlong(((PositionIndex)indices[indices.Count - 1]).Position))
            return null;
        Expr[] others = [.. indices.Take(indices.Count - 1).Select(i => ((PositionIndex)i).Position)];
        if (others.Any(Uses) || Uses(compare.Right))
            return null;
        string end = range.HalfOpen ? Typed(to).Text : $"{Typed(to).In(Additive)} + 1";
        return $"inference.All({port}, CompareOp.{compare.Op}, {Typed(compare.Right).Text}, {Typed(from).Text}, {end}, {string.Join(", ", others.Select(Value))})";
    }

    private Code Conditional(ConditionalExpr e)
    {
        Code condition = Conjoined(e.Condition);
        if (e.Type is { Kind: ExprKind.Bool } && e.Otherwise is null)
            // Short-circuit: what the rule says may read a whole tensor, and often the condition is about types only.
            return new Code($"!{condition.In(Unary)} || {Conjoined(e.Then).In(Disjunction + 1)}", Disjunction);
        string otherwise = e.Otherwise is null ? "default" : Choice(e.Otherwise, e.Type);
        return new Code($"{condition.In(Primary)}.Choose({Choice(e.Then, e.Type)}, {otherwise})");
    }

    /// <summary>One arm of a choice or item of a list, converted to the type of all where C# would not do it.</summary>
    private string Choice(Expr arm, ExprType type) =>
        type is { Kind: ExprKind.Real, Depth: 0 } && arm.Type.Kind == ExprKind.Exact ? $"(Real){Typed(arm).In(Unary)}" : Typed(arm).Text;

    /// <summary>An element of a tensor of truths is read as a number.</summary>
    private Code Index(IndexExpr e) => e is { Type: { Kind: ExprKind.Bool, Depth: 0 }, Target.Type: { Kind: ExprKind.Tensor, Depth: 0 } }
        ? new Code($"{Indexed(e).Text} != 0", Equality) : Indexed(e);

    private Code Indexed(IndexExpr e)
    {
        if (e.Indices.Count == 1 && e.Indices[0] is SliceIndex slice)
            return new Code($"Seq.Slice({Emit(e.Target).Text}, {(slice.From is null ? "null" : Value(slice.From))}, {(slice.To is null ? "null" : Value(slice.To))})");
        if (IsTensorName(e.Target) is { } port && e.Indices.All(i => i is PositionIndex) && e.Indices.Count > 1)
            return new Code($"inference.{(e.Target.Type.Kind == ExprKind.RealTensor ? "RealAt" : "At")}({port}, {string.Join(", ", e.Indices.Select(i => Value(((PositionIndex)i).Position)))})");
        if (e.Indices.Count == 1 && e.Indices[0] is PositionIndex position)
            return new Code($"Seq.At({Emit(e.Target).Text}, {Value(position.Position)})");
        throw new NotSupportedException("a slice of a tensor with several axes");
    }

    private Code Call(CallExpr e)
    {
        Expr first = e.Arguments[0].Value;
        string One() => Emit(first).Text;
        switch (e.Function)
        {
            case Function.Has:
                return new Code(Presence((NameExpr)first), Unary);
            case Function.Rank:
                return new Code(first is NameExpr port && port.Symbol is SymbolKind.Input or SymbolKind.Output
                    ? $"{ShapeOf(port)}.Length" : $"{Operand(first)}.Length");
            case Function.Shape:
                return new Code(ShapeOf((NameExpr)first));
            case Function.Len:
                return new Code($"{Operand(first)}.Length");
            case Function.Sum:
            case Function.Product:
                return new Code($"Seq.{e.Function}({One()})");
            case Function.Min:
            case Function.Max:
                if (e.Arguments.Count == 1)
                    return new Code($"Seq.{e.Function}({One()})");
                return e.Arguments.Skip(1).Aggregate(Emit(first),
                    (a, b) => new Code($"{NumberType(e)}.{e.Function}({a.Text}, {Emit(b.Value).Text})"));
            case Function.Clamp:
                string type = NumberType(e);
                return new Code($"{type}.Min({type}.Max({One()}, {Emit(e.Arguments[1].Value).Text}), {Emit(e.Arguments[2].Value).Text})");
            case Function.Floor:
            case Function.Ceil:
            case Function.Abs:
                string owner = NumberType(first);
                return IsSeq(first) ? Lift(first, item => new Code($"{owner}.{e.Function}({item})"))
                    : new Code($"{owner}.{e.Function}({One()})");
            case Function.Sqrt:
            case Function.Float:
                return IsSeq(first) ? Lift(first, item => new Code($"Real.{e.Function}({item})"))
                    : new Code($"Real.{e.Function}({One()})");
            case Function.Broadcast:
                return new Code($"Seq.Broadcast({string.Join(", ", e.Arguments.Select(a => Emit(a.Value).Text))})");
            case Function.Index:
                return new Code($"Seq.IndexOf({One()}, {Emit(e.Arguments[1].Value).Text})");
            case Function.Distinct:
                return new Code($"Seq.Distinct({One()})");
            case Function.Any:
            case Function.All:
                return new Code($"Truth.{e.Function}({One()})");
            case Function.Arity:
                return new Code($"inference.Arity({Graph((NameExpr)first)})");
            default:
                throw new NotSupportedException($"the function {e.Function.ToString().ToLowerInvariant()} in a shape or rule");
        }
    }

    private static string NumberType(Expr expr) => expr.Type.Kind is ExprKind.Real or ExprKind.RealTensor ? "Real" : "Dim";

    /// <summary>The parameter that holds a graph attribute.</summary>
    private string Graph(NameExpr name) => version.Attribute(name.Name).InferenceParameter;

    private static string Presence(NameExpr name) => name.Symbol switch
    {
        SymbolKind.Attribute => $"(Truth)({Names.Given(name.Name)} is not null)",
        SymbolKind.Output => $"(Truth){Names.Has(name.Name)}",
        _ => $"(Truth)({Names.Local(name.Name)} is not null)",
    };

    private string ShapeOf(NameExpr port)
    {
        if (port.Symbol == SymbolKind.Output)
            return Names.ShapeOf(port.Name);
        bool optional = model.Inputs.Any(p => p.Name == port.Name && p.Optional);
        return optional ? $"({Names.Local(port.Name)}?.Shape ?? default)" : $"{Names.Local(port.Name)}.Shape";
    }

    private Code Lift(Expr list, Func<string, Code> map) => new($"Seq.Map({Emit(list).Text}, item => {map("item").Text})");

    private Code Lift(Expr left, Expr right, Func<Code, Code, Code> map)
    {
        bool leftList = IsSeq(left), rightList = IsSeq(right);
        if (leftList && rightList)
            return new Code($"Seq.Map({Emit(left).Text}, {Emit(right).Text}, (x, y) => {map(new Code("x"), new Code("y")).Text})");
        if (leftList)
            return new Code($"Seq.Map({Emit(left).Text}, item => {map(new Code("item"), Emit(right)).Text})");
        if (rightList)
            return new Code($"Seq.Map({Emit(right).Text}, item => {map(Emit(left), new Code("item")).Text})");
        return map(Emit(left), Emit(right));
    }

    /// <summary>A default of an input as the list of its elements; a number is a list of one.</summary>
    public string Elements(Expr value) => IsSeq(value) ? Value(value) : $"Seq.Of({Typed(value).Text})";

    /// <summary>Whether a value is a list in C#. An element of a tensor whose type only the call decides is a number, though typed as its
    /// tensor.</summary>
    private static bool IsSeq(Expr expr) => expr.Type is not { Depth: 0, Kind: ExprKind.AnyTensor } ? expr.Type.IsSequence() : expr switch
    {
        NameExpr name => name.Symbol != SymbolKind.Binder,
        IndexExpr index => index.Indices.Any(i => i is not PositionIndex),
        UnaryExpr unary => IsSeq(unary.Operand),
        BinaryExpr binary => IsSeq(binary.Left) || IsSeq(binary.Right),
        ConditionalExpr choice => IsSeq(choice.Then),
        CallExpr call => call.Arguments.Any(a => IsSeq(a.Value)),
        _ => true,
    };

    private static string? IsTensorName(Expr expr) =>
        expr is NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 } name ? Names.Local(name.Name) : null;

    private static string RealText(double value) =>
        double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
            : double.IsNaN(value) ? "double.NaN"
            : value.ToString("R", CultureInfo.InvariantCulture) is var text && text.IndexOfAny(['.', 'E']) < 0 ? text + ".0"
            : value.ToString("R", CultureInfo.InvariantCulture);
}
