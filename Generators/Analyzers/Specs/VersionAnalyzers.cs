using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Specs;

// The rules about versions, an analyzer each.

/// <summary>OPS0501: The versions of a spec do not ascend.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class VersionOrderAnalyzer() : SpecRuleAnalyzer(SpecRules.VersionOrder);

/// <summary>OPS0502: A version states what the version before it says already.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoDifferenceAnalyzer() : SpecRuleAnalyzer(SpecRules.NoDifference);

/// <summary>OPS0503: 'none' removes something that is not there.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NothingToRemoveAnalyzer() : SpecRuleAnalyzer(SpecRules.NothingToRemove);

/// <summary>OPS0504: The op that 'like' names cannot be used.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LikeBaseAnalyzer() : SpecRuleAnalyzer(SpecRules.LikeBase);

/// <summary>OPS0505: A key cannot stand in this document.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class VersionKeyAnalyzer() : SpecRuleAnalyzer(SpecRules.VersionKey);

/// <summary>OPS0507: What is taken over from an older version or another op does not fit.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TakenOverAnalyzer() : SpecRuleAnalyzer(SpecRules.TakenOver);

/// <summary>OPS0506: An op is not the one its domain has published.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PublishedAnalyzer() : SpecRuleAnalyzer(SpecRules.Published);
