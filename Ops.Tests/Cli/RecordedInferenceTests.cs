using Ops.Cli.Inference;
using Ops.Cli.Output;
using Ops.Graphs;

namespace Ops.Tests.Cli;

/// <summary>Recorded answers are believed as far as they agree with themselves.</summary>
[TestClass]
public sealed class RecordedInferenceTests
{
    private static RecordedInference Row(bool symbolic, string batch, string answer) => RecordedInference.Parse(
        $$"""{"test":"mlp","symbolic":{{(symbolic ? "true" : "false")}},"inputs":[{"name":"x","elem_type":1,"shape":[{{batch}},64]}],"inferred":[{"name":"probabilities","elem_type":1,"shape":[{{answer}},10]}]}""",
        "row");

    private static Ops.Cli.Output.TestResult Run(params RecordedInference[] rows) =>
        new RecordedInferenceRunner(Path.Combine(RepositoryPaths.Root, "examples"), new InferenceOptions(), rows).Run(rows[^1]);

    [TestMethod]
    public void A_number_the_concrete_row_contradicts_is_not_believed()
    {
        Assert.AreEqual(Outcome.Passed, Run(Row(false, "2", "2"), Row(true, "\"d2\"", "0")).Outcome);
        Assert.AreEqual(Outcome.Failed, Run(Row(true, "\"d2\"", "0")).Outcome, "nothing says that it is wrong");
    }

    [TestMethod]
    public void Everything_else_is()
    {
        Assert.AreEqual(Outcome.Passed, Run(Row(false, "2", "2")).Outcome);
        Assert.AreEqual(Outcome.Failed, Run(Row(false, "2", "3")).Outcome);
        Assert.AreEqual(Outcome.Passed, Run(Row(false, "2", "2"), Row(true, "\"d2\"", "\"d2\"")).Outcome);
        Assert.AreEqual(Outcome.Failed, Run(Row(false, "2", "2"), Row(true, "\"d2\"", "\"d3\"")).Outcome);
        Assert.AreEqual(Outcome.Failed, Run(Row(false, "2", "2"), Row(true, "\"d2\"", "2")).Outcome,
            "a number that happens to be right is more than could be known");
    }
}
