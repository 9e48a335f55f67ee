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

    [GeneratedRegex("^(<<<<<<<|=======$|>>>>>>>)")]
    private static partial Regex MergeMark();

    // Relative ones; a part of a page is named behind #.
    [GeneratedRegex(@"\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
