using Ops.Specs.Collections;

namespace Ops.Specs.Published;

/// <summary>What a domain has published about one version of an op, to hold a spec of it against.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Name">The op's name.</param>
/// <param name="Since">The version.</param>
/// <param name="Inputs">The inputs in order.</param>
/// <param name="Outputs">The outputs in order.</param>
/// <param name="Attributes">The attributes.</param>
/// <param name="IsFunction">Whether the op is defined by a body of other ops.</param>
public sealed record PublishedOp(
    string Domain, string Name, int Since, EquatableArray<PublishedPort> Inputs, EquatableArray<PublishedPort> Outputs,
    EquatableArray<PublishedAttribute> Attributes, bool IsFunction);

/// <summary>An input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Optional">Whether it may be absent; of a variadic one, whether there may be none.</param>
/// <param name="Variadic">Whether it is a list.</param>
/// <param name="Types">The element types it may have, as specs name them; those of sequences and optional values left out.</param>
/// <param name="TensorsOnly">Whether it takes nothing but tensors.</param>
public sealed record PublishedPort(string Name, bool Optional, bool Variadic, EquatableArray<string> Types, bool TensorsOnly);

/// <summary>An attribute.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">ONNX's kind, for instance <c>INTS</c>.</param>
/// <param name="Required">Whether every node gives it.</param>
/// <param name="Default">Its default, as <see cref="PublishedValue.Say(object?)"/> writes it; null when there is none.</param>
public sealed record PublishedAttribute(string Name, string Kind, bool Required, string? Default);

/// <summary>How defaults are compared: numbers as 32-bit floats, as ONNX stores them.</summary>
public static class PublishedValue
{
    /// <summary>A number, text, or list of them as one text.</summary>
    public static string Say(object? value) => value switch
    {
        string text => $"'{text}'",
        IEnumerable<object?> items => $"[{string.Join(", ", items.Select(Say))}]",
        bool truth => truth ? "1" : "0",
        IConvertible number => ((float)number.ToDouble(System.Globalization.CultureInfo.InvariantCulture)).ToString("R",
            System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    };
}
