using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Specs;

// The rules about shapes, an analyzer each.

/// <summary>OPS0401: A shape has more than one rank variable of open length.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OpenRankAnalyzer() : SpecRuleAnalyzer(SpecRules.OpenRank);

/// <summary>OPS0402: A name in an output is bound by no input.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnboundOutputAnalyzer() : SpecRuleAnalyzer(SpecRules.UnboundOutput);

/// <summary>OPS0403: An item cannot stand in this shape.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ShapeItemAnalyzer() : SpecRuleAnalyzer(SpecRules.ShapeItem);

/// <summary>OPS0404: A family's index or count is used wrongly.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FamilyUseAnalyzer() : SpecRuleAnalyzer(SpecRules.FamilyUse);

/// <summary>OPS0405: An output cannot alias this input.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AliasesAnalyzer() : SpecRuleAnalyzer(SpecRules.Aliases);

/// <summary>OPS0406: A dim stands twice side by side.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RepeatedDimAnalyzer() : SpecRuleAnalyzer(SpecRules.RepeatedDim);
