using System.Globalization;
using System.Text.RegularExpressions;

namespace Ops.Tests;

/// <summary>What the pages say can be followed.</summary>
[TestClass]
public sealed partial class DocsTests
{
    private static readonly string[] Pages =
    [
        Path.Combine(RepositoryPaths.Root, "README.md"),
        .. Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "docs"), "*.md", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "examples"), "*.md", SearchOption.AllDirectories)
    ];

    [TestMethod]
    public void Nothing_is_left_of_a_merge()
    {
        foreach (string page in Pages)
            foreach (string line in File.ReadLines(page))
                Assert.IsFalse(MergeMark().IsMatch(line), $"{page}: {line}");
    }

    [TestMethod]
    public void Links_lead_to_files()
    {
        foreach (string page in Pages)
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
            {
                string path = Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value);
                Assert.IsTrue(Path.Exists(path), $"{page} links to {link.Groups[1].Value}, which is not there");
            }
    }

    [TestMethod]
    [DataRow("bias", "FlexAttention bias {0}H=8 L=S=1024 D=64 / plain")]
    [DataRow("ALiBi", "FlexAttention alibi {0}H=8 L=S=1024 D=64 / plain")]
    [DataRow("table of distances", "FlexAttention {1} H=8 L=S=1024 D=64 / plain")]
    [DataRow("soft cap", "FlexAttention softcap {0}H=8 L=S=1024 D=64 / plain")]
    public void What_modifiers_cost_is_what_was_measured(string column, string @case)
    {
        string[] page = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "docs", "graph-attributes.md"));
        string[] record = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "docs", "benchmarks.md"));
        int place = Array.IndexOf(Cells(page.Single(l => l.StartsWith("| | bias", StringComparison.Ordinal))), column);
        foreach ((string way, string kind, string table) in new[] { ("struct", "struct ", "buckets struct"), ("program", "", "relative table") })
        {
            double said = Number(Cells(page.Single(l => l.StartsWith($"| {way} |", StringComparison.Ordinal)))[place]);
            string name = string.Format(CultureInfo.InvariantCulture, @case, kind, table);
            string[] row = Cells(record.Single(l => l.StartsWith($"| {name} | 1 |", StringComparison.Ordinal)));
            double measured = Number(row[3].Split(' ')[0]) / Number(row[4].Split(' ')[0]);
            Assert.AreEqual(measured, said, 0.05 * measured, $"docs/graph-attributes.md, {way} with {column}: docs/benchmarks.md says {measured:0.00}");
        }
    }

    private static string[] Cells(string row) => [.. row.Split('|').Select(c => c.Trim())];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("^(<<<<<<<|=======$|>>>>>>>)")]
    private static partial Regex MergeMark();

    // Relative ones; a part of a page is named behind #.
    [GeneratedRegex(@"\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
