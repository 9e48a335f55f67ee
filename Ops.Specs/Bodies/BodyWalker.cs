namespace Ops.Specs.Bodies;

/// <summary>Enumerates parts of bodies, graphs inside attributes included.</summary>
internal static class BodyWalker
{
    internal static IEnumerable<CallOperand> Calls(IEnumerable<EquationSyntax> equations) =>
        equations.SelectMany(e => Calls(e.Right));

    internal static IEnumerable<CallOperand> Calls(OperandSyntax operand) => operand switch
    {
        CallOperand call => new[] { call }.Concat(call.Operands.SelectMany(Calls))
            .Concat(call.Attributes.Where(a => a.Graph is not null).SelectMany(a => Calls(a.Graph!.Equations))),
        ConditionalOperand conditional => Calls(conditional.Then).Concat(Calls(conditional.Otherwise)),
        _ => [],
    };

    /// <summary>The names an operand reads, those of enclosed graphs that are not theirs included.</summary>
    internal static IEnumerable<string> Names(OperandSyntax operand) => operand switch
    {
        ValueOperand value => [value.Name],
        CallOperand call => call.Operands.SelectMany(Names).Concat(call.Attributes.Where(a => a.Graph is not null).SelectMany(a => FreeNames(a.Graph!))),
        ConditionalOperand conditional => Names(conditional.Then).Concat(Names(conditional.Otherwise)),
        _ => [],
    };

    private static IEnumerable<string> FreeNames(GraphSyntax graph)
    {
        HashSet<string> own = [.. graph.Inputs.Select(i => i.Name), .. graph.Equations.SelectMany(e => e.Outputs).Select(o => o.Name)];
        return graph.Equations.SelectMany(e => Names(e.Right)).Concat(graph.Outputs.Select(o => o.Name)).Where(n => !own.Contains(n));
    }
}
