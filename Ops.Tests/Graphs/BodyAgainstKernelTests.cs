using Ops.Cli.Conformance;
using Ops.Schemas;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tests.Schemas;

namespace Ops.Tests.Graphs;

/// <summary>Where an op has a body and a kernel, both give the same answer on generated calls.</summary>
[TestClass]
public sealed class BodyAgainstKernelTests
{
    private const int Calls = 300;

    private static readonly SpecModels Models = new(RepositoryPaths.Specs);

    public static IEnumerable<object[]> Composite =>
        OpRegistry.All.Where(d => d.Run is not null && d.Expand is not null).Select(d => new object[] { d.Schema.ToString() });

    [TestMethod]
    [DynamicData(nameof(Composite))]
    public void The_kernel_computes_what_the_body_says(string op)
    {
        OpDefinition definition = OpRegistry.All.Single(d => d.Schema.ToString() == op);
        OpModel model = Models.Find(definition.Schema)!;
        var random = new Random(op.Length * 7919 + op[^1]);
        // Attention leaves out the keys it does not see; a body multiplies them by 0, which makes NaN of what is not finite.
        var generator = new CaseGenerator(model, random, finite: model.Kernel!.Pattern == "attention");
        int compared = 0;
        for (int i = 0; i < Calls; i++)
        {
            // Cases of the spec meet what chance alone rarely does; chance what no spec thinks of.
            OpCall? call = i % 3 == 0 ? RandomCall.Make(definition.Schema, random, mild: true).Concrete : generator.Make()?.ToCall();
            if (call is null || i % 3 == 0 && model.Kernel.Pattern == "attention" || IsUndefined(definition.Schema, call))
                continue;
            // An op may have several bodies, for models of different opsets.
            string? difference = BodyComparison.Difference(definition, model, call, i % 2 == 0 ? definition.Schema.Since : long.MaxValue,
                out int outputs);
            compared += outputs;
            Assert.IsNull(difference, $"{op} on {string.Join(", ", call.Inputs)} with {string.Join(", ", call.Attributes)}: {difference}");
        }
        Assert.IsGreaterThan(0, compared, $"no generated call of {op} was valid");
    }

    /// <summary>
    /// Shrink moves integers by a real number; where that leaves their range, a kernel wraps and a conversion does not. QMoE may round its
    /// rows to integers when it is told so.
    /// </summary>
    private static bool IsUndefined(OpSchema schema, OpCall call) =>
        schema.Name == "Shrink" && call.Input(0)?.Type.IsInteger() == true
            || schema.Name == "QMoE" && call.Attributes.Find("accuracy") is 4L;
}
