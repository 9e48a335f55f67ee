using Ops.Cli.Testing;
using Ops.Graphs;
using Ops.Onnx;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Model;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>One node test that was written.</summary>
/// <param name="Name">The folder.</param>
/// <param name="Call">Its inputs and attributes, for people.</param>
/// <param name="Expanded">Whether there is a folder with the body in its place, too.</param>
internal sealed record WrittenTest(string Name, string Call, bool Expanded);

/// <summary>
/// Writes an op's cases as ONNX's node tests: a model of one node with its data, and, for an op with a body, the same data beside a model
/// of primitive ops that any runtime can run.
/// </summary>
/// <param name="definition">The op.</param>
/// <param name="model">Its spec.</param>
internal sealed class NodeTestWriter(OpDefinition definition, OpModel model)
{
    /// <summary>How many cases are looked at for each one that is written: many are like another or empty.</summary>
    private const int Tries = 40;

    /// <summary>More elements than this in a tensor are for benchmarks.</summary>
    private const long MaxElements = 4096;

    /// <summary>Writes tests that differ from one another in types, ranks, what is absent, or attributes.</summary>
    /// <param name="folder">Where their folders go.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="OpException">A file cannot be written.</exception>
    public IReadOnlyList<WrittenTest> Write(string folder, int count, CancellationToken cancellation)
    {
        var written = new List<WrittenTest>();
        var kinds = new HashSet<string>();
        var generator = new CaseGenerator(model, new Random(definition.Schema.ToString().Length), finite: true);
        for (int i = 0; i < count * Tries && written.Count < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (generator.Make()?.ToCall() is not { } call || call.Inputs.Any(t => t is { Length: 0 or > MaxElements })
                || !kinds.Add(Kind(call)))
                continue;
            try
            {
                IReadOnlyList<TensorValue?> outputs = BodyComparison.Meaning(definition, call);
                if (!IsSteady(call, outputs))
                    continue;
                string name = $"test_{definition.Schema.Name.ToLowerInvariant()}_{definition.Schema.Since}_{written.Count}";
                Graph node = NodeModel.Of(definition.Schema, call, outputs);
                Graph? body = definition.Expand?.Invoke(call.ToInference(), long.MaxValue);
                // What has no place in a model is found before anything is written.
                byte[] nodeModel = ModelWriter.Write(node), bodyModel = body is null ? [] : ModelWriter.Write(body);
                Write(Path.Combine(folder, name), node, nodeModel, call, outputs);
                if (body is not null)
                    Write(Path.Combine(folder, $"{name}_expanded"), body, bodyModel, call, outputs);
                written.Add(new WrittenTest(name, Text(call), body is not null));
            }
            catch (OpException e) when (e.Rule != "file")
            {
                // The generator repairs most rules, not all; and a type may have no kernel of a primitive here.
            }
        }
        return written;
    }

    /// <summary>Whether a result is a number whatever the order it is computed in: sums of 16-bit floats may cancel, overflow or choose
    /// another expert.</summary>
    private bool IsSteady(OpCall call, IReadOnlyList<TensorValue?> outputs)
    {
        if (outputs.OfType<TensorValue>()
            .Any(o => TensorElements.IsReal(o.Type) && Enumerable.Range(0, (int)o.Length).Any(i => !double.IsFinite(o.RealAt(i)))))
            return false;
        if (definition.Expand is null || definition.Run is null)
            return true;
        definition.Run(call);
        return outputs.Zip(call.Outputs).All(pair => pair is not ({ } meant, { } made)
            || TensorComparer.Compare(made, meant, Tolerance.For(meant.Type, new TestSettings())) is null);
    }

    private static string Kind(OpCall call) =>
        string.Join(";", call.Inputs.Select(t => t is null ? "-" : $"{t.Type}{t.Dims.Length}")) + "|" + Attributes(call) + "|"
            + string.Join(",", call.OutputsWanted);

    private static string Text(OpCall call) =>
        $"{string.Join(", ", call.Inputs.Select(t => t?.ToString() ?? "-"))} {Attributes(call)}".TrimEnd();

    private static string Attributes(OpCall call) =>
        string.Join(", ", call.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={Text(a.Value)}"));

    private static string Text(object value) => value switch
    {
        Graph graph => $"({string.Join(", ", graph.Nodes.Select(n => n.Op))})",
        Array list => $"[{string.Join(", ", list.Cast<object>().Select(Text))}]",
        _ => FormattableString.Invariant($"{value}"),
    };

    private static void Write(string folder, Graph graph, byte[] model, OpCall call, IReadOnlyList<TensorValue?> outputs)
    {
        ModelWriter.Save(Path.Combine(folder, "model.onnx"), model);
        string data = Path.Combine(folder, "test_data_set_0");
        TensorValue[] inputs = [.. call.Inputs.OfType<TensorValue>()],
            wanted = [.. outputs.Where((_, i) => call.Wants(i)).OfType<TensorValue>()];
        for (int i = 0; i < inputs.Length; i++)
            TensorFile.Write(Path.Combine(data, $"input_{i}.pb"), graph.Inputs[i].Name, inputs[i]);
        for (int i = 0; i < wanted.Length; i++)
            TensorFile.Write(Path.Combine(data, $"output_{i}.pb"), graph.Outputs[i].Name, wanted[i]);
    }
}
