namespace Ops.Cli.Output;

/// <summary>How a test ended.</summary>
internal enum Outcome
{
    /// <summary>It did what it should.</summary>
    Passed,
    /// <summary>It did not.</summary>
    Failed,
    /// <summary>It needs something that has no spec.</summary>
    Skipped,
}

/// <summary>The result of one test.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">Why it failed or was skipped; empty when it passed.</param>
internal sealed record TestResult(string Name, Outcome Outcome, string Detail = "")
{
    /// <summary>A test that passed.</summary>
    public static TestResult Passed(string name) => new(name, Outcome.Passed);

    /// <summary>A test that failed.</summary>
    public static TestResult Failed(string name, string detail) => new(name, Outcome.Failed, detail);

    /// <summary>A test that needs something that has no spec.</summary>
    public static TestResult Skipped(string name, string detail) => new(name, Outcome.Skipped, detail);
}
