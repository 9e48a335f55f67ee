using System.Numerics.Tensors;
using Ops.Experimental;
using Ops.Kernels;
using Ops.Specs;

namespace Ops.Tests.Operators;

/// <summary>Typed calls on inputs that were packed before.</summary>
[TestClass]
public sealed class PackedCallTests
{
    [TestMethod]
    public void APackedMatrixServesManyCalls()
    {
        Tensor<float> b = Numbers(1, 64, 48);
        using PackedInputs packed = MatMul.Pack<float>(B: b);
        Assert.IsFalse(packed.IsEmpty);
        foreach (int rows in new[] { 1, 5, 40 })
        {
            Tensor<float> a = Numbers(rows, rows, 64), y = MatMul.Run<float>(a, b, packed), into = Numbers(0, rows, 48);
            Same(MatMul.Run<float>(a, b), y);
            MatMul.RunInto<float>(a, b, into, packed);
            Same(y, into);
        }
    }

    [TestMethod]
    public void WhatGainsNothingStaysAsItIs()
    {
        Tensor<float> a = Numbers(1, 3, 4), b = Numbers(2, 4, 2);
        using PackedInputs packed = MatMul.Pack<float>(B: b);
        Assert.IsTrue(packed.IsEmpty);
        Same(MatMul.Run<float>(a, b), MatMul.Run<float>(a, b, packed));
    }

    [TestMethod]
    public void OtherAttributesLeaveThePackingAside()
    {
        Tensor<float> a = Numbers(1, 20, 32), b = Numbers(2, 32, 32);
        using PackedInputs packed = Gemm.Pack<float>(B: b, transB: true);
        Same(Gemm.Run<float>(a, b, transB: true), Gemm.Run<float>(a, b, transB: true, packed: packed));
        Same(Gemm.Run<float>(a, b), Gemm.Run<float>(a, b, packed: packed));
    }

    [TestMethod]
    [DataRow("concatenated")]
    [DataRow("interleaved")]
    public void ExpertsArePackedForTheirLayout(string layout)
    {
        const int G = 4, H = 40, I = 48;
        Tensor<float> x = Numbers(1, 9, H), logits = Numbers(2, 9, G), first = Numbers(3, G, H, 2 * I), second = Numbers(4, G, I, H);
        using PackedInputs packed = MoE.Pack<float>(k: 2, w_in: first, w_out: second, glu_layout: layout);
        foreach (string other in new[] { "concatenated", "interleaved" })
            Same(MoE.Run<float>(x, logits, first, second, 2, glu_layout: other),
                MoE.Run<float>(x, logits, first, second, 2, glu_layout: other, packed: packed));
    }

    [TestMethod]
    public void GroupsAndQuantisedExpertsArePackedToo()
    {
        const int G = 3, H = 32, I = 40;
        Tensor<float> x = Numbers(1, 7, H), weights = Numbers(2, G, H, I);
        Tensor<long> groups = Tensor.Create(new long[] { 0, 2, 1, 0, 0, 2, 2 }, [7, 1]);
        using PackedInputs packed = GroupedMatMul.Pack<float>(weights: weights);
        Same(GroupedMatMul.Run<float>(x, weights, groups), GroupedMatMul.Run<float>(x, weights, groups, packed: packed));

        Tensor<float> logits = Numbers(3, 7, G), inScale = Numbers(4, G, 2, I), outScale = Numbers(5, G, 3, H);
        Tensor<sbyte> first = Integers(6, G, H, I), second = Integers(7, G, I, H);
        using PackedInputs quantised = QMoE.Pack<float, sbyte>(k: 2, w_in: first, w_in_scale: inScale, w_out: second, w_out_scale: outScale,
            activation: "relu", block_size: 16);
        Assert.IsFalse(quantised.IsEmpty);
        Same(QMoE.Run<float, sbyte>(x, logits, first, inScale, second, outScale, 2, activation: "relu", block_size: 16),
            QMoE.Run<float, sbyte>(x, logits, first, inScale, second, outScale, 2, activation: "relu", block_size: 16, packed: quantised));
    }

    [TestMethod]
    public void OtherTensorsAreRefused()
    {
        Tensor<float> a = Numbers(1, 8, 32), b = Numbers(2, 32, 32);
        PackedInputs packed = MatMul.Pack<float>(B: b);
        OpException error = Assert.ThrowsExactly<OpException>(() => MatMul.Run<float>(a, Numbers(3, 32, 32), packed));
        StringAssert.StartsWith(error.Message, "MatMul packed: B is float[32, 32]");
        error = Assert.ThrowsExactly<OpException>(() => MatMul.Run<float>(a, Numbers(2, 32, 16), packed));
        StringAssert.Contains(error.Message, "B is float[32, 16], another than the float[32, 32] that was packed");
        packed.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => MatMul.Run<float>(a, b, packed));
        Assert.ThrowsExactly<OpException>(() => MoE.Pack<float>(k: 5, router_logits: Numbers(1, 2, 4)).Dispose());
    }

    private static Tensor<float> Numbers(int seed, params nint[] lengths)
    {
        var random = new Random(seed);
        Tensor<float> tensor = Tensor.CreateFromShape<float>(lengths);
        foreach (ref float value in tensor.AsTensorSpan()) value = random.NextSingle() - 0.5f;
        return tensor;
    }

    private static Tensor<sbyte> Integers(int seed, params nint[] lengths)
    {
        var random = new Random(seed);
        Tensor<sbyte> tensor = Tensor.CreateFromShape<sbyte>(lengths);
        foreach (ref sbyte value in tensor.AsTensorSpan()) value = (sbyte)random.Next(-128, 128);
        return tensor;
    }

    private static void Same(Tensor<float> expected, Tensor<float> actual)
    {
        CollectionAssert.AreEqual(expected.Lengths.ToArray(), actual.Lengths.ToArray());
        float[] left = new float[(int)expected.FlattenedLength], right = new float[left.Length];
        expected.FlattenTo(left);
        actual.FlattenTo(right);
        CollectionAssert.AreEqual(left, right);
    }
}
