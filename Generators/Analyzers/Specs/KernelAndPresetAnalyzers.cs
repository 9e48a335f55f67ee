using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Specs;

// The rules about kernels, presets and suppressions, an analyzer each.

/// <summary>OPS0701: Unknown kernel pattern.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownPatternAnalyzer() : SpecRuleAnalyzer(SpecRules.UnknownPattern);

/// <summary>OPS0702: A kernel pattern has the wrong arguments.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PatternArgumentsAnalyzer() : SpecRuleAnalyzer(SpecRules.PatternArguments);

/// <summary>OPS0703: The shapes of a kernel's ports do not fit its pattern.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KernelShapesAnalyzer() : SpecRuleAnalyzer(SpecRules.KernelShapes);

/// <summary>OPS0711: A preset sets an attribute the op does not have.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PresetAttributeAnalyzer() : SpecRuleAnalyzer(SpecRules.PresetAttribute);

/// <summary>OPS0712: A preset's value does not fit its attribute.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PresetValueAnalyzer() : SpecRuleAnalyzer(SpecRules.PresetValue);

/// <summary>OPS0721: A suppression silences nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedSuppressionAnalyzer() : SpecRuleAnalyzer(SpecRules.UnusedSuppression);

/// <summary>OPS0722: A suppression does not say why.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SuppressionReasonAnalyzer() : SpecRuleAnalyzer(SpecRules.SuppressionReason);
