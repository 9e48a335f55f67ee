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
internal sealed class ExpressionBinder
{
    private readonly SymbolTable symbols;
    private readonly DiagnosticBag bag;
    private readonly OperatorBinder operators;
    private readonly ListBinder lists;
    private readonly FunctionBinder functions;
    private readonly List<(string Name, ExprType? Type)> locals = [];

    internal ExpressionBinder(SymbolTable symbols, DiagnosticBag bag)
    {
        this.symbols = symbols;
        this.bag = bag;
        Guards = new PresenceGuards(symbols);
        operators = new OperatorBinder(this, Guards, bag);
        lists = new ListBinder(this, symbols, Guards, bag);
        functions = new FunctionBinder(this, bag);
    }

    /// <summary>What is known to be present where an expression is bound.</summary>
    internal PresenceGuards Guards { get; }

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
        return ExprTypes.Fits(bound.Type, wanted) ? ExprTypes.Coerce(bound, wanted) : Mismatch(syntax, bound.Type, role ?? wanted.Say());
    }

    /// <summary>Binds a set of values of a kind: a range, a list, or one value, which is the set of itself.</summary>
    internal Expr? BindSet(ExprSyntax syntax, ExprType element, string role)
    {
        Expr? bound = Bind(syntax, new ExprType(element.Kind, 1));
        if (bound is null)
            return null;
        bound = AsSet(bound);
        ExprType actual = bound.Type.Element();
        ExprType wanted = new(element.Kind.Scalar());
        if (actual.Depth == 0 && (ExprTypes.Fits(actual, wanted) || (wanted.Kind == ExprKind.Exact && actual.Kind == ExprKind.Real)))
            return ExprTypes.Coerce(
                bound, bound.Type with { Kind = actual.Kind == ExprKind.Exact && wanted.Kind == ExprKind.Real ? ExprKind.Real : actual.Kind });
        return Mismatch(syntax, bound.Type, $"a set of values for {role}");
    }

    /// <summary>Names that may be missing are a mistake only where nothing else waits for them: rules hold and lets pass it on.</summary>
    internal void ReportUnguarded()
    {
        foreach ((Symbol symbol, SourceSpan span) in Unguarded)
        {
            string only = string.Join(" or ", symbol.OnlyWith.Select(n => $"'{n}'"));
            string what = symbol.OnlyWith.Count == 1 && symbol.OnlyWith[0] == symbol.Name
                ? $"'{symbol.Name}' is optional" : $"'{symbol.Name}' has a value only with {only}, which is optional";
            bag.Report(SpecRules.Unguarded, span, $"{what}; ask 'has({symbol.OnlyWith[0]})' first");
        }
        Unguarded.Clear();
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
                return operators.BindUnary(unary);
            case BinarySyntax binary:
                return binary.Op is "and" or "or" ? operators.BindLogic(binary) : operators.BindArithmetic(binary);
            case ComparisonSyntax comparison:
                return operators.BindComparison(comparison);
            case AlternativesSyntax alternatives:
                return lists.BindAlternatives(alternatives);
            case RangeSyntax range:
                return lists.BindRange(range);
            case ConditionalSyntax conditional:
                return BindConditional(conditional, expected, allowMissingElse);
            case ListSyntax list:
                return lists.BindList(list, expected);
            case ComprehensionSyntax comprehension:
                return lists.BindComprehension(comprehension, expected, allowMissingElse);
            case FunctionSyntax function:
                return function.Host ? BindHost(function, expected) : functions.Bind(function);
            case IndexSyntax index:
                return lists.BindIndex(index, mayRunAlong: false);
            default:
                return null;
        }
    }

    /// <summary>Binds what is to be in a set: of a tensor, <c>...</c> may stand for all places along axes.</summary>
    internal Expr? BindItem(ExprSyntax syntax) => syntax is IndexSyntax index ? lists.BindIndex(index, mayRunAlong: true) : Bind(syntax);

    internal Expr? Mismatch(ExprSyntax syntax, ExprType actual, string wanted)
    {
        bag.Report(SpecRules.TypeMismatch, syntax.Span, $"'{Short(syntax)}' is {actual.Say()}; {wanted} is wanted here");
        return null;
    }

    /// <summary>Whether a value is no list of lists, which no operation takes apart; otherwise that is reported.</summary>
    internal bool IsFlat(ExprSyntax syntax, ExprType type)
    {
        if (type.Kind == ExprKind.AnyTensor || type.Listed().Depth <= 1)
            return true;
        Mismatch(syntax, type, "one value or a list");
        return false;
    }

    internal static string Short(ExprSyntax syntax)
    {
        string text = syntax.ToString();
        return text.Length <= 60 ? text : text.Substring(0, 57) + "...";
    }

    /// <summary>One value is the set of itself.</summary>
    internal static Expr AsSet(Expr value) => value is RangeExpr || value.Type.IsSequence()
        ? value : new ListExpr([new ListItem(value, false)], value.Type with { Depth = 1 });

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
        if (!Guards.Cover(symbol))
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

    private Expr? BindConditional(ConditionalSyntax conditional, ExprType? expected, bool allowMissingElse)
    {
        Expr? condition = BindPredicate(conditional.Condition);
        int guarded = Guards.Enter(conditional.Condition, true);
        Expr? then = Bind(conditional.Then, expected, allowMissingElse);
        Guards.Exit(guarded);
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
        guarded = Guards.Enter(conditional.Condition, false);
        Expr? otherwise = Bind(conditional.Otherwise, expected, allowMissingElse);
        Guards.Exit(guarded);
        if (condition is null || then is null || otherwise is null)
            return null;
        if (ExprTypes.Unify(then.Type, otherwise.Type) is { } type)
        {
            (then, otherwise) = (ExprTypes.Coerce(then, type), ExprTypes.Coerce(otherwise, type));
            if (ExprTypes.StandsFor(then.Type, type) && ExprTypes.StandsFor(otherwise.Type, type))
                return new ConditionalExpr(condition, then, otherwise, type);
        }
        return Mismatch(conditional.Otherwise, otherwise.Type, $"{then.Type.Say()}, as before 'if',");
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
}
