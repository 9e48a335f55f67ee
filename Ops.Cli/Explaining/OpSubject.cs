using System.Globalization;
using Ops.Specs;
using Ops.Specs.Diagnostics;

namespace Ops.Cli.Explaining;

/// <summary>An op as people name it: <c>Softmax</c>, <c>Softmax@13</c>, <c>opspec.experimental.FlexAttention</c>.</summary>
/// <param name="Domain">The domain; null when any will do.</param>
/// <param name="Name">The op's name.</param>
/// <param name="Opset">The opset whose version is meant; the greatest number for the newest.</param>
internal sealed record OpSubject(string? Domain, string Name, int Opset)
{
    /// <summary>How to write it, for help texts.</summary>
    public const string Form = "An op, with its domain in front where several have it, OP@N for the version that opset N has";

    /// <summary>Reads one.</summary>
    /// <exception cref="OpException">What stands behind <c>@</c> is no number.</exception>
    public static OpSubject Parse(string text)
    {
        int at = text.LastIndexOf('@'), opset = int.MaxValue;
        if (at >= 0 && !int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out opset))
            throw new OpException(text, "usage", "wants OP or OP@N");
        string name = at < 0 ? text : text[..at];
        int dot = name.LastIndexOf('.');
        return new OpSubject(dot < 0 ? null : name[..dot], name[(dot + 1)..], opset);
    }

    /// <summary><c>; did you mean 'Softmax'?</c>, or nothing when no op is near.</summary>
    /// <param name="op">What was asked for.</param>
    /// <param name="ops">The ops there are.</param>
    public static string Near(string op, IEnumerable<string?> ops)
    {
        string[] known = [.. ops.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        return DidYouMean.Hint(op, known) is { Length: > 0 } hint ? hint
            : known.FirstOrDefault(n => op.Length > 2 && n.Contains(op, StringComparison.OrdinalIgnoreCase)) is { } holds
            ? $"; did you mean '{holds}'?" : "";
    }

    /// <summary>Whether it means an op.</summary>
    public bool Means(string domain, string? name) => name == Name && (Domain is null || Domain == domain);
}
