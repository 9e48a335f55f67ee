using System.Text.Json;
using Ops.Benchmarks.Cases;
using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Reports;
using Ops.Benchmarks.Running;

namespace Ops.Tests.Benchmarks;

[TestClass]
public class ReportTests
{
    private static readonly BenchmarkCase Case = new("group", "a case", () => throw new InvalidOperationException(),
        new Limit(LimitKind.Read, 1, 1));

    private static readonly BenchmarkRow[] Rows =
    [
        new(Case, 2) { Ours = 2.5e-3, Peer = 5e-6, Ratio = 1.234, LimitRate = 40e9, LimitShare = 0.876, Spread = 0.02 },
        new(Case, 1) { Note = "no spec for it" },
    ];

    [TestMethod]
    public void MarkdownHasATableAndNotes()
    {
        string text = TableReport.ToMarkdown(Rows);
        StringAssert.Contains(text, "| a case | 2 | 2.500 ms | 5.00 us | 1.23x | 40.0 GB/s | 88 % | 2 % | ONNX Runtime |");
        StringAssert.Contains(text, "| a case | 1 | - | - | - | - | - | - | - |");
        StringAssert.Contains(text, "- a case: no spec for it");
    }

    [TestMethod]
    public void JsonHasEverything()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            JsonReport.Write(writer, Rows);
        using JsonDocument json = JsonDocument.Parse(stream.ToArray());
        JsonElement rows = json.RootElement.GetProperty("rows");
        Assert.AreEqual(2.5e-3, rows[0].GetProperty("ours_seconds").GetDouble());
        Assert.AreEqual(40, rows[0].GetProperty("limit").GetDouble());
        Assert.AreEqual("ONNX Runtime", rows[0].GetProperty("against").GetString());
        Assert.AreEqual(JsonValueKind.Null, rows[1].GetProperty("ratio").ValueKind);
        Assert.AreEqual("no spec for it", rows[1].GetProperty("note").GetString());
    }

    [TestMethod]
    public void CasesAreNamedOnce() => CollectionAssert.AllItemsAreUnique(CaseCatalog.All.Select(c => c.Name).ToArray());
}
