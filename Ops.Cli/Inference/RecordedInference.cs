using System.Text.Json;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Cli.Inference;

/// <summary>A value of a recorded answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; null when it is no tensor.</param>
internal sealed record RecordedValue(string Name, TensorType? Type);

/// <summary>What another tool inferred for a model: a row of a file with one JSON object a line.</summary>
/// <param name="Test">The folder of the model.</param>
/// <param name="IsSymbolic">Whether the inputs have symbolic dims.</param>
/// <param name="Inputs">What inference was told of the inputs.</param>
/// <param name="Inferred">What it answered.</param>
/// <param name="Error">How it failed, if it did.</param>
internal sealed record RecordedInference(string Test, bool IsSymbolic, IReadOnlyList<RecordedValue> Inputs,
    IReadOnlyList<RecordedValue> Inferred, string? Error)
{
    /// <summary>The test, and which of its rows.</summary>
    public string Name => IsSymbolic ? $"{Test} (symbolic)" : Test;

    /// <summary>Reads a file of rows.</summary>
    /// <exception cref="OpException">The file cannot be read, or a line is no row.</exception>
    public static IEnumerable<RecordedInference> ReadFile(string path)
    {
        int number = 0;
        foreach (string line in Lines(path))
        {
            number++;
            if (line.AsSpan().Trim().IsEmpty)
                continue;
            yield return Parse(line, $"{path}:{number}");
        }
    }

    /// <summary>Reads a row.</summary>
    /// <exception cref="OpException">The line is no row.</exception>
    public static RecordedInference Parse(string line, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement row = document.RootElement;
            return new RecordedInference(
                row.GetProperty("test").GetString() ?? throw new OpException(source, "row", "it has no test"),
                row.TryGetProperty("symbolic", out JsonElement symbolic) && symbolic.GetBoolean(),
                [.. row.GetProperty("inputs").EnumerateArray().Select(v => Value(v, source))],
                [.. row.GetProperty("inferred").EnumerateArray().Select(v => Value(v, source))],
                row.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.String ? error.GetString() : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new OpException(source, "row", $"it is no row of recorded inference: {e.Message}", inner: e);
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OpException(path, "file", e.Message, inner: e);
        }
    }

    private static RecordedValue Value(JsonElement value, string source)
    {
        string name = value.GetProperty("name").GetString() ?? throw new OpException(source, "row", "a value has no name");
        if (value.TryGetProperty("kind", out _) || !value.TryGetProperty("elem_type", out JsonElement element))
            return new RecordedValue(name, null);
        int number = element.ValueKind == JsonValueKind.Null ? 0 : element.GetInt32();
        if (number is < 0 or > (int)ElementType.Int2)
            throw new OpException(source, "row", $"{number} is no element type");
        bool ranked = value.TryGetProperty("shape", out JsonElement shape) && shape.ValueKind == JsonValueKind.Array;
        return new RecordedValue(name,
            new TensorType((ElementType)number, ranked ? Seq.Of(shape.EnumerateArray().Select(Dimension).ToArray()) : default));
    }

    /// <summary>Names that start with <c>unk__</c> were made up for dims that are not known.</summary>
    private static Dim Dimension(JsonElement dim) => dim.ValueKind switch
    {
        JsonValueKind.Number => dim.GetInt64(),
        JsonValueKind.String when dim.GetString() is { Length: > 0 } name && !name.StartsWith("unk__", StringComparison.Ordinal) =>
            Dim.Symbol(name),
        _ => Dim.Unknown,
    };
}
