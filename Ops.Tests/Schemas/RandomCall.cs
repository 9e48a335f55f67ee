using System.Runtime.InteropServices;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Schemas;

/// <summary>One random call of an op: on small tensors, and the same with some of what is known taken away.</summary>
internal sealed record RandomCall(OpCall Concrete, InferenceCall Symbolic, IReadOnlyDictionary<string, long> Values)
{
    private static readonly ElementType[] AnyType =
        [.. Enum.GetValues<ElementType>().Where(t => t is not (ElementType.Undefined or ElementType.String))];

    /// <param name="schema">The op.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="mild">Whether floats are near 1 and attributes keep to what is plausible, so that two ways of computing can be
    /// compared.</param>
    public static RandomCall Make(OpSchema schema, Random random, bool mild = false)
    {
        // Most calls share one shape and respect the types, so that a fair number of them is valid.
        long[] common = Dims(random);
        var types = schema.Types.ToDictionary(t => t.Name,
            t => t.Allowed.Where(a => a != ElementType.String).ElementAtOrDefault(random.Next(t.Allowed.Count)));
        // Ops whose inputs differ in rank need shapes that follow the patterns of the ports, and few attributes.
        bool shaped = PatternDims.Describe(schema) && random.Next(2) == 0;
        Dictionary<string, object>? attributes = shaped ? AttributesOf(schema, random, mild, 8) : null;
        PatternDims? shapes = attributes is null ? null : new PatternDims(random, attributes);
        var inputs = new List<TensorValue?>();
        foreach (OpPort port in schema.Inputs)
        {
            int count = port.Variadic ? random.Next(4) : 1;
            for (int i = 0; i < count; i++)
                inputs.Add(port.Optional && random.Next(2) == 0 ? null : Tensor(random, port, types,
                    shapes?.Of(port.Pattern) is { } shape && random.Next(25) != 0 ? shape : random.Next(4) == 0 ? Dims(random) : common,
                    mild, shaped));
        }
        attributes ??= AttributesOf(schema, random, mild, 2);
        bool[] wanted =
            [.. schema.Outputs.SelectMany(o => Enumerable.Repeat(!o.Optional || random.Next(2) == 0, o.Variadic ? random.Next(4) : 1))];
        if (random.Next(40) == 0)
            wanted = [.. wanted, true];
        var values = new AttributeValues(attributes);
        return Of(new OpCall(inputs, values, wanted), random);
    }

    private static Dictionary<string, object> AttributesOf(OpSchema schema, Random random, bool mild, int rarity)
    {
        var attributes = new Dictionary<string, object>();
        foreach (OpAttribute attribute in schema.Attributes)
            if (attribute.Required ? random.Next(20) != 0 : random.Next(rarity) == 0)
                attributes[attribute.Name] = Attribute(random, attribute, mild);
        if (random.Next(40) == 0)
            attributes["no_such_attribute"] = 1L;
        return attributes;
    }

    /// <summary>The same call with some of what is known taken away.</summary>
    public static RandomCall Of(OpCall call, Random random)
    {
        var symbols = new Dictionary<string, long>();
        return new RandomCall(call,
            new InferenceCall([.. call.Inputs.Select(i => Weaken(random, i, symbols))], call.Attributes, call.OutputsWanted), symbols);
    }

    private static long[] Dims(Random random)
    {
        var dims = new long[random.Next(5)];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = random.Next(8) switch { 0 => 0, 1 or 2 => 1, var d => d - 1 };
        return dims;
    }

    private static TensorValue Tensor(Random random, OpPort port, Dictionary<string, ElementType> types, long[] dims, bool mild,
        bool shaped)
    {
        ElementType type = random.Next(25) == 0 ? AnyType[random.Next(AnyType.Length)]
            : types.TryGetValue(port.Type, out ElementType variable)
            ? variable : ElementTypes.Names.GetValueOrDefault(port.Type, ElementType.Float);
        if (type == ElementType.Undefined)
            type = ElementType.Float;
        // Index-like inputs are mostly short vectors or scalars.
        if (port.Type == "int64" && !shaped && random.Next(3) != 0)
            dims = random.Next(2) == 0 ? [] : [random.Next(4)];
        TensorValue tensor = TensorValue.Allocate(type, dims, clear: true);
        random.NextBytes(tensor.Bytes);
        if (mild && type.IsFloat())
            Fill(tensor, () => random.Next(30) switch
            {
                0 => double.NaN,
                1 => double.PositiveInfinity,
                2 => double.NegativeInfinity,
                3 => 0,
                _ => random.NextDouble() * 8 - 4
            });
        if (type == ElementType.Bool)
            foreach (ref byte b in tensor.Bytes)
                b &= 1;
        if (type is ElementType.Int64 or ElementType.Int32 && random.Next(8) != 0)
        {
            // Small numbers, so that some of them are valid indices, sizes and axes.
            if (type == ElementType.Int64)
                foreach (ref long x in MemoryMarshal.Cast<byte, long>(tensor.Bytes))
                    x = shaped && random.Next(40) != 0 ? random.Next(2) : random.Next(-3, 5);
            else
                foreach (ref int x in MemoryMarshal.Cast<byte, int>(tensor.Bytes))
                    x = random.Next(-3, 5);
        }
        return tensor;
    }

    private static object Attribute(Random random, OpAttribute attribute, bool mild)
    {
        long Int() =>
            random.Next(10) switch
            {
                0 => long.MaxValue,
                1 => long.MinValue,
                2 => int.MaxValue,
                3 => -1,
                4 or 5 => 0,
                6 or 7 => 1,
                _ => random.Next(-4, 30)
            };
        // A mild float is exact in every type: a threshold that a body rounds and a kernel does not would decide differently.
        float Float() =>
            mild ? random.Next(-2, 13) / 4f : random.Next(6) switch
            {
                0 => float.NaN,
                1 => float.PositiveInfinity,
                2 => 0,
                3 => -1.5f,
                4 => float.MaxValue,
                _ => random.NextSingle()
            };
        string Text() => random.Next(3) switch { 0 => "", 1 => attribute.Default as string ?? "none", _ => "LEFT" };
        if (!mild && random.Next(40) == 0)
            return "a text where perhaps none belongs";
        int count = random.Next(4);
        return (attribute.Kind, attribute.IsList) switch
        {
            (AttributeKind.Float, false) => Float(),
            (AttributeKind.Float, true) => Enumerable.Range(0, count).Select(_ => Float()).ToArray(),
            (AttributeKind.String, false) => Text(),
            (AttributeKind.String, true) => Enumerable.Range(0, count).Select(_ => Text()).ToArray(),
            (AttributeKind.Tensor, _) => TensorValue.From<long>([random.Next(3)], 1),
            (AttributeKind.Graph, _) => new object(),
            (_, true) => Enumerable.Range(0, count).Select(_ => (long)random.Next(-4, 5)).ToArray(),
            _ => attribute.Kind == AttributeKind.Int && random.Next(3) == 0 ? random.Next(-3, 4) : Int(),
        };
    }

    private static void Fill(TensorValue tensor, Func<double> next)
    {
        for (int i = 0; i < tensor.Length; i++)
        {
            if (tensor.Type == ElementType.Float)
                tensor.Span<float>()[i] = (float)next();
            else if (tensor.Type == ElementType.Double)
                tensor.Span<double>()[i] = next();
            else if (tensor.Type == ElementType.Float16)
                tensor.Span<Half>()[i] = (Half)next();
            else
                tensor.Span<BFloat16>()[i] = (BFloat16)next();
        }
    }

    /// <summary>The type of an input with some dims replaced by names, or unknown.</summary>
    private static TensorType? Weaken(Random random, TensorValue? input, Dictionary<string, long> symbols)
    {
        if (input is null)
            return null;
        if (random.Next(10) == 0)
            return TensorType.Unknown;
        var dims = new Dim[input.Dims.Length];
        for (int i = 0; i < dims.Length; i++)
        {
            long extent = input.Dims[i];
            dims[i] = random.Next(3) switch { 0 => extent, 1 when extent > 1 => Symbol(extent), 1 => extent, _ => Dim.Unknown };
        }
        return new TensorType(random.Next(6) == 0 ? ElementType.Undefined : input.Type, random.Next(8) == 0 ? default : Seq.Of(dims));

        // Equal extents get equal names, as in a model whose dims are named.
        Dim Symbol(long extent)
        {
            symbols[$"d{extent}"] = extent;
            return Dim.Symbol($"d{extent}");
        }
    }
}
