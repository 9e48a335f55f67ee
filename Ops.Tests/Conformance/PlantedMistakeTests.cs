using Ops.Cli.Conformance;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Tests.Kernels;

namespace Ops.Tests.Conformance;

/// <summary>Kernels of attention with mistakes that kernels have had: what the spec derives catches each, and nothing where there is
/// none.</summary>
[TestClass]
public sealed class PlantedMistakeTests
{
    private const int Cases = 1200;

    [TestMethod]
    [DataRow(AttentionMistake.None)]
    [DataRow(AttentionMistake.SoftcapAfterMask)]
    [DataRow(AttentionMistake.CausalFromTheEnd)]
    [DataRow(AttentionMistake.WindowOffByOne)]
    [DataRow(AttentionMistake.ScaleIgnored)]
    public void Generated_cases_tell_a_wrong_kernel_from_the_body(AttentionMistake mistake)
    {
        OpDefinition definition = Attention.Definition25 with { Run = call => Run(call, mistake) };
        OpModel model = new SpecModels(RepositoryPaths.Specs).Find(definition.Schema)!;
        var generator = new CaseGenerator(model, new Random(7), finite: true);
        int compared = 0;
        string? caught = null;
        for (int i = 0; i < Cases && caught is null; i++)
        {
            if (generator.Make()?.ToCall() is not { } call
                || call.Inputs.Any(t => t is not null
                    && t.Type is not (ElementType.Float or ElementType.Double or ElementType.Bool or ElementType.Int64)))
                continue;
            caught = BodyComparison.Difference(definition, model, call, definition.Schema.Since, out int outputs);
            compared += outputs;
        }
        Console.WriteLine($"{mistake}: {caught ?? "nothing"} after {compared} outputs");
        Assert.AreEqual(mistake == AttentionMistake.None, caught is null, $"{mistake}: {caught}");
        Assert.IsGreaterThan(0, compared);
    }

    /// <summary>A kernel made of the formulas of attention.</summary>
    private static void Run(OpCall call, AttentionMistake mistake)
    {
        TensorType?[] types = Attention.Definition25.Infer(call.ToInference());
        AttentionCase made = CaseOf(call);
        var (y, key, value, scores) = AttentionReference.Run(made, mistake);
        double[][] all = [made.Packed ? Packed(y, made) : y, key, value, scores];
        call.Outputs = [.. types.Select((type, i) => type is null
            ? null : AttentionTensor.Of(type.Element, TypedTensors.KnownDims("Attention", $"{i}", type), at => all[i][at]))];
    }

    private static AttentionCase CaseOf(OpCall call)
    {
        TensorValue q = call.Input(0)!, k = call.Input(1)!, v = call.Input(2)!;
        bool packed = q.Dims.Length == 3;
        int queryHeads = (int)(packed ? call.Attributes.Int("q_num_heads")! : q.Dims[1]),
            keyHeads = (int)(packed ? call.Attributes.Int("kv_num_heads")! : k.Dims[1]);
        return new AttentionCase
        {
            Packed = packed,
            Type = q.Type,
            ValueType = v.Type,
            B = (int)q.Dims[0],
            Hkv = keyHeads,
            Group = queryHeads / keyHeads,
            L = (int)q.Dims[^2],
            S = (int)k.Dims[^2],
            E = (int)(packed ? q.Dims[2] / queryHeads : q.Dims[3]),
            Ev = (int)(packed ? v.Dims[2] / keyHeads : v.Dims[3]),
            Causal = call.Attributes.Bool("is_causal") ?? false,
            Left = call.Attributes.Int("left_window_size") ?? -1,
            Right = call.Attributes.Int("right_window_size") ?? -1,
            Softcap = call.Attributes.Float("softcap") ?? 0,
            Scale = call.Attributes.Float("scale"),
            Mode = (int)(call.Attributes.Int("qk_matmul_output_mode") ?? 0),
            Q = q,
            K = k,
            V = v,
            Mask = call.Input(3),
            PastKey = call.Input(4),
            PastValue = call.Input(5),
            Valid = call.Input(6),
        };
    }

    private static double[] Packed(double[] heads, AttentionCase made)
    {
        var result = new double[heads.Length];
        for (int b = 0; b < made.B; b++)
            for (int h = 0; h < made.Hq; h++)
                for (int i = 0; i < made.L; i++)
                    for (int d = 0; d < made.Ev; d++)
                        result[((b * made.L + i) * made.Hq + h) * made.Ev + d] = heads[((b * made.Hq + h) * made.L + i) * made.Ev + d];
        return result;
    }
}
