using System.Text;
using System.Text.RegularExpressions;

namespace Ops.Specs.Fixes;

/// <summary>
/// The file an author completes a kernel in. What is to be written is read from the generated class, which declares it, so that every
/// pattern has a stub as soon as it has a scaffold.
/// </summary>
public static class KernelStub
{
    private static readonly Regex Declaration =
        new(@"^(?<indent> *)(?<access>public|private) static partial (?<signature>[^{};\n]*\)[^{};()\n]*);$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant);

    /// <summary>The text of the file.</summary>
    /// <param name="space">The namespace of the op's class.</param>
    /// <param name="op">The op.</param>
    /// <param name="generated">The text of the generated class.</param>
    /// <param name="written">The names of methods that are written already.</param>
    /// <param name="bodies">What a method does, by its name; where nothing is given it says that it is not written yet.</param>
    public static string Text(string space, string op, string generated, IEnumerable<string>? written = null,
        IReadOnlyDictionary<string, string>? bodies = null)
    {
        HashSet<string> known = [.. written ?? []];
        List<string> own = [], vector = [];
        foreach (Match match in Declaration.Matches(generated.Replace("\r\n", "\n")))
        {
            string signature = match.Groups["signature"].Value, name = Regex.Match(signature, @"(\w+)(<[^<>()]*>)?\(").Groups[1].Value;
            if (known.Contains(name))
                continue;
            string method = $"{match.Groups["access"].Value} static partial {signature}\n{Body(name, bodies)}";
            (match.Groups["indent"].Length > 4 ? vector : own).Add(method);
        }
        bool pointers = own.Count > 0;
        var text = new StringBuilder();
        text.Append($"using Ops.Kernels;\nusing Ops.Specs.Types;\n\nnamespace {space};\n\npublic static {(pointers ? "unsafe " : "")}partial class {op}\n{{\n");
        text.Append(string.Join("\n\n",
            own.Select(m => Indent(m, 4)).Concat(vector.Count == 0 ? []
                : [Indent("static partial class Body<V, T>\n{\n" + string.Join("\n\n", vector.Select(m => Indent(m, 4))) + "\n}", 4)])));
        return text.Append("\n}\n").ToString();
    }

    private static string Body(string name, IReadOnlyDictionary<string, string>? bodies)
    {
        string body = bodies is not null && bodies.TryGetValue(name, out string? given) ? given : "=> throw new NotImplementedException();";
        return body.StartsWith("=>", StringComparison.Ordinal) ? "    " + body : "{\n" + Indent(body.TrimEnd('\n'), 4) + "\n}";
    }

    private static string Indent(string text, int spaces) =>
        string.Join("\n", text.Split('\n').Select(l => l.Length == 0 ? l : new string(' ', spaces) + l));
}
