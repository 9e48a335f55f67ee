using Ops.Cli.Conformance;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Schemas;

/// <summary>Random calls of every op: nothing but <see cref="OpException"/> may come out, and what is inferred must hold for what
/// runs.</summary>
[TestClass]
public sealed class DefinitionFuzzTests
{
    private const int CallsPerOp = 200;

    private static readonly SpecModels Models = new(RepositoryPaths.Specs);

    public static IEnumerable<object[]> Ops => OpRegistry.All.Select(d => new object[] { d.Schema.ToString() });

    [TestMethod]
    [DynamicData(nameof(Ops))]
    public void Random_calls_only_ever_break_rules(string op)
    {
        OpDefinition definition = OpRegistry.All.Single(d => d.Schema.ToString() == op);
        var random = new Random(HashOf(op));
        int ran = 0;
        var generator = Models.Find(definition.Schema) is { } model ? new CaseGenerator(model, random) : null;
        // Some ops are hard to please: every other call is a case of the spec, and chance gets more tries until one was valid.
        for (int i = 0; i < CallsPerOp || ran == 0 && i < 100 * CallsPerOp && definition.Run is not null; i++)
        {
            RandomCall call = i % 2 == 0 && generator?.Make() is { } made
                ? RandomCall.Of(made.ToCall(), random) : RandomCall.Make(definition.Schema, random);
            TensorType?[]? inferred = Infer(definition, call.Symbolic);
            TensorType?[]? known = Infer(definition,
                call.Concrete.ToInference() with { Inputs =
                    [.. call.Concrete.Inputs.Select(t => t is null ? null : TensorType.Of(t.Type, t.Dims))] });
            if (definition.Run is null)
                continue;
            try
            {
                definition.Run(call.Concrete);
            }
            catch (OpException)
            {
                continue;
            }
            ran++;
            Assert.IsNotNull(known, $"{op}: a call that runs was refused by inference");
            Assert.IsNotNull(inferred, $"{op}: a call that runs was refused by symbolic inference");
            for (int o = 0; o < call.Concrete.Outputs.Length; o++)
            {
                if (call.Concrete.Outputs[o] is not { } output)
                    continue;
                AssertHolds(op, output, known[o]!, call.Values);
                AssertHolds(op, output, inferred[o]!, call.Values);
            }
        }
        Assert.IsTrue(definition.Run is null || ran > 0, $"no random call of {op} was valid");
    }

    /// <summary>The answer, or null when the call was refused.</summary>
    private static TensorType?[]? Infer(OpDefinition definition, InferenceCall call)
    {
        try
        {
            return definition.Infer(call);
        }
        catch (OpException)
        {
            return null;
        }
    }

    private static void AssertHolds(string op, TensorValue output, TensorType inferred, IReadOnlyDictionary<string, long> symbols)
    {
        if (inferred.Element != ElementType.Undefined)
            Assert.AreEqual(output.Type, inferred.Element, op);
        if (!inferred.Shape.IsKnown)
            return;
        Assert.AreEqual(output.Dims.Length, inferred.Shape.Items.Length, $"{op}: rank of {inferred} against {output}");
        for (int axis = 0; axis < output.Dims.Length; axis++)
        {
            Dim dim = inferred.Shape.Items[axis];
            if (dim.IsKnown)
                Assert.AreEqual(output.Dims[axis], dim.Value, $"{op}: {inferred} against {output}");
            else if (symbols.TryGetValue(dim.ToString(), out long value))
                Assert.AreEqual(output.Dims[axis], value, $"{op}: {inferred} against {output}");
        }
    }

    /// <summary>A seed that does not change from run to run.</summary>
    private static int HashOf(string text) => text.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));
}
