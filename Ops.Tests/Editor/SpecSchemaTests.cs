using System.Text.Json.Nodes;
using Ops.Cli.Schema;
using Ops.Specs.Language;

namespace Ops.Tests.Editor;

/// <summary>What an editor makes of specs by their JSON Schema.</summary>
[TestClass]
public sealed class SpecSchemaTests
{
    private const string Sound = """
        op: Scale
        since: 1
        summary: Multiplies.
        types: { T: float | double }
        inputs:
          - X: T[...d]
        outputs:
          - Y: T[...d]
        attributes:
          factor: float = 1
        constraints:
          not-empty: len(d) > 0
        kernel: elementwise
        ---
        since: 2
        types: { T: float_ir4 }
        attributes:
          factor: none

        """;

    private static YamlLanguageServer? started;
    private static int documents;

    private static YamlLanguageServer Server => started ??= YamlLanguageServer.Start();

    [ClassCleanup]
    public static void Stop() => started?.Dispose();

    [TestMethod]
    public void The_file_is_what_the_front_end_says()
    {
        string found = File.ReadAllText(Path.Combine(RepositoryPaths.Specs, SpecJsonSchema.FileName));
        string[] offered = [.. JsonNode.Parse(found)!["properties"]!["like"]!["anyOf"]![0]!["enum"]!.AsArray().Select(n => (string)n!)];
        // A new op need not be offered at once; one that is gone must not be.
        HashSet<string> ops = [.. Directory.EnumerateFiles(RepositoryPaths.Specs, "*.op.yaml", SearchOption.AllDirectories)
            .Select(f => Path.GetFileName(f)[..^".op.yaml".Length])];
        CollectionAssert.IsSubsetOf(offered, ops.ToArray(), "'opspec schema' writes the schema anew");
        Assert.IsTrue(SpecJsonSchema.Text(offered) == found, "specs/opspec.schema.json is out of date; 'opspec schema' writes it anew");
    }

    [TestMethod]
    public void Every_key_has_help_in_the_language_page()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "language.md"));
        foreach (SpecKey key in SpecKey.All)
            StringAssert.Contains(page, $"`{key.Name}`");
        foreach (KernelPattern pattern in KernelPattern.All.Where(p => p.Name is "elementwise" or "rows" or "reduce" or "contraction"
            or "attention" or "manual"))
            StringAssert.Contains(page, $"| `{pattern.Name}");
    }

    [TestMethod]
    [DataRow("since: 1\n", "since: 1\n«sumary»: x\n", "Property sumary is not allowed")]
    [DataRow("summary: Multiplies.\n", "", "Missing property \"summary\"", "«o»p")]
    [DataRow("since: 1\n", "since: «one»\n", "integer")]
    [DataRow("since: 1\n", "since: «0»\n", "minimum")]
    [DataRow("op: Scale", "op: «2Scale»", "not a name")]
    [DataRow("factor: float = 1", "factor: «flaot = 1»", "an attribute is")]
    [DataRow("  not-empty: len", "  «NotEmpty»: len", "not a rule's name")]
    [DataRow("kernel: elementwise", "kernel: «elementwize»", "a kernel is one of")]
    [DataRow("kernel: elementwise", "kernel: «contraction(M, N)»", "a kernel is one of")]
    [DataRow("  - X: T[...d]\n", "  - «X: T[...d]\n    Z: T[...d]\n»", "more properties")]
    [DataRow("inputs:\n  - X: T[...d]\n", "inputs:\n  «X: T[...d]\n»", "array")]
    [DataRow("  not-empty: len(d) > 0", "  not-empty: «[1, 2]»", "Incorrect type")]
    public void A_mistake_is_underlined_where_it_stands(string old, string changed, string message, string? where = null)
    {
        Assert.Contains(old, Sound);
        int at = Sound.IndexOf(old, StringComparison.Ordinal);
        string marked = Sound.Remove(at, old.Length).Insert(at, changed);
        if (where is not null)
            marked = marked.Replace(where.Replace("«", "").Replace("»", "") + ":", where + ":", StringComparison.Ordinal);
        int start = marked.IndexOf('«'), end = marked.IndexOf('»') - 1;
        string text = marked.Replace("«", "").Replace("»", "");
        JsonArray found = Server.Open(NewPath(), text);
        Assert.HasCount(1, found, found.ToJsonString());
        StringAssert.Contains((string)found[0]!["message"]!, message, found.ToJsonString());
        Assert.AreEqual($"{Place(text, start)}-{Place(text, end)}",
            $"{Place(found[0]!["range"]!["start"]!)}-{Place(found[0]!["range"]!["end"]!)}", found.ToJsonString());
    }

    [TestMethod]
    public void Specs_of_the_project_have_no_mistakes()
    {
        (string, string)[] specs = [.. Directory.EnumerateFiles(RepositoryPaths.Specs, "*.op.yaml", SearchOption.AllDirectories)
            .Select(f => (f, File.ReadAllText(f)))];
        foreach ((string path, JsonArray found) in Server.Open(specs))
            Assert.HasCount(0, found, path + found.ToJsonString());
    }

    [TestMethod]
    public void Keys_words_and_ops_are_completed()
    {
        string path = NewPath();
        Server.Open(path, Sound + "\n---\nsince: 3\n\ntypes:\n  U: \nattributes:\n  k: \nkernel: \nlike: \n");
        int last = Sound.Split('\n').Length - 1;
        string[] keys = Server.Complete(path, last + 3, 0);
        foreach (string key in (string[])["summary", "inputs", "outputs", "let", "constraints", "docs", "body", "presets"])
            CollectionAssert.Contains(keys, key, string.Join(" ", keys));
        CollectionAssert.IsSubsetOf(new[] { "float_ir4", "all_ir13", "bfloat16" }, Server.Complete(path, last + 5, 5));
        CollectionAssert.IsSubsetOf(new[] { "int", "dtype", "graph" }, Server.Complete(path, last + 7, 5));
        CollectionAssert.IsSubsetOf(new[] { "rows", "contraction", "manual" }, Server.Complete(path, last + 8, 8));
        CollectionAssert.IsSubsetOf(new[] { "Attention", "MatMul", "Softmax" }, Server.Complete(path, last + 9, 6));
    }

    [TestMethod]
    public void Hover_explains_each_key()
    {
        string path = NewPath();
        Server.Open(path, Sound);
        string[] lines = Sound.Split('\n');
        foreach (SpecKey key in SpecKey.All)
            if (Array.FindIndex(lines, l => l.StartsWith(key.Name + ":", StringComparison.Ordinal)) is >= 0 and int line)
                StringAssert.Contains(Server.Hover(path, line, 1).Replace("\\", ""), key.Help.Split([':', '`'])[0].Trim(), key.Name);
    }

    private static string NewPath() => Path.Combine(RepositoryPaths.Specs, "ai.onnx", $"Draft{++documents}.op.yaml");

    private static string Place(JsonNode place) => $"{(int)place["line"]!}:{(int)place["character"]!}";

    private static string Place(string text, int offset)
    {
        int line = text.AsSpan(0, offset).Count('\n');
        return $"{line}:{offset - (text.AsSpan(0, offset).LastIndexOf('\n') + 1)}";
    }
}
