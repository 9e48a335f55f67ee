using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Ops.Generators.Analyzers.Specs;
using Ops.Specs.Types;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1012: A kernel does not cover an element type its spec allows.</summary>
/// <remarks>Patterns dispatch over all types themselves; a manual kernel does so in a switch over the type of an operand.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UncoveredTypeAnalyzer() : KernelAnalyzer(KernelRules.UncoveredType)
{
    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context)
    {
        context.RegisterOperationAction(c => Check(c, (ISwitchOperation)c.Operation), OperationKind.Switch);
        context.RegisterOperationAction(c => Check(c, (ISwitchExpressionOperation)c.Operation), OperationKind.SwitchExpression);
    }

    private void Check(OperationAnalysisContext context, ISwitchOperation choice)
    {
        // A default that does something covers the rest.
        ISwitchCaseOperation? otherwise = choice.Cases.FirstOrDefault(c => c.Clauses.Any(k => k.CaseKind == CaseKind.Default));
        if (otherwise is null
            || otherwise.Body.Any(b => b is IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation }))
            Check(context, choice.Value, choice.Cases.SelectMany(c => c.Clauses).SelectMany(Types));
    }

    private void Check(OperationAnalysisContext context, ISwitchExpressionOperation choice)
    {
        ISwitchExpressionArmOperation? otherwise = choice.Arms.FirstOrDefault(a => a.Pattern is IDiscardPatternOperation);
        if (otherwise is null || otherwise.Value is IThrowOperation or IConversionOperation { Operand: IThrowOperation })
            Check(context, choice.Value, choice.Arms.SelectMany(a => Types(a.Pattern)));
    }

    private void Check(OperationAnalysisContext context, IOperation value, IEnumerable<ElementType> covered)
    {
        // Only the method that the scaffold calls has operands under the names of the spec.
        if (value is not IPropertyReferenceOperation { Property: { Name: "Type", Type.Name: nameof(ElementType) },
            Instance: IParameterReferenceOperation { Parameter: { } operand } }
            || context.ContainingSymbol is not IMethodSymbol { PartialDefinitionPart: not null } method
            || KernelSymbols.OpClassOf(method) is not { } op)
            return;
        if (SpecSet.Family(op, context.Options, context.CancellationToken) is not { } family)
            return;
        HashSet<ElementType> allowed = [.. family.Versions.SelectMany(v => v.Inputs.Concat(v.Outputs).Where(p => p.Name == operand.Name)
            .SelectMany(p => SpecReads.TypesOf(v, p.Type)))];
        string[] missing = [.. allowed.Except(covered).Select(t => t.Name())];
        if (missing.Length > 0)
            context.ReportDiagnostic(Found(value.Syntax.GetLocation(),
                $"the spec of {op.Name} allows {string.Join(", ", missing)} for '{operand.Name}', which no case covers ({family.Path})"));
    }

    private static IEnumerable<ElementType> Types(ICaseClauseOperation clause) => clause switch
    {
        ISingleValueCaseClauseOperation single => Types(single.Value),
        IPatternCaseClauseOperation pattern => Types(pattern.Pattern),
        _ => [],
    };

    private static IEnumerable<ElementType> Types(IOperation value) => value switch
    {
        IConstantPatternOperation constant => Types(constant.Value),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either =>
            Types(either.LeftPattern).Concat(Types(either.RightPattern)),
        { ConstantValue: { HasValue: true, Value: int number } } => [(ElementType)number],
        _ => [],
    };
}
