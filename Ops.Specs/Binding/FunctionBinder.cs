using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>Types the calls of the built-in functions.</summary>
internal sealed class FunctionBinder(ExpressionBinder expressions, DiagnosticBag bag)
{
    private static readonly string[] FunctionNames = [.. Enum.GetNames(typeof(Function)).Select(n => n.ToLowerInvariant())];

    internal Expr? Bind(FunctionSyntax call)
    {
        if (char.IsUpper(call.Name[0]) || !Enum.TryParse(call.Name, ignoreCase: true, out Function function))
        {
            bag.Report(SpecRules.UnknownFunction, call.NameSpan,
                $"there is no function '{call.Name}'{DidYouMean.Hint(call.Name, FunctionNames)}");
            foreach (ElementSyntax argument in call.Arguments)
                expressions.Bind(argument.Value);
            return null;
        }
        if (function is Function.Has or Function.Rank or Function.Shape or Function.Arity)
            return BindAboutName(call, function);
        if (Count(function) is var (low, high) && (call.Arguments.Count < low || call.Arguments.Count > high)
            && !call.Arguments.Any(a => a.Spread))
        {
            string wanted = low == high ? low == 1 ? "one argument" : $"{low} arguments"
                : low == 1 ? "at least one argument"
                : $"at least {low} arguments";
            bag.Report(SpecRules.ArgumentCount, call.Span, $"'{call.Name}' takes {wanted}, not {call.Arguments.Count}");
            return null;
        }
        List<ListItem> arguments = [];
        bool broken = false;
        foreach (ElementSyntax argument in call.Arguments)
        {
            Expr? bound = expressions.Bind(argument.Value);
            if (argument.Spread && function is not (Function.Broadcast or Function.Min or Function.Max))
            {
                bag.Report(SpecRules.ArgumentCount, argument.Value.Span, $"'{call.Name}' takes a list as it is, without '...'");
                bound = null;
            }
            broken |= bound is null;
            if (bound is not null)
                arguments.Add(new ListItem(bound, argument.Spread));
        }
        if (broken || Result(call, function, arguments) is not { } type)
            return null;
        return new CallExpr(function, arguments.ToEquatableArray(), type);
    }

    private static (int Low, int High) Count(Function function) => function switch
    {
        Function.Index => (2, 2),
        Function.Clamp => (3, 3),
        // One list may be an extreme's; a shape by itself broadcasts with nothing.
        Function.Min or Function.Max => (1, int.MaxValue),
        Function.Broadcast => (2, int.MaxValue),
        _ => (1, 1),
    };

    /// <summary>has, rank, shape, arity: they take the name of a port or attribute and read no elements.</summary>
    private Expr? BindAboutName(FunctionSyntax call, Function function)
    {
        if (call.Arguments.Count != 1 || call.Arguments[0].Spread)
        {
            bag.Report(SpecRules.ArgumentCount, call.Span, $"'{call.Name}' takes one name, not {call.Arguments.Count} arguments");
            return null;
        }
        ExprSyntax argument = call.Arguments[0].Value;
        string wanted = function switch
        {
            Function.Has => "the name of an input, output or attribute",
            Function.Arity => "the name of a graph attribute",
            _ => "the name of an input or output"
        };
        if (argument is not NameSyntax name)
        {
            bag.Report(SpecRules.TypeMismatch, argument.Span, $"'{call.Name}' takes {wanted}");
            return null;
        }
        if (expressions.BindName(name, asData: false) is not NameExpr bound)
        {
            if (SymbolTable.IsConstant(name.Name))
                bag.Report(SpecRules.TypeMismatch, argument.Span, $"'{name.Name}' is not {wanted}");
            return null;
        }
        bool fits = function switch
        {
            Function.Has => bound.Symbol is SymbolKind.Input or SymbolKind.Output or SymbolKind.Attribute,
            Function.Arity => bound is { Symbol: SymbolKind.Attribute, Type.Kind: ExprKind.Opaque },
            _ => bound.Symbol is SymbolKind.Input or SymbolKind.Output || (bound.Symbol == SymbolKind.Binder && bound.Type.Kind.IsTensor()),
        };
        if (!fits)
        {
            bag.Report(SpecRules.TypeMismatch, argument.Span, $"'{name.Name}' is not {wanted}");
            return null;
        }
        ExprType type = function switch
        {
            Function.Has => ExprTypes.Bool,
            Function.Shape => new ExprType(ExprKind.Exact, 1 + bound.Type.Depth),
            Function.Rank => new ExprType(ExprKind.Exact, bound.Type.Depth),
            _ => ExprTypes.Exact,
        };
        return new CallExpr(function, [new ListItem(bound, false)], type);
    }

    private ExprType? Result(FunctionSyntax call, Function function, List<ListItem> arguments)
    {
        ExprType first = arguments[0].Value.Type;
        ExprSyntax firstSyntax = call.Arguments[0].Value;
        switch (function)
        {
            case Function.Len:
                return Sequence(firstSyntax, first) ? ExprTypes.Exact : null;
            case Function.Sum or Function.Product:
                return Sequence(firstSyntax, first) && Number(firstSyntax, first) && Flat(firstSyntax, first)
                    ? new ExprType(first.Kind.Scalar(), Math.Max(0, first.Depth - 1)) : null;
            case Function.Distinct:
                return Integers(firstSyntax, first) ? ExprTypes.Bool : null;
            case Function.Any or Function.All:
                if (!Sequence(firstSyntax, first))
                    return null;
                if (first is { Kind: ExprKind.Bool, Depth: 1 })
                    return ExprTypes.Bool;
                expressions.Mismatch(firstSyntax, first, "a list of truth values");
                return null;
            case Function.Min or Function.Max:
                return Extreme(call, arguments);
            case Function.Floor or Function.Ceil:
                return Number(firstSyntax, first) && Flat(firstSyntax, first)
                    ? first with { Kind = first.Kind is ExprKind.Real ? ExprKind.Exact
                        : first.Kind is ExprKind.RealTensor ? ExprKind.Tensor
                        : first.Kind } : null;
            case Function.Abs:
                return Number(firstSyntax, first) && Flat(firstSyntax, first) ? first : null;
            case Function.Sqrt or Function.Float:
                return Number(firstSyntax, first) && Flat(firstSyntax, first)
                    ? first with { Kind = first.Kind.IsTensor() ? ExprKind.RealTensor : ExprKind.Real } : null;
            case Function.Broadcast:
                return Broadcast(call, arguments);
            case Function.Index:
                if (!Integers(firstSyntax, first))
                    return null;
                if (ExprTypes.StandsFor(arguments[1].Value.Type, first.Element()))
                    return ExprTypes.Exact;
                expressions.Mismatch(call.Arguments[1].Value, arguments[1].Value.Type, first.Element().Say());
                return null;
            case Function.Clamp:
                return Extreme(call, arguments);
            default:
                return null;
        }
    }

    private ExprType? Broadcast(FunctionSyntax call, List<ListItem> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            ExprType wanted = new(ExprKind.Exact, arguments[i].Spread ? 2 : 1);
            if (!ExprTypes.Fits(arguments[i].Value.Type, wanted))
            {
                expressions.Mismatch(call.Arguments[i].Value, arguments[i].Value.Type,
                    arguments[i].Spread ? "a list of shapes" : "a list of dims");
                return null;
            }
        }
        return ExprTypes.Dims;
    }

    /// <summary>One list, or several numbers.</summary>
    private ExprType? Extreme(FunctionSyntax call, List<ListItem> arguments)
    {
        ExprType? result = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            ExprType type = arguments[i].Value.Type;
            if (!Number(call.Arguments[i].Value, type))
                return null;
            if (arguments.Count == 1)
                return Sequence(call.Arguments[i].Value, type) && Flat(call.Arguments[i].Value, type) ? type.Element() : null;
            if (arguments[i].Spread || (type.IsSequence() && type.Kind != ExprKind.AnyTensor))
            {
                expressions.Mismatch(call.Arguments[i].Value, type, $"a number, as each of several arguments of '{call.Name}',");
                return null;
            }
            result = result is null ? type : ExprTypes.Arithmetic(result, type);
        }
        return result;
    }

    private bool Sequence(ExprSyntax syntax, ExprType type)
    {
        if (type.IsSequence())
            return true;
        expressions.Mismatch(syntax, type, "a list");
        return false;
    }

    private bool Flat(ExprSyntax syntax, ExprType type) => expressions.IsFlat(syntax, type);

    private bool Integers(ExprSyntax syntax, ExprType type)
    {
        if (type.Listed() == ExprTypes.Dims)
            return true;
        expressions.Mismatch(syntax, type, "a list of integers");
        return false;
    }

    private bool Number(ExprSyntax syntax, ExprType type)
    {
        if (type.Kind.IsNumeric())
            return true;
        expressions.Mismatch(syntax, type, type.Depth > 0 ? "a list of numbers" : "a number");
        return false;
    }
}
