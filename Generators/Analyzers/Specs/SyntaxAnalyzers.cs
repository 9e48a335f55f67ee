using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Specs;

// The rules about the syntax of expressions, an analyzer each.

/// <summary>OPS0101: An expression or declaration cannot be parsed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SyntaxAnalyzer() : SpecRuleAnalyzer(SpecRules.Syntax);

/// <summary>OPS0102: An expression is nested too deeply.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TooDeepAnalyzer() : SpecRuleAnalyzer(SpecRules.TooDeep);

/// <summary>OPS0103: A number is outside the range of its type.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NumberRangeAnalyzer() : SpecRuleAnalyzer(SpecRules.NumberRange);
