using Ops.Cli.Output;
using Ops.Graphs;
using Ops.Onnx;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Tensors;

namespace Ops.Cli.Inference;

/// <summary>Infers the models of recorded rows from the rows' inputs, and compares the answers.</summary>
/// <param name="models">The folder with <c>TEST/model.onnx</c>.</param>
/// <param name="options">How to infer.</param>
/// <param name="rows">All rows: what a test's row with numbers says tells where its row with names is mistaken.</param>
internal sealed class RecordedInferenceRunner(string models, InferenceOptions options, IEnumerable<RecordedInference> rows)
{
    private readonly ILookup<string, RecordedInference> concrete = rows.Where(r => !r.IsSymbolic && r.Error is null).ToLookup(r => r.Test);

    // What a model declares of its outputs belongs to its own inputs, not to the row's.
    private readonly InferenceOptions options = options with { UseDeclared = false };
    private (string Test, OnnxModel Model)? last;

    /// <summary>The result of a row.</summary>
    public TestResult Run(RecordedInference row)
    {
        if (row.Error is not null)
            return TestResult.Skipped(row.Name, "the recorded inference failed");
        try
        {
            Graph graph = Load(row.Test).Graph;
            InferredGraph inferred = GraphInference.Infer(graph, Inputs(row, graph), options);
            if (inferred.Uncovered.Count > 0)
                return TestResult.Skipped(row.Name, string.Join("; ", inferred.Uncovered));
            foreach (RecordedValue value in row.Inferred)
                if (value.Type is not null
                    && InferenceComparer.Compare(inferred[value.Name], Believable(row, value.Name, value.Type)) is { } difference)
                    return TestResult.Failed(row.Name, $"'{value.Name}' {difference}");
            return TestResult.Passed(row.Name);
        }
        catch (OpException e)
        {
            return Coverage.IsAbout(e) ? TestResult.Skipped(row.Name, e.Message) : TestResult.Failed(row.Name, e.Message);
        }
    }

    /// <summary>
    /// A recorded type without the numbers that cannot be true: those of a row with names where the row with numbers has another. (The tool
    /// that recorded them took a dim with a name for 0.)
    /// </summary>
    private TensorType Believable(RecordedInference row, string name, TensorType recorded)
    {
        if (!row.IsSymbolic || !recorded.Shape.IsKnown)
            return recorded;
        foreach (RecordedInference other in concrete[row.Test])
            foreach (RecordedValue value in other.Inferred)
                if (value.Name == name && value.Type is { } numbers && numbers.Shape.Items.Length == recorded.Shape.Items.Length)
                    return recorded with { Shape = Seq.Map(recorded.Shape, numbers.Shape,
                        (named, number) => named.IsKnown && (named == number).IsFalse ? Dim.Unknown : named) };
        return recorded;
    }

    private OnnxModel Load(string test)
    {
        if (last is { } kept && kept.Test == test)
            return kept.Model;
        if (test is "" or "." or ".." || test.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
            throw new OpException($"row '{test}'", "file", "the test is no name of a folder");
        OnnxModel model = OnnxModel.Load(Path.Combine(models, test, "model.onnx"));
        last = (test, model);
        return model;
    }

    private static Dictionary<string, TensorType?> Inputs(RecordedInference row, Graph graph)
    {
        var inputs = new Dictionary<string, TensorType?>();
        foreach (RecordedValue input in row.Inputs)
            if (input.Type is not null)
                inputs[input.Name] = WithData(input.Type, graph.Constants.GetValueOrDefault(input.Name));
        return inputs;
    }

    /// <summary>An input that is also an initialiser is known with its data, as long as the row gives it the same shape.</summary>
    private static TensorType WithData(TensorType type, TensorValue? constant) =>
        constant?.ToTensorType() is { } known && known.Element == type.Element && type.Shape.IsKnown
            && Seq.Same(known.Shape, type.Shape).IsTrue ? known : type;
}
