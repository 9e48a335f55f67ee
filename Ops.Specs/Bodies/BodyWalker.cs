namespace Ops.Specs.Bodies;

/// <summary>Finds parts of bodies, graphs inside attributes included, in order of appearance.</summary>
internal static class BodyWalker
{
    internal static IReadOnlyList<CallOperand> Calls(IEnumerable<EquationSyntax> equations)
    {
        List<CallOperand> calls = [];
        foreach (EquationSyntax equation in equations)
            AddCalls(equation.Right, calls);
        return calls;
    }

    /// <summary>The names an operand reads, those of enclosed graphs that are not theirs included.</summary>
    internal static IReadOnlyList<string> Names(OperandSyntax operand)
    {
        List<string> names = [];
        AddNames(operand, names);
        return names;
    }

    private static void AddCalls(OperandSyntax operand, List<CallOperand> calls)
    {
        switch (operand)
        {
            case CallOperand call:
                calls.Add(call);
                foreach (OperandSyntax inner in call.Operands)
                    AddCalls(inner, calls);
                foreach (AttributeArgument attribute in call.Attributes)
                    if (attribute.Graph is { } graph)
                        foreach (EquationSyntax equation in graph.Equations)
                            AddCalls(equation.Right, calls);
                break;
            case ConditionalOperand conditional:
                AddCalls(conditional.Then, calls);
                AddCalls(conditional.Otherwise, calls);
                break;
        }
    }

    private static void AddNames(OperandSyntax operand, List<string> names)
    {
        switch (operand)
        {
            case ValueOperand value:
                names.Add(value.Name);
                break;
            case CallOperand call:
                foreach (OperandSyntax inner in call.Operands)
                    AddNames(inner, names);
                foreach (AttributeArgument attribute in call.Attributes)
                    if (attribute.Graph is { } graph)
                        AddFreeNames(graph, names);
                break;
            case ConditionalOperand conditional:
                AddNames(conditional.Then, names);
                AddNames(conditional.Otherwise, names);
                break;
        }
    }

    private static void AddFreeNames(GraphSyntax graph, List<string> names)
    {
        HashSet<string> own = [.. graph.Inputs.Select(i => i.Name), .. graph.Equations.SelectMany(e => e.Outputs).Select(o => o.Name)];
        int before = names.Count;
        foreach (EquationSyntax equation in graph.Equations)
            AddNames(equation.Right, names);
        foreach (Syntax.NameSyntax output in graph.Outputs)
            names.Add(output.Name);
        for (int i = names.Count - 1; i >= before; i--)
            if (own.Contains(names[i]))
                names.RemoveAt(i);
    }
}
