using Ops.Specs.Binding;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Bodies;

/// <summary>Binds the equations of a body: every value, op, attribute and expression it names.</summary>
internal sealed class BodyBinder(MergedSpec spec, SymbolTable symbols, ExpressionBinder expressions, ISpecScope scope, DiagnosticBag bag)
{
    private static readonly string[] OnnxAlone = ["ai.onnx"];

    private readonly HashSet<string> unknownOps = [];
    private List<EquationSyntax> unused = [];
    private bool unclear;

    internal BodyModel Bind()
    {
        List<EquationSyntax> equations = Needed(Unique(spec.Equations!));
        IReadOnlyList<EquationSyntax> sorted = Sort(equations);
        HashSet<string> values = [.. spec.Inputs.Select(i => i.Name), .. equations.SelectMany(e => e.Outputs).Select(o => o.Name)];
        values.Remove("_");
        CheckOutputs(values);
        var scopes = new BodyScope(null, values, unused.SelectMany(e => e.Outputs).Select(o => o.Name).ToArray());
        List<BodyEquation> bound = [];
        foreach (EquationSyntax equation in sorted)
            if (Bind(equation, scopes) is { } good)
                bound.Add(good);
        // Behind a mistake nobody knows what was meant to be read.
        if (!unclear)
            foreach (EquationSyntax equation in unused)
                if (equation.Outputs.FirstOrDefault(o => o.Name is not ("_" or "")) is { } name)
                {
                    bag.Report(SpecRules.UnusedEquation, name.Span, $"no output needs '{name.Name}'");
                    if (spec.Equations!.Any(e => !e.Own))
                        bag.Report(SpecRules.TakenOver, spec.PlaceOf("body"), $"what is taken over does not read '{name.Name}'",
                            related: [name.Span]);
                }
        string[] calls = [.. BodyWalker.Calls(sorted).Select(c => c.Op.Name).Where(n => !IsGraph(n)).Distinct()
            .OrderBy(n => n, StringComparer.Ordinal)];
        return new BodyModel(string.Join("\n", sorted.Where(e => !e.Broken).Select(e => e.ToString())),
            calls.ToEquatableArray()) { Equations = bound.ToEquatableArray() };
    }

    private bool IsGraph(string name) => symbols.Find(name) is { Kind: SymbolKind.Attribute, Type.Kind: ExprKind.Opaque };

    /// <summary>Reports names assigned twice; the first equation counts.</summary>
    private List<MergedEquation> Unique(IReadOnlyList<MergedEquation> equations)
    {
        HashSet<string> assigned = [.. spec.Inputs.Select(i => i.Name)];
        List<MergedEquation> unique = [];
        foreach (MergedEquation equation in equations)
        {
            bool again = false;
            foreach (NameSyntax output in equation.Syntax.Outputs)
            {
                if (output.Name is "" or "_" || assigned.Add(output.Name))
                    continue;
                again = true;
                bag.Report(SpecRules.AssignedTwice, output.Span, spec.Inputs.Any(i => i.Name == output.Name)
                    ? $"'{output.Name}' is an input; an equation gives a new name"
                    : $"'{output.Name}' is assigned a second time");
            }
            if (!again)
                unique.Add(equation);
        }
        return unique;
    }

    /// <summary>The equations the outputs need. Of the others, those an older version states are dropped and the newest ones
    /// reported.</summary>
    private List<EquationSyntax> Needed(List<MergedEquation> equations)
    {
        var byName = new Dictionary<string, MergedEquation>();
        foreach (MergedEquation equation in equations)
            foreach (NameSyntax output in equation.Syntax.Outputs)
                byName[output.Name] = equation;
        HashSet<MergedEquation> needed = [];
        var open = new Stack<string>(spec.Outputs.Select(o => o.Name));
        while (open.Count > 0)
            if (byName.TryGetValue(open.Pop(), out MergedEquation? equation) && needed.Add(equation))
                foreach (string name in BodyWalker.Names(equation.Syntax.Right))
                    open.Push(name);
        unused = [.. equations.Where(e => !needed.Contains(e) && e.Own).Select(e => e.Syntax)];
        unclear = equations.Any(e => e.Syntax.Broken) || spec.BodyBroken || spec.Outputs.Any(o => !byName.ContainsKey(o.Name));
        return [.. equations.Where(e => needed.Contains(e) || e.Own).Select(e => e.Syntax)];
    }

    private IReadOnlyList<EquationSyntax> Sort(List<EquationSyntax> equations)
    {
        var byName = new Dictionary<string, EquationSyntax>();
        foreach (EquationSyntax equation in equations)
            foreach (NameSyntax output in equation.Outputs)
                byName[output.Name] = equation;
        Graph<EquationSyntax> graph = new(equations, e => BodyWalker.Names(e.Right).Where(byName.ContainsKey).Select(n => byName[n]));
        unclear |= graph.Cycles.Count > 0;
        foreach (IReadOnlyList<EquationSyntax> cycle in graph.Cycles)
            bag.Report(SpecRules.BodyCycle, cycle[0].Outputs[0].Span,
                $"'{cycle[0].Outputs[0].Name}' needs itself: {string.Join(" -> ", cycle.Select(e => e.Outputs[0].Name))} -> {cycle[0].Outputs[0].Name}");
        return graph.Sorted;
    }

    private void CheckOutputs(HashSet<string> values)
    {
        if (spec.BodyBroken)
            return;
        foreach (Entry<PortSyntax> output in spec.Outputs)
            if (!values.Contains(output.Name))
            {
                // A result nobody needs with nearly the output's name is where the mistake is.
                NameSyntax? near = DidYouMean.Nearest(output.Name, unused.SelectMany(e => e.Outputs).Select(o => o.Name)) is { } name
                    ? unused.SelectMany(e => e.Outputs).First(o => o.Name == name)
                    : unused.Count == 1 && spec.Outputs.Count == 1 ? unused[0].Outputs[0] : null;
                bag.Report(SpecRules.OutputUnassigned, near?.Span ?? spec.BodySpan ?? spec.NameSpan,
                    near is null ? $"no equation assigns the output '{output.Name}'"
                        : $"'{near.Name}' is no output, and no equation assigns '{output.Name}'; did you mean '{output.Name}'?");
                TellFirst(output.Name);
                if (near is not null && spec.BodySpan is { } body)
                    bag.Report(SpecRules.UndeclaredName, body, $"'body' has no equation of '{output.Name}'", related: [near.Span]);
            }
    }

    /// <summary>A body that states differences, of a first document that has none.</summary>
    private void TellFirst(string name)
    {
        if (spec.First is not null && spec.Documents.Count > 0 && spec.Documents[0] is { Body: null, Like: null } first
            && first.PlaceOf("body") is { } place)
            bag.Report(SpecRules.UndeclaredName, place, $"there is no 'body' here that gives '{name}', which {spec.Called} takes over",
                stays: true);
    }

    private BodyEquation? Bind(EquationSyntax equation, BodyScope names)
    {
        if (equation.Broken)
            return null;
        BodyValue? value = Bind(equation.Right, names, equation.Outputs.Count);
        return value is null ? null : new BodyEquation(equation.Outputs.Select(o => o.Name).ToEquatableArray(), value);
    }

    private BodyValue? Bind(OperandSyntax operand, BodyScope names, int results)
    {
        switch (operand)
        {
            case ValueOperand value:
                return BindName(value, names);
            case AbsentOperand:
                return new BodyAbsent();
            case ConstantOperand constant:
                expressions.Begin();
                return expressions.Bind(constant.Value) is { } bound ? new BodyConstant(bound) : null;
            case ConditionalOperand conditional:
                return BindConditional(conditional, names, results);
            case CallOperand call:
                return BindCall(call, names, results);
            default:
                return null;
        }
    }

    private BodyName? BindName(ValueOperand value, BodyScope names)
    {
        if (symbols.Find(value.Name) is { } symbol)
            symbol.Uses++;
        if (names.Has(value.Name))
            return new BodyName(value.Name);
        if (spec.BodyBroken)
            return null;
        string message = symbols.Find(value.Name) is { Kind: not SymbolKind.Input } other
            ? $"'{value.Name}' is {other.Role}, not a value of the body; as an operand it is written '@{value.Name}'"
            : $"there is no value '{value.Name}' in this body{names.Hint(value.Name)}";
        bag.Report(SpecRules.BodyName, value.Span, message);
        TellFirst(value.Name);
        unclear = true;
        return null;
    }

    private BodyConditional? BindConditional(ConditionalOperand conditional, BodyScope names, int results)
    {
        expressions.Begin();
        Expr? condition = expressions.BindPredicate(conditional.Condition);
        if (condition is not null && expressions.ReadsData)
            bag.Report(SpecRules.DataCondition, conditional.Condition.Span,
                "this condition reads tensor data; a body is chosen by presence, attributes, types and ranks");
        BodyValue? then = BindSide(conditional, conditional.Then, truth: true, names, results),
            otherwise = BindSide(conditional, conditional.Otherwise, truth: false, names, results);
        return condition is null || then is null || otherwise is null ? null : new BodyConditional(condition, then, otherwise);
    }

    private BodyValue? BindSide(ConditionalOperand conditional, OperandSyntax side, bool truth, BodyScope names, int results)
    {
        int guarded = expressions.Guards.Enter(conditional.Condition, truth);
        BodyValue? bound = Bind(side, names, results);
        expressions.Guards.Exit(guarded);
        return bound;
    }

    private BodyCall? BindCall(CallOperand call, BodyScope names, int results)
    {
        List<BodyValue> operands = [];
        bool broken = false;
        foreach (OperandSyntax operand in call.Operands)
        {
            BodyValue? bound = Bind(operand, names, 1);
            broken |= bound is null;
            if (bound is not null)
                operands.Add(bound);
        }
        List<BodyAttribute> attributes = [];
        foreach (AttributeArgument argument in call.Attributes)
        {
            BodyAttribute? bound = BindAttribute(argument, names);
            broken |= bound is null;
            if (bound is not null)
                attributes.Add(bound);
        }
        if (IsGraph(call.Op.Name))
        {
            CheckGraphCall(call, results);
            return broken ? null : new BodyCall(call.Op.Name, null, attributes.ToEquatableArray(), operands.ToEquatableArray());
        }
        if (Resolve(call.Op) is not var (signature, domain))
            return null;
        new CallChecker(bag).Check(call, signature, results);
        return broken ? null : new BodyCall(call.Op.Name, domain, attributes.ToEquatableArray(), operands.ToEquatableArray());
    }

    private BodyAttribute? BindAttribute(AttributeArgument argument, BodyScope names)
    {
        if (argument.Graph is { } graph)
            return BindGraph(graph, names) is { } bound ? new BodyAttribute(argument.Name.Name, null, bound) : null;
        expressions.Begin();
        return argument.Value is not null && expressions.Bind(argument.Value) is { } value
            ? new BodyAttribute(argument.Name.Name, value, null) : null;
    }

    private BodyGraph? BindGraph(GraphSyntax graph, BodyScope outer)
    {
        HashSet<string> own = [];
        foreach (NameSyntax name in graph.Inputs.Concat(graph.Equations.SelectMany(e => e.Outputs)))
            if (name.Name != "_" && (outer.Has(name.Name) || !own.Add(name.Name)))
                bag.Report(SpecRules.AssignedTwice, name.Span,
                    $"'{name.Name}' is assigned a second time{(outer.Has(name.Name) ? "; a graph sees the names around it and needs its own" : "")}");
        HashSet<string> read = [.. graph.Equations.SelectMany(e => BodyWalker.Names(e.Right)), .. graph.Outputs.Select(o => o.Name)];
        var names = new BodyScope(outer, own, own.Where(n => !read.Contains(n)).ToArray());
        foreach (NameSyntax output in graph.Outputs)
            if (!names.Has(output.Name))
                bag.Report(SpecRules.BodyName, output.Span, $"there is no value '{output.Name}' in this graph{names.Hint(output.Name)}");
        BodyEquation?[] equations = [.. Sort([.. graph.Equations]).Select(e => Bind(e, names))];
        return equations.Contains(null) ? null : new BodyGraph(
            graph.Name.Name, graph.Inputs.Select(i => i.Name).ToEquatableArray(), graph.Outputs.Select(o => o.Name).ToEquatableArray(),
            equations.Select(e => e!).ToEquatableArray());
    }

    private static string Takes(IReadOnlyList<ArrowSyntax> arrows)
    {
        string counts = string.Join(" or ", arrows.Select(a => a.Operands).Distinct());
        return counts == "1" ? "one operand" : $"{counts} operands";
    }

    private void CheckGraphCall(CallOperand call, int results)
    {
        Symbol symbol = symbols.Find(call.Op.Name)!;
        symbol.Uses++;
        if (symbol.Attribute is not { Arrows: { Count: > 0 } arrows })
            return;
        if (symbol.Attribute.Optional && !expressions.Guards.Contains(symbol.Name))
            bag.Report(SpecRules.Unguarded, call.Op.Span,
                $"'{symbol.Name}' is optional, and nothing can be called when it is absent; ask 'has({symbol.Name})' first");
        if (arrows.All(a => a.Operands != call.Operands.Count))
        {
            bag.Report(SpecRules.CallArity, call.Span,
                $"the graph '{call.Op.Name}' takes {Takes(arrows)}, not {call.Operands.Count}");
            if (!spec.IsOwn(symbol.Span) && spec.IsOwn(call.Span))
                bag.Report(SpecRules.TakenOver, spec.PlaceOf("attributes"),
                    $"'{symbol.Name}' is taken over, and line {call.Span.Source.LineOf(call.Span.Start) + 1} calls it with another number of operands");
        }
        else if (arrows.All(a => a.Outputs.Count < results))
            bag.Report(SpecRules.CallArity, call.Op.Span,
                $"the graph '{call.Op.Name}' has {arrows[0].Outputs.Count} results, not {results}");
    }

    /// <summary>The version of an op that the body means: its own domain first, then ai.onnx at the body's opset.</summary>
    private (VersionSignature Signature, string Domain)? Resolve(NameSyntax op)
    {
        int newest = int.MaxValue;
        string[] domains = spec.Domain == "ai.onnx" ? OnnxAlone : [spec.Domain, "ai.onnx"];
        foreach (string domain in domains)
        {
            if (!scope.TryGetSignature(op.Name, domain, out OpSignature signature))
                continue;
            int limit = domain == "ai.onnx" ? spec.Opset : spec.Since;
            if (signature.Versions.LastOrDefault(v => v.Since <= limit) is { } version)
                return (version, domain);
            newest = Math.Min(newest, signature.Versions.Count > 0 ? signature.Versions[0].Since : int.MaxValue);
            // Without a version the spec of the op is broken, which its own file tells.
            if (signature.Versions.Count == 0)
                return null;
        }
        if (newest < int.MaxValue && spec.Document?.Keys.ContainsKey("opset") == false)
            bag.Report(SpecRules.MissingKey, spec.PlaceOf("opset"),
                $"the key 'opset' is missing: the body calls '{op.Name}', which exists since version {newest}", related: [op.Span]);
        if (unknownOps.Add(op.Name))
            bag.Report(SpecRules.UnknownOp, op.Span, newest < int.MaxValue
                ? $"'{op.Name}' exists since version {newest}; this body resolves at {spec.Opset} (see 'opset')"
                : $"there is no spec for op '{op.Name}'{DidYouMean.Hint(op.Name, scope.OpNames.Concat(symbols.All.Where(s => IsGraph(s.Name)).Select(s => s.Name)))}");
        return null;
    }
}
