using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>
/// Reads a modifier's graph as an expression of one element of its result. Every value becomes the expression of its element at any
/// coordinates, so that whatever only moves, repeats or reshapes leaves no trace but in the coordinates, however it is spelt.
/// </summary>
internal sealed partial class ModifierAnalysis
{
    private readonly ModifierExprs exprs = new();
    private readonly Dictionary<string, ModifierField> values = [];
    private readonly bool allowReductions;
    private readonly List<(Dim Dim, long Value)> assumptions = [];
    private readonly List<(ModifierExpr Place, long Extent)> places = [];
    private readonly Dim[] domain;
    private bool defersPlaces;

    private ModifierAnalysis(IReadOnlyList<Dim> domain, bool allowReductions)
    {
        this.domain = [.. domain];
        this.allowReductions = allowReductions;
    }

    /// <summary>Analyses a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">What the graph's inputs are.</param>
    /// <param name="isProbability">Whether probabilities are modified, rows of which may be reduced.</param>
    /// <param name="defersPlaces">Whether places in tables are checked in every call.</param>
    /// <exception cref="ModifierException">It is no functor of single elements.</exception>
    public static ModifierProgram Analyse(ModifierGraph graph, IReadOnlyList<ModifierTensor> inputs, bool isProbability, bool defersPlaces)
    {
        ModifierTensor score = inputs[0];
        var analysis = new ModifierAnalysis(score.Dims, isProbability) { defersPlaces = defersPlaces };
        if (graph.Inputs.Count != inputs.Count)
            throw new ModifierException($"the graph has {graph.Inputs.Count} inputs, not {inputs.Count}");
        for (int i = 0; i < inputs.Count; i++)
            analysis.values[graph.Inputs[i]] = analysis.Leaf(inputs[i]);
        foreach (KeyValuePair<string, ModifierTensor> constant in graph.Constants)
            analysis.AddConstant(constant.Key, constant.Value);
        analysis.runtime = graph.Runtime;
        foreach (ModifierNode node in Needed(graph))
            analysis.Add(node);

        ModifierField output = analysis.Value(graph.Output);
        if (output.Type != score.Type)
            throw new ModifierException($"the result is {output.Type.Name()}, not {score.Type.Name()}");
        if (output.Rank != score.Dims.Count || !analysis.SameDims(output.Dims, score.Dims))
            throw new ModifierException($"the result has shape [{string.Join(", ", output.Dims)}], not [{string.Join(", ", score.Dims)}]");
        ModifierExpr root = analysis.ExprOf(output);
        analysis.CheckReads(root);
        return new ModifierProgram(analysis.exprs, root, score, [.. inputs.Skip(1)], analysis.assumptions, analysis.places, isProbability);
    }

    /// <summary>The nodes that the output takes.</summary>
    private static IEnumerable<ModifierNode> Needed(ModifierGraph graph)
    {
        var names = new HashSet<string> { graph.Output };
        var needed = new Stack<ModifierNode>();
        foreach (ModifierNode node in graph.Nodes.Reverse())
        {
            if (!node.Outputs.Any(names.Contains))
                continue;
            names.UnionWith(node.Inputs);
            needed.Push(node);
        }
        return needed;
    }

    private void Add(ModifierNode node)
    {
        foreach (string output in node.Outputs)
            producers[output] = node;
        ModifierField[] results;
        try
        {
            results = Evaluate(node);
        }
        catch (ModifierException e)
        {
            if (Otherwise(node) is { } others)
                results = others;
            else
                throw e.Message.StartsWith(node.Op + " ", StringComparison.Ordinal)
                    ? e : new ModifierException($"{node.Op} of '{node.Outputs.FirstOrDefault(o => o.Length > 0)}': {e.Message}");
        }
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i].Length == 0)
                continue;
            if (i >= results.Length)
                throw new ModifierException($"{node.Op} has no output {i}");
            values[node.Outputs[i]] = results[i];
        }
    }

    private ModifierField Value(string name) =>
        values.TryGetValue(name, out ModifierField? value) ? value : throw new ModifierException($"'{name}' comes from outside the graph");

    /// <summary>An input or constant.</summary>
    private ModifierField Leaf(ModifierTensor tensor)
    {
        ElementType type = ModifierTypes.Canonical(tensor.Type);
        Dim[] dims = [.. tensor.Dims];
        if (tensor.Kind == ModifierTensorKind.Constant)
        {
            if (tensor.Length > 0 && Pattern(tensor, type) is { } pattern)
                return ModifierField.Of(tensor.Type, dims, pattern);
            if (type == ElementType.Int64 && dims.Length == 1 && tensor.Length != 1 && tensor.Length <= ModifierField.LongestList)
                return ModifierField.List(tensor.Type,
                    [.. Enumerable.Range(0, (int)tensor.Length).Select(i => exprs.Integer(tensor.IntegerAt(i)))]);
        }
        return ModifierField.Of(tensor.Type, dims, exprs.Read(tensor, Identity(dims)));
    }

    /// <summary>The coordinates of an element of a tensor, in the order of its axes.</summary>
    private ModifierExpr[] Identity(IReadOnlyList<Dim> dims) => [.. dims.Select((d, k) => exprs.Coordinate(dims.Count - 1 - k, d))];

    /// <summary>A constant whose elements are all the same, or positions with factors; null if it is none of these.</summary>
    private ModifierExpr? Pattern(ModifierTensor tensor, ElementType type)
    {
        if (type.IsFloat())
        {
            double first = tensor.RealAt(0);
            long bits = BitConverter.DoubleToInt64Bits(first), length = 1;
            while (length < tensor.Length && BitConverter.DoubleToInt64Bits(tensor.RealAt(length)) == bits) length++;
            if (length == tensor.Length)
                return exprs.Real(first, type);
            double exact = ModifierTypes.Exact(type);
            bool IsPlain(double value) => value == Math.Floor(value) && Math.Abs(value) <= exact && !(value == 0 && 1 / value < 0);
            return IsPlain(first) && Affine(tensor, i => IsPlain(tensor.RealAt(i)) ? (long)tensor.RealAt(i) : null) is { } positions
                ? exprs.ToReal(positions, type) : null;
        }
        if (type == ElementType.Bool)
        {
            long same = 1;
            while (same < tensor.Length && tensor.IntegerAt(same) != 0 == (tensor.IntegerAt(0) != 0)) same++;
            return same == tensor.Length ? exprs.Truth(tensor.IntegerAt(0) != 0) : null;
        }
        return Affine(tensor, i => tensor.IntegerAt(i));
    }

    private ModifierExpr? Affine(ModifierTensor tensor, Func<long, long?> at)
    {
        int rank = tensor.Dims.Count;
        long first = at(0)!.Value, stride = 1;
        if (Math.Abs((double)first) > 1L << 50)
            return null;
        long[] dims = [.. tensor.Dims.Select(d => d.Value)], factors = new long[rank], strides = new long[rank];
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            if (dims[axis] > 1)
            {
                if (at(stride) is not { } next || Math.Abs((double)next - first) > 1L << 40)
                    return null;
                factors[axis] = next - first;
            }
            stride *= dims[axis];
        }
        for (long i = 0; i < tensor.Length; i++)
        {
            long expected = first, rest = i;
            for (int axis = 0; axis < rank; axis++)
            {
                expected += rest / strides[axis] * factors[axis];
                rest %= strides[axis];
            }
            if (at(i) != expected)
                return null;
        }
        ModifierExpr sum = exprs.Integer(first);
        for (int axis = 0; axis < rank; axis++)
            sum = exprs.Sum(sum, exprs.Coordinate(rank - 1 - axis, dims[axis]), factors[axis]);
        return sum;
    }

    /// <summary>The element of a value at any coordinates, also of a list.</summary>
    private ModifierExpr ExprOf(ModifierField field)
    {
        if (field.Items is not { } items)
            return field.Expr;
        if (!items.All(i => i.IsConstant))
            throw new ModifierException("a shape is used as a table");
        long[] numbers = Array.ConvertAll(items, i => i.Integer);
        if (items.Length == 0)
            return exprs.Integer(0);
        var table = ModifierTensor.Of("", numbers, items.Length);
        table.Range = new(numbers.Min(), numbers.Max());
        return Affine(table, i => numbers[i]) ?? exprs.Read(table, [exprs.Coordinate(0, items.Length)]);
    }

    /// <summary>The elements of a short list or of a scalar.</summary>
    private ModifierExpr[] Elements(ModifierField field)
    {
        if (field.Items is { } items)
            return items;
        if (field.Rank > 1 || field.Rank == 1 && (!field.Dims[0].IsKnown || field.Dims[0].Value > ModifierField.LongestList))
            throw new ModifierException("it takes a long list as a shape or as bounds");
        if (field.Rank == 0)
            return [field.Expr];
        return [.. Enumerable.Range(0, (int)field.Dims[0].Value)
            .Select(i => exprs.Substitute(field.Expr, c => c.Axis == 0 ? exprs.Integer(i) : c))];
    }

    /// <summary>The elements of a short list as dims.</summary>
    private Dim[] DimsOf(ModifierField field) => [.. Elements(field).Select(DimOf)];

    private static Dim DimOf(ModifierExpr e)
    {
        Dim dim = e.Op switch
        {
            ModifierOp.Constant when e.IsInteger => e.Integer,
            ModifierOp.Extent => e.Extent,
            ModifierOp.Linear => e.Arguments.Select((a, i) => DimOf(a) * e.Factors[i]).Aggregate((Dim)e.Integer, (sum, d) => sum + d),
            ModifierOp.Multiply => DimOf(e.Arguments[0]) * DimOf(e.Arguments[1]),
            ModifierOp.Divide => DimOf(e.Arguments[0]) / DimOf(e.Arguments[1]),
            _ => Dim.Unknown,
        };
        return dim.IsUnknown || dim.Reason is not null ? throw new ModifierException("a shape or bound depends on data") : dim;
    }

    /// <summary>Two dims that must be the same.</summary>
    private bool Same(Dim x, Dim y)
    {
        if (x.Equals(y))
            return true;
        if (x.IsSymbolic && y.IsKnown || y.IsSymbolic && x.IsKnown)
        {
            assumptions.Add(x.IsKnown ? (y, x.Value) : (x, y.Value));
            return true;
        }
        return false;
    }

    private bool SameDims(IReadOnlyList<Dim> x, IReadOnlyList<Dim> y)
    {
        for (int i = 0; i < x.Count; i++)
            if (!Same(x[i], y[i]))
                return false;
        return x.Count == y.Count;
    }

    private static bool IsOne(Dim dim) => dim.IsKnown && dim.Value == 1;

    /// <summary>ONNX's multidirectional broadcast.</summary>
    private Dim[] Broadcast(params IReadOnlyList<Dim>[] shapes)
    {
        var result = new Dim[shapes.Max(s => s.Count)];
        for (int k = 0; k < result.Length; k++)
        {
            Dim dim = 1;
            foreach (IReadOnlyList<Dim> shape in shapes)
            {
                int axis = shape.Count - result.Length + k;
                if (axis < 0 || IsOne(shape[axis]))
                    continue;
                if (!IsOne(dim) && !Same(dim, shape[axis]))
                    throw new ModifierException(
                        $"the shapes {string.Join(" and ", shapes.Select(s => $"[{string.Join(", ", s)}]"))} do not broadcast");
                dim = dim.IsKnown && !IsOne(dim) ? dim : shape[axis];
            }
            result[k] = dim;
        }
        return result;
    }

    /// <summary>Refuses results that look at other scores than the one in their place.</summary>
    private void CheckReads(ModifierExpr root)
    {
        var seen = new HashSet<ModifierExpr>();
        ModifierExpr[] place = Identity(domain);
        Check(root);

        void Check(ModifierExpr e)
        {
            if (!seen.Add(e))
                return;
            if (e.Op == ModifierOp.Read && e.Source!.Kind == ModifierTensorKind.Score && !e.Arguments.SequenceEqual(place))
                throw new ModifierException("scores of other positions are read");
            if (e.Op == ModifierOp.Reduce)
            {
                if (!e.Arguments.SequenceEqual(place.Take(3)))
                    throw new ModifierException("reductions of other rows are read");
                Check(e.Body!);
            }
            foreach (ModifierExpr argument in e.Arguments)
                Check(argument);
        }
    }
}
