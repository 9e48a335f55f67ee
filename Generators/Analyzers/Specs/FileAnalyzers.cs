using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Specs;

// The rules about the file, an analyzer each.

/// <summary>OPS0001: The file is not well-formed YAML.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class YamlSyntaxAnalyzer() : SpecRuleAnalyzer(SpecRules.YamlSyntax);

/// <summary>OPS0002: A spec is larger or nested more deeply than the stated limits.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TooLargeAnalyzer() : SpecRuleAnalyzer(SpecRules.TooLarge);

/// <summary>OPS0003: Anchors, aliases, tags, merge keys and directives are not part of the language.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class YamlFeatureAnalyzer() : SpecRuleAnalyzer(SpecRules.YamlFeature);

/// <summary>OPS0004: Unknown key.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownKeyAnalyzer() : SpecRuleAnalyzer(SpecRules.UnknownKey);

/// <summary>OPS0005: A key stands twice in one mapping.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DuplicateKeyAnalyzer() : SpecRuleAnalyzer(SpecRules.DuplicateKey);

/// <summary>OPS0006: A required key is missing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MissingKeyAnalyzer() : SpecRuleAnalyzer(SpecRules.MissingKey);

/// <summary>OPS0007: A key has the wrong kind of value.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WrongNodeAnalyzer() : SpecRuleAnalyzer(SpecRules.WrongNode);

/// <summary>OPS0008: The value of a key cannot be used.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InvalidValueAnalyzer() : SpecRuleAnalyzer(SpecRules.InvalidValue);

/// <summary>OPS0009: The file holds no spec.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EmptySpecAnalyzer() : SpecRuleAnalyzer(SpecRules.EmptySpec);

/// <summary>OPS0010: A name is not a letter followed by letters, digits and underscores.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InvalidNameAnalyzer() : SpecRuleAnalyzer(SpecRules.InvalidName);

/// <summary>OPS0011: A rule's name is not lower case with hyphens.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RuleNameAnalyzer() : SpecRuleAnalyzer(SpecRules.RuleName);

/// <summary>OPS0012: The front end failed on this spec.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InternalAnalyzer() : SpecRuleAnalyzer(SpecRules.Internal);

/// <summary>OPS0013: The file's name or folder is not the op's.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FileNameAnalyzer() : SpecRuleAnalyzer(SpecRules.FileName);

/// <summary>OPS0014: The list of outputs is empty.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoOutputsAnalyzer() : SpecRuleAnalyzer(SpecRules.NoOutputs);
