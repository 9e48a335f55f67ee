using Ops.Specs.Types;

namespace Ops.Specs.Model;

/// <summary>What the types of ports are made of.</summary>
internal static class PortTypes
{
    /// <summary>The tensor, or the tensors a condition chooses from; none in sequences and the like.</summary>
    public static IEnumerable<TensorPort> TensorsOf(PortType type) => type switch
    {
        TensorPort t => [t],
        ConditionalPort c => TensorsOf(c.Then).Concat(TensorsOf(c.Otherwise)),
        _ => [],
    };

    /// <summary>Their element types.</summary>
    public static IEnumerable<ElementRef> ElementsOf(PortType type) =>
        type is TensorPort t ? [t.Element] : TensorsOf(type).Select(t => t.Element);

    /// <summary>Whether the elements of an input are read as reals: whatever the call, they are floats.</summary>
    public static bool IsReal(OpModel model, Port port) => ElementsOf(port.Type).All(element => element switch
    {
        FixedElement f => f.Type.IsFloat(),
        VariableElement v => model.Types.First(t => t.Name == v.Name).Allowed.All(t => t.IsFloat()),
        _ => false,
    });

    /// <summary>The place of a port in its list; -1 when it is not there.</summary>
    public static int IndexOf(IReadOnlyList<Port> ports, string name)
    {
        for (int i = 0; i < ports.Count; i++)
            if (ports[i].Name == name)
                return i;
        return -1;
    }

    /// <summary>Type and shape as the spec writes them.</summary>
    public static string Text(PortType type) => type switch
    {
        TensorPort t => t.Text,
        ConditionalPort c => $"{Text(c.Then)} or {Text(c.Otherwise)}",
        SequencePort s => $"seq({Text(s.Element)})",
        OptionalPort o => $"optional({Text(o.Element)})",
        HostPort { Variable: { } variable } => $"{variable}[...]",
        _ => "?",
    };
}
