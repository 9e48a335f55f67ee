using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>A small call of an op that breaks none of its rules: its dims are numbers, and mostly different ones, so that one is not taken
/// for another.</summary>
internal sealed class CallInstance(OpModel model) : SpecChoices(model)
{
    private const int MaxShown = 10;

    /// <summary>The inputs that are there, one tensor but for a family.</summary>
    public Dictionary<string, TensorFacts[]> Inputs { get; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<TensorFacts>? Tensors(string input) =>
        Inputs.TryGetValue(input, out TensorFacts[]? tensors) ? tensors : null;

    /// <summary>The choices in words: dims, then the attributes that are given, then the optional inputs that are there.</summary>
    public override string ToString()
    {
        IEnumerable<string> dims =
            Model.Dims.Where(d => Value(d.Name) is double or object?[]).Select(d => $"{d.Name} = {Text(Value(d.Name))}");
        IEnumerable<string> attributes =
            Model.Attributes.Where(a => Present.Contains(a.Name) && a.HasValue)
            .Select(a => $"{a.Name} = {Text(Value(a.Name))}");
        IEnumerable<string> ports = Model.Inputs.Where(i => i.Optional && Present.Contains(i.Name)).Select(i => i.Name);
        string[] all = [.. dims.Concat(attributes).Concat(ports)];
        return all.Length == 0 ? "any call" : string.Join(", ", all.Take(MaxShown)) + (all.Length > MaxShown ? ", ..." : "");
    }

    private static string Text(object? value) => value switch
    {
        object?[] list => $"[{string.Join(", ", list.Select(Text))}]",
        ElementType type => type.Name(),
        bool truth => truth ? "true" : "false",
        string text => $"'{text}'",
        null => "?",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };
}
