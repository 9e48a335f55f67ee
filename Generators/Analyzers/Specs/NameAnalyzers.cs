using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Specs;

// The rules about names, an analyzer each.

/// <summary>OPS0201: Unknown name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownNameAnalyzer() : SpecRuleAnalyzer(SpecRules.UnknownName);

/// <summary>OPS0202: Two things of one spec have the same name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NameClashAnalyzer() : SpecRuleAnalyzer(SpecRules.NameClash);

/// <summary>OPS0203: Two names differ only by the case of their letters.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CaseClashAnalyzer() : SpecRuleAnalyzer(SpecRules.CaseClash);

/// <summary>OPS0204: A dim is used once and looks like a misspelling of another name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SuspiciousDimAnalyzer() : SpecRuleAnalyzer(SpecRules.SuspiciousDim);

/// <summary>OPS0205: A sentence documents a name the spec does not have.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownDocAnalyzer() : SpecRuleAnalyzer(SpecRules.UnknownDoc);

/// <summary>OPS0206: Unknown function.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownFunctionAnalyzer() : SpecRuleAnalyzer(SpecRules.UnknownFunction);

/// <summary>OPS0207: Definitions need each other.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CycleAnalyzer() : SpecRuleAnalyzer(SpecRules.Cycle);

/// <summary>OPS0208: A name that only an optional input or attribute gives is read without asking for it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnguardedAnalyzer() : SpecRuleAnalyzer(SpecRules.Unguarded);

/// <summary>OPS0209: An attribute or input is read by nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnreadAnalyzer() : SpecRuleAnalyzer(SpecRules.Unread);

/// <summary>OPS0210: A dim is used only where it is born.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LoneDimAnalyzer() : SpecRuleAnalyzer(SpecRules.LoneDim);

/// <summary>OPS0211: A rule can never fail.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NeverFailsAnalyzer() : SpecRuleAnalyzer(SpecRules.NeverFails);

/// <summary>OPS0212: A rule always fails.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AlwaysFailsAnalyzer() : SpecRuleAnalyzer(SpecRules.AlwaysFails);

/// <summary>OPS0213: A rule has no sentence that says what it demands.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnexplainedRuleAnalyzer() : SpecRuleAnalyzer(SpecRules.UnexplainedRule);

/// <summary>OPS0214: An attribute or optional input has no sentence in 'docs'.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MissingDocAnalyzer() : SpecRuleAnalyzer(SpecRules.MissingDoc);

/// <summary>OPS0215: A type variable or definition is used by nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedNameAnalyzer() : SpecRuleAnalyzer(SpecRules.UnusedName);

/// <summary>OPS0216: Two dims stand in another order than in another port.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DimOrderAnalyzer() : SpecRuleAnalyzer(SpecRules.DimOrder);

/// <summary>OPS0217: A declaration is missing or misspelt that others read.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UndeclaredNameAnalyzer() : SpecRuleAnalyzer(SpecRules.UndeclaredName);

/// <summary>OPS0218: A dim stands at another place than in another port.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DimPlaceAnalyzer() : SpecRuleAnalyzer(SpecRules.DimPlace);

/// <summary>OPS0219: Both sides of an 'if' are the same.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SameBranchesAnalyzer() : SpecRuleAnalyzer(SpecRules.SameBranches);

/// <summary>OPS0220: A sentence is not written yet.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnfinishedTextAnalyzer() : SpecRuleAnalyzer(SpecRules.UnfinishedText);

/// <summary>OPS0222: A sentence seems to be missing from 'docs'.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MissingSentenceAnalyzer() : SpecRuleAnalyzer(SpecRules.MissingSentence);

/// <summary>OPS0223: A word in a sentence looks like a misspelt name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SentenceSpellingAnalyzer() : SpecRuleAnalyzer(SpecRules.SentenceSpelling);

/// <summary>OPS0221: A word in a rule's name looks like a misspelt name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RuleSpellingAnalyzer() : SpecRuleAnalyzer(SpecRules.RuleSpelling);
