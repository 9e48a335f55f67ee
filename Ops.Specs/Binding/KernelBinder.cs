using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Language;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>Checks the pattern of a kernel and what its arguments are.</summary>
internal sealed class KernelBinder(SymbolTable symbols, DiagnosticBag bag)
{
    internal KernelModel? Bind(Entry<KernelSyntax>? kernel)
    {
        if (kernel?.Value is not { } syntax)
            return null;
        if (KernelPattern.All.FirstOrDefault(p => p.Name == syntax.Pattern.Name) is not { } pattern)
        {
            IEnumerable<string> names = KernelPattern.All.Select(p => p.Name);
            bag.Report(SpecRules.UnknownPattern, syntax.Pattern.Span,
                $"there is no kernel pattern '{syntax.Pattern.Name}'{DidYouMean.Hint(syntax.Pattern.Name, names)} (one of {string.Join(", ", names)})");
            return null;
        }
        if (syntax.Arguments.Count < pattern.Low || syntax.Arguments.Count > pattern.High)
        {
            string wanted = pattern.High == int.MaxValue ? $"at least {pattern.Low}" : pattern.Low == 0 ? "no" : $"{pattern.Low}";
            bag.Report(SpecRules.PatternArguments, syntax.Pattern.Span,
                $"'{syntax.Pattern.Name}' takes {wanted} argument{(pattern.Low == 1 ? "" : "s")}, not {syntax.Arguments.Count}");
            return null;
        }
        bool good = true;
        for (int i = 0; i < syntax.Arguments.Count; i++)
            good &= Check(syntax.Arguments[i], pattern.Roles[Math.Min(i, pattern.Roles.Count - 1)], syntax.Pattern.Name);
        return good ? new KernelModel(syntax.Pattern.Name, syntax.Arguments.Select(a => a.Name).ToEquatableArray()) : null;
    }

    private bool Check(NameSyntax argument, KernelRole role, string pattern)
    {
        (string wanted, Func<Symbol, bool> fits) = role switch
        {
            KernelRole.Dim => ("a dim or rank variable",
                (Func<Symbol, bool>)(s => s.Dim is not (null or DimKind.Quantified)
                    || (s.Kind == SymbolKind.Let && s.Type is { Kind: ExprKind.Exact }))),
            KernelRole.Input => ("an input", s => s.Kind == SymbolKind.Input),
            KernelRole.Port => ("an input or output", s => s.Kind is SymbolKind.Input or SymbolKind.Output),
            _ => ("a list of axes", s => s.Type is null or { Kind: ExprKind.Exact, Depth: 1 } or { Kind: ExprKind.Tensor, Depth: 0 }),
        };
        if (symbols.Find(argument.Name) is not { } symbol)
        {
            bag.Report(SpecRules.UnknownName, argument.Span,
                $"there is no '{argument.Name}' in this spec{DidYouMean.Hint(argument.Name, symbols.All.Where(fits).Select(s => s.Name))}");
            return false;
        }
        symbol.Uses++;
        if (fits(symbol))
            return true;
        bag.Report(SpecRules.PatternArguments, argument.Span, $"'{argument.Name}' is {symbol.Role}; '{pattern}' wants {wanted} here");
        return false;
    }
}
