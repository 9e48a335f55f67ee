using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Bodies;

/// <summary>Checks a call of an op against the op's signature.</summary>
internal sealed class CallChecker(DiagnosticBag bag)
{
    internal void Check(CallOperand call, VersionSignature signature, int results)
    {
        string op = call.Op.Name;
        bool variadic = signature.Inputs.Count > 0 && signature.Inputs[signature.Inputs.Count - 1].Variadic;
        int least = 0;
        for (int i = 0; i < signature.Inputs.Count; i++)
            if (!signature.Inputs[i].Optional)
                least = i + 1;
        if (call.Operands.Count > signature.Inputs.Count && !variadic)
            bag.Report(SpecRules.CallArity, call.Operands[signature.Inputs.Count].Span,
                $"'{op}' takes {Count(signature.Inputs.Count, "operand")}, not {call.Operands.Count}");
        else if (call.Operands.Count < least)
            bag.Report(SpecRules.CallArity, call.Op.Span,
                $"'{op}' needs its operand '{signature.Inputs[call.Operands.Count].Name}'; it takes at least {Count(least, "operand")}, not {call.Operands.Count}");
        else
            for (int i = 0; i < call.Operands.Count && i < signature.Inputs.Count; i++)
                if (call.Operands[i] is AbsentOperand && !signature.Inputs[i].Optional)
                    bag.Report(SpecRules.CallArity, call.Operands[i].Span,
                        $"the operand '{signature.Inputs[i].Name}' of '{op}' is required");
        if (results > signature.Outputs.Count && !signature.Outputs.Any(o => o.Variadic))
            bag.Report(SpecRules.CallArity, call.Op.Span, $"'{op}' has {Count(signature.Outputs.Count, "result")}, not {results}");
        HashSet<string> given = [];
        foreach (AttributeArgument argument in call.Attributes)
        {
            NameSyntax name = argument.Name;
            if (signature.Attributes.All(a => a.Name != name.Name))
                bag.Report(SpecRules.CallAttribute, name.Span,
                    $"'{op}' has no attribute '{name.Name}'{DidYouMean.Hint(name.Name, signature.Attributes.Select(a => a.Name))}");
            else if (!given.Add(name.Name))
                bag.Report(SpecRules.CallAttribute, name.Span, $"the attribute '{name.Name}' is given a second time");
        }
        foreach (AttributeSignature attribute in signature.Attributes)
            if (attribute.Required && !given.Contains(attribute.Name))
                bag.Report(SpecRules.CallAttributeMissing, call.Op.Span, $"'{op}' needs its attribute '{attribute.Name}'");
    }

    private static string Count(int count, string what) => count == 1 ? $"one {what}" : $"{count} {what}s";
}
