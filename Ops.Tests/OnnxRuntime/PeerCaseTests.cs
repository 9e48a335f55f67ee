using Ops.Cli.Conformance;
using Ops.Schemas;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Tests.OnnxRuntime;

/// <summary>Primitives with many attributes, on cases made from their specs, against the same node in ONNX Runtime.</summary>
[TestClass]
public sealed class PeerCaseTests
{
    /// <summary>How many cases are made at most, and of how many ONNX Runtime has to take the node; fewer of ops of which chance makes few
    /// calls.</summary>
    private const int Cases = 3000, Wanted = 24;

    private static readonly SpecModels Models = new(RepositoryPaths.Specs);

    [TestMethod]
    [DataRow("Resize", 13)]
    [DataRow("Resize", 19)]
    [DataRow("GridSample", 16)]
    [DataRow("ConvTranspose", 11)]
    [DataRow("Col2Im", 18, 4)]
    [DataRow("Unique", 11)]
    [DataRow("NonMaxSuppression", 11)]
    [DataRow("RoiAlign", 16)]
    [DataRow("DeformConv", 19)]
    public void NodesAgree(string name, int since, int wanted = Wanted)
    {
        OrtLibraryNeeded.Require();
        OpDefinition definition = OpRegistry.Get("ai.onnx", name, since) with { Expand = null };
        var generator = new CaseGenerator(Models.Find(definition.Schema)!, new Random(since), finite: true);
        int agreed = 0;
        string refused = "";
        for (int i = 0; i < Cases && agreed < wanted; i++)
        {
            if (generator.Make()?.ToCall() is not { } call || !IsDefined(name, call)) continue;
            try
            {
                IReadOnlyList<TensorValue?> ours = BodyComparison.Meaning(definition, call);
                Assert.IsNull(PeerComparison.Difference(definition, call, ours), SpecCase.Describe(call));
                agreed++;
            }
            catch (OpException e)
            {
                // A type or a choice of attributes that one of the two does not have.
                refused = e.Message;
            }
        }

        Assert.AreEqual(wanted, agreed, refused);
    }

    /// <summary>Whether ONNX Runtime does what ONNX says.</summary>
    private static bool IsDefined(string op, OpCall call) => op switch
    {
        // It rounds lengths that are no whole numbers before it finds places, and takes negative axes for others.
        "Resize" => call.Inputs.ElementAtOrDefault(2) is not { Length: > 0 } && call.Attributes.Find("axes") is null,

        // Blocks of one axis are taken for those of two.
        "Col2Im" => call.Inputs[1]!.Length > 1,
        _ => true,
    };
}
