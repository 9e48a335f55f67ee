using System.Text.RegularExpressions;
using Ops.Specs.Language;
using Ops.Specs.Types;

namespace Ops.Tests.Specs;

/// <summary>One mistake in a spec.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Text">The text with the mistake.</param>
/// <param name="Lines">Where a finding hits: the line itself; for something removed, the line that took its place and its parent
/// key.</param>
/// <param name="What">What was done, for people.</param>
internal sealed record SpecMutation(string Kind, string Text, IReadOnlyList<int> Lines, string What);

/// <summary>Makes mistakes as people make them, one at a time: misspelt, missing, doubled and wrong-typed items, swapped dims, wrong
/// ops.</summary>
internal sealed partial class SpecMutator(string text)
{
    private static readonly string[] Prose = ["summary", "docs"];

    private readonly string[] lines = text.Split('\n');

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9_]*")]
    private static partial Regex Word { get; }

    [GeneratedRegex(@"^(?<indent> *(- )?)(?<key>[A-Za-z][\w.-]*(\[[^\]]*\])?):(?<value>.*)$")]
    private static partial Regex Entry { get; }

    /// <summary>Every mistake of a kind there is to make, in the order of the file.</summary>
    public IReadOnlyDictionary<string, List<Func<Random, SpecMutation?>>> All()
    {
        var found = new Dictionary<string, List<Func<Random, SpecMutation?>>>();
        void Add(string kind, Func<Random, SpecMutation?> make) =>
            (found.TryGetValue(kind, out var list) ? list : found[kind] = []).Add(make);
        string section = "", entry = "";
        for (int i = 0; i < lines.Length; i++)
        {
            int line = i;
            if (lines[i].TrimStart().StartsWith('#') || lines[i].Trim().Length == 0 || lines[i] == "---")
                continue;
            Match match = Entry.Match(lines[i]);
            bool top = match.Success && match.Groups["indent"].Length == 0;
            if (top)
                section = match.Groups["key"].Value;
            entry = match.Success && !top ? match.Groups["key"].Value : top ? "" : entry;
            bool prose = Prose.Contains(section), body = section == "body" && !top;
            foreach (Match word in Word.Matches(lines[i]))
                if (IsName(line, word, section, top, prose, body))
                    Add("misspelt", random => Misspell(line, word, random));
            if (match.Success || body)
            {
                Add("missing", _ => Remove(line, section));
                Add("doubled", _ => new SpecMutation("doubled", Join([.. lines[..(line + 1)], lines[line], .. lines[(line + 1)..]]),
                    [line, line + 1], $"line {line + 1} twice: {lines[line].Trim()}"));
            }
            if (match.Success && !prose && match.Groups["value"].Value.Trim() is { Length: > 0 } value && value is not ("|" or "|-"))
                Add("wrong-typed", random => WrongType(line, match, random));
            string[] dims = section is "inputs" or "outputs" && !top ? Dims(lines[i]) : [];
            if (dims.Length > 1)
                Add("swapped dim", random => Swap(line, dims, random));
            if (body)
                foreach (Match op in Regex.Matches(lines[i], @"\b[A-Z]\w*(?= *(<[^<>]*> *)?\()"))
                    Add("wrong op", random => new SpecMutation("wrong op", Replace(line, op.Index, op.Length, Scramble(op.Value, random)),
                        [line], $"line {line + 1}: {op.Value}"));
        }
        return found;
    }

    /// <summary>Words that mean something: neither prose, nor text between quotes, nor names that anybody may choose and nobody else
    /// uses.</summary>
    private bool IsName(int line, Match word, string section, bool top, bool prose, bool body)
    {
        string before = lines[line][..word.Index];
        if (before.Contains('#') || before.Count(c => c == '\'') % 2 == 1 || word.Length < 2)
            return false;
        bool key = lines[line][(word.Index + word.Length)..].StartsWith(':') && Entry.IsMatch(lines[line])
            && Entry.Match(lines[line]).Groups["key"].Index == word.Index;
        if (prose)
            return key;
        // The name of a rule is in nobody's way; of an equation's own name see below.
        return !(section == "constraints" && !top && (key
            || before.TrimStart().All(c => char.IsLetterOrDigit(c) || c == '-') && before.TrimStart().Length > 0 && !before.Contains(':')))
            && !(section == "presets" && !top) && !(body && before.EndsWith("body = ", StringComparison.Ordinal));
    }

    private SpecMutation? Misspell(int line, Match word, Random random)
    {
        string wrong = Scramble(word.Value, random);
        return wrong == word.Value ? null : new SpecMutation("misspelt", Replace(line, word.Index, word.Length, wrong), [line],
            $"line {line + 1}: {word.Value} -> {wrong}");
    }

    private static string Scramble(string word, Random random)
    {
        for (int tries = 0; tries < 20; tries++)
        {
            char[] letters = word.ToCharArray();
            int at = random.Next(word.Length);
            string wrong = random.Next(4) switch
            {
                0 when word.Length > 2 => word.Remove(at, 1),
                1 => word.Insert(at, ((char)('a' + random.Next(26))).ToString()),
                2 when at + 1 < word.Length => Swapped(letters, at),
                _ => word.Remove(at, 1).Insert(at, ((char)('a' + random.Next(26))).ToString()),
            };
            if (wrong != word && char.IsAsciiLetter(wrong[0]))
                return wrong;
        }
        return word;

        static string Swapped(char[] letters, int at)
        {
            (letters[at], letters[at + 1]) = (letters[at + 1], letters[at]);
            return new string(letters);
        }
    }

    /// <summary>Takes an entry away with all that is indented below it.</summary>
    private SpecMutation Remove(int line, string section)
    {
        int indent = Indent(line), end = line + 1;
        while (end < lines.Length && lines[end].Trim().Length > 0 && lines[end] != "---" && Indent(end) > indent)
            end++;
        List<int> hits = [line];
        // The parent: the nearest line above that is indented less.
        for (int above = line - 1; above >= 0 && lines[above] != "---"; above--)
            if (lines[above].Trim().Length > 0 && Indent(above) < indent)
            {
                hits.Add(above);
                break;
            }
        // Of a whole key, the document is the parent: where it starts.
        if (indent == 0)
        {
            int start = line;
            while (start > 0 && lines[start - 1] != "---")
                start--;
            hits.Add(start);
        }
        return new SpecMutation("missing", Join([.. lines[..line], .. lines[end..]]), hits,
            $"line {line + 1} of {section}: {lines[line].Trim()}");
    }

    private SpecMutation? WrongType(int line, Match entry, Random random)
    {
        Group value = entry.Groups["value"];
        string wrong = random.Next(4) switch
        {
            0 => " { wrong: 1 }",
            1 => " [1, 2]",
            2 => " 'text' + 1",
            _ => "",
        };
        return new SpecMutation("wrong-typed", Replace(line, value.Index, value.Length, wrong), [line],
            $"line {line + 1}: {entry.Groups["key"].Value}:{wrong}");
    }

    private SpecMutation? Swap(int line, string[] dims, Random random)
    {
        string shape = Regex.Match(lines[line], @"\[(.*)\]").Groups[1].Value;
        int a = random.Next(dims.Length - 1), b = a + 1;
        if (dims[a] == dims[b])
            return null;
        string[] swapped = [.. dims];
        (swapped[a], swapped[b]) = (swapped[b], swapped[a]);
        string changed = lines[line].Replace("[" + string.Join(", ", dims) + "]", "[" + string.Join(", ", swapped) + "]",
            StringComparison.Ordinal);
        return changed == lines[line] ? null : new SpecMutation("swapped dim", Join([.. lines[..line], changed, .. lines[(line + 1)..]]),
            [line], $"line {line + 1}: {shape} -> {string.Join(", ", swapped)}");
    }

    /// <summary>The items of the first shape of a line, when they are simple.</summary>
    private static string[] Dims(string line)
    {
        Match shape = Regex.Match(line, @"\w\[([^\[\]()]*)\]");
        return shape.Success ? shape.Groups[1].Value.Split(", ") : [];
    }

    private int Indent(int line) => lines[line].Length - lines[line].TrimStart(' ', '-').Length;

    private string Replace(int line, int start, int length, string by) =>
        Join([.. lines[..line], lines[line].Remove(start, length).Insert(start, by), .. lines[(line + 1)..]]);

    private static string Join(string[] lines) => string.Join('\n', lines);
}
