using Ops.Cli.Testing;
using Ops.Schemas;
using Ops.Tensors;
using Ops.Tests.Kernels;

namespace Ops.Tests.Graphs;

/// <summary>Mistakes that attention has had in history, planted in a kernel one at a time: what follows from the spec alone catches each.</summary>
[TestClass]
public sealed class PlantedMistakeTests
{
    [TestMethod]
    [DataRow(AttentionMistake.None)]
    [DataRow(AttentionMistake.SoftcapAfterMask)]
    [DataRow(AttentionMistake.CausalFromTheWrongSide)]
    [DataRow(AttentionMistake.WindowOffByOne)]
    [DataRow(AttentionMistake.IgnoredAttribute)]
    public void A_planted_mistake_is_caught(object planted)
    {
        var mistake = (AttentionMistake)planted;
        OpDefinition definition = OpRegistry.Get("ai.onnx", "Attention", 25);
        int compared = 0, caught = 0;
        foreach (OpCall call in BodyAgainstKernelTests.Valid(definition, new Random(11)).Where(c => IsPlain(c)))
        {
            AttentionCase @case = CaseOf(call);
            double[] y = AttentionReference.Run(@case, mistake).Y;
            TensorValue kernel = AttentionTensor.Of(call.Outputs[0]!.Type, call.Outputs[0]!.Dims, i => y[i]);
            TensorValue body = BodyAgainstKernelTests.RunBody(definition, call, 25)[0]!;
            compared++;
            if (TensorComparer.Compare(kernel, body, BodyAgainstKernelTests.ToleranceOf(definition.Schema, call)) is not { } difference)
                continue;
            caught++;
            Assert.AreNotEqual(AttentionMistake.None, mistake, $"a kernel without a mistake was accused: {string.Join(", ", call.Inputs)} with {string.Join(", ", call.Attributes)}: {difference}");
        }
        Assert.IsGreaterThan(20, compared, "calls compared");
        if (mistake != AttentionMistake.None)
            Assert.IsGreaterThan(0, caught, "nothing caught it");
    }

    /// <summary>Four axes, heads of some elements and finite numbers: what the planted kernel is written for.</summary>
    private static bool IsPlain(OpCall call) => call.Inputs[0]!.Dims is [_, _, _, > 0] && call.Attributes.Float("scale") is null or > 0
        && call.Inputs.All(i => i is null || AttentionTensor.Doubles(i).All(double.IsFinite));

    private static AttentionCase CaseOf(OpCall call)
    {
        long[] q = call.Inputs[0]!.Dims, k = call.Inputs[1]!.Dims;
        return new AttentionCase
        {
            Version = 25,
            B = (int)q[0],
            Hkv = (int)k[1],
            Group = k[1] == 0 ? 1 : (int)(q[1] / k[1]),
            L = (int)q[2],
            Type = call.Inputs[0]!.Type,
            ValueType = call.Inputs[2]!.Type,
            S = (int)k[2],
            E = (int)q[3],
            Ev = (int)call.Inputs[2]!.Dims[3],
            Causal = call.Attributes.Bool("is_causal") == true,
            Left = call.Attributes.Int("left_window_size") ?? -1,
            Right = call.Attributes.Int("right_window_size") ?? -1,
            Softcap = call.Attributes.Float("softcap") ?? 0,
            Scale = call.Attributes.Float("scale"),
            Q = call.Inputs[0],
            K = call.Inputs[1],
            V = call.Inputs[2],
            Mask = call.Input(3),
            PastKey = call.Input(4),
            PastValue = call.Input(5),
            Valid = call.Input(6),
        };
    }
}
