using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Tests.Kernels;

[TestClass]
public sealed class AttentionRuleTests
{
    private static readonly AttentionCase Good = new() { B = 2, Hkv = 2, Group = 2, L = 3, S = 5 };

    private static AttentionCase Filled(AttentionCase c) => c.Filled(new Random(3));

    [TestMethod]
    public void BrokenRulesAreRefusedByName()
    {
        Refuses("scale-positive", Filled(Good) with { Scale = 0 });
        Refuses("scale-positive", Filled(Good) with { Scale = -1 });
        Refuses("heads-grouped", Filled(Good) with { Q = AttentionTensor.Of(ElementType.Float, [2, 3, 3, 8], _ => 0) });
        Refuses("mask-broadcasts", Filled(Good) with { Mask = AttentionTensor.Of(ElementType.Float, [2, 5], _ => 0) });
        Refuses("mask-broadcasts", Filled(Good) with { Version = 23, Mask = AttentionTensor.Of(ElementType.Float, [3, 4], _ => 0) });
        Refuses("mask-not-too-long", Filled(Good) with { Mask = AttentionTensor.Of(ElementType.Float, [3, 6], _ => 0) });
        Refuses("mask-type", Filled(Good) with { Mask = AttentionTensor.Of(ElementType.Double, [3, 5], _ => 0) });
        Refuses("mask-covers-tokens",
            Filled(Good) with { Mask = AttentionTensor.Of(ElementType.Float, [3, 2], _ => 0), Valid = Counts(3, 4) });
        Refuses("past-together", Filled(Good).WithPast(4, new Random(1)) with { PastValue = null });
        Refuses("one-cache", Filled(Good).WithPast(4, new Random(1)) with { Valid = Counts(1, 2) });
        Refuses("one-cache", Filled(Good) with { Valid = Counts(1, 2), WantsPresent = true });
        Refuses("nonpad_kv_seqlen-range", Filled(Good) with { Valid = Counts(1, 6) });
        Refuses("left_window_size-range", Filled(Good) with { Left = -2 });
        Refuses("qk_matmul_output_mode-range", Filled(Good) with { Mode = 4 });
    }

    [TestMethod]
    public void What_is_refused_is_told_whole()
    {
        AttentionCase c = Filled(Good);
        OpException rank = Assert.ThrowsExactly<OpException>(() =>
            (c with { K = AttentionTensor.Of(ElementType.Float, [3, 5, 8], _ => 0) }).Run());
        StringAssert.Contains(rank.Message, "K-rank: K has 3 axes [3, 5, 8], wants T1[B, Hkv, S, E]");
        OpException count = Assert.ThrowsExactly<OpException>(() => (c with { Valid = Counts(1, long.MinValue) }).Run());
        StringAssert.Contains(count.Message, "nonpad_kv_seqlen-range: [1] = -9223372036854775808 is not in 0..S");
    }

    private static Tensors.TensorValue Counts(params long[] counts) =>
        AttentionTensor.Of(ElementType.Int64, [counts.Length], i => counts[i]);

    private static void Refuses(string rule, AttentionCase c)
    {
        OpException thrown = Assert.ThrowsExactly<OpException>(() => c.Run());
        StringAssert.Contains(thrown.Message, rule);
    }
}
