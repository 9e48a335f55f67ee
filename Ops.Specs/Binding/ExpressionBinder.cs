using System.Globalization;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Text;
using Ops.Specs.Types;

namespace Ops.Specs.Binding;

/// <summary>
/// Resolves the names of expressions and types them. A null result means that a mistake was reported, here or where a name in it is
/// declared; whoever asked drops its item and says nothing more.
/// </summary>
internal sealed class ExpressionBinder(SymbolTable symbols, DiagnosticBag bag)
{
    private static readonly string[] FunctionNames = [.. Enum.GetNames(typeof(Function)).Select(n => n.ToLowerInvariant())];

    private readonly List<(string Name, ExprType? Type)> locals = [];
    private readonly List<string> guards = [];

    /// <summary>The names read since <see cref="Begin"/>.</summary>
    internal HashSet<string> Reads { get; } = [];

    /// <summary>Whether elements of a tensor were read since <see cref="Begin"/>.</summary>
    internal bool ReadsData { get; private set; }

    /// <summary>The names read since <see cref="Begin"/> that may have no value there.</summary>
    internal List<(Symbol Symbol, SourceSpan Span)> Unguarded { get; } = [];

    /// <summary>Whether the dims of a graph's signature may be named.</summary>
    internal bool InArrow { get; set; }

    /// <summary>Whether an unknown name is one that an output needs and no input binds.</summary>
    internal bool InOutput { get; set; }

    /// <summary>Starts one item.</summary>
    internal void Begin()
    {
        Reads.Clear();
        ReadsData = false;
        Unguarded.Clear();
    }

    internal void Push(string name, ExprType? type) => locals.Add((name, type));

    internal void Pop() => locals.RemoveAt(locals.Count - 1);

    internal void Guard(string name) => guards.Add(name);

    /// <summary>Whether an optional input or attribute is known to be there, by the conditions around what is bound.</summary>
    internal bool IsGuarded(string name) => guards.Contains(name);

    internal void Unguard() => guards.RemoveAt(guards.Count - 1);

    /// <summary>Binds a predicate: truth values, in lists as deep as they like; an <c>if</c> without <c>else</c> is true.</summary>
    internal Expr? BindPredicate(ExprSyntax syntax, bool allowMissingElse = false)
    {
        Expr? bound = Bind(syntax, ExprTypes.Bool, allowMissingElse);
        return bound is null || bound.Type.Kind == ExprKind.Bool ? bound : Mismatch(syntax, bound.Type, "a truth value");
    }

    /// <summary>Binds an expression that must fit a type.</summary>
    internal Expr? BindAs(ExprSyntax syntax, ExprType wanted, string? role = null, bool allowMissingElse = false)
    {
        Expr? bound = Bind(syntax, wanted, allowMissingElse);
        if (bound is null)
            return null;
        return ExprTypes.Fits(bound.Type, wanted) ? Coerce(bound, wanted) : Mismatch(syntax, bound.Type, role ?? wanted.Say());
    }

    /// <summary>Binds a set of values of a kind: a range, a list, or one value, which is the set of itself.</summary>
    internal Expr? BindSet(ExprSyntax syntax, ExprType element, string role)
    {
        Expr? bound = Bind(syntax, new ExprType(element.Kind, 1));
        if (bound is null)
            return null;
        if (bound is not RangeExpr && !bound.Type.IsSequence())
            bound = new ListExpr([new ListItem(bound, false)], bound.Type with { Depth = 1 });
        ExprType actual = bound.Type.Element();
        ExprType wanted = new(element.Kind.Scalar());
        if (actual.Depth == 0 && (ExprTypes.Fits(actual, wanted) || (wanted.Kind == ExprKind.Exact && actual.Kind == ExprKind.Real)))
            return Coerce(
                bound, bound.Type with { Kind = actual.Kind == ExprKind.Exact && wanted.Kind == ExprKind.Real ? ExprKind.Real : actual.Kind });
        return Mismatch(syntax, bound.Type, $"a set of values for {role}");
    }

    internal Expr? Bind(ExprSyntax syntax, ExprType? expected = null, bool allowMissingElse = false)
    {
        switch (syntax)
        {
            case NumberSyntax number:
                return BindNumber(number);
            case StringSyntax literal:
                return new StringLiteral(literal.Value);
            case NameSyntax name:
                return BindName(name, asData: true);
            case ParenthesizedSyntax parenthesized:
                return Bind(parenthesized.Inner, expected, allowMissingElse);
            case UnarySyntax unary:
                return BindUnary(unary);
            case BinarySyntax binary:
                return binary.Op is "and" or "or" ? BindLogic(binary) : BindArithmetic(binary);
            case ComparisonSyntax comparison:
                return BindComparison(comparison);
            case AlternativesSyntax alternatives:
                return BindAlternatives(alternatives);
            case RangeSyntax range:
                return BindRange(range);
            case ConditionalSyntax conditional:
                return BindConditional(conditional, expected, allowMissingElse);
            case ListSyntax list:
                return BindList(list, expected);
            case ComprehensionSyntax comprehension:
                return BindComprehension(comprehension, expected, allowMissingElse);
            case FunctionSyntax function:
                return function.Host ? BindHost(function, expected) : new FunctionBinder(this, bag).Bind(function);
            case IndexSyntax index:
                return BindIndex(index);
            default:
                return null;
        }
    }

    internal Expr? Mismatch(ExprSyntax syntax, ExprType actual, string wanted)
    {
        bag.Report(SpecRules.TypeMismatch, syntax.Span, $"'{Short(syntax)}' is {actual.Say()}; {wanted} is wanted here");
        return null;
    }

    internal static string Short(ExprSyntax syntax)
    {
        string text = syntax.ToString();
        return text.Length <= 60 ? text : text.Substring(0, 57) + "...";
    }

    internal static string NearestFunction(string name) => DidYouMean.Hint(name, FunctionNames);

    private Expr? BindNumber(NumberSyntax number)
    {
        if (number.Text.IndexOfAny(['.', 'e', 'E']) < 0)
        {
            if (long.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long value))
                return new IntLiteral(value);
            bag.Report(SpecRules.NumberRange, number.Span, $"{number.Text} is more than a 64-bit integer holds");
            return null;
        }
        // .NET Framework throws for numbers too large where .NET gives infinity.
        if (double.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && !double.IsInfinity(real))
            return new RealLiteral(real);
        bag.Report(SpecRules.NumberRange, number.Span, $"{number.Text} is more than a double holds; infinity is written 'inf'");
        return null;
    }

    /// <param name="name">The name.</param>
    /// <param name="asData">Whether naming an input reads its elements, as it does outside of <c>has</c>, <c>rank</c> and
    /// <c>shape</c>.</param>
    internal Expr? BindName(NameSyntax name, bool asData)
    {
        for (int i = locals.Count - 1; i >= 0; i--)
            if (locals[i].Name == name.Name)
                return locals[i].Type is { } type ? new NameExpr(name.Name, SymbolKind.Binder, type) : null;
        Symbol? symbol = symbols.Find(name.Name);
        if (symbol is { Dim: DimKind.Quantified } && !InArrow)
        {
            bag.Report(SpecRules.UnknownName, name.Span, $"'{name.Name}' stands only in a graph's signature and has no value here");
            return null;
        }
        if (symbol is null)
            return BindConstant(name.Name) ?? Unknown(name);
        symbol.Uses++;
        Reads.Add(name.Name);
        if (!asData)
            return symbol.Type is { } portType ? new NameExpr(name.Name, symbol.Kind, portType) : null;
        if (symbol.OnlyWith.Count > 0 && !symbol.OnlyWith.Any(guards.Contains))
            Unguarded.Add((symbol, name.Span));
        if (symbol.Kind == SymbolKind.Output)
        {
            bag.Report(SpecRules.NoValue, name.Span,
                $"'{name.Name}' is an output and has no value before the op ran; 'has', 'shape' and 'rank' take it");
            return null;
        }
        if (symbol.Type is null)
            return null;
        if (symbol.Type.Kind == ExprKind.Opaque)
        {
            bag.Report(SpecRules.NoValue, name.Span,
                $"'{name.Name}' has no value an expression can use; 'has'{(symbol.Kind == SymbolKind.Attribute ? " and 'arity' take" : " takes")} it");
            return null;
        }
        ReadsData |= symbol.Kind == SymbolKind.Input || symbol.ReadsData;
        return new NameExpr(name.Name, symbol.Kind, symbol.Type);
    }

    private Expr? Unknown(NameSyntax name)
    {
        IEnumerable<string> candidates = symbols.Candidates.Concat(locals.Select(l => l.Name));
        if (InOutput)
            bag.Report(SpecRules.UnboundOutput, name.Span, $"no input binds '{name.Name}'{DidYouMean.Hint(name.Name, candidates)}");
        else
            bag.Report(SpecRules.UnknownName, name.Span,
                $"there is no '{name.Name}' in this spec{DidYouMean.Hint(name.Name, candidates.Concat(SymbolTable.ConstantNames))}");
        return null;
    }

    private static Expr? BindConstant(string name)
    {
        if (name is "true" or "false")
            return new BoolLiteral(name == "true");
        if (name == "inf")
            return new RealLiteral(double.PositiveInfinity);
        if (ElementTypes.Names.TryGetValue(name, out ElementType type))
            return new DtypeLiteral(type);
        if (ElementTypes.Sets.TryGetValue(name, out EquatableArray<ElementType> set))
            return new ListExpr(set.Select(t => new ListItem(new DtypeLiteral(t), false)).ToEquatableArray(),
                new ExprType(ExprKind.Dtype, 1));
        return null;
    }

    private Expr? BindUnary(UnarySyntax unary)
    {
        if (unary.Op == "not")
            return BindPredicate(unary.Operand) is { } truth ? new UnaryExpr(UnaryOp.Not, truth, truth.Type) : null;
        Expr? operand = Bind(unary.Operand);
        if (operand is null)
            return null;
        return operand.Type.Kind.IsNumeric()
            ? new UnaryExpr(UnaryOp.Negate, operand, operand.Type) : Mismatch(unary.Operand, operand.Type, "a number");
    }

    private Expr? BindLogic(BinarySyntax binary)
    {
        Expr? left = BindPredicate(binary.Left);
        // `has(x) and x > 0`: the right side is looked at only when the left side leaves it open.
        int guarded = Enter(binary.Op == "and" ? Presence(binary.Left, true) : Presence(binary.Left, false));
        Expr? right = BindPredicate(binary.Right);
        Exit(guarded);
        return left is null || right is null ? null
            : new BinaryExpr(binary.Op == "and" ? BinaryOp.And : BinaryOp.Or, left, right,
                left.Type.Depth >= right.Type.Depth ? left.Type : right.Type);
    }

    private Expr? BindArithmetic(BinarySyntax binary)
    {
        Expr? left = BindNumber(binary.Left), right = BindNumber(binary.Right);
        if (left is null || right is null)
            return null;
        BinaryOp op = binary.Op switch
        {
            "+" => BinaryOp.Add,
            "-" => BinaryOp.Subtract,
            "*" => BinaryOp.Multiply,
            "/" => BinaryOp.Divide,
            _ => BinaryOp.Modulo
        };
        return new BinaryExpr(op, left, right,
            new ExprType(ExprTypes.Arithmetic(left.Type.Kind, right.Type.Kind), Math.Max(left.Type.Depth, right.Type.Depth)));
    }

    private Expr? BindNumber(ExprSyntax syntax)
    {
        Expr? bound = Bind(syntax);
        return bound is null || bound.Type.Kind.IsNumeric() ? bound : Mismatch(syntax, bound.Type, "a number");
    }

    private Expr? BindComparison(ComparisonSyntax comparison)
    {
        Expr? chain = null;
        bool broken = false;
        ExprSyntax leftSyntax = comparison.First;
        Expr? left = Bind(leftSyntax);
        foreach ((string op, ExprSyntax operand) in comparison.Links)
        {
            Expr? right = Bind(operand);
            Expr? link = left is null || right is null ? null
                : op is "in" or "not in" ? Membership(leftSyntax, left, operand, right, op == "not in")
                : Comparison(leftSyntax, left, op, operand, right);
            broken |= link is null;
            if (link is not null)
                chain = chain is null
                    ? link : new BinaryExpr(BinaryOp.And, chain, link, chain.Type.Depth >= link.Type.Depth ? chain.Type : link.Type);
            (left, leftSyntax) = (right, operand);
        }
        return broken ? null : chain;
    }

    private Expr? Comparison(ExprSyntax leftSyntax, Expr left, string op, ExprSyntax rightSyntax, Expr right)
    {
        bool ordered = op is not ("==" or "!=");
        if (ordered && !left.Type.Kind.IsNumeric())
            return Mismatch(leftSyntax, left.Type, "a number");
        if (ordered && !right.Type.Kind.IsNumeric())
            return Mismatch(rightSyntax, right.Type, "a number");
        bool comparable = left.Type.Kind == right.Type.Kind || (left.Type.Kind.IsNumeric() && right.Type.Kind.IsNumeric());
        if (!comparable || left.Type.Kind == ExprKind.Opaque)
        {
            bag.Report(SpecRules.TypeMismatch, rightSyntax.Span,
                $"'{Short(leftSyntax)}' is {left.Type.Say()} and '{Short(rightSyntax)}' is {right.Type.Say()}; they cannot be compared");
            return null;
        }
        CompareOp compare = op switch
        {
            "==" => CompareOp.Equal,
            "!=" => CompareOp.NotEqual,
            "<" => CompareOp.Less,
            "<=" => CompareOp.LessOrEqual,
            ">" => CompareOp.Greater,
            _ => CompareOp.GreaterOrEqual,
        };
        // A tensor counts as a list beside a list, and as one truth about all its elements beside a scalar.
        int leftDepth = left.Type.Depth, rightDepth = right.Type.Depth;
        if (leftDepth == 0 && left.Type.Kind.IsTensor())
            leftDepth = Math.Min(1, rightDepth);
        if (rightDepth == 0 && right.Type.Kind.IsTensor())
            rightDepth = Math.Min(1, leftDepth);
        return new CompareExpr(compare, left, right, new ExprType(ExprKind.Bool, Math.Abs(leftDepth - rightDepth)));
    }

    private Expr? Membership(ExprSyntax itemSyntax, Expr item, ExprSyntax setSyntax, Expr set, bool negated)
    {
        if (set is not RangeExpr && !set.Type.IsSequence())
            set = new ListExpr([new ListItem(set, false)], set.Type with { Depth = 1 });
        ExprKind element = set.Type.Kind.Scalar(), value = item.Type.Kind;
        bool fits = element == value.Scalar() || (element.IsNumeric() && value.IsNumeric());
        if (!fits || value == ExprKind.Opaque)
        {
            bag.Report(SpecRules.TypeMismatch, setSyntax.Span,
                $"'{Short(itemSyntax)}' is {item.Type.Say()}; it cannot be in '{Short(setSyntax)}', {set.Type.Say()}");
            return null;
        }
        int depth = Math.Max(0, item.Type.Depth - Math.Max(0, set.Type.Depth - 1));
        return new MembershipExpr(item, set, negated, new ExprType(ExprKind.Bool, depth));
    }

    private Expr? BindAlternatives(AlternativesSyntax alternatives)
    {
        List<ListItem> items = [];
        ExprType? element = null;
        bool broken = false;
        foreach (ExprSyntax part in alternatives.Parts)
            broken |= !AddItem(items, ref element, part, Bind(part), spread: false, spreadLists: true);
        return broken || element is null ? null : new ListExpr(items.ToEquatableArray(), element with { Depth = element.Depth + 1 });
    }

    private Expr? BindList(ListSyntax list, ExprType? expected)
    {
        List<ListItem> items = [];
        ExprType? element = null;
        bool broken = false;
        foreach (ElementSyntax part in list.Elements)
            broken |= !AddItem(items, ref element, part.Value, Bind(part.Value), part.Spread, spreadLists: false);
        if (broken)
            return null;
        // An empty list is a list of whatever is wanted.
        element ??= expected is { Depth: > 0 } ? expected.Element()
            : expected is { Kind: var kind } && kind.IsTensor() ? new ExprType(kind.Scalar())
            : ExprTypes.Exact;
        return new ListExpr(items.ToEquatableArray(), element with { Depth = element.Depth + 1 });
    }

    /// <summary>Adds a part to a list; false when it is broken or its type does not go with the others.</summary>
    private bool AddItem(List<ListItem> items, ref ExprType? element, ExprSyntax syntax, Expr? bound, bool spread, bool spreadLists)
    {
        if (bound is null)
            return false;
        spread |= spreadLists && (bound is RangeExpr || bound.Type.Depth > 0);
        if (spread && !bound.Type.IsSequence())
        {
            Mismatch(syntax, bound.Type, "a list");
            return false;
        }
        ExprType type = spread ? bound.Type.Element() : bound.Type;
        ExprType? unified = element is null ? type : ExprTypes.Unify(element, type);
        if (unified is null)
        {
            Mismatch(syntax, type, $"{element!.Say()}, as the parts before,");
            return false;
        }
        element = unified;
        items.Add(new ListItem(bound, spread));
        return true;
    }

    private Expr? BindRange(RangeSyntax range)
    {
        Expr? from = BindEnd(range.From), to = range.To is null ? null : BindEnd(range.To);
        if (from is null || (range.To is not null && to is null))
            return null;
        ExprKind kind = from.Type.Kind == ExprKind.Real || to?.Type.Kind == ExprKind.Real ? ExprKind.Real : ExprKind.Exact;
        return new RangeExpr(from, to, range.HalfOpen, new ExprType(kind, 1));
    }

    private Expr? BindEnd(ExprSyntax syntax)
    {
        Expr? bound = Bind(syntax);
        return bound is null || bound.Type is { Depth: 0, Kind: ExprKind.Exact or ExprKind.Real }
            ? bound : Mismatch(syntax, bound.Type, "a number, as the end of a range,");
    }

    private Expr? BindConditional(ConditionalSyntax conditional, ExprType? expected, bool allowMissingElse)
    {
        Expr? condition = BindPredicate(conditional.Condition);
        int guarded = Enter(Presence(conditional.Condition, true));
        Expr? then = Bind(conditional.Then, expected, allowMissingElse);
        Exit(guarded);
        if (conditional.Otherwise is null)
        {
            if (!allowMissingElse)
            {
                bag.Report(SpecRules.MissingElse, conditional.Span,
                    "an 'if' needs an 'else' here; only a rule and the value of an output go without");
                return null;
            }
            return condition is null || then is null ? null : new ConditionalExpr(condition, then, null, then.Type);
        }
        guarded = Enter(Presence(conditional.Condition, false));
        Expr? otherwise = Bind(conditional.Otherwise, expected, allowMissingElse);
        Exit(guarded);
        if (condition is null || then is null || otherwise is null)
            return null;
        if (ExprTypes.Unify(then.Type, otherwise.Type) is { } type)
            return new ConditionalExpr(condition, Coerce(then, type), Coerce(otherwise, type), type);
        return Mismatch(conditional.Otherwise, otherwise.Type, $"{then.Type.Say()}, as before 'if',");
    }

    private Expr? BindComprehension(ComprehensionSyntax comprehension, ExprType? expected, bool allowMissingElse)
    {
        List<Binder> binders = [];
        bool broken = false;
        int guarded = 0;
        foreach (BinderSyntax syntax in comprehension.Binders)
        {
            Expr? limit = null, source = null;
            ExprType? type = null;
            if (syntax.Limit is not null)
                type = (limit = BindAs(syntax.Limit, ExprTypes.Exact)) is null ? null : ExprTypes.Exact;
            else if (syntax.Source is not null && (source = Bind(syntax.Source)) is not null)
            {
                if (source is RangeExpr { To: null })
                    bag.Report(SpecRules.TypeMismatch, syntax.Source.Span, $"'{Short(syntax.Source)}' has no end; a list is wanted here");
                else if (source.Type.IsSequence())
                    type = source.Type.Element();
                else
                    Mismatch(syntax.Source, source.Type, "a list");
            }
            if (symbols.Find(syntax.Name) is { } hidden)
                bag.Report(SpecRules.NameClash, syntax.NameSpan,
                    $"'{syntax.Name}' is {hidden.Role} of this spec; a variable needs another name");
            else if (SymbolTable.IsConstant(syntax.Name))
                bag.Report(SpecRules.NameClash, syntax.NameSpan,
                    $"'{syntax.Name}' is a word of the language; a variable needs another name");
            Push(syntax.Name, type);
            Expr? condition = syntax.Condition is null ? null : BindPredicate(syntax.Condition);
            if (syntax.Condition is not null)
                guarded += Enter(Presence(syntax.Condition, true));
            broken |= type is null || (syntax.Condition is not null && condition is null);
            if (type is not null)
                binders.Add(new Binder(syntax.Name, limit, source, condition, type));
        }
        ExprType? inner = expected is { Depth: > 0 } ? expected.Element() : expected is { Kind: ExprKind.Bool } ? expected : null;
        Expr? value = Bind(comprehension.Value, inner, allowMissingElse);
        foreach (BinderSyntax _ in comprehension.Binders)
            Pop();
        Exit(guarded);
        return broken || value is null ? null
            : new ComprehensionExpr(value, binders.ToEquatableArray(), value.Type with { Depth = value.Type.Depth + 1 });
    }

    private Expr? BindHost(FunctionSyntax host, ExprType? expected)
    {
        List<Expr> arguments = [];
        bool broken = false;
        foreach (ElementSyntax argument in host.Arguments)
        {
            Expr? bound = argument.Value is NameSyntax name && symbols.Find(name.Name) is { } symbol && IsHanded(symbol)
                ? BindHanded(name, symbol)
                : Bind(argument.Value);
            if (argument.Spread)
                bag.Report(SpecRules.TypeMismatch, argument.Value.Span, "a C# method takes lists as they are, without '...'");
            broken |= bound is null || argument.Spread;
            if (bound is not null)
                arguments.Add(bound);
        }
        return broken ? null : new HostExpr(host.Name, arguments.ToEquatableArray(), expected ?? ExprTypes.Exact);
    }

    /// <summary>Whether a C# method gets what a name stands for as it is, absent or not: ports, tensors and graphs.</summary>
    private static bool IsHanded(Symbol symbol) =>
        symbol.Kind == SymbolKind.Input || symbol.Type?.Kind == ExprKind.Opaque
            || symbol is { Kind: SymbolKind.Attribute, Type.Kind: ExprKind.AnyTensor };

    private Expr? BindHanded(NameSyntax name, Symbol symbol)
    {
        ReadsData |= symbol.Kind == SymbolKind.Input;
        return BindName(name, asData: false);
    }

    private Expr? BindIndex(IndexSyntax index)
    {
        Expr? target = Bind(index.Target);
        List<IndexItem> items = [];
        bool broken = target is null, whole = false;
        foreach (IndexPart part in index.Parts)
        {
            Expr? from = part.Position is null ? null : BindAs(part.Position, ExprTypes.Exact, "an integer, as an index,");
            Expr? to = part.To is null ? null : BindAs(part.To, ExprTypes.Exact, "an integer, as an index,");
            broken |= (part.Position is not null && from is null) || (part.To is not null && to is null);
            whole |= part.Ellipsis || part.Slice;
            items.Add(part.Ellipsis ? new EllipsisIndex() : part.Slice ? new SliceIndex(from, to) : new PositionIndex(from!));
        }
        if (broken || target is null)
            return null;
        ExprType type = target.Type;
        if (type.Depth > 0)
        {
            if (items.Count > 1 || items[0] is EllipsisIndex)
            {
                bag.Report(SpecRules.TypeMismatch, index.Span, $"'{Short(index.Target)}' is {type.Say()}; it takes one index");
                return null;
            }
            return new IndexExpr(target, items.ToEquatableArray(), whole ? type : type.Element());
        }
        if (!type.Kind.IsTensor())
            return Mismatch(index.Target, type, "a list or tensor");
        if (index.Parts.Count(p => p.Ellipsis) > 1)
        {
            bag.Report(SpecRules.TypeMismatch, index.Span, "'...' stands at most once in an index");
            return null;
        }
        bool truth = target is NameExpr { Symbol: SymbolKind.Input } input && symbols.Find(input.Name) is { IsBoolTensor: true };
        return new IndexExpr(target, items.ToEquatableArray(), whole ? type : truth ? ExprTypes.Bool : type.Element());
    }

    /// <summary>Writes whole-number literals as reals where a real is wanted, so that <c>= 0</c> and <c>= 0.0</c> are one
    /// default.</summary>
    private static Expr Coerce(Expr value, ExprType wanted) => wanted.Kind != ExprKind.Real ? value : value switch
    {
        IntLiteral literal => new RealLiteral(literal.Value),
        UnaryExpr { Op: UnaryOp.Negate, Operand: IntLiteral } negation =>
            negation with { Operand = Coerce(negation.Operand, wanted), Type = ExprTypes.Real },
        ListExpr list => new ListExpr(list.Items.Select(i => i with { Value = Coerce(i.Value, wanted) }).ToEquatableArray(),
            list.Type with { Kind = ExprKind.Real }),
        RangeExpr range =>
            range with { From = range.From is null ? null : Coerce(range.From, wanted), To = range.To is null
                ? null : Coerce(range.To, wanted), Type = range.Type with { Kind = ExprKind.Real } },
        ConditionalExpr conditional => conditional with
        {
            Then = Coerce(conditional.Then, wanted),
            Otherwise = conditional.Otherwise is null ? null : Coerce(conditional.Otherwise, wanted),
            Type = conditional.Type with { Kind = ExprKind.Real },
        },
        _ => value,
    };

    private int Enter(List<string> names)
    {
        guards.AddRange(names);
        return names.Count;
    }

    /// <summary>Goes into a side of a condition.</summary>
    /// <returns>What <see cref="Exit"/> takes behind it.</returns>
    internal int Enter(ExprSyntax condition, bool truth) => Enter(Presence(condition, truth));

    internal void Exit(int count) => guards.RemoveRange(guards.Count - count, count);

    /// <summary>The ports and attributes that are present whenever the condition is <paramref name="truth"/>.</summary>
    private List<string> Presence(ExprSyntax condition, bool truth, int depth = 0)
    {
        const int lets = 8;
        List<string> present = [];
        switch (condition)
        {
            case ParenthesizedSyntax p:
                return Presence(p.Inner, truth, depth);
            case UnarySyntax { Op: "not" } not:
                return Presence(not.Operand, !truth, depth);
            case BinarySyntax { Op: "and" or "or" } binary when (binary.Op == "and") == truth:
                return [.. Presence(binary.Left, truth, depth), .. Presence(binary.Right, truth, depth)];
            case FunctionSyntax { Host: false, Name: "has", Arguments: { Count: 1 } arguments } when truth
                && arguments[0].Value is NameSyntax port:
                return [port.Name];
            case NameSyntax name when depth < lets && symbols.Find(name.Name) is { Definition: { } definition }:
                return Presence(definition, truth, depth + 1);
            default:
                return present;
        }
    }
}
