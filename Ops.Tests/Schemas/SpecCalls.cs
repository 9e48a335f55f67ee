using Ops.Schemas;
using Ops.Specs.Binding;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Schemas;

/// <summary>
/// Makes calls of an op from its spec alone: dims, types, presence and attributes by chance, shapes by the spec's expressions, and where a rule says
/// what follows from what, so. Not every call is valid; the op itself tells.
/// </summary>
internal sealed class SpecCalls(OpModel model, Random random)
{
    private const int MaxElements = 1 << 16;

    private static readonly Lazy<Dictionary<(string, string, int), OpModel>> Models = new(Read);

    private readonly Dictionary<string, long> numbers = [];
    private readonly Dictionary<string, long[]> lists = [];
    private readonly Dictionary<string, bool> conditions = [];
    private readonly Dictionary<string, object> attributes = [];
    private readonly HashSet<string> absent = [];
    private readonly Dictionary<string, ElementType> types = [];
    private long[] pool = [];

    /// <summary>The bound spec of an op.</summary>
    public static OpModel ModelOf(OpSchema schema) => Models.Value[(schema.Domain, schema.Name, schema.Since)];

    /// <summary>The next call; null when it would be too large.</summary>
    public OpCall? Next()
    {
        Choose();
        var inputs = new List<TensorValue?>();
        foreach (Port port in model.Inputs)
        {
            int count = port.Family is { } family ? (int)numbers.GetValueOrDefault(family.Count, 1) : 1;
            for (int i = 0; i < count; i++)
            {
                if (absent.Contains(port.Name))
                    inputs.Add(null);
                else if (Tensor(port) is { } tensor)
                    inputs.Add(tensor);
                else
                    return null;
            }
        }
        bool[] wanted = [.. model.Outputs.SelectMany(o => Enumerable.Repeat(!o.Optional || !absent.Contains(o.Name), o.Family is { } f ? (int)numbers.GetValueOrDefault(f.Count, 1) : 1))];
        return new OpCall(inputs, new AttributeValues(new Dictionary<string, object>(attributes)), wanted);
    }

    private static Dictionary<(string, string, int), OpModel> Read()
    {
        SpecSyntax[] files = [.. Directory.EnumerateFiles(RepositoryPaths.Specs, "*.op.yaml", SearchOption.AllDirectories).Select(f => SpecFrontEnd.Parse(f, File.ReadAllText(f)))];
        var scope = new SpecScope(files);
        return files.Select(f => SpecFrontEnd.Bind(f, scope).Family!).SelectMany(f => f.Versions).ToDictionary(v => (v.Domain, v.Name, v.Since));
    }

    private void Choose()
    {
        numbers.Clear();
        lists.Clear();
        conditions.Clear();
        attributes.Clear();
        absent.Clear();
        // Few different extents, so that those that must be equal often are; sometimes none, sometimes more than a tile has.
        pool = [.. Enumerable.Range(0, 3).Select(_ => (long)random.Next(1, 6))];
        foreach (DimSymbol dim in model.Dims)
            if (dim.Kind == DimKind.Rank)
                lists[dim.Name] = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Extent())];
            else
                numbers[dim.Name] = dim.Kind == DimKind.FamilyCount ? random.Next(1, 4) : Extent();
        foreach (TypeVariable variable in model.Types)
            types[variable.Name] = variable.Allowed.Where(t => t != ElementType.String).ElementAtOrDefault(random.Next(variable.Allowed.Count)) is var type and not ElementType.Undefined ? type : variable.Allowed[0];
        foreach (Port port in model.Inputs.Concat(model.Outputs))
            if (port.Optional && random.Next(2) == 0)
                absent.Add(port.Name);
        foreach (AttributeModel attribute in model.Attributes)
            if ((!attribute.Optional || random.Next(2) == 0) && Attribute(attribute) is { } value)
                attributes[attribute.Name] = value;
        foreach (ConditionalPort port in model.Inputs.Select(p => p.Type).OfType<ConditionalPort>())
            conditions[port.Condition.ToString()!] = random.Next(2) == 0;
        foreach (Rule rule in model.Rules)
            Follow(rule.Predicate);
    }

    private long Extent() => random.Next(40) switch { 0 => 0, 1 => 33, 2 => 257, var n => pool[n % pool.Length] };

    /// <summary>Makes a rule hold that tells one name from others.</summary>
    private void Follow(Expr predicate)
    {
        switch (predicate)
        {
            case ConditionalExpr { Otherwise: null } guarded when Value(guarded.Condition) is true:
                Follow(guarded.Then);
                break;
            case BinaryExpr { Op: BinaryOp.And } both:
                Follow(both.Left);
                Follow(both.Right);
                break;
            case CompareExpr { Op: CompareOp.Equal, Left: BinaryExpr { Op: BinaryOp.Modulo, Left: NameExpr { Symbol: SymbolKind.Dim } multiple } remainder } when Value(remainder.Right) is long unit:
                numbers[multiple.Name] = unit * random.Next(1, 4);
                break;
            case CompareExpr { Op: CompareOp.Equal, Left: CallExpr { Function: Function.Broadcast } spread } when spread.Arguments.Count == 2
                && spread.Arguments[0].Value is NameExpr { Symbol: SymbolKind.RankVariable } list && Value(spread.Arguments[1].Value) is long[] whole:
                lists[list.Name] = [.. whole[random.Next(whole.Length + 1)..].Select(d => random.Next(3) == 0 ? 1 : d)];
                break;
            case CompareExpr { Op: CompareOp.Equal, Left: NameExpr { Symbol: SymbolKind.Dim } dim, Right: NameExpr { Symbol: SymbolKind.Attribute } attribute }:
                attributes[attribute.Name] = numbers[dim.Name];
                break;
            case CompareExpr { Op: CompareOp.Equal, Left: CallExpr { Function: Function.Has } left, Right: CallExpr { Function: Function.Has } right }:
                Match(((NameExpr)right.Arguments[0].Value).Name, !absent.Contains(((NameExpr)left.Arguments[0].Value).Name));
                break;
            case CompareExpr { Op: CompareOp.Equal, Left: CallExpr { Function: Function.Has } has } when Value(((CompareExpr)predicate).Right) is bool wanted:
                Match(((NameExpr)has.Arguments[0].Value).Name, wanted);
                break;
        }
    }

    private void Match(string name, bool present)
    {
        if (model.Attributes.FirstOrDefault(a => a.Name == name) is { } attribute)
        {
            if (!present)
                attributes.Remove(name);
            else if (!attributes.ContainsKey(name) && Attribute(attribute) is { } value)
                attributes[name] = value;
        }
        else if (present)
        {
            absent.Remove(name);
        }
        else
        {
            absent.Add(name);
        }
    }

    private object? Attribute(AttributeModel attribute)
    {
        object[] set = attribute.In is ListExpr list ? [.. Constants(list)] : [];
        if (attribute.IsList)
            return attribute.Kind == AttributeKind.Int ? Enumerable.Range(0, (int)(attribute.Length is { } length && Value(length) is long n ? n : random.Next(4))).Select(_ => (long)random.Next(-2, 3)).ToArray() : null;
        if (set.Length > 0 && attribute.Kind is not (AttributeKind.Tensor or AttributeKind.Graph))
            return set[random.Next(set.Length)];
        long low = attribute.In is RangeExpr { From: { } from } && Value(from) is long least ? least : -1;
        return attribute.Kind switch
        {
            AttributeKind.Int => random.Next(2) == 0 ? low + random.Next(4) : Math.Max(low, pool[random.Next(pool.Length)]),
            AttributeKind.Bool => (long)random.Next(2),
            AttributeKind.Float => random.Next(1, 9) / 4f,
            AttributeKind.Dtype => (long)ElementType.Float,
            _ => null,
        };
    }

    private static IEnumerable<object> Constants(ListExpr list) => list.Items.SelectMany(item => item.Value switch
    {
        ListExpr inner => Constants(inner),
        IntLiteral i => [i.Value],
        StringLiteral s => [s.Value],
        DtypeLiteral d => [(long)d.Value],
        _ => (IEnumerable<object>)[],
    });

    private TensorValue? Tensor(Port port)
    {
        PortType type = port.Type;
        while (type is ConditionalPort choice)
            type = conditions.GetValueOrDefault(choice.Condition.ToString()!) ? choice.Then : choice.Otherwise;
        if (type is not TensorPort tensor)
            return null;
        var dims = new List<long>();
        foreach (ShapeItem item in tensor.Items)
            switch (item)
            {
                case DimItem dim:
                    dims.Add(Value(dim.Extent) is long extent and >= 0 ? extent : Extent());
                    break;
                case SpliceItem splice:
                    dims.AddRange(splice.Dims is not null && Value(splice.Dims) is long[] list ? list : [.. Enumerable.Range(0, random.Next(3)).Select(_ => Extent())]);
                    if (splice.End is NameExpr { Symbol: SymbolKind.Attribute } end)
                        attributes[end.Name] = (long)dims.Count;
                    break;
            }
        ElementType element = tensor.Element switch
        {
            FixedElement f => f.Type,
            VariableElement v => types[v.Name],
            _ => ElementType.Float,
        };
        long count = 1;
        foreach (long dim in dims)
            count = Math.Min(count * dim, MaxElements + 1);
        if (count > MaxElements)
            return null;
        TensorValue value = TensorValue.Allocate(element, [.. dims], clear: true);
        (long low, long high) = Ends(port);
        for (int i = 0; i < value.Length; i++)
            Set(value, i, low, high);
        return value;
    }

    /// <summary>The integers an input may hold, as far as its rule says.</summary>
    private (long Low, long High) Ends(Port port)
    {
        long low = 0, high = 3;
        if (port.In is RangeExpr range)
        {
            low = range.From is { } from && Value(from) is long f ? f : 0;
            high = range.To is { } to && Value(to) is long t ? range.HalfOpen ? t - 1 : t : low + 3;
        }
        return (low, Math.Max(low, high));
    }

    private void Set(TensorValue tensor, int index, long low, long high)
    {
        double real = random.NextDouble() * 4 - 2;
        long whole = random.NextInt64(low, high + 1);
        switch (tensor.Type)
        {
            case ElementType.Float: tensor.Span<float>()[index] = (float)real; break;
            case ElementType.Double: tensor.Span<double>()[index] = real; break;
            case ElementType.Float16: tensor.Span<Half>()[index] = (Half)real; break;
            case ElementType.BFloat16: tensor.Span<BFloat16>()[index] = (BFloat16)real; break;
            case ElementType.Int64: tensor.Span<long>()[index] = whole; break;
            case ElementType.Int32: tensor.Span<int>()[index] = (int)whole; break;
            case ElementType.Bool: tensor.Bytes[index] = (byte)random.Next(2); break;
            default: tensor.Bytes[(int)((long)index * tensor.ByteCount / tensor.Length)] = (byte)random.Next(4); break;
        }
    }

    /// <summary>The value of an expression for this call: a number, a list, a truth; null when this does not know.</summary>
    private object? Value(Expr expr)
    {
        if (conditions.TryGetValue(expr.ToString()!, out bool chosen))
            return chosen;
        switch (expr)
        {
            case IntLiteral literal:
                return literal.Value;
            case BoolLiteral literal:
                return literal.Value;
            case NameExpr { Symbol: SymbolKind.Dim or SymbolKind.FamilyCount } dim:
                return numbers.TryGetValue(dim.Name, out long number) ? number : null;
            case NameExpr { Symbol: SymbolKind.RankVariable } rank:
                return lists.GetValueOrDefault(rank.Name);
            case NameExpr { Symbol: SymbolKind.Attribute } attribute:
                return attributes.TryGetValue(attribute.Name, out object? given) ? given
                    : model.Attributes.First(a => a.Name == attribute.Name).Default is { } fallback ? Value(fallback) : null;
            case NameExpr { Symbol: SymbolKind.Let } let:
                return Value(model.Lets.First(l => l.Name == let.Name).Value);
            case ListExpr list:
                var items = new List<long>();
                foreach (ListItem item in list.Items)
                    switch (Value(item.Value))
                    {
                        case long one: items.Add(one); break;
                        case long[] many: items.AddRange(many); break;
                        default: return null;
                    }
                return items.ToArray();
            case UnaryExpr { Op: UnaryOp.Not } not:
                return Value(not.Operand) is bool b ? !b : null;
            case BinaryExpr { Op: BinaryOp.And } and:
                return Value(and.Left) is bool l && Value(and.Right) is bool r ? l && r : null;
            case BinaryExpr { Op: BinaryOp.Or } or:
                return Value(or.Left) is bool x && Value(or.Right) is bool y ? x || y : null;
            case BinaryExpr binary:
                return Value(binary.Left) is long left && Value(binary.Right) is long right ? Number(binary.Op, left, right) : null;
            case ConditionalExpr conditional:
                return Value(conditional.Condition) is bool choice ? choice ? Value(conditional.Then) : conditional.Otherwise is { } other ? Value(other) : null : null;
            case CompareExpr compare when Value(compare.Left) is long a && Value(compare.Right) is long c:
                return compare.Op switch
                {
                    CompareOp.Equal => a == c,
                    CompareOp.NotEqual => a != c,
                    CompareOp.Less => a < c,
                    CompareOp.LessOrEqual => a <= c,
                    CompareOp.Greater => a > c,
                    _ => a >= c,
                };
            case CallExpr { Function: Function.Has } has:
                string name = ((NameExpr)has.Arguments[0].Value).Name;
                return model.Attributes.Any(p => p.Name == name) ? attributes.ContainsKey(name) : !absent.Contains(name);
            case CallExpr { Function: Function.Len } length:
                return Value(length.Arguments[0].Value) is long[] counted ? counted.LongLength : null;
            case CallExpr { Function: Function.Product } product:
                return Value(product.Arguments[0].Value) is long[] factors ? factors.Aggregate(1L, (p, f) => p * f) : null;
            default:
                return null;
        }
    }

    private static object? Number(BinaryOp op, long left, long right) => op switch
    {
        BinaryOp.Add => left + right,
        BinaryOp.Subtract => left - right,
        BinaryOp.Multiply => left * right,
        BinaryOp.Divide when right != 0 && left % right == 0 => left / right,
        BinaryOp.Modulo when right > 0 => (left % right + right) % right,
        _ => null,
    };
}
