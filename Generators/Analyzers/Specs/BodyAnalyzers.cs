using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Specs;

// The rules about bodies, an analyzer each.

/// <summary>OPS0601: An equation of the body cannot be parsed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodySyntaxAnalyzer() : SpecRuleAnalyzer(SpecRules.BodySyntax);

/// <summary>OPS0602: Unknown value in the body.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodyNameAnalyzer() : SpecRuleAnalyzer(SpecRules.BodyName);

/// <summary>OPS0603: The body assigns a name twice.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AssignedTwiceAnalyzer() : SpecRuleAnalyzer(SpecRules.AssignedTwice);

/// <summary>OPS0604: The body assigns no value to an output.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OutputUnassignedAnalyzer() : SpecRuleAnalyzer(SpecRules.OutputUnassigned);

/// <summary>OPS0605: The body calls an op that has no spec.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnknownOpAnalyzer() : SpecRuleAnalyzer(SpecRules.UnknownOp);

/// <summary>OPS0606: A call has the wrong number of operands or results.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallArityAnalyzer() : SpecRuleAnalyzer(SpecRules.CallArity);

/// <summary>OPS0607: A call gives an attribute the op does not have.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallAttributeAnalyzer() : SpecRuleAnalyzer(SpecRules.CallAttribute);

/// <summary>OPS0608: A call leaves out a required attribute.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallAttributeMissingAnalyzer() : SpecRuleAnalyzer(SpecRules.CallAttributeMissing);

/// <summary>OPS0609: No output needs this equation.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedEquationAnalyzer() : SpecRuleAnalyzer(SpecRules.UnusedEquation);

/// <summary>OPS0610: A body's condition reads tensor data.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DataConditionAnalyzer() : SpecRuleAnalyzer(SpecRules.DataCondition);

/// <summary>OPS0611: Equations of the body need each other.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodyCycleAnalyzer() : SpecRuleAnalyzer(SpecRules.BodyCycle);

/// <summary>OPS0612: An op has neither a body nor a kernel.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoBodyAnalyzer() : SpecRuleAnalyzer(SpecRules.NoBody);

/// <summary>OPS0613: The body gives an output another shape than the signature.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodyShapeAnalyzer() : SpecRuleAnalyzer(SpecRules.BodyShape);

/// <summary>OPS0614: The body gives an output another element type than the signature.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodyTypeAnalyzer() : SpecRuleAnalyzer(SpecRules.BodyType);

/// <summary>OPS0615: A call of the body does not take its operands.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodyCallAnalyzer() : SpecRuleAnalyzer(SpecRules.BodyCall);

/// <summary>OPS0616: Two dims fit the body in the other order.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DimSwapAnalyzer() : SpecRuleAnalyzer(SpecRules.DimSwap);
