using System.Globalization;
using System.Text;
using Ops.Specs.Collections;

namespace Ops.Specs.Published;

/// <summary>
/// Published ops as text, a line for each version, its columns parted by tabs. First come the sets of element types, which ports name by
/// their number.
/// </summary>
/// <remarks>
/// A set is <c>=</c> and its types. An op is its domain, name, version, <c>function</c> or nothing, inputs, outputs, and its attributes. A
/// port is its name, <c>?</c> where it is optional, <c>*</c> where it is a list, <c>+</c> where it takes more than tensors, <c>:</c> and
/// its set. An attribute is its name, <c>!</c> where it is required, <c>:</c> and its kind, and <c>=</c> and its default where it has one.
/// </remarks>
public static class PublishedText
{
    /// <summary>The text of some ops.</summary>
    public static string Print(PublishedOps ops)
    {
        List<string> sets = [];
        var lines = new StringBuilder();
        foreach (PublishedOp op in ops.All)
        {
            string[] columns =
            [
                op.Domain, op.Name, op.Since.ToString(CultureInfo.InvariantCulture), op.IsFunction ? "function" : "",
                string.Join(" ", op.Inputs.Select(Port)), string.Join(" ", op.Outputs.Select(Port)), .. op.Attributes.Select(Attribute),
            ];
            lines.Append(string.Join("\t", columns)).Append('\n');
        }
        return string.Concat(sets.Select(s => $"={s}\n")) + lines;

        string Port(PublishedPort port)
        {
            string types = string.Join(" ", port.Types);
            int set = sets.IndexOf(types);
            if (set < 0)
                sets.Insert(set = sets.Count, types);
            return $"{port.Name}{(port.Optional ? "?" : "")}{(port.Variadic ? "*" : "")}{(port.TensorsOnly ? "" : "+")}:{set.ToString(CultureInfo.InvariantCulture)}";
        }

        static string Attribute(PublishedAttribute attribute) =>
            $"{attribute.Name}{(attribute.Required ? "!" : "")}:{attribute.Kind}{(attribute.Default is { } value ? "=" + value : "")}";
    }

    /// <summary>The ops of a text.</summary>
    public static PublishedOps Read(string text)
    {
        List<EquatableArray<string>> sets = [];
        List<(string, string, int, Lazy<PublishedOp>)> ops = [];
        foreach (string line in text.Split(['\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '=')
            {
                sets.Add(Words(line.Substring(1)).ToEquatableArray());
                continue;
            }
            string[] columns = line.Split('\t');
            int since = int.Parse(columns[2], CultureInfo.InvariantCulture);
            ops.Add((columns[1], columns[0], since, new Lazy<PublishedOp>(() => new PublishedOp(
                columns[0], columns[1], since, Ports(columns[4]), Ports(columns[5]), columns.Skip(6).Select(Attribute).ToEquatableArray(),
                columns[3].Length > 0))));
        }
        return new PublishedOps(ops);

        EquatableArray<PublishedPort> Ports(string column) => Words(column).Select(Port).ToEquatableArray();

        PublishedPort Port(string port)
        {
            int colon = port.IndexOf(':');
            string head = port.Substring(0, colon), name = head.TrimEnd('?', '*', '+');
            bool Is(char mark) => head.IndexOf(mark, name.Length) >= 0;
            return new PublishedPort(name, Is('?'), Is('*'), sets[int.Parse(port.Substring(colon + 1), CultureInfo.InvariantCulture)],
                !Is('+'));
        }

        static PublishedAttribute Attribute(string attribute)
        {
            int colon = attribute.IndexOf(':'), equals = attribute.IndexOf('=', colon);
            string head = attribute.Substring(0, colon),
                kind = attribute.Substring(colon + 1, (equals < 0 ? attribute.Length : equals) - colon - 1);
            return new PublishedAttribute(head.TrimEnd('!'), kind, head.EndsWith("!", StringComparison.Ordinal),
                equals < 0 ? null : attribute.Substring(equals + 1));
        }

        static string[] Words(string words) => words.Split([' '], StringSplitOptions.RemoveEmptyEntries);
    }
}
