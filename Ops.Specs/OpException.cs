namespace Ops.Specs;

/// <summary>
/// The one exception of the tool: a tensor, attribute, shape, model or file that breaks a rule. It carries the rule's name, what was wrong
/// and the values seen, and its message says all of them.
/// </summary>
public sealed class OpException : Exception
{
    /// <summary>A broken rule.</summary>
    /// <param name="subject">What was checked: an op (<c>Attention</c>), a node, a file.</param>
    /// <param name="rule">The rule's name, for instance <c>heads-grouped</c>, or the name of the dim or type that contradicts
    /// itself.</param>
    /// <param name="detail">The rule's text and the values seen.</param>
    /// <param name="values">The names and values seen, in the order of the rule.</param>
    /// <param name="inner">What led to it, if another exception did.</param>
    public OpException(string subject, string rule, string detail, IReadOnlyList<KeyValuePair<string, string>>? values = null,
        Exception? inner = null)
        : base($"{subject} {rule}: {detail}", inner)
    {
        Subject = subject;
        Rule = rule;
        Values = values ?? [];
    }

    /// <summary>What was checked.</summary>
    public string Subject { get; }

    /// <summary>The name of the broken rule.</summary>
    public string Rule { get; }

    /// <summary>The names (inputs, dims, attributes) and values that broke it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values { get; }
}
