using Ops.Cli.Testing;
using Ops.Experimental;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Simd;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Threading;

namespace Ops.Tests.Kernels;

[TestClass]
[DoNotParallelize]
public sealed class PagedAttentionTests
{
    private static readonly IsaLevel[] Levels = [IsaLevel.Bits512, IsaLevel.Bits256, IsaLevel.Bits128, IsaLevel.Scalar];

    private static readonly ElementType[] Types = [ElementType.Float, ElementType.Float16, ElementType.BFloat16];

    public static IEnumerable<object[]> TypesAndLevels => from type in Types from level in Levels select new object[] { type, level };

    [TestMethod]
    [DynamicData(nameof(TypesAndLevels))]
    public void Combinations_agree_with_the_formulas(ElementType type, IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        var random = new Random((int)type * 100 + (int)level);
        for (int i = 0; i < 40; i++) Check(PagedCase.Draw(random, type));
    }

    [TestMethod]
    [DataRow(ElementType.Float, false, 64, 4)]
    [DataRow(ElementType.BFloat16, false, 64, 4)]
    [DataRow(ElementType.Float16, true, 64, 4)]
    [DataRow(ElementType.Float, true, 64, 4)]
    [DataRow(ElementType.Float, true, 48, 3)]
    public void Bits_depend_on_the_sequence_alone(ElementType type, bool isInt8, int width, int group)
    {
        var whole = new PagedCase
        {
            Type = type,
            IsInt8 = isInt8,
            E = width,
            Ev = 64,
            Group = group,
            HasSinks = true,
            Left = 500,
            New = [40],
            Lengths = [700],
            PageSize = 16
        };
        foreach (IsaLevel level in Levels)
        {
            using Isa.Forced forced = Isa.Force(level);
            TensorValue?[] wanted = whole.Run();
            void Same(PagedCase c, int firstRow, int rows, string what, int skip = 0)
            {
                TensorValue?[] got = c.Run();
                int y = whole.Hq * whole.Ev * type.Bits() / 8, l = whole.Hq * 4;
                Assert.IsTrue(got[0]!.Bytes.Slice(skip * y, rows * y).SequenceEqual(wanted[0]!.Bytes.Slice(firstRow * y, rows * y)),
                    $"Y, {what}, {level}");
                Assert.IsTrue(got[3]!.Bytes.Slice(skip * l, rows * l).SequenceEqual(wanted[3]!.Bytes.Slice(firstRow * l, rows * l)),
                    $"lse, {what}, {level}");
            }

            foreach (int pageSize in new[] { 1, 2, 7, 16, 32, 64, 1024 })
                Same(whole with { PageSize = pageSize, Layout = pageSize }, 0, 40, $"pages of {pageSize}");
            foreach (int threads in new[] { 1, 2, 3, 8 })
            {
                using Workers.Forced count = Workers.Force(threads);
                Same(whole with { Layout = threads }, 0, 40, $"{threads} threads");
                Same(whole with { New = [1] }, 39, 1, $"a decode step on {threads} threads");
            }

            Same(whole with { New = [23], Lengths = [683] }, 0, 23, "the first tokens");
            Same(whole with { New = [17] }, 23, 17, "the last tokens");
            Same(whole with { New = [3, 40, 0, 1], Lengths = [300, 700, 9, 1], Contents = [1, 0, 2, 3] }, 0, 40, "among others", skip: 3);
        }
    }

    [TestMethod]
    [DynamicData(nameof(TypesAndLevels))]
    public void Only_the_slots_of_new_tokens_are_written(ElementType type, IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        var random = new Random((int)type);
        for (int i = 0; i < 20; i++)
        {
            PagedCase c = PagedCase.Draw(random, type);
            TensorValue?[] inputs = c.Inputs();
            byte[][] before = [inputs[3]!.Bytes.ToArray(), inputs[4]!.Bytes.ToArray()];
            TensorValue?[] copied = c.Run(inputs);
            for (int cache = 0; cache < 2; cache++)
            {
                TensorValue pages = inputs[3 + cache]!;
                Assert.IsTrue(pages.Bytes.SequenceEqual(before[cache]), $"the input changed: {c}");
                byte[] wanted = Written(c, pages, kind: cache, inputs[8]!.Span<long>());
                Assert.IsTrue(copied[1 + cache]!.Bytes.SequenceEqual(wanted), $"cache {cache} of {c}");
            }

            TensorValue?[] donated = c.Run(inputs, donates: true);
            for (int cache = 0; cache < 2; cache++)
            {
                Assert.AreSame(inputs[3 + cache], donated[1 + cache]);
                Assert.IsTrue(donated[1 + cache]!.Bytes.SequenceEqual(copied[1 + cache]!.Bytes));
            }

            Assert.IsTrue(donated[0]!.Bytes.SequenceEqual(copied[0]!.Bytes));
        }
    }

    [TestMethod]
    public void A_token_that_is_not_written_sees_what_its_position_holds()
    {
        // Both sequences share all pages; the second one's token has no slot of its own.
        var c = new PagedCase { New = [1, 1], Lengths = [20, 20], Contents = [0, 0], Unwritten = [1], PageSize = 8 };
        TensorValue?[] inputs = c.Inputs();
        Span<int> table = inputs[7]!.Span<int>();
        table[..(table.Length / 2)].CopyTo(table[(table.Length / 2)..]);
        TensorValue?[] outputs = c.Run(inputs);
        Span<float> y = outputs[0]!.Span<float>();
        Assert.IsTrue(y[..(y.Length / 2)].SequenceEqual(y[(y.Length / 2)..]));
        Compare(c, outputs[0]!, PagedReference.Run(c).Y, "Y");
    }

    [TestMethod]
    public void Nothing_is_legal()
    {
        Check(new PagedCase { New = [], Lengths = [] });
        Check(new PagedCase { New = [0, 0], Lengths = [0, 9] });
        Check(new PagedCase { New = [0, 2, 0], Lengths = [3, 2, 0] });
    }

    [TestMethod]
    public void The_body_says_the_same()
    {
        var random = new Random(9);
        for (int i = 0; i < 60; i++)
        {
            PagedCase c = PagedCase.Draw(random, Types[i % 3]);
            CompareBody(c);
        }
    }

    [TestMethod]
    [DataRow(0f, 64)]
    [DataRow(2f, 64)]
    [DataRow(0f, 5)]
    public void Scores_pass_through_the_graph_and_then_the_softcap(float softcap, int width)
    {
        // score / 2 + key / 100 - row / 10, and every fifth key masked; rows count this call's tokens.
        var w = new Modifiers.GraphWriter(ElementType.Float);
        string Along(long axis) => w["Range", w.LongScalar(0), w["Gather", w["Shape", w.Score], w.LongScalar(axis)], w.LongScalar(1)];
        string keys = Along(3), rows = w["Unsqueeze", Along(2), w.Long(1)];
        string moved = w["Add", w["Mul", w.Score, w.Number(0.5)],
            w["Sub", w["Mul", w.Cast(keys, ElementType.Float), w.Number(0.01)], w["Mul", w.Cast(rows, ElementType.Float), w.Number(0.1)]]];
        string masked = w["Where", w["Equal", w["Mod", keys, w.LongScalar(5)], w.LongScalar(0)], w.Number(double.NegativeInfinity), moved];
        var random = new Random(width);
        for (int i = 0; i < 12; i++)
        {
            PagedCase c = PagedCase.Draw(random, Types[i % 3]) with
            {
                E = width, Softcap = softcap, Modifier = w.Build(masked),
                Modify = (score, _, row, key) => key % 5 == 0 ? double.NegativeInfinity : score / 2 + 0.01 * key - 0.1 * row,
            };
            Check(c);
            CompareBody(c);
        }
    }

    [TestMethod]
    public void Full_causal_prefill_is_Attention()
    {
        foreach (int past in new[] { 0, 300 })
        {
            var c = new PagedCase { E = 32, Ev = 32, New = [70], Lengths = [70 + past], PageSize = 16 };
            TensorValue Heads(int kind, int heads, int from, int to) =>
                AttentionTensor.Of(ElementType.Float, [1, heads, to - from, 32],
                    i => c.Content(kind, 0, from + (int)(i / 32 % (to - from)), (int)(i / 32 / (to - from)), (int)(i % 32)));
            var plain = new AttentionCase
            {
                Version = 24, Causal = true, Hkv = c.Hkv, Group = c.Group, L = 70, S = 70, E = 32, Ev = 32,
                Q = Heads(2, c.Hq, past, past + 70), K = Heads(0, c.Hkv, past, past + 70), V = Heads(1, c.Hkv, past, past + 70),
                PastKey = past == 0 ? null : Heads(0, c.Hkv, 0, past), PastValue = past == 0 ? null : Heads(1, c.Hkv, 0, past),
            };
            double[] wanted = AttentionTensor.Doubles(plain.Run()[0]!), got = AttentionTensor.Doubles(c.Run()[0]!);
            for (int t = 0; t < 70; t++)
                for (int h = 0; h < c.Hq; h++)
                    for (int e = 0; e < 32; e++) Assert.AreEqual(wanted[(h * 70 + t) * 32 + e], got[(t * c.Hq + h) * 32 + e]);
        }
    }

    [TestMethod]
    public void Partial_states_merge_to_the_whole()
    {
        foreach (ElementType type in Types)
        {
            // One query that sees all keys, and the same over pieces of them.
            var whole = new PagedCase
            {
                Type = type,
                E = 32,
                Ev = 32,
                New = [1],
                Lengths = [640],
                PageSize = 16,
                IsCausal = false,
                Unwritten = [0]
            };
            TensorValue?[] inputs = whole.Inputs(), wanted = whole.Run(inputs);
            foreach (int[] cuts in new[] { new[] { 0, 640 }, [0, 16, 640], [0, 320, 336, 352, 640], [0, 640, 640] })
            {
                var states = new List<AttentionState>();
                for (int i = 1; i < cuts.Length; i++)
                {
                    TensorValue?[] part = [.. inputs];
                    int pages = (cuts[i] - cuts[i - 1]) / 16;
                    part[6] = PagedCase.Vector<int>([Math.Max(1, cuts[i] - cuts[i - 1])]);
                    part[7] = TensorValue.From<int>(inputs[7]!.Span<int>().Slice(Math.Min(cuts[i - 1], 624) / 16, Math.Max(1, pages)), 1,
                        Math.Max(1, pages));
                    TensorValue?[] outputs = whole.Run(part);
                    if (pages == 0)
                    {
                        // A piece without keys.
                        outputs[0]!.Bytes.Clear();
                        outputs[3]!.Span<float>().Fill(float.NegativeInfinity);
                    }

                    states.Add(new AttentionState(outputs[0]!, outputs[3]!));
                }

                AttentionState merged = AttentionState.Merge(states);
                double tolerance = type switch { ElementType.Float => 1e-6, ElementType.Float16 => 2e-3, _ => 1.6e-2 };
                Near(AttentionTensor.Doubles(wanted[0]!), AttentionTensor.Doubles(merged.Y), tolerance, tolerance / 10, $"Y of {type}");
                Near(AttentionTensor.Doubles(wanted[3]!), AttentionTensor.Doubles(merged.LogSum), 1e-6, 0, $"lse of {type}");
            }
        }
    }

    [TestMethod]
    public void Sinks_come_last_when_states_merge()
    {
        var c = new PagedCase { New = [3], Lengths = [100] };
        TensorValue?[] plain = c.Run(), wanted = (c with { HasSinks = true }).Run();
        AttentionState merged = AttentionState.Merge([new AttentionState(plain[0]!, plain[3]!)],
            [.. Enumerable.Range(0, c.Hq).Select(c.Sink)]);
        Near(AttentionTensor.Doubles(wanted[0]!), AttentionTensor.Doubles(merged.Y), 1e-6, 1e-7, "Y");
        Near(AttentionTensor.Doubles(wanted[3]!), AttentionTensor.Doubles(merged.LogSum), 1e-6, 0, "lse");
        OpException thrown = Assert.ThrowsExactly<OpException>(() => AttentionState.Merge([new AttentionState(plain[0]!, plain[0]!)]));
        StringAssert.Contains(thrown.Message, "states-match");
    }

    internal static void Check(PagedCase c)
    {
        TensorValue?[] outputs = c.Run();
        var (y, lse) = PagedReference.Run(c);
        Compare(c, outputs[0]!, y, "Y");
        double[] got = AttentionTensor.Doubles(outputs[3]!);
        for (int i = 0; i < lse.Length; i++)
            if (!got[i].Equals(lse[i]) && !(Math.Abs(got[i] - lse[i]) <= 4e-6 * (1 + Math.Abs(lse[i]))))
                Assert.Fail($"lse[{i}] is {got[i]}, wanted {lse[i]}, in {c}");
    }

    internal static void CompareBody(PagedCase c)
    {
        TensorValue?[] inputs = c.Inputs();
        OpCall call = c.Call(inputs);
        PagedAttention.Definition1.Run!(call);
        IReadOnlyList<TensorValue?> body = Ops.Cli.Conformance.BodyComparison.RunBody(PagedAttention.Definition1, call, long.MaxValue);
        Tolerance tolerance = c.Type == ElementType.Float ? new Tolerance(2e-5, 4e-6) : new Tolerance(2e-2, 8e-3);
        for (int i = 0; i < 4; i++) Assert.IsNull(TensorComparer.Compare(call.Outputs[i]!, body[i]!, tolerance), $"output {i} of {c}");
    }

    internal static void Compare(PagedCase c, TensorValue got, double[] wanted, string name) =>
        Near(wanted, AttentionTensor.Doubles(got), c.Type switch { ElementType.Float => 4e-6, ElementType.Float16 => 1e-3, _ => 8e-3 },
            4e-6, $"{name} of {c}", 1);

    private static void Near(double[] wanted, double[] got, double relative, double absolute, string name, double scale = 0)
    {
        Assert.AreEqual(wanted.Length, got.Length, name);
        for (int i = 0; i < wanted.Length; i++)
            if (!got[i].Equals(wanted[i]) && !(Math.Abs(got[i] - wanted[i]) <= absolute + relative * (scale + Math.Abs(wanted[i]))))
                Assert.Fail($"{name}[{i}] is {got[i]}, wanted {wanted[i]}");
    }

    /// <summary>The pages with the new tokens in their slots.</summary>
    private static byte[] Written(PagedCase c, TensorValue pages, int kind, ReadOnlySpan<long> slots)
    {
        int width = (int)pages.Dims[3], size = pages.Type.Bits() / 8;
        byte[] bytes = pages.Bytes.ToArray();
        for (int b = 0, token = 0; b < c.New.Length; b++)
            for (int t = 0; t < c.New[b]; t++, token++)
                for (int h = 0; h < c.Hkv && slots[token] >= 0; h++)
                {
                    long row = (slots[token] / c.PageSize * c.Hkv + h) * c.PageSize + slots[token] % c.PageSize;
                    var (sequence, position, head) = (b, c.Lengths[b] - c.New[b] + t, h);
                    AttentionTensor.Of(pages.Type, [width], e => c.Stored(kind, sequence, position, head, (int)e)).Bytes
                        .CopyTo(bytes.AsSpan((int)(row * width * size)));
                }
        return bytes;
    }
}
