using System.Text.RegularExpressions;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Tests.Specs;

/// <summary>One mistake seeded into a real spec is found on its line, or changes no meaning that anybody could tell from intent.</summary>
[TestClass]
public sealed partial class SeededMistakeTests
{
    [GeneratedRegex(@"\b[A-Za-z][A-Za-z0-9_]{3,}\b")]
    private static partial Regex Word { get; }

    /// <summary>
    /// Misspells each word of four letters or more, one at a time, outside of prose: there is a finding on its line or one that names it.
    /// </summary>
    [TestMethod]
    public void A_misspelt_word_is_found()
    {
        SpecSyntax[] drafts = SpecFixture.Drafts();
        int words = 0;
        List<string> silent = [];
        foreach (SpecSyntax draft in drafts)
        {
            BoundSpec sound = SpecFrontEnd.Bind(draft, SpecFixture.Scope(drafts));
            SpecSyntax[] others = [.. drafts.Where(d => d != draft)];
            string[] lines = draft.Text.Split('\n');
            string section = "";
            int start = 0;
            for (int l = 0; l < lines.Length; start += lines[l].Length + 1, l++)
            {
                if (lines[l].Length > 0 && lines[l][0] is not (' ' or '-'))
                    section = lines[l].Split(':')[0];
                if (section is "summary" or "docs" or "op" or "domain" or "presets" || lines[l].StartsWith("---", StringComparison.Ordinal))
                    continue;
                foreach (Match word in Word.Matches(lines[l]))
                {
                    // Names of graphs and text between quotes are anybody's choice.
                    if (Regex.IsMatch(lines[l][..word.Index], "^[^']*('[^']*'[^']*)*'[^']*$")
                        || lines[l][..word.Index].EndsWith("body = ", StringComparison.Ordinal)
                        || lines[l][..word.Index].EndsWith('"') || Regex.IsMatch(lines[l], $"^  {word.Value}: ")
                        || Regex.IsMatch(lines[l], $"^  - {word.Value}[:\\[]") && word.Index < 5)
                        continue;
                    // So are the names of rules.
                    if (section == "constraints" && word.Index < lines[l].IndexOf(':'))
                        continue;
                    words++;
                    int at = start + word.Index + 1;
                    string misspelt = draft.Text.Remove(at, 2).Insert(at,
                        new string([draft.Text[at + 1] == draft.Text[at] ? 'q' : draft.Text[at + 1], draft.Text[at]]));
                    SpecSyntax changed = SpecFrontEnd.Parse(draft.Path, misspelt);
                    BoundSpec bound = SpecFrontEnd.Bind(changed, SpecFixture.Scope([.. others, changed]));
                    string seen = misspelt.Substring(start + word.Index, word.Length);
                    if (bound.Diagnostics.All(d => d.Span.StartLine != l && !d.Message.Contains(seen)) && bound.Family != sound.Family)
                        silent.Add($"{Path.GetFileName(draft.Path)}({l + 1}): {word.Value}: only elsewhere: {(bound.Diagnostics.Count > 0 ? SpecFixture.Show(bound.Diagnostics[0]) : "")}");
                }
            }
        }
        Assert.IsGreaterThan(1000, words);
        Assert.IsEmpty(silent, $"{silent.Count} of {words} misspellings were not found:\n" + string.Join("\n", silent.Take(40)));
    }

    [TestMethod]
    public void A_doubled_line_is_found()
    {
        SpecSyntax[] drafts = SpecFixture.Drafts();
        foreach (SpecSyntax draft in drafts)
        {
            SpecSyntax[] others = [.. drafts.Where(d => d != draft)];
            string[] lines = draft.Text.Split('\n');
            for (int l = 0; l < lines.Length; l++)
            {
                if (!Regex.IsMatch(lines[l], @"^(op|since|summary|inputs|  [A-Z]\w* = )"))
                    continue;
                SpecSyntax doubled = SpecFrontEnd.Parse(draft.Path,
                    string.Join('\n', [.. lines[..(l + 1)], lines[l], .. lines[(l + 1)..]]));
                BoundSpec bound = SpecFrontEnd.Bind(doubled, SpecFixture.Scope([.. others, doubled]));
                Assert.IsTrue(
                    bound.Diagnostics.Any(d => d.Span.StartLine >= l && d.Span.StartLine <= l + 1 && d.Rule.Severity == SpecSeverity.Error)
                    || lines[l].TrimEnd().EndsWith('{') || lines[l].TrimEnd().EndsWith('|')
                    || (l + 1 < lines.Length && lines[l + 1].StartsWith("    ", StringComparison.Ordinal)),
                    $"{draft.Path}: doubling line {l + 1}, {lines[l]}\n{SpecFixture.Show(bound.Diagnostics)}");
            }
        }
    }
}
