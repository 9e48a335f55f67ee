using Ops.Cli.Conformance;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Model;
using Ops.Tensors;

namespace Ops.Tests.Graphs;

/// <summary>A call whose inputs may be overwritten gives the bits of one whose inputs may not, for every op on generated calls.</summary>
[TestClass]
public sealed class DonationTests
{
    private const int Calls = 60;

    private static readonly SpecModels Models = new(RepositoryPaths.Specs);

    public static IEnumerable<object[]> WithKernels =>
        OpRegistry.All.Where(d => d.Run is not null && Models.Find(d.Schema) is not null).Select(d => new object[] { d.Schema.ToString() });

    [TestMethod]
    [DynamicData(nameof(WithKernels))]
    public void Results_are_the_same_where_inputs_are_given_away(string op)
    {
        OpDefinition definition = OpRegistry.All.Single(d => d.Schema.ToString() == op);
        OpModel model = Models.Find(definition.Schema)!;
        var random = new Random(op.Length * 6133 + op[^1]);
        var generator = new CaseGenerator(model, random, finite: false);
        int shared = 0;
        for (int i = 0; i < Calls; i++)
        {
            if (generator.Make()?.ToCall() is not { } call || !Runs(definition, call))
                continue;
            for (int donated = 0; donated < call.Inputs.Count; donated++)
            {
                if (call.Inputs[donated] is not { } original)
                    continue;
                TensorValue?[] inputs = [.. call.Inputs];
                TensorValue copy = inputs[donated] = Copy(original);
                OpCall again = call with { Inputs = inputs, Outputs = [], Donated = [.. inputs.Select((_, place) => place == donated)] };
                definition.Run!(again);
                for (int o = 0; o < call.Outputs.Length; o++)
                {
                    if (call.Outputs[o] is not { } expected)
                        continue;
                    TensorValue actual = again.Outputs[o]!;
                    Assert.IsTrue(expected.Bytes.SequenceEqual(actual.Bytes) && expected.Strings.AsSpan().SequenceEqual(actual.Strings),
                        $"{op}, output {o}, input {donated} given away: {call}");
                    shared += actual == copy ? 1 : 0;
                }
            }
        }
        if (model.Kernel!.Pattern is "elementwise" or "rows" && model.Outputs[0].Type == model.Inputs[0].Type)
            Assert.IsGreaterThan(0, shared, $"no generated call of {op} ran in place");
    }

    private static bool Runs(OpDefinition definition, OpCall call)
    {
        try
        {
            definition.Run!(call);
            return true;
        }
        catch (OpException)
        {
            return false;
        }
    }

    private static TensorValue Copy(TensorValue value)
    {
        TensorValue copy = TensorValue.Allocate(value.Type, value.Dims);
        value.Bytes.CopyTo(copy.Bytes);
        value.Strings.AsSpan().CopyTo(copy.Strings);
        return copy;
    }
}
