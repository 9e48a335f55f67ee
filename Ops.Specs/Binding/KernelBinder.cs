using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>Checks the pattern of a kernel and what its arguments are.</summary>
internal sealed class KernelBinder(SymbolTable symbols, DiagnosticBag bag)
{
    private enum Role
    {
        Dim,
        Input,
        Port,
        Axes,
    }

    // The last role repeats when there may be more arguments than roles.
    private static readonly Dictionary<string, (int Low, int High, Role[] Roles)> Patterns = new()
    {
        ["elementwise"] = (0, 0, []),
        ["rows"] = (1, int.MaxValue, [Role.Dim]),
        ["reduce"] = (2, 2, [Role.Input, Role.Axes]),
        ["contraction"] = (3, 3, [Role.Dim]),
        ["attention"] = (3, 3, [Role.Port]),
        ["recurrence"] = (4, 4, [Role.Port]),
        ["grouped"] = (3, 3, [Role.Port]),
        ["experts"] = (3, 3, [Role.Port]),
        ["convolution"] = (2, 2, [Role.Port]),
        ["gather"] = (0, 0, []),
        ["copy"] = (0, 0, []),
        ["view"] = (1, 1, [Role.Input]),
        ["control"] = (0, 0, []),
        ["manual"] = (0, 0, []),
    };

    internal KernelModel? Bind(Entry<KernelSyntax>? kernel)
    {
        if (kernel?.Value is not { } syntax)
            return null;
        if (!Patterns.TryGetValue(syntax.Pattern.Name, out (int Low, int High, Role[] Roles) pattern))
        {
            bag.Report(SpecRules.UnknownPattern, syntax.Pattern.Span, $"there is no kernel pattern '{syntax.Pattern.Name}'{DidYouMean.Hint(syntax.Pattern.Name, Patterns.Keys)} (one of {string.Join(", ", Patterns.Keys)})");
            return null;
        }
        if (syntax.Arguments.Count < pattern.Low || syntax.Arguments.Count > pattern.High)
        {
            string wanted = pattern.High == int.MaxValue ? $"at least {pattern.Low}" : pattern.Low == 0 ? "no" : $"{pattern.Low}";
            bag.Report(SpecRules.PatternArguments, syntax.Pattern.Span, $"'{syntax.Pattern.Name}' takes {wanted} argument{(pattern.Low == 1 ? "" : "s")}, not {syntax.Arguments.Count}");
            return null;
        }
        bool good = true;
        for (int i = 0; i < syntax.Arguments.Count; i++)
            good &= Check(syntax.Arguments[i], pattern.Roles[Math.Min(i, pattern.Roles.Length - 1)], syntax.Pattern.Name);
        return good ? new KernelModel(syntax.Pattern.Name, syntax.Arguments.Select(a => a.Name).ToEquatableArray()) : null;
    }

    private bool Check(NameSyntax argument, Role role, string pattern)
    {
        (string wanted, Func<Symbol, bool> fits) = role switch
        {
            Role.Dim => ("a dim or rank variable", (Func<Symbol, bool>)(s => s.Dim is not (null or DimKind.Quantified) || (s.Kind == SymbolKind.Let && s.Type is { Kind: ExprKind.Exact }))),
            Role.Input => ("an input", s => s.Kind == SymbolKind.Input),
            Role.Port => ("an input or output", s => s.Kind is SymbolKind.Input or SymbolKind.Output),
            _ => ("a list of axes", s => s.Type is null or { Kind: ExprKind.Exact, Depth: 1 } or { Kind: ExprKind.Tensor, Depth: 0 }),
        };
        if (symbols.Find(argument.Name) is not { } symbol)
        {
            bag.Report(SpecRules.UnknownName, argument.Span, $"there is no '{argument.Name}' in this spec{DidYouMean.Hint(argument.Name, symbols.All.Where(fits).Select(s => s.Name))}");
            return false;
        }
        symbol.Uses++;
        if (fits(symbol))
            return true;
        bag.Report(SpecRules.PatternArguments, argument.Span, $"'{argument.Name}' is {symbol.Role}; '{pattern}' wants {wanted} here");
        return false;
    }
}
