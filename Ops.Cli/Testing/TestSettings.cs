using System.Text.Json;
using Ops.Specs;

namespace Ops.Cli.Testing;

/// <summary>What a node test says of itself in the <c>data.json</c> beside its model.</summary>
/// <param name="Relative">Its relative tolerance, when it has one.</param>
/// <param name="Absolute">Its absolute tolerance, when it has one.</param>
/// <param name="ExpectsFallback">Whether its composite op is known to have no kernel for this case.</param>
internal sealed record TestSettings(double? Relative = null, double? Absolute = null, bool ExpectsFallback = false)
{
    /// <summary>The settings of a test folder; the usual ones when it has no <c>data.json</c>.</summary>
    /// <exception cref="OpException">The file cannot be read, or says something else than it may.</exception>
    public static TestSettings Read(string folder)
    {
        string path = Path.Combine(folder, "data.json");
        if (!File.Exists(path))
            return new TestSettings();
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new OpException(path, "json", "it holds no object");
            return new TestSettings(Number(root, "rtol", path), Number(root, "atol", path), Flag(root, "expects-fallback", path));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new OpException(path, "json", e.Message, inner: e);
        }
    }

    private static double? Number(JsonElement root, string name, string path)
    {
        if (!root.TryGetProperty(name, out JsonElement value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= 0
            ? number : throw new OpException(path, name, $"wants a number that is at least 0, got {value.GetRawText()}");
    }

    private static bool Flag(JsonElement root, string name, string path) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new OpException(path, name, $"wants true or false, got {value.GetRawText()}"),
    };
}
