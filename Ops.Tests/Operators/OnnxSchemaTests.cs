using System.Text.Json;
using Ops.Schemas;
using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Tests.Operators;

/// <summary>The schemas that specs give against the ones ONNX publishes.</summary>
[TestClass]
public sealed class OnnxSchemaTests
{
    /// <summary>What differs on purpose, as <c>Op-since what</c>, and why.</summary>
    private static readonly Dictionary<string, string> Deliberate = [];

    /// <summary>Ops of which ONNX also allows sequences and optional values; the specs are about tensors.</summary>
    private static readonly HashSet<string> TensorsOnly = ["Identity"];

    private static readonly Dictionary<(string Domain, string Name, int Since), JsonElement> Published = [];

    [ClassInitialize]
    public static void Read(TestContext context)
    {
        string path = RepositoryPaths.Shared("OPSPEC_ONNX_SCHEMAS", "onnx-schemas.json");
        if (!File.Exists(path))
            return;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (JsonElement schema in document.RootElement.Clone().EnumerateArray())
            if (schema.GetProperty("domain").GetString() is "" or "ai.onnx.preview")
                Published.Add((DomainOf(schema), schema.GetProperty("name").GetString()!,
                    schema.GetProperty("since_version").GetInt32()), schema);
    }

    public static IEnumerable<object[]> Ops => OpRegistry.All
        .Where(d => d.Schema.Domain is "ai.onnx" or "ai.onnx.preview")
        .Select(d => new object[] { d.Schema.Domain, d.Schema.Name, d.Schema.Since });

    private static string DomainOf(JsonElement schema) =>
        schema.GetProperty("domain").GetString() is { Length: > 0 } domain ? domain : "ai.onnx";

    [TestMethod]
    [DynamicData(nameof(Ops))]
    public void SchemasAreOnnxs(string domain, string name, int since)
    {
        RepositoryPaths.Require("OPSPEC_ONNX_SCHEMAS", "onnx-schemas.json");
        OpSchema schema = OpRegistry.Get(domain, name, since).Schema;
        int newest = Published.Keys.Where(k => k.Domain == domain).Max(k => k.Since);
        if (since > newest)
            Assert.Inconclusive($"the recorded schemas of {domain} end at {newest}");
        Assert.IsTrue(Published.TryGetValue((domain, name, since), out JsonElement published), $"{name} has no version {since}");
        string[] differences = [.. Differences(schema, published).Where(d => !Deliberate.ContainsKey($"{name}-{since} {d}"))];
        Assert.IsEmpty(differences, $"{schema}:\n{string.Join("\n", differences)}");
    }

    [TestMethod]
    public void VersionsHaveNoGapsAndEndWithTheNewest()
    {
        RepositoryPaths.Require("OPSPEC_ONNX_SCHEMAS", "onnx-schemas.json");
        var missing = new List<string>();
        foreach (IGrouping<string, OpDefinition> op in OpRegistry.All.Where(d => d.Schema.Domain == "ai.onnx").GroupBy(d => d.Schema.Name))
        {
            int oldest = op.Min(d => d.Schema.Since);
            IEnumerable<int> published =
                Published.Keys.Where(k => k.Domain == "ai.onnx" && k.Name == op.Key && k.Since >= oldest)
                    .Where(k => !Published[k].GetProperty("deprecated").GetBoolean()).Select(k => k.Since);
            missing.AddRange(published.Except(op.Select(d => d.Schema.Since)).Select(v => $"{op.Key}-{v}"));
        }

        Assert.IsEmpty(missing, string.Join(", ", missing));
    }

    private static IEnumerable<string> Differences(OpSchema schema, JsonElement published)
    {
        foreach (string difference in PortDifferences(schema, schema.Inputs, published, "inputs")
            .Concat(PortDifferences(schema, schema.Outputs, published, "outputs")))
            yield return difference;

        // Ports share a type here if they do there.
        OpPort[] ports = [.. schema.Inputs, .. schema.Outputs];
        string[] types = [.. Of("inputs").Concat(Of("outputs")).Select(p => p.GetProperty("type").GetString()!)];
        for (int i = 0; i < Math.Min(ports.Length, types.Length); i++)
            for (int j = 0; j < i; j++)
                if (TypesOf(schema, ports[i]) is { Count: > 1 } && (ports[i].Type == ports[j].Type) != (types[i] == types[j]))
                    yield return $"{ports[j].Name} and {ports[i].Name}: "
                        + $"types {ports[j].Type} and {ports[i].Type}, wants {types[j]} and {types[i]}";

        JsonElement[] attributes = [.. Of("attributes")];
        string[] names = [.. attributes.Select(a => a.GetProperty("name").GetString()!)];
        foreach (OpAttribute extra in schema.Attributes.Where(a => !names.Contains(a.Name)))
            yield return $"{extra.Name}: no such attribute";
        foreach (JsonElement attribute in attributes)
        {
            string name = attribute.GetProperty("name").GetString()!;
            if (schema.Attributes.FirstOrDefault(a => a.Name == name) is not { } ours)
            {
                yield return $"{name}: attribute missing";
                continue;
            }

            string kind = KindOf(ours), wanted = attribute.GetProperty("type").GetString()!;
            if (kind != wanted) yield return $"{name}: {kind}, wants {wanted}";
            if (ours.Required != attribute.GetProperty("required").GetBoolean()) yield return $"{name}: required is {ours.Required}";
            string given = Constant(ours.Default);
            string constant = attribute.TryGetProperty("default", out JsonElement value) ? Constant(value) : "none";
            if (given != constant) yield return $"{name}: default {given}, wants {constant}";
        }

        JsonElement.ArrayEnumerator Of(string property) => published.GetProperty(property).EnumerateArray();
    }

    private static IEnumerable<string> PortDifferences(OpSchema schema, IReadOnlyList<OpPort> ports, JsonElement published, string side)
    {
        JsonElement[] wanted = [.. published.GetProperty(side).EnumerateArray()];
        if (ports.Count != wanted.Length)
        {
            yield return $"{ports.Count} {side}, wants {wanted.Length}";
            yield break;
        }

        var constraints = published.GetProperty("type_constraints").EnumerateArray().ToDictionary(
            c => c.GetProperty("name").GetString()!, c => c.GetProperty("allowed").EnumerateArray().Select(a => a.GetString()!).ToArray());
        for (int i = 0; i < wanted.Length; i++)
        {
            string Text(string property) => wanted[i].GetProperty(property).GetString()!;
            string name = Text("name"), option = Text("option"), type = Text("type");
            if (ports[i].Name != name) yield return $"{ports[i].Name}: wants the name {name}";
            bool optional = option == "optional" || option == "variadic" && wanted[i].GetProperty("min_arity").GetInt32() == 0;
            if (ports[i].Optional != optional) yield return $"{name}: optional is {ports[i].Optional}";
            if (ports[i].Variadic != (option == "variadic")) yield return $"{name}: variadic is {ports[i].Variadic}";
            string[] allowed = constraints.GetValueOrDefault(type) ?? [type];
            if (TensorsOnly.Contains(schema.Name)) allowed = [.. allowed.Where(a => a.StartsWith("tensor(", StringComparison.Ordinal))];
            string[] ours = [.. TypesOf(schema, ports[i]).Select(t => $"tensor({t.Name()})")];
            // Sequences and optionals are values this runtime does not have; the specs speak of tensors.
            string[] missing = [.. allowed.Except(ours).Where(t => t.StartsWith("tensor(", StringComparison.Ordinal))],
                extra = [.. ours.Except(allowed)];
            if (missing.Length > 0) yield return $"{name}: lacks {string.Join(", ", missing)}";
            if (extra.Length > 0) yield return $"{name}: takes {string.Join(", ", extra)} as well";
        }
    }

    private static IReadOnlyList<ElementType> TypesOf(OpSchema schema, OpPort port) =>
        schema.Types.FirstOrDefault(t => t.Name == port.Type)?.Allowed
        ?? (ElementTypes.Names.TryGetValue(port.Type, out ElementType type) ? [type] : []);

    private static string KindOf(OpAttribute attribute) => (attribute.Kind switch
    {
        AttributeKind.Int or AttributeKind.Bool or AttributeKind.Dtype => "INT",
        _ => attribute.Kind.ToString().ToUpperInvariant(),
    }) + (attribute.IsList ? "S" : "");

    private static string Constant(object? value) => value switch
    {
        null => "none",
        string text => $"'{text}'",
        Array items => $"[{string.Join(", ", items.Cast<object>().Select(Constant))}]",
        IConvertible number => Convert.ToSingle(number).ToString("R"),
        _ => value.ToString()!,
    };

    private static string Constant(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => $"'{value.GetString()}'",
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Constant))}]",
        _ => value.GetSingle().ToString("R"),
    };
}
