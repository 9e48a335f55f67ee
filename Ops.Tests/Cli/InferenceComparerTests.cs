using Ops.Cli.Inference;
using Ops.Specs;

namespace Ops.Tests.Cli;

[TestClass]
public class InferenceComparerTests
{
    [TestMethod]
    [DataRow("[2,3]", "[2,3]", null)]
    [DataRow("""["N",3]""", """["N",3]""", null)]
    [DataRow("[2,3]", "[null,3]", null)]
    [DataRow("""["N"]""", """["unk__0"]""", null)]
    [DataRow("[2]", "null", null)]
    [DataRow("null", "[2]", "loss")]
    [DataRow("[null]", "[2]", "loss")]
    [DataRow("""["N"]""", "[2]", "loss")]
    [DataRow("[null]", """["N"]""", "loss")]
    [DataRow("[2]", """["N"]""", "contradiction")]
    [DataRow("""["M"]""", """["N"]""", "contradiction")]
    [DataRow("[3]", "[2]", "contradiction")]
    [DataRow("[3]", "[3,1]", "contradiction")]
    public void ComparesShapes(string ours, string recorded, string? wanted)
    {
        string? difference = InferenceComparer.Compare(Value(ours).Type!, Value(recorded).Type!);
        if (wanted is null)
            Assert.IsNull(difference);
        else
            StringAssert.StartsWith(difference, wanted);
    }

    [TestMethod]
    public void ComparesElementTypes()
    {
        Assert.AreEqual("contradiction: float, recorded is int64", InferenceComparer.Compare(Value("[1]", 1).Type!, Value("[1]", 7).Type!));
        StringAssert.StartsWith(InferenceComparer.Compare(Value("[1]", 0).Type!, Value("[1]", 7).Type!), "loss");
        Assert.IsNull(InferenceComparer.Compare(Value("[1]", 1).Type!, Value("[1]", 0).Type!));
    }

    [TestMethod]
    public void OtherKindsAreNoTensors() =>
        Assert.IsNull(RecordedInference.Parse("""{"test":"t","inputs":[{"name":"x","kind":"sequence"}],"inferred":[]}""",
            "f:1").Inputs[0].Type);

    [TestMethod]
    [DataRow("")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("{\"test\":3,\"inputs\":[],\"inferred\":[]}")]
    [DataRow("{\"test\":\"t\",\"inputs\":{},\"inferred\":[]}")]
    [DataRow("{\"test\":\"t\",\"inputs\":[{\"name\":\"x\",\"elem_type\":77,\"shape\":[]}],\"inferred\":[]}")]
    [DataRow("{\"test\":\"t\",\"inputs\":[{\"name\":\"x\",\"elem_type\":1,\"shape\":[1.5]}],\"inferred\":[]}")]
    public void RefusesWhatIsNoRow(string line) =>
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => RecordedInference.Parse(line, "f:3")).Message, "f:3");

    private static RecordedValue Value(string shape, int type = 1) =>
        RecordedInference.Parse($$"""{"test":"t","inputs":[{"name":"x","elem_type":{{type}},"shape":{{shape}}}],"inferred":[]}""",
            "row").Inputs[0];
}
