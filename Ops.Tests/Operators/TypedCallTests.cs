using System.Buffers;
using System.Numerics.Tensors;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Operators;

[TestClass]
public sealed class TypedCallTests
{
    /// <summary>A new array each time, because tensors keep the one they are made of.</summary>
    private static float[] OneToSix => [1, 2, 3, 4, 5, 6];

    [TestMethod]
    public void RunBroadcastsAndAllocates()
    {
        Tensor<float> sum = Add.Run<float>(Tensor.Create(OneToSix, [2, 3]), Tensor.Create<float>([10, 20, 30], [3]));
        CollectionAssert.AreEqual(new nint[] { 2, 3 }, sum.Lengths.ToArray());
        CollectionAssert.AreEqual(new float[] { 11, 22, 33, 14, 25, 36 }, Flat<float>(sum));
    }

    [TestMethod]
    public void RunFillsAnOutputThatIsGiven()
    {
        Tensor<float> x = Tensor.Create(OneToSix, [6]);
        Neg.RunInto<float>(x, x);
        CollectionAssert.AreEqual(new float[] { -1, -2, -3, -4, -5, -6 }, Flat<float>(x), "in place");
    }

    [TestMethod]
    public void RequiredInputsMustBeGiven()
    {
        Tensor<float> x = Tensor.Create(OneToSix, [1, 1, 2, 3]);
        OpException first = Assert.ThrowsExactly<OpException>(() => { Neg.Run<float>(default); });
        Assert.AreEqual("Neg inputs: input 0, X, is missing", first.Message);
        OpException third = Assert.ThrowsExactly<OpException>(() => { Preview.FlexAttention.Run<float>(x, x, default); });
        Assert.AreEqual("FlexAttention inputs: input 2, V, is missing", third.Message);
        Assert.ThrowsExactly<OpException>(() => Attention.Validate<float, float, float>(x, default, x));
    }

    [TestMethod]
    public void OutputsMayLieOverInputsOnlyWhereAnOpWorksInPlace()
    {
        float[] memory = new float[24];
        OneToSix.CopyTo(memory, 0);
        var x = new TensorSpan<float>(memory, 0, [1, 1, 2, 3], []);
        var apart = new TensorSpan<float>(memory, 6, [1, 1, 2, 3], []);
        Softmax.RunInto<float>(x, x);
        Assert.AreEqual(1f, memory[0] + memory[1] + memory[2], 1e-6f);
        Neg.RunInto<float>(x, apart);
        Assert.AreEqual(-memory[5], memory[11]);
        float[] before = [.. memory];
        Refused("Y-overlap", "Y lies over X", (m, s) => Neg.RunInto<float>(m, s));
        Refused("output-overlap", "output lies over input", (m, s) => Softmax.RunInto<float>(m, s));
        Refused("Y-overlap", "Y lies over Q", (m, _) => Preview.FlexAttention.RunInto<float>(m, m, m, m));
        Refused("Y-overlap", "Y lies over K", (m, s) =>
            Attention.RunInto<float, float, float>(Tensor.Create(OneToSix, [1, 1, 2, 3]), s, m, s));
        CollectionAssert.AreEqual(before, memory);

        void Refused(string rule, string text, Filling call)
        {
            OpException error = Assert.ThrowsExactly<OpException>(() =>
                call(new TensorSpan<float>(memory, 0, [1, 1, 2, 3], []), new TensorSpan<float>(memory, 2, [1, 1, 2, 3], [])));
            Assert.AreEqual(rule, error.Rule);
            StringAssert.Contains(error.Message, text);
        }
    }

    private delegate void Filling(TensorSpan<float> whole, TensorSpan<float> shifted);

    [TestMethod]
    public void InputsNeedNotBeDense()
    {
        Tensor<float> whole = Tensor.Create(OneToSix, [2, 3]);
        ReadOnlyTensorSpan<float> columns = whole.AsReadOnlyTensorSpan().Slice(NRange.All, new NRange(1, 3));
        CollectionAssert.AreEqual(new float[] { 4, 6, 10, 12 }, Flat<float>(Add.Run(columns, columns)));
        CollectionAssert.AreEqual(new float[] { -2, -3, -5, -6 }, Flat<float>(Neg.Run(columns)));
        CollectionAssert.AreEqual(new float[] { 20, 60, 50, 120 }, Flat<float>(Mul.Run(columns, Tensor.Create<float>([10, 20], [2]))));
    }

    [TestMethod]
    public void OptionalInputsMayBeLeftOut()
    {
        Tensor<int> x = Tensor.Create([-5, 0, 5], [3]);
        Tensor<int> low = Tensor.Create([-1], [1]), high = Tensor.Create([2], [1]);
        CollectionAssert.AreEqual(new[] { -5, 0, 5 }, Flat<int>(Clip.Run<int>(x)));
        CollectionAssert.AreEqual(new[] { -1, 0, 5 }, Flat<int>(Clip.Run<int>(x, min: low)));
        CollectionAssert.AreEqual(new[] { -5, 0, 2 }, Flat<int>(Clip.Run<int>(x, max: high)));
        CollectionAssert.AreEqual(new[] { -1, 0, 2 }, Flat<int>(Clip.Run<int>(x, min: low, max: high)));
    }

    [TestMethod]
    public void OneElementStandsForAScalar()
    {
        Tensor<float> sum = ReduceSum.Run<float>(Tensor.Create(OneToSix, [2, 3]), keepdims: false);
        CollectionAssert.AreEqual(new float[] { 21 }, Flat<float>(sum));
        ReduceSum.RunInto<float>(Tensor.Create(new float[] { 1, 2 }, [2]), reduced: sum, keepdims: false);
        CollectionAssert.AreEqual(new float[] { 3 }, Flat<float>(sum));
        OpException error = Assert.ThrowsExactly<OpException>(() => { Clip.Run<float>(sum, min: Tensor.Create<float>([1, 2], [2])); });
        Assert.AreEqual("min-rank", error.Rule);
    }

    [TestMethod]
    public void AttributesHaveTheirDefaults()
    {
        Tensor<double> x = Tensor.Create<double>([-1, 2], [2]);
        CollectionAssert.AreEqual(new[] { -1 * (double)0.01f, 2 }, Flat<double>(LeakyRelu.Run<double>(x)));
        CollectionAssert.AreEqual(new[] { -0.5, 2 }, Flat<double>(LeakyRelu.Run<double>(x, alpha: 0.5f)));
    }

    [TestMethod]
    public void BoolsComeOutOfComparisons()
    {
        Tensor<bool> less = Less.Run<float>(Tensor.Create(OneToSix, [6]), Tensor.Create<float>([3.5f], [1]));
        CollectionAssert.AreEqual(new[] { true, true, true, false, false, false }, Flat<bool>(less));
        Tensor<float> chosen = Where.Run<float>(less, Tensor.Create(OneToSix, [6]), Tensor.Create<float>([0], [1]));
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 0, 0, 0 }, Flat<float>(chosen));
    }

    [TestMethod]
    public void EmptyTensorsAreFine()
    {
        Tensor<float> none = Tensor.Create(Array.Empty<float>(), [0, 3]);
        CollectionAssert.AreEqual(new nint[] { 0, 3 }, Add.Run<float>(none, Tensor.Create<float>([1, 2, 3], [3])).Lengths.ToArray());
    }

    [TestMethod]
    public void ShapesThatDoNotBroadcastAreNamed()
    {
        Tensor<float> a = Tensor.Create(OneToSix, [2, 3]), b = Tensor.Create<float>([1, 2], [2]);
        OpException error = Assert.ThrowsExactly<OpException>(() => { Add.Run<float>(a, b); });
        Assert.AreEqual("Add", error.Subject);
        Assert.AreEqual("C", error.Rule);
        StringAssert.Contains(error.Message, "[2, 3]");
        StringAssert.Contains(error.Message, "[2]");
    }

    [TestMethod]
    public void AnOutputOfAnotherShapeIsRefused()
    {
        Tensor<float> x = Tensor.Create(OneToSix, [2, 3]), y = Tensor.Create(new float[6], [3, 2]);
        OpException error = Assert.ThrowsExactly<OpException>(() => Neg.RunInto<float>(x, y));
        Assert.AreEqual("Y-shape", error.Rule);
        StringAssert.Contains(error.Message, "[3, 2]");
        StringAssert.Contains(error.Message, "[2, 3]");
    }

    [TestMethod]
    public void IntegersAreNotDividedByZeroAndNothingIsWritten()
    {
        Tensor<int> output = Tensor.Create([7, 7, 7], [3]), x = Tensor.Create([1, 2, 3], [3]), y = Tensor.Create([1, 0, 1], [3]);
        OpException error = Assert.ThrowsExactly<OpException>(() => Div.RunInto<int>(x, y, output));
        Assert.AreEqual("divisor-not-zero", error.Rule);
        StringAssert.Contains(error.Message, "[1, 0, 1]");
        CollectionAssert.AreEqual(new[] { 7, 7, 7 }, Flat<int>(output));
        Assert.AreEqual("divisor-not-zero", Assert.ThrowsExactly<OpException>(() => { Mod.Run<int>(x, y); }).Rule);
        Tensor<float> infinite = Div.Run<float>(Tensor.Create<float>([1], [1]), Tensor.Create<float>([0], [1]));
        Assert.AreEqual(float.PositiveInfinity, Flat<float>(infinite)[0]);
    }

    [TestMethod]
    public void ZeroDivisorsAreFoundWhereverTheyAre()
    {
        foreach (int length in new[] { 1, 7, 8, 31, 32, 33, 64, 100 })
            for (int at = 0; at < length; at++)
            {
                var divisors = new sbyte[length];
                Array.Fill(divisors, (sbyte)-1);
                Tensor<sbyte> one = Tensor.Create<sbyte>([1], [1]), many = Tensor.Create(divisors, [length]);
                Div.Run<sbyte>(one, many);
                divisors[at] = 0;
                OpException error = Assert.ThrowsExactly<OpException>(() => { Div.Run<sbyte>(one, many); });
                Assert.AreEqual("divisor-not-zero", error.Rule, $"{at} of {length}");
            }
    }

    [TestMethod]
    public void FloatsNeedFmod()
    {
        Tensor<float> x = Tensor.Create<float>([-4.5f], [1]), y = Tensor.Create<float>([2], [1]);
        Assert.AreEqual("floats-need-fmod", Assert.ThrowsExactly<OpException>(() => { Mod.Run<float>(x, y); }).Rule);
        CollectionAssert.AreEqual(new[] { -0.5f }, Flat<float>(Mod.Run<float>(x, y, fmod: true)));
    }

    [TestMethod]
    public void SlopesBroadcastInOneDirectionOnly()
    {
        Tensor<float> x = Tensor.Create<float>([-1, 1, -2], [3]);
        CollectionAssert.AreEqual(new float[] { -3, 1, -6 }, Flat<float>(PRelu.Run<float>(x, Tensor.Create<float>([3], [1]))));
        OpException error = Assert.ThrowsExactly<OpException>(() => { PRelu.Run<float>(x, Tensor.Create<float>([3, 4], [2, 1])); });
        Assert.AreEqual("slope-broadcasts", error.Rule);
    }

    [TestMethod]
    public void ValuesOutsideTheSetOfAnAttributeAreNamed()
    {
        OpException gelu = Assert.ThrowsExactly<OpException>(() => { Gelu.Run<float>(Tensor.Create(OneToSix, [6]), approximate: "fast"); });
        StringAssert.Contains(gelu.Message, "'fast'");
        Tensor<byte> one = Tensor.Create<byte>([1], [1]);
        OpException shift = Assert.ThrowsExactly<OpException>(() => { BitShift.Run<byte>(one, one, "UP"); });
        StringAssert.Contains(shift.Message, "'UP'");
        StringAssert.Contains(shift.Message, "RIGHT");
    }

    [TestMethod]
    public void TypesOutsideTheSpecAreNamed()
    {
        OpException error = Assert.ThrowsExactly<OpException>(() => { Sqrt.Run<int>(Tensor.Create([4], [1])); });
        Assert.AreEqual("T", error.Rule);
        StringAssert.Contains(error.Message, "int32");
    }

    [TestMethod]
    public void TypesThatOnlyTheSpecTakesHaveNoKernel()
    {
        TensorValue text = TensorValue.From(["a", "b"], 2);
        var call = new OpCall([text, text], AttributeValues.None, [true]);
        OpException error = Assert.ThrowsExactly<OpException>(() => OpRegistry.Get("ai.onnx", "Equal", 19).Run!(call));
        Assert.AreEqual("no-kernel", error.Rule);
        StringAssert.Contains(error.Message, "string");
    }

    private static T[] Flat<T>(Tensor<T> tensor)
    {
        var items = new T[tensor.FlattenedLength];
        tensor.FlattenTo(items);
        return items;
    }
}
