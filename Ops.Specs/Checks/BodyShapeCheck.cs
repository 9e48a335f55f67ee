using Ops.Specs.Binding;
using Ops.Specs.Bodies;
using Ops.Specs.Diagnostics;
using Ops.Specs.Evaluation;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Text;
using Ops.Specs.Types;

namespace Ops.Specs.Checks;

/// <summary>
/// A body gives the shapes and types that its signature promises. Both are worked out for a handful of small calls, whose dims are
/// different numbers: what disagrees for one of them is wrong, and the call is the witness. What only running tells is not judged.
/// </summary>
internal static class BodyShapeCheck
{
    internal static void Run(BoundVersion version, ISpecScope scope)
    {
        // Behind a mistake nobody knows what was meant.
        if (version.Model is not { } model || version.IsHuge || version.Bag.HasErrors)
            return;
        if (model.Body is { } body && version.Spec.Equations is { } equations)
            new Checker(version, model, body, model.Opset, equations, scope).Run();
        for (int i = 0; i < model.LaterBodies.Count; i++)
            if (version.Spec.Overrides.FirstOrDefault(o => o.Opset == model.LaterBodies[i].Opset) is { Equations: { } later } spec)
            {
                version.Bag.Version = spec;
                new Checker(version, model, model.LaterBodies[i].Body, model.LaterBodies[i].Opset, later, scope).Run();
                version.Bag.Version = version.Spec;
            }
    }

    private sealed class Checker(BoundVersion version, OpModel model, BodyModel body, int opset, IReadOnlyList<MergedEquation> equations,
        ISpecScope scope)
    {
        internal void Run()
        {
            if (body.Calls.All(c => scope.Models(c, "ai.onnx").Count == 0 && scope.Models(c, model.Domain).Count == 0))
                return;
            foreach (CallInstance call in InstanceMaker.Of(model, [.. body.Equations.SelectMany(e => Conditions(e.Value))]))
            {
                var evaluator = new BodyEvaluator(model, body, opset, call, scope.Models);
                foreach (Port output in model.Outputs)
                    if (output.Family is null && call.Present.Contains(output.Name) && evaluator[output.Name] is { } given)
                        Compare(output, given, call);
                foreach (BodyMistake mistake in evaluator.Mistakes)
                    Report(mistake, call);
            }
        }

        private void Compare(Port output, TensorFacts given, CallInstance call)
        {
            var signature = new SpecEvaluator(call);
            ElementType element = signature.ElementOf(output.Type);
            if (element != ElementType.Undefined && given.Element != ElementType.Undefined && element != given.Element)
                Report(SpecRules.BodyType, output,
                    $"with {call} the body gives {output.Name} as {given.Element.Name()}, the signature says {element.Name()}");
            if (given.Dims is not { } dims || signature.DimsOf(output.Type) is not { } promised)
                return;
            if (dims.Length != promised.Length
                || dims.Zip(promised, (a, b) => a is double one && b is double other && one != other).Any(differs => differs))
                Report(SpecRules.BodyShape, output,
                    $"with {call} the body gives {output.Name} {TensorFacts.Text(dims)}, the signature says {TensorFacts.Text(promised)}");
        }

        private void Report(SpecRule rule, Port output, string message)
        {
            foreach (EquationSyntax equation in equations.Select(e => e.Syntax).Reverse())
                if (equation.Outputs.FirstOrDefault(o => o.Name == output.Name) is { } name)
                {
                    version.Bag.Report(rule, name.Span, message,
                        related: [.. version.Spec.Outputs.Where(o => o.Name == output.Name).Select(o => o.Value?.Type.Span ?? o.NameSpan),
                            .. Origins(equation)]);
                    TellTakenOver(equation);
                    return;
                }
        }

        private void Report(BodyMistake mistake, CallInstance call)
        {
            foreach (EquationSyntax equation in equations.Select(e => e.Syntax))
                if (body.Equations.FirstOrDefault(e => equation.Outputs.Any(o => o.Name != "_" && e.Outputs.Contains(o.Name))) is { } bound
                    && Find(bound.Value, equation.Right, mistake.Node) is { } place)
                {
                    version.Bag.Report(SpecRules.BodyCall, place is CallOperand node ? node.Op.Span : place.Span,
                        $"with {call}: {mistake.Message}", related: Origins(equation));
                    TellTakenOver(equation);
                    return;
                }
        }

        /// <summary>Where the shapes of an equation come from: the inputs it reads, itself or through other equations.</summary>
        private SourceSpan[] Origins(EquationSyntax equation)
        {
            HashSet<string> read = Read(equation);
            return [.. version.Spec.Inputs.Where(i => read.Contains(i.Name)).Select(i => i.Value?.Type.Span ?? i.NameSpan)];
        }

        /// <summary>An equation that is stated may not fit those that are taken over; one of them was to be replaced.</summary>
        private void TellTakenOver(EquationSyntax equation)
        {
            MergedSpec spec = version.Bag.Version ?? version.Spec;
            if (spec.Document?.Body is null || !spec.IsOwn(equation.Span) || Read(equation) is var read
                && equations.FirstOrDefault(e => !e.Own && e.Syntax.Outputs.Any(o => read.Contains(o.Name))) is not { } older)
                return;
            version.Bag.Report(SpecRules.TakenOver, spec.PlaceOf("body"),
                $"'{equation.Outputs[0].Name}' does not fit what is taken over, '{older.Syntax.Outputs[0].Name}' for instance",
                related: [equation.Span]);
        }

        /// <summary>What an equation reads, itself or through others.</summary>
        private HashSet<string> Read(EquationSyntax equation)
        {
            Dictionary<string, EquationSyntax> byName = [];
            foreach (MergedEquation each in equations)
                foreach (NameSyntax output in each.Syntax.Outputs)
                    byName[output.Name] = each.Syntax;
            HashSet<string> seen = [];
            var open = new Stack<string>(BodyWalker.Names(equation.Right));
            while (open.Count > 0)
                if (open.Pop() is var name && seen.Add(name) && byName.TryGetValue(name, out EquationSyntax? next))
                    foreach (string read in BodyWalker.Names(next.Right))
                        open.Push(read);
            return seen;
        }

        /// <summary>The part of an equation that stands for a part of its meaning; the two are built alike.</summary>
        private static OperandSyntax? Find(BodyValue value, OperandSyntax syntax, BodyValue wanted)
        {
            if (ReferenceEquals(value, wanted))
                return syntax;
            switch (value, syntax)
            {
                case (BodyConditional choice, ConditionalOperand operand):
                    return Find(choice.Then, operand.Then, wanted) ?? Find(choice.Otherwise, operand.Otherwise, wanted);
                case (BodyCall call, CallOperand operand):
                    for (int i = 0; i < call.Operands.Count && i < operand.Operands.Count; i++)
                        if (Find(call.Operands[i], operand.Operands[i], wanted) is { } found)
                            return found;
                    for (int i = 0; i < call.Attributes.Count && i < operand.Attributes.Count; i++)
                        if (call.Attributes[i].Graph is { } graph && operand.Attributes[i].Graph is { } text)
                            foreach (EquationSyntax equation in text.Equations)
                                if (graph.Equations.FirstOrDefault(
                                    e => equation.Outputs.Any(o => o.Name != "_" && e.Outputs.Contains(o.Name))) is { } bound
                                    && Find(bound.Value, equation.Right, wanted) is { } inside)
                                    return inside;
                    return null;
                default:
                    return null;
            }
        }

        private static IEnumerable<Expr> Conditions(BodyValue value) => value switch
        {
            BodyConditional choice => new[] { choice.Condition }.Concat(Conditions(choice.Then)).Concat(Conditions(choice.Otherwise)),
            BodyCall call =>
                call.Operands.SelectMany(Conditions).Concat(call.Attributes.Where(a => a.Graph is not null)
                    .SelectMany(a => a.Graph!.Equations).SelectMany(e => Conditions(e.Value))),
            _ => [],
        };
    }
}
