using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Operators;

/// <summary>Ops that move elements against index loops, on random shapes of ranks 0 to 6.</summary>
[TestClass]
public sealed class DataMovementTests
{
    private const int Rounds = 60;

    private static readonly ElementType[] Types =
        [ElementType.UInt8, ElementType.Float16, ElementType.Float, ElementType.Int64, ElementType.Complex128];

    [TestMethod]
    public void TransposeReordersAxes() => Repeat(4, (random, type) =>
    {
        Sample x = Sample.Random(random, type, random.Next(7));
        long[] perm = [.. Enumerable.Range(0, x.Rank).Select(i => (long)i)];
        random.Shuffle(perm);
        long[] dims = [.. perm.Select(p => x.Dims[p])];
        Check(Run("Transpose", [x.Tensor], ("perm", perm)), dims, at =>
        {
            var from = new long[at.Length];
            for (int i = 0; i < at.Length; i++) from[perm[i]] = at[i];
            return x[from];
        });
    });

    [TestMethod]
    public void LargeTransposesRunInSquares()
    {
        var random = new Random(7);
        foreach (ElementType type in Types)
        {
            Sample x = Sample.Of(random, type, [3, 67, 5, 129]);
            Check(Run("Transpose", [x.Tensor], ("perm", new long[] { 0, 3, 2, 1 })), [3, 129, 5, 67],
                at => x[[at[0], at[3], at[2], at[1]]]);
        }
    }

    [TestMethod]
    public void PackedElementsAreTransposed()
    {
        TensorValue x = TensorValue.Allocate(ElementType.UInt4, [3, 5], clear: true);
        for (int i = 0; i < 15; i++) x.Bytes[i / 2] |= (byte)(i << (i % 2 * 4));
        TensorValue y = Run("Transpose", [x]);
        CollectionAssert.AreEqual(new long[] { 5, 3 }, y.Dims);
        for (int i = 0; i < 15; i++) Assert.AreEqual((Int128)((i % 3 * 5) + (i / 3)), y.IntegerAt(i));
    }

    [TestMethod]
    public void SliceTakesEveryStep() => Repeat(6, (random, type) =>
    {
        Sample x = Sample.Random(random, type, random.Next(1, 7));
        int count = random.Next(1, x.Rank + 1);
        int[] axes = [.. Enumerable.Range(0, x.Rank)];
        random.Shuffle(axes);
        axes = axes[..count];
        long[] starts = new long[count], ends = new long[count], steps = new long[count];
        var picked = new List<long>[x.Rank];
        for (int i = 0; i < x.Rank; i++) picked[i] = [.. Enumerable.Range(0, (int)x.Dims[i]).Select(p => (long)p)];
        for (int j = 0; j < count; j++)
        {
            long extent = x.Dims[axes[j]];
            starts[j] = random.Next(-8, 9);
            ends[j] = random.Next(5) == 0 ? random.Next(2) == 0 ? long.MaxValue : long.MinValue + 1 : random.Next(-8, 9);
            steps[j] = random.Next(1, 4) * (random.Next(2) == 0 ? 1 : -1);
            picked[axes[j]] = Steps(extent, starts[j], ends[j], steps[j]);
        }

        TensorValue axisList = Longs([.. axes.Select(a => random.Next(2) == 0 ? (long)a : a - x.Rank)]);
        TensorValue y = Run("Slice", [x.Tensor, Longs(starts), Longs(ends), axisList, Longs(steps)]);
        Check(y, [.. picked.Select(p => (long)p.Count)], at => x[[.. at.Select((place, axis) => picked[axis][(int)place])]]);
    });

    [TestMethod]
    public void ConcatAndSplitAreInverse() => Repeat(6, (random, type) =>
    {
        int rank = random.Next(1, 7), axis = random.Next(rank);
        long[] dims = Sample.RandomDims(random, rank),
            lengths = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (long)random.Next(4))];
        Sample[] parts = [.. lengths.Select(length => Sample.Of(random, type, [.. dims.Select((d, i) => i == axis ? length : d)]))];
        TensorValue joined = Run("Concat", [.. parts.Select(p => p.Tensor)], ("axis", random.Next(2) == 0 ? (long)axis : axis - rank));
        Check(joined, [.. dims.Select((d, i) => i == axis ? lengths.Sum() : d)], at =>
        {
            int part = 0;
            var from = (long[])at.Clone();
            while (from[axis] >= lengths[part]) from[axis] -= lengths[part++];
            return parts[part][from];
        });

        TensorValue[] cut = RunAll("Split", [joined, Longs(lengths)], lengths.Length, ("axis", (long)axis));
        for (int i = 0; i < parts.Length; i++) Check(cut[i], parts[i].Dims, at => parts[i][at]);
    });

    [TestMethod]
    public void GatherTakesSlices() => Repeat(4, (random, type) =>
    {
        Sample x = Sample.Random(random, type, random.Next(1, 5));
        int axis = random.Next(x.Rank);
        long[] dims = Sample.RandomDims(random, random.Next(3));
        if (x.Dims[axis] == 0) dims = [0];
        TensorValue indices = Indices(random, dims, x.Dims[axis]);
        long[] wanted = [.. x.Dims[..axis], .. dims, .. x.Dims[(axis + 1)..]];
        Check(Run("Gather", [x.Tensor, indices], ("axis", (long)axis)), wanted, at =>
            x[[.. at[..axis], Index(indices, dims, at[axis..(axis + dims.Length)], x.Dims[axis]), .. at[(axis + dims.Length)..]]]);
    });

    [TestMethod]
    public void GatherElementsTakesOneIndexFromATensor() => Repeat(4, (random, type) =>
    {
        Sample x = Sample.Random(random, type, random.Next(1, 6));
        int axis = random.Next(x.Rank);
        long[] dims = [.. x.Dims.Select((d, i) => i == axis ? x.Dims[axis] == 0 ? 0 : random.Next(4) : random.Next((int)d + 1))];
        TensorValue indices = Indices(random, dims, x.Dims[axis]);
        Check(Run("GatherElements", [x.Tensor, indices], ("axis", (long)axis - x.Rank)), dims, at =>
        {
            var from = (long[])at.Clone();
            from[axis] = Index(indices, dims, at, x.Dims[axis]);
            return x[from];
        });
    });

    [TestMethod]
    public void GatherNDTakesSlicesAtTuples() => Repeat(4, (random, type) =>
    {
        Sample x = Sample.Of(random, type, [.. Sample.RandomDims(random, random.Next(1, 6)).Select(d => Math.Max(d, 1))]);
        int batch = random.Next(Math.Min(x.Rank, 3)), tuple = random.Next(1, x.Rank - batch + 1);
        long[] grid = [.. x.Dims[..batch], .. Sample.RandomDims(random, random.Next(3))], dims = [.. grid, tuple];
        TensorValue indices = TensorValue.Allocate(ElementType.Int64, dims);
        Span<long> span = indices.Span<long>();
        for (int i = 0; i < span.Length; i++)
        {
            int extent = (int)x.Dims[batch + (i % tuple)];
            span[i] = random.Next(-extent, extent);
        }

        Check(Run("GatherND", [x.Tensor, indices], ("batch_dims", (long)batch)), [.. grid, .. x.Dims[(batch + tuple)..]], at =>
        {
            long[] place = at[..grid.Length];
            long[] picked = [.. Enumerable.Range(0, tuple).Select(t => Index(indices, dims, [.. place, t], x.Dims[batch + t]))];
            return x[[.. at[..batch], .. picked, .. at[grid.Length..]]];
        });
    });

    [TestMethod]
    public void ExpandAndTileRepeat() => Repeat(5, (random, type) =>
    {
        Sample x = Sample.Random(random, type, random.Next(6));
        long[] repeats = [.. x.Dims.Select(_ => (long)random.Next(4))];
        Check(Run("Tile", [x.Tensor, Longs(repeats)]), [.. x.Dims.Zip(repeats, (d, r) => d * r)],
            at => x[[.. at.Select((p, i) => p % x.Dims[i])]]);

        Sample thin = Sample.Of(random, type, [.. x.Dims.Select(d => random.Next(2) == 0 ? 1 : d)]);
        long[] more = Sample.RandomDims(random, random.Next(2)), shape = [.. more, .. x.Dims];
        Check(Run("Expand", [thin.Tensor, Longs(shape)]), shape,
            at => thin[[.. at[more.Length..].Select((p, i) => thin.Dims[i] == 1 ? 0 : p)]]);
    });

    [TestMethod]
    public void PadAddsAndTakesAway() => Repeat(8, (random, type) =>
    {
        string mode = new[] { "constant", "edge", "reflect", "wrap" }[random.Next(4)];
        Sample x = Sample.Random(random, type, random.Next(1, 5));
        if (mode != "constant") x = Sample.Of(random, type, [.. x.Dims.Select(d => Math.Max(d, 1))]);
        long[] pads = [.. Enumerable.Range(0, 2 * x.Rank).Select(_ => (long)random.Next(0, 4))];
        if (mode == "constant")
        {
            for (int i = 0; i < x.Rank; i++)
            {
                pads[i] -= random.Next(2);
                if (x.Dims[i] + pads[i] + pads[i + x.Rank] < 0) pads[i] = 0;
            }
        }

        Sample constant = Sample.Of(random, type, []);
        long[] dims = [.. x.Dims.Select((d, i) => d + pads[i] + pads[i + x.Rank])];
        Check(Run("Pad", [x.Tensor, Longs(pads), constant.Tensor], ("mode", mode)), dims, at =>
        {
            var from = new long[at.Length];
            for (int i = 0; i < at.Length; i++)
            {
                long place = at[i] - pads[i], extent = x.Dims[i];
                if (place >= 0 && place < extent)
                {
                    from[i] = place;
                    continue;
                }

                switch (mode)
                {
                    case "constant": return constant[[]];
                    case "edge": from[i] = place < 0 ? 0 : extent - 1; break;
                    case "wrap": from[i] = ((place % extent) + extent) % extent; break;
                    default:
                        // Step by step between the ends.
                        long step = 1, at0 = 0;
                        for (long n = 0; n < Math.Abs(place) && extent > 1; n++)
                        {
                            if (at0 + step < 0 || at0 + step >= extent) step = -step;
                            at0 += step;
                        }

                        if (place < 0 && extent > 1)
                        {
                            at0 = 0;
                            step = 1;
                            for (long n = 0; n < -place; n++)
                            {
                                if (at0 + step < 0 || at0 + step >= extent) step = -step;
                                at0 += step;
                            }
                        }

                        from[i] = at0;
                        break;
                }
            }

            return x[from];
        });
    });

    [TestMethod]
    public void ScattersPutUpdatesInOrder() => Repeat(3, (random, type) =>
    {
        Sample x = Sample.Of(random, type, [.. Sample.RandomDims(random, random.Next(1, 5)).Select(d => Math.Max(d, 1))]);
        int axis = random.Next(x.Rank);
        long[] dims = [.. x.Dims.Select((d, i) => i == axis ? random.Next(4) : random.Next((int)d + 1))];
        TensorValue indices = Indices(random, dims, x.Dims[axis]);
        Sample updates = Sample.Of(random, type, dims);
        Dictionary<string, byte[]> put = [];
        foreach (long[] at in Places(dims))
        {
            var to = (long[])at.Clone();
            to[axis] = Index(indices, dims, at, x.Dims[axis]);
            put[string.Join(",", to)] = updates[at];
        }

        Check(Run("ScatterElements", [x.Tensor, indices, updates.Tensor], ("axis", (long)axis)), x.Dims,
            at => put.GetValueOrDefault(string.Join(",", at)) ?? x[at]);

        int tuple = random.Next(1, x.Rank + 1);
        long[] grid = Sample.RandomDims(random, random.Next(3)), indexDims = [.. grid, tuple], rest = x.Dims[tuple..];
        TensorValue tuples = TensorValue.Allocate(ElementType.Int64, indexDims);
        for (int i = 0; i < tuples.Length; i++) tuples.Span<long>()[i] = random.Next(-(int)x.Dims[i % tuple], (int)x.Dims[i % tuple]);
        Sample blocks = Sample.Of(random, type, [.. grid, .. rest]);
        put.Clear();
        foreach (long[] at in Places(blocks.Dims))
        {
            long[] place = at[..grid.Length];
            IEnumerable<long> to = Enumerable.Range(0, tuple).Select(t => Index(tuples, indexDims, [.. place, t], x.Dims[t]))
                .Concat(at[grid.Length..]);
            put[string.Join(",", to)] = blocks[at];
        }

        Check(Run("ScatterND", [x.Tensor, tuples, blocks.Tensor]), x.Dims, at => put.GetValueOrDefault(string.Join(",", at)) ?? x[at]);
    });

    [TestMethod]
    public void TriangleKeepsOneSide() => Repeat(4, (random, type) =>
    {
        Sample x = Sample.Random(random, type, random.Next(2, 5));
        long k = random.Next(-4, 5);
        bool upper = random.Next(2) == 0;
        byte[] zero = new byte[type.Bits() / 8];
        Check(Run("Trilu", [x.Tensor, TensorValue.From<long>([k], [])], ("upper", upper ? 1L : 0L)), x.Dims,
            at => (upper ? at[^1] - at[^2] >= k : at[^1] - at[^2] <= k) ? x[at] : zero);
    });

    [TestMethod]
    [DataRow("Gather", "indices-range")]
    [DataRow("GatherElements", "indices-range")]
    [DataRow("ScatterElements", "indices-range")]
    [DataRow("GatherND", "indices-in-range")]
    [DataRow("ScatterND", "indices-in-range")]
    public void IndicesOutsideAreRefused(string op, string rule)
    {
        TensorValue data = TensorValue.From<float>(new float[6], 3, 2), updates = TensorValue.From<float>(new float[2], 2, 1);
        foreach (long index in new long[] { 3, -4, long.MinValue, long.MaxValue })
        {
            TensorValue indices = TensorValue.From<long>([0, index], 2, 1);
            TensorValue[] inputs = op switch
            {
                "ScatterElements" => [data, indices, updates],
                "ScatterND" => [data, indices, TensorValue.From<float>(new float[4], 2, 2)],
                _ => [data, indices],
            };
            Assert.AreEqual(rule, Assert.ThrowsExactly<OpException>(() => Run(op, inputs)).Rule);
        }
    }

    [TestMethod]
    public void BrokenRulesAreNamed()
    {
        TensorValue x = TensorValue.From<float>(new float[6], 2, 3);
        Refused("axes-distinct", "Slice", x, Longs([0, 0]), Longs([1, 1]), Longs([0, -2]));
        Refused("steps-not-zero", "Slice", x, Longs([0]), Longs([1]), Longs([0]), Longs([0]));
        Refused("axes-range", "Slice", x, Longs([0]), Longs([1]), Longs([2]));
        // The axes not given are the first three, of two.
        Refused("axes-range", "Slice", x, Longs([0, 0, 0]), Longs([1, 1, 1]));
        Refused("parts-cover-axis", "Split", x, Longs([1, 2]));
        Refused("same-size", "Reshape", x, Longs([4, 2]));
        Refused("one-inferred-dim", "Reshape", x, Longs([-1, -1]));
        Refused("squeezed-dims-are-one", "Squeeze", x, Longs([0]));
        Refused("axes-distinct", "Unsqueeze", x, Longs([0, -4]));
        Refused("shape-range", "Expand", x, Longs([-1]));
        Refused("repeats-range", "Tile", x, Longs([-1, 1]));
        Refused("K-range", "TopK", x, Longs([4]));
        Refused("axis-range", "CumSum", x, TensorValue.From<long>([2], []));
        Refused("padding-has-source", "Pad", ("mode", "edge"), TensorValue.Allocate(ElementType.Float, [0, 1]), Longs([1, 0, 0, 0]));
        Refused("perm-is-permutation", "Transpose", ("perm", new long[] { 1, 1 }), x);
        Refused("axis-not-empty", "ArgMax", ("axis", 0L), TensorValue.Allocate(ElementType.Float, [0, 1]));
        Refused("positions-in-range", "RotaryEmbedding", ("num_heads", 1L), TensorValue.From<float>(new float[4], 1, 1, 4),
            TensorValue.From<float>(new float[4], 2, 2), TensorValue.From<float>(new float[4], 2, 2), TensorValue.From<long>([2], 1, 1));
        Refused("places-inside", "TensorScatter", TensorValue.From<float>(new float[8], 2, 4, 1),
            TensorValue.From<float>(new float[4], 2, 2, 1), Longs([0, 3]));
    }

    private static void Refused(string rule, string op, params TensorValue[] inputs) => Refused(rule, op, ("", 0L), inputs);

    private static void Refused(string rule, string op, (string, object) attribute, params TensorValue[] inputs)
    {
        OpException error = Assert.ThrowsExactly<OpException>(() => RunAll(op, inputs, op is "Split" or "TopK" ? 2 : 1, attribute));
        Assert.AreEqual(rule, error.Rule, error.Message);
    }

    private static void Repeat(int seed, Action<Random, ElementType> test)
    {
        for (int i = 0; i < Rounds; i++)
        {
            var random = new Random((seed * 1000) + i);
            test(random, Types[i % Types.Length]);
        }
    }

    private static List<long> Steps(long extent, long start, long end, long step)
    {
        if (start < 0) start += extent;
        if (end < 0) end += extent;
        var steps = new List<long>();
        if (step > 0)
            for (long i = Math.Clamp(start, 0, extent); i < Math.Min(end, extent); i += step) steps.Add(i);
        else
            for (long i = Math.Min(Math.Max(start, 0), extent - 1); i > Math.Max(end, -1); i += step) steps.Add(i);
        return steps;
    }

    private static void Check(TensorValue actual, long[] dims, Func<long[], byte[]> wanted)
    {
        CollectionAssert.AreEqual(dims, actual.Dims);
        int width = actual.Type.Bits() / 8, i = 0;
        foreach (long[] at in Places(dims))
        {
            Assert.IsTrue(actual.Bytes.Slice(i * width, width).SequenceEqual(wanted(at)), $"{actual} at [{string.Join(", ", at)}]");
            i++;
        }
    }

    private static IEnumerable<long[]> Places(long[] dims)
    {
        long count = TensorValue.CountElements(dims);
        for (long i = 0; i < count; i++)
        {
            var at = new long[dims.Length];
            long rest = i;
            for (int axis = dims.Length - 1; axis >= 0; axis--)
            {
                at[axis] = rest % dims[axis];
                rest /= dims[axis];
            }

            yield return at;
        }
    }

    private static TensorValue Longs(long[] values) => TensorValue.From<long>(values, values.Length);

    private static TensorValue Indices(Random random, long[] dims, long extent)
    {
        bool isShort = random.Next(2) == 0;
        TensorValue indices = TensorValue.Allocate(isShort ? ElementType.Int32 : ElementType.Int64, dims);
        for (int i = 0; i < indices.Length; i++)
        {
            int index = random.Next(-(int)extent, (int)extent);
            if (isShort) indices.Span<int>()[i] = index;
            else indices.Span<long>()[i] = index;
        }

        return indices;
    }

    private static long Index(TensorValue indices, long[] dims, long[] at, long extent)
    {
        long place = 0;
        for (int axis = 0; axis < dims.Length; axis++) place = (place * dims[axis]) + at[axis];
        long index = (long)indices.IntegerAt(place);
        return index < 0 ? index + extent : index;
    }

    private static TensorValue Run(string op, TensorValue[] inputs, params (string Name, object Value)[] attributes) =>
        RunAll(op, inputs, 1, attributes)[0];

    private static TensorValue[] RunAll(string op, TensorValue[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        OpDefinition definition = OpRegistry.Get("ai.onnx", op, long.MaxValue);
        var given = new AttributeValues(attributes.Where(a => a.Name.Length > 0).ToDictionary(a => a.Name, a => a.Value));
        var call = new OpCall(inputs, given, [.. Enumerable.Repeat(true, outputs)]);
        definition.Run!(call);
        return [.. call.Outputs.Select(o => o!)];
    }

    /// <summary>A tensor of random bytes.</summary>
    private sealed class Sample
    {
        private Sample(TensorValue tensor) => Tensor = tensor;

        public TensorValue Tensor { get; }

        public long[] Dims => Tensor.Dims;

        public int Rank => Tensor.Dims.Length;

        public byte[] this[long[] at]
        {
            get
            {
                long place = 0;
                for (int axis = 0; axis < Rank; axis++) place = (place * Dims[axis]) + at[axis];
                int width = Tensor.Type.Bits() / 8;
                return Tensor.Bytes.Slice((int)place * width, width).ToArray();
            }
        }

        public static long[] RandomDims(Random random, int rank) =>
            [.. Enumerable.Range(0, rank).Select(_ => random.Next(8) switch { 0 => 0L, 1 or 2 => 1, 3 => 2, 4 => 4, _ => 3 })];

        public static Sample Random(Random random, ElementType type, int rank) => Of(random, type, RandomDims(random, rank));

        public static Sample Of(Random random, ElementType type, long[] dims)
        {
            TensorValue tensor = TensorValue.Allocate(type, dims);
            random.NextBytes(tensor.Bytes);
            return new Sample(tensor);
        }
    }
}
