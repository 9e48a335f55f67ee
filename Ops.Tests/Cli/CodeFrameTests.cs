using Ops.Cli.Checking;
using Ops.Specs.Diagnostics;

namespace Ops.Tests.Cli;

[TestClass]
public class CodeFrameTests
{
    [TestMethod]
    public void CaretsStandUnderTheSpan() => Assert.AreEqual("2 | key: wrong\n  |      ^^^^^", Frame("op: X\nkey: wrong\nend: 1", "wrong"));

    [TestMethod]
    public void LineNumbersAlign() =>
        Assert.AreEqual("10 | here\n   | ^^^^", Frame(string.Concat(Enumerable.Repeat("-\n", 9)) + "here", "here"));

    [TestMethod]
    public void TabsBecomeSpaces() => Assert.AreEqual("1 | a   bc\n  |     ^^", Frame("a\tbc", "bc"));

    [TestMethod]
    public void WideCharactersTakeTwoColumns()
    {
        Assert.AreEqual("1 | 形x\n  |   ^", Frame("形x", "x"));
        Assert.AreEqual("1 | 😀x\n  | ^^", Frame("😀x", "😀"));
        Assert.AreEqual("1 | e\u0301x\n  |  ^", Frame("e\u0301x", "x"));
    }

    [TestMethod]
    public void SpansOverLinesMarkEachLine() =>
        Assert.AreEqual("1 | a: [1,\n  |    ^^^\n2 |   2]\n  |   ^^", Frame("a: [1,\n  2]\nb", "[1,\n  2]"));

    [TestMethod]
    public void EmptySpansAreOneCaret()
    {
        Assert.AreEqual("1 | abc\n  |    ^", Frame("abc", new SpecSpan(3, 0, 0, 3, 0, 3)));
        Assert.AreEqual("1 | \n  | ^", Frame("", new SpecSpan(0, 0, 0, 0, 0, 0)));
    }

    [TestMethod]
    public void LongLinesAreCut()
    {
        string text = new string('a', 5000) + "wrong" + new string('b', 5000);
        string[] lines = Frame(text, "wrong").Split('\n');
        Assert.IsLessThan(180, lines[0].Length);
        Assert.AreEqual(lines[0].IndexOf("wrong", StringComparison.Ordinal), lines[1].IndexOf('^'));
        Assert.AreEqual(5, lines[1].Count(c => c == '^'));
    }

    [TestMethod]
    public void ControlCharactersDoNotReachTheTerminal() => Assert.AreEqual("1 | a.[31mx\n  |       ^", Frame("a\e[31mx", "x"));

    [TestMethod]
    public void SpansOutsideTheTextDoNotFail() => Assert.AreEqual("1 | abc\n  |    ^", Frame("abc", new SpecSpan(90, 10, 0, 90, 0, 100)));

    [TestMethod]
    public void WindowsLinesEndAlike() => Assert.AreEqual("2 | b: c\n  |    ^", Frame("a\r\nb: c\r\nd", "c"));

    private static string Frame(string text, string marked)
    {
        int start = text.IndexOf(marked, StringComparison.Ordinal);
        var (line, column) = At(text, start);
        var (endLine, endColumn) = At(text, start + marked.Length);
        return Frame(text, new SpecSpan(start, marked.Length, line, column, endLine, endColumn));
    }

    private static string Frame(string text, SpecSpan span) => string.Join("\n", CodeFrame.Of(text, span).Select(l => l.Gutter + l.Text));

    private static (int Line, int Column) At(string text, int offset) =>
        (text[..offset].Count(c => c == '\n'),
            offset - (text.LastIndexOf('\n', Math.Max(0, offset - 1)) is var at && offset > 0 ? at + 1 : 0));
}
