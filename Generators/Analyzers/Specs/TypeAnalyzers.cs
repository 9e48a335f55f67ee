using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Specs;

// The rules about types, an analyzer each.

/// <summary>OPS0301: Unknown element type.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownElementTypeAnalyzer() : SpecRuleAnalyzer(SpecRules.UnknownElementType);

/// <summary>OPS0302: An expression has the wrong type.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TypeMismatchAnalyzer() : SpecRuleAnalyzer(SpecRules.TypeMismatch);

/// <summary>OPS0303: A function has the wrong number of arguments.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ArgumentCountAnalyzer() : SpecRuleAnalyzer(SpecRules.ArgumentCount);

/// <summary>OPS0304: A name is read that has no value to read.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoValueAnalyzer() : SpecRuleAnalyzer(SpecRules.NoValue);

/// <summary>OPS0305: A type variable needs a set of element types.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TypeSetAnalyzer() : SpecRuleAnalyzer(SpecRules.TypeSet);

/// <summary>OPS0306: A default is outside the allowed values.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DefaultOutsideAnalyzer() : SpecRuleAnalyzer(SpecRules.DefaultOutside);

/// <summary>OPS0307: An 'if' needs an 'else' here.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MissingElseAnalyzer() : SpecRuleAnalyzer(SpecRules.MissingElse);
