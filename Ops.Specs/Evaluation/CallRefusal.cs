namespace Ops.Specs.Evaluation;

/// <summary>An op does not take its operands.</summary>
/// <param name="rule">The rule that is broken, or the name that would have two values.</param>
/// <param name="detail">What is wrong, with the values seen.</param>
internal sealed class CallRefusal(string rule, string detail) : Exception($"{rule}: {detail}")
{
    public string Rule { get; } = rule;

    public string Detail { get; } = detail;
}
