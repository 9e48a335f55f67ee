using System.Runtime.CompilerServices;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Graphs;

/// <summary>A signature that a graph given as an attribute may have.</summary>
/// <param name="Inputs">What it takes.</param>
/// <param name="Outputs">What it returns.</param>
/// <param name="Free">The dims in both that may have any size; each call decides.</param>
public sealed record GraphArrow(IReadOnlyList<TensorType> Inputs, IReadOnlyList<TensorType> Outputs, params IReadOnlyList<Dim> Free);

/// <summary>A graph that a caller gave as an attribute, held against the signatures the op's spec allows.</summary>
public sealed class GraphAttribute
{
    private static readonly ConditionalWeakTable<Graph, GraphAttribute> Checked = [];

    private readonly string op;
    private readonly GraphArrow? arrow;
    private string key = "";

    private GraphAttribute(string op, string name, Graph graph, GraphArrow? arrow)
    {
        this.op = op;
        this.arrow = arrow;
        Name = name;
        Graph = graph;
    }

    /// <summary>The attribute's name.</summary>
    internal string Name { get; }

    /// <summary>The caller's graph.</summary>
    internal Graph Graph { get; }

    /// <summary>Checks a graph: it reads nothing from around it, and takes and returns what one of the signatures says. What is not known
    /// passes.</summary>
    /// <param name="op">The op, for messages.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="given">What the caller gave; null for nothing.</param>
    /// <param name="arrows">The signatures, told apart by their numbers of inputs; none allows any graph.</param>
    /// <exception cref="OpException">The graph does not fit; the rule is the attribute's name.</exception>
    public static GraphAttribute? Bind(string op, string name, object? given, params IReadOnlyList<GraphArrow> arrows)
    {
        if (given is null)
            return null;
        if (given is not Graph graph)
            throw new OpException(op, name, "wants a graph");
        // A model's node gives the same graph in every call, mostly for the same types.
        string key =
            $"{op} {name} {string.Join("; ", arrows.Select(a => $"{string.Join(", ", a.Inputs)} -> {string.Join(", ", a.Outputs)}"))}";
        if (Checked.TryGetValue(graph, out GraphAttribute? known) && known.key == key)
            return known;
        if (NodeOrder.Captures(graph) is { Count: > 0 } free)
            throw new OpException(op, name,
                $"reads {string.Join(", ", free.Order(StringComparer.Ordinal).Select(f => $"'{f}'"))} from around it; the graph has only its own inputs and constants");
        GraphArrow? arrow = arrows.FirstOrDefault(a => a.Inputs.Count == graph.Inputs.Count);
        if (arrow is null && arrows.Count > 0)
            throw new OpException(op, name,
                $"takes {graph.Inputs.Count} inputs, wants {string.Join(" or ", arrows.Select(a => a.Inputs.Count))}");
        if (arrow is not null && arrow.Outputs.Count != graph.Outputs.Count)
            throw new OpException(op, name, $"returns {graph.Outputs.Count} values, wants {arrow.Outputs.Count}");
        var attribute = new GraphAttribute(op, name, graph, arrow);
        if (arrow is not null)
            attribute.Infer(arrow.Inputs);
        attribute.key = key;
        Checked.AddOrUpdate(graph, attribute);
        return attribute;
    }

    /// <summary>Infers the graph for operands of these types and checks what it returns.</summary>
    internal InferredGraph Infer(IReadOnlyList<TensorType> operands)
    {
        var inputs = new Dictionary<string, TensorType?>();
        for (int i = 0; i < Graph.Inputs.Count; i++)
        {
            GraphValue input = Graph.Inputs[i];
            if (input.IsOther || !Agree(input.Type, operands[i]))
                throw new OpException(op, Name, $"takes {input}, wants {operands[i]}");
            inputs[input.Name] = TypeMerge.Of(input.Name, operands[i], input.Type);
        }
        InferredGraph inferred;
        try
        {
            inferred = GraphInference.Infer(Graph, inputs);
        }
        catch (OpException e)
        {
            throw ErrorContext.Within($"{op} {Name}", e);
        }
        for (int i = 0; arrow is not null && i < Graph.Outputs.Count; i++)
        {
            TensorType wanted = Sized(arrow.Outputs[i], operands);
            if (!Agree(inferred[Graph.Outputs[i].Name], wanted))
                throw new OpException(op, Name, $"returns {inferred[Graph.Outputs[i].Name]}, wants {wanted}");
        }
        return inferred;
    }

    /// <summary>A type of the signature with the free dims as the operands decide them.</summary>
    private TensorType Sized(TensorType type, IReadOnlyList<TensorType> operands)
    {
        if (arrow!.Free.Count == 0 || !type.Shape.IsKnown)
            return type;
        return type with { Shape = Seq.Map(type.Shape, dim => arrow.Free.Contains(dim) ? SizeOf(dim, operands) : dim) };
    }

    private Dim SizeOf(Dim free, IReadOnlyList<TensorType> operands)
    {
        for (int i = 0; i < operands.Count; i++)
            for (int axis = 0; axis < arrow!.Inputs[i].Shape.Items.Length && axis < operands[i].Shape.Items.Length; axis++)
                if (arrow.Inputs[i].Shape.Items[axis].Equals(free))
                    return operands[i].Shape.Items[axis];
        return free;
    }

    /// <summary>Whether two types can be of one tensor.</summary>
    private static bool Agree(TensorType left, TensorType right) =>
        (left.Element == ElementType.Undefined || right.Element == ElementType.Undefined || left.Element == right.Element)
        && !(left.Shape.IsKnown && right.Shape.IsKnown && Seq.Same(left.Shape, right.Shape).Fails);
}
