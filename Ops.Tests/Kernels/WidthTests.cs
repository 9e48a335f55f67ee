namespace Ops.Tests.Kernels;

/// <summary>What is written once per vector width is the same text at every width.</summary>
[TestClass]
public sealed class WidthTests
{
    [TestMethod]
    [DataRow("Simd")]
    [DataRow("FloatMath")]
    [DataRow("FloatAngles")]
    [DataRow("FloatPower")]
    [DataRow("DoubleMath")]
    [DataRow("Half")]
    public void Widths_differ_in_their_names_only(string file)
    {
        string folder = Path.Combine(RepositoryPaths.Root, "Ops", "Simd");
        string Text(int width)
        {
            IEnumerable<string> lines = File.ReadLines(Path.Combine(folder, $"{file}{width}.cs"))
                .Where(l => !l.TrimStart().StartsWith("///", StringComparison.Ordinal) && !l.TrimStart().StartsWith("//", StringComparison.Ordinal));
            // Only names carry the width; digits inside constants are left alone.
            return System.Text.RegularExpressions.Regex.Replace(string.Join("\n", lines), $"(?<=[A-Za-z]){width}(?![0-9])", "W");
        }
        Assert.AreEqual(Text(512), Text(256));
        Assert.AreEqual(Text(512), Text(128));
    }
}
