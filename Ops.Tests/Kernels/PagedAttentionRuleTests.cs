using Ops.Experimental;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Kernels;

/// <summary>What PagedAttention refuses, by the name of the rule, before it writes anything; and that nothing beyond the pools is
/// touched.</summary>
[TestClass]
[DoNotParallelize]
public sealed class PagedAttentionRuleTests
{
    /// <summary>Pages 0 to 7 of 4 slots; two sequences.</summary>
    private static readonly PagedCase Good = new() { New = [2, 1], Lengths = [9, 6], PageSize = 4, E = 4, Ev = 4, Unmaps = false };

    public static IEnumerable<object[]> Broken =>
    [
        ["starts-cover-tokens", (TensorValue?[] x) => x[5]!.Span<int>()[0] = 1],
        ["starts-cover-tokens", (TensorValue?[] x) => x[5]!.Span<int>()[2] = 2],
        ["starts-cover-tokens", (TensorValue?[] x) => x[5]!.Span<int>()[2] = 4],
        ["starts-ascend", (TensorValue?[] x) => x[5]!.Span<int>()[1] = 4],
        ["starts-ascend", (TensorValue?[] x) => x[5]!.Span<int>()[1] = -1],
        ["lengths-hold-new-tokens", (TensorValue?[] x) => x[6]!.Span<int>()[0] = 1],
        ["seq_lens-range", (TensorValue?[] x) => x[6]!.Span<int>()[0] = 1000],
        ["seq_lens-range", (TensorValue?[] x) => x[6]!.Span<int>()[1] = -1],
        ["slots-distinct", (TensorValue?[] x) => x[8]!.Span<long>()[0] = x[8]!.Span<long>()[2]],
        ["slot_mapping-range", (TensorValue?[] x) => x[8]!.Span<long>()[1] = -2],
        ["slot_mapping-range", (TensorValue?[] x) => x[8]!.Span<long>()[1] = x[3]!.Dims[0] * 4],
        ["page_table-range", (TensorValue?[] x) => x[7]!.Span<int>()[0] = -2],
        ["page_table-range", (TensorValue?[] x) => x[7]!.Span<int>()[^1] = (int)x[3]!.Dims[0]],
        ["pages-mapped", (TensorValue?[] x) => x[7]!.Span<int>()[0] = -1],
        ["pages-mapped", (TensorValue?[] x) => x[7]!.Span<int>()[2] = -1],
        ["scales-iff-int8", (TensorValue?[] x) => x[9] = PagedCase.Vector([0.1f])],
        ["scales-iff-int8", (TensorValue?[] x) => x[10] = PagedCase.Vector([0.1f])],
    ];

    [TestMethod]
    public void The_caches_are_outputs_that_no_call_leaves_out()
    {
        var call = new OpCall(Good.Inputs(), Good.Attributes(), [true]);
        OpException refusal = Assert.ThrowsExactly<OpException>(() => PagedAttention.Definition1.Run!(call));
        Assert.Contains("output 1, key_cache_out, is missing", refusal.Message);
    }

    [TestMethod]
    [DynamicData(nameof(Broken))]
    public void A_broken_rule_is_named_and_nothing_written(string rule, object change)
    {
        TensorValue?[] inputs = Good.Inputs();
        Good.Run(inputs);
        inputs = Good.Inputs();
        ((Delegate)change).DynamicInvoke(new object[] { inputs });
        Refuses(rule, Good, inputs);
    }

    [TestMethod]
    public void Attributes_and_extents_are_ruled_too()
    {
        Refuses("scale-positive", Good with { Scale = 0 });
        Refuses("scale-positive", Good with { Scale = -1 });
        Refuses("scale-positive", Good with { Scale = float.NaN });
        Refuses("softcap-range", Good with { Softcap = -1 });
        Refuses("left_window_size-range", Good with { Left = -2 });
        PagedCase quantised = Good with { IsInt8 = true };
        TensorValue?[] inputs = quantised.Inputs();
        inputs[9] = null;
        Refuses("scales-iff-int8", quantised, inputs);
        inputs = quantised.Inputs();
        inputs[10] = PagedCase.Vector([1f, 1f, 1f]);
        Refuses("v-scale-per-head-or-one", quantised, inputs);
        inputs = Good.Inputs();
        inputs[0] = AttentionTensor.Random(ElementType.Float, [3, 3, 4], new Random(1));
        Refuses("heads-grouped", Good, inputs);
    }

    [TestMethod]
    public void A_page_before_the_window_may_be_unmapped()
    {
        PagedCase windowed = Good with { Left = 2 };
        TensorValue?[] inputs = windowed.Inputs();
        TensorValue?[] wanted = windowed.Run(inputs);
        inputs[7]!.Span<int>()[0] = -1;
        Assert.IsTrue(windowed.Run(inputs)[0]!.Bytes.SequenceEqual(wanted[0]!.Bytes));
        inputs[7]!.Span<int>()[1] = -1;
        Refuses("pages-mapped", windowed, inputs);
    }

    [TestMethod]
    public void Fuzzed_tables_lengths_and_slots_stay_within_the_pools()
    {
        var random = new Random(77);
        int ran = 0;
        for (int i = 0; i < 3000; i++)
        {
            PagedCase c = PagedCase.Draw(random, ElementType.Float) with { Modifier = null };
            TensorValue?[] inputs = c.Inputs();
            for (int change = random.Next(3); change >= 0; change--)
            {
                int port = random.Next(5, 9);
                if (inputs[port] is not { Length: > 0 } tensor) continue;
                int at = random.Next((int)tensor.Length);
                int value = random.Next(6) switch
                {
                    0 => int.MaxValue,
                    1 => int.MinValue,
                    2 => -1,
                    3 => random.Next(-3, 3),
                    _ => random.Next((int)inputs[3]!.Dims[0] * c.PageSize + 1)
                };
                if (tensor.Type == ElementType.Int64)
                    tensor.Span<long>()[at] = random.Next(8) == 0 ? long.MaxValue - random.Next(2) : value;
                else tensor.Span<int>()[at] = value;
            }

            using var keys = new GuardedBuffer(inputs[3]!.ByteCount);
            using var values = new GuardedBuffer(inputs[4]!.ByteCount);
            inputs[3]!.Bytes.CopyTo(keys.Span<byte>());
            inputs[4]!.Bytes.CopyTo(values.Span<byte>());
            try
            {
                RunGuarded(c, inputs, keys, values);
                ran++;
            }
            catch (OpException)
            {
                Assert.IsTrue(keys.Span<byte>().SequenceEqual(inputs[3]!.Bytes) && values.Span<byte>().SequenceEqual(inputs[4]!.Bytes),
                    "written before it was refused");
            }

            keys.CheckCanaries();
            values.CheckCanaries();
        }

        Assert.IsTrue(ran > 100, $"only {ran} calls were valid");
    }

    /// <summary>In place, in memory that ends at a page without access.</summary>
    private static unsafe void RunGuarded(PagedCase c, TensorValue?[] x, GuardedBuffer keys, GuardedBuffer values)
    {
        static nint[] Lengths(TensorValue tensor) => [.. tensor.Dims.Select(d => (nint)d)];
        static System.Numerics.Tensors.ReadOnlyTensorSpan<T> Read<T>(TensorValue? tensor) where T : unmanaged =>
            tensor is null ? default : new((T*)tensor.Pointer, (nint)tensor.Length, Lengths(tensor));
        var y = TensorValue.Allocate(ElementType.Float, [c.N, c.Hq, c.Ev]);
        var output = new System.Numerics.Tensors.TensorSpan<float>((float*)y.Pointer, (nint)y.Length, Lengths(y));
        if (c.IsInt8) Run<sbyte>(output);
        else Run<float>(output);

        void Run<C>(System.Numerics.Tensors.TensorSpan<float> into) where C : unmanaged =>
            PagedAttention.RunInto<float, C>(Read<float>(x[0]), Read<float>(x[1]), Read<float>(x[2]),
                new System.Numerics.Tensors.ReadOnlyTensorSpan<C>((C*)keys.Data, (nint)x[3]!.Length, Lengths(x[3]!)),
                new System.Numerics.Tensors.ReadOnlyTensorSpan<C>((C*)values.Data, (nint)x[4]!.Length, Lengths(x[4]!)),
                Read<int>(x[5]), Read<int>(x[6]), Read<int>(x[7]), Read<long>(x[8]), into,
                new System.Numerics.Tensors.TensorSpan<C>((C*)keys.Data, (nint)x[3]!.Length, Lengths(x[3]!)),
                new System.Numerics.Tensors.TensorSpan<C>((C*)values.Data, (nint)x[4]!.Length, Lengths(x[4]!)),
                Read<float>(x[9]), Read<float>(x[10]), Read<float>(x[11]), c.Scale, c.Softcap, c.IsCausal, c.Left);
    }

    private static void Refuses(string rule, PagedCase c, TensorValue?[]? inputs = null)
    {
        inputs ??= c.Inputs();
        byte[][] before = [inputs[3]!.Bytes.ToArray(), inputs[4]!.Bytes.ToArray()];
        OpException thrown = Assert.ThrowsExactly<OpException>(() => c.Run(inputs, donates: true));
        StringAssert.Contains(thrown.Message, rule);
        Assert.IsTrue(inputs[3]!.Bytes.SequenceEqual(before[0]) && inputs[4]!.Bytes.SequenceEqual(before[1]),
            "written before it was refused");
    }
}
