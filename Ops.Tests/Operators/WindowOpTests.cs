using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Operators;

/// <summary>Ops that add what overlaps against index loops, on random shapes of one and two axes.</summary>
[TestClass]
public sealed class WindowOpTests
{
    [TestMethod]
    public void Col2ImAddsWhereBlocksLie()
    {
        var random = new Random(3);
        for (int round = 0; round < 60; round++)
        {
            long[] image = Axes(1, 8), block = Axes(1, 4), strides = Axes(1, 5), dilations = Axes(1, 3), before = Axes(0, 3), after = Axes(0, 3);
            long[] places = [.. Enumerable.Range(0, 2)
                .Select(i => ((image[i] + before[i] + after[i] - (dilations[i] * (block[i] - 1)) - 1) / strides[i]) + 1)];
            if (Enumerable.Range(0, 2).Any(i => image[i] + before[i] + after[i] <= dilations[i] * (block[i] - 1))) continue;
            long taps = block[0] * block[1], count = places[0] * places[1];
            double[] columns = [.. Enumerable.Range(0, (int)(3 * taps * count)).Select(_ => (double)random.Next(-9, 10))];
            double[] wanted = new double[3 * image[0] * image[1]];
            for (long i = 0; i < columns.Length; i++)
            {
                long channel = i / (taps * count), tap = i / count % taps, place = i % count;
                long y = (place / places[1] * strides[0]) + (tap / block[1] * dilations[0]) - before[0],
                    x = (place % places[1] * strides[1]) + (tap % block[1] * dilations[1]) - before[1];
                if (y >= 0 && y < image[0] && x >= 0 && x < image[1]) wanted[(((channel * image[0]) + y) * image[1]) + x] += columns[i];
            }

            foreach (ElementType type in new[] { ElementType.Float, ElementType.Int8, ElementType.BFloat16, ElementType.Double })
            {
                var call = new OpCall(
                    [Elements.Of(type, columns, 1, 3 * taps, count), TensorValue.From<long>(image, 2), TensorValue.From<long>(block, 2)],
                    new AttributeValues(new Dictionary<string, object>
                    {
                        ["strides"] = strides,
                        ["dilations"] = dilations,
                        ["pads"] = (long[])[.. before, .. after],
                    }), [true]);
                OpRegistry.Get("ai.onnx", "Col2Im", long.MaxValue).Run!(call);
                double[] found = Elements.Reals(call.Outputs[0]!);
                for (int i = 0; i < wanted.Length; i++)
                    Assert.AreEqual(type == ElementType.Int8 ? (sbyte)wanted[i] : wanted[i], found[i],
                        type == ElementType.BFloat16 ? 0.5 : 0, $"{type} at {i}");
            }
        }

        long[] Axes(int from, int to) => [random.Next(from, to), random.Next(from, to)];
    }

    [TestMethod]
    public void WrongCallsAreRefusedByName()
    {
        TensorValue Floats(params long[] dims) => TensorValue.Allocate(ElementType.Float, dims, clear: true);
        Refused("a-column-each", "Col2Im", Floats(1, 4, 3), TensorValue.From<long>([4, 4], 2), TensorValue.From<long>([2, 2], 2));
        Refused("whole-blocks", "Col2Im", Floats(1, 5, 9), TensorValue.From<long>([4, 4], 2), TensorValue.From<long>([2, 2], 2));
        Refused("scales-positive", "Resize", Floats(1, 2), null, TensorValue.From<float>([1, -2], 2));
        Refused("scales-or-sizes", "Resize", Floats(1, 2), null, TensorValue.From<float>([1, 2], 2), TensorValue.From<long>([1, 4], 2));
        Refused("has-source", "Resize", Floats(0, 2), null, null, TensorValue.From<long>([3, 4], 2));
        Refused("coordinate-each", "GridSample", Floats(1, 1, 4, 4), Floats(1, 2, 2, 3));
        Refused("I-range", "MaxUnpool", ("kernel_shape", new long[] { 2 }), Floats(1, 1, 2), TensorValue.From<long>([0, 4], 1, 1, 2));
        Refused("batch_indices-range", "RoiAlign", Floats(1, 1, 4, 4), Floats(1, 4), TensorValue.From<long>([1], 1));
        Refused("weights-each-direction", "GRU", ("direction", "bidirectional"), Floats(1, 1, 2), Floats(1, 9, 2), Floats(1, 9, 3));
    }

    private static void Refused(string rule, string op, params TensorValue?[] inputs) => Refused(rule, op, ("", ""), inputs);

    private static void Refused(string rule, string op, (string Name, object Value) attribute, params TensorValue?[] inputs)
    {
        var given = new Dictionary<string, object>();
        if (attribute.Name.Length > 0) given[attribute.Name] = attribute.Value;
        var call = new OpCall(inputs, new AttributeValues(given), [true]);
        OpException refusal = Assert.ThrowsExactly<OpException>(() => OpRegistry.Get("ai.onnx", op, long.MaxValue).Run!(call));
        Assert.AreEqual(rule, refusal.Rule, refusal.Message);
    }
}
