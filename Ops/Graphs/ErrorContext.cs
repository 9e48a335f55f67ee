using Ops.Specs;

namespace Ops.Graphs;

/// <summary>Says of an error where in a model or file it happened.</summary>
internal static class ErrorContext
{
    /// <summary>The same error with <paramref name="place"/> before its subject.</summary>
    public static OpException Within(string place, OpException error) =>
        new($"{place}: {error.Subject}", error.Rule, Detail(error), error.Values, error);

    /// <summary>What the error says behind its subject and rule.</summary>
    public static string Detail(OpException error)
    {
        string head = $"{error.Subject} {error.Rule}: ";
        return error.Message.StartsWith(head, StringComparison.Ordinal) ? error.Message[head.Length..] : error.Message;
    }
}
