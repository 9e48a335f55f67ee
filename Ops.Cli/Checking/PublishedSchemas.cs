using System.Text.Json;
using Ops.Specs;
using Ops.Specs.Published;

namespace Ops.Cli.Checking;

/// <summary>
/// Reads what ONNX has published of its ops: a JSON array of schemas with <c>domain</c>, <c>name</c>, <c>since_version</c>, <c>inputs</c>,
/// <c>outputs</c>, <c>attributes</c>, <c>type_constraints</c> and <c>function_body</c>, named as ONNX's own <c>OpSchema</c> names them.
/// </summary>
internal static class PublishedSchemas
{
    private const string Variable = "OPSPEC_ONNX_SCHEMAS";

    /// <summary>Those of the file that the environment names, or else those recorded when opspec was built.</summary>
    /// <exception cref="OpException">The file cannot be read.</exception>
    public static PublishedOps AtHand() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? Read(named) : PublishedOps.Onnx;

    /// <summary>The ops of a file.</summary>
    /// <exception cref="OpException">It cannot be read, or is no list of schemas.</exception>
    public static PublishedOps Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new PublishedOps(document.RootElement.EnumerateArray().Select(Op).ToArray());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException
            or KeyNotFoundException or FormatException)
        {
            throw new OpException(path, "schemas", e.Message, inner: e);
        }
    }

    private static PublishedOp Op(JsonElement schema)
    {
        string domain = Text(schema, "domain");
        Dictionary<string, string[]> types = schema.GetProperty("type_constraints").EnumerateArray()
            .ToDictionary(c => Text(c, "name"), c => c.GetProperty("allowed").EnumerateArray().Select(a => a.GetString()!).ToArray());
        return new PublishedOp(
            domain.Length > 0 ? domain : "ai.onnx", Text(schema, "name"), schema.GetProperty("since_version").GetInt32(),
            [.. schema.GetProperty("inputs").EnumerateArray().Select(p => Port(p, types))],
            [.. schema.GetProperty("outputs").EnumerateArray().Select(p => Port(p, types))],
            [.. schema.GetProperty("attributes").EnumerateArray().Select(Attribute)], Text(schema, "function_body") != "none");
    }

    private static PublishedPort Port(JsonElement port, Dictionary<string, string[]> types)
    {
        string type = Text(port, "type"), option = Text(port, "option");
        string[] allowed = types.TryGetValue(type, out string[]? constraint) ? constraint : [type];
        const string Open = "tensor(";
        string[] elements = [.. allowed.Where(t => t.StartsWith(Open, StringComparison.Ordinal)).Select(t => t[Open.Length..^1])];
        bool variadic = option == "variadic";
        return new PublishedPort(Text(port, "name"), option == "optional" || variadic && port.GetProperty("min_arity").GetInt32() == 0,
            variadic, [.. elements], elements.Length == allowed.Length);
    }

    private static PublishedAttribute Attribute(JsonElement attribute) => new(
        Text(attribute, "name"), Text(attribute, "type"), attribute.GetProperty("required").GetBoolean(),
        attribute.TryGetProperty("default", out JsonElement value) ? PublishedValue.Say(Value(value)) : null);

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.Number => value.GetDouble(),
        _ => null,
    };

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString() ?? "";
}
