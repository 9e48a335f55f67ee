using Ops.Specs.Symbolic;

namespace Ops.Kernels;

/// <summary>An equation like <c>bij,bjk->bik</c>: for each operand a letter for each axis, and those that stay.</summary>
/// <remarks>Axes that '...' stands for have numbers of their own, counted from the last one: they broadcast like the axes of other
/// ops.</remarks>
internal sealed class EinsumEquation
{
    private const int Unlimited = 64;

    private EinsumEquation(int[][] inputs, int[] output)
    {
        Inputs = inputs;
        Output = output;
    }

    /// <summary>The labels of the axes of each operand: letters, or -1, -2, ... for what '...' stands for.</summary>
    public int[][] Inputs { get; }

    /// <summary>The labels of the axes of the output.</summary>
    public int[] Output { get; }

    /// <summary>The labels that are summed over, in the order in which they first stand.</summary>
    public int[] Summed => [.. Inputs.SelectMany(i => i).Distinct().Except(Output)];

    /// <summary>Reads an equation for operands of known ranks; null, with the reason, when it is none.</summary>
    public static EinsumEquation? Parse(string text, IReadOnlyList<int> ranks, out string reason)
    {
        reason = "";
        string[] sides = text.Replace(" ", "").Split("->");
        if (sides.Length > 2) return Fail("there is more than one arrow", out reason);
        string[] terms = sides[0].Split(',');
        if (terms.Length != ranks.Count) return Fail($"there are {terms.Length} terms for {ranks.Count} inputs", out reason);
        var inputs = new int[terms.Length][];
        int widest = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            int rest = ranks[i] - terms[i].Count(char.IsAsciiLetter);
            if (Labels(terms[i], rest, out reason) is not { } labels) return null;
            if (labels.Length != ranks[i] || rest > Unlimited)
                return Fail($"'{terms[i]}' is no label for each of {ranks[i]} axes", out reason);
            inputs[i] = labels;
            if (terms[i].Contains('.', StringComparison.Ordinal)) widest = Math.Max(widest, rest);
        }

        int[] letters = [.. inputs.SelectMany(i => i).Where(l => l > 0)];
        string kept = sides.Length == 2 ? sides[1]
            : (sides[0].Contains('.', StringComparison.Ordinal) ? "..." : "")
                + string.Concat(letters.GroupBy(l => l).Where(g => g.Count() == 1).Select(g => (char)g.Key).Order());
        if (Labels(kept, widest, out reason) is not { } output) return null;
        foreach (int label in output)
        {
            if (!inputs.Any(i => i.Contains(label))) return Fail($"'{(char)label}' of the output stands in no input", out reason);
            if (output.Count(l => l == label) > 1) return Fail($"'{(char)label}' stands twice in the output", out reason);
        }

        return new EinsumEquation(inputs, output);
    }

    /// <summary>The extent of each label; a label that two operands give different extents has an invalid one.</summary>
    public Dictionary<int, Dim> Extents(IReadOnlyList<Seq<Dim>> shapes)
    {
        var extents = new Dictionary<int, Dim>();
        for (int i = 0; i < Inputs.Length; i++)
            for (int axis = 0; axis < Inputs[i].Length; axis++)
            {
                Dim extent = shapes[i].Items[axis];
                extents[Inputs[i][axis]] = !extents.TryGetValue(Inputs[i][axis], out Dim known) ? extent
                    : Seq.Broadcast(Seq.Of(known), Seq.Of(extent)) is { IsKnown: true } both ? both.Items[0]
                    : Dim.Invalid($"{Name(Inputs[i][axis])} is {known} in one input, {extent} in another");
            }

        return extents;
    }

    private static string Name(int label) => label > 0 ? $"'{(char)label}'" : "an axis of '...'";

    private static EinsumEquation? Fail(string why, out string reason)
    {
        reason = why;
        return null;
    }

    private static int[]? Labels(string term, int rest, out string reason)
    {
        var labels = new List<int>();
        bool dots = false;
        reason = "";
        for (int i = 0; i < term.Length; i++)
        {
            if (char.IsAsciiLetter(term[i]))
            {
                labels.Add(term[i]);
            }
            else if (!dots && term.AsSpan(i).StartsWith("..."))
            {
                dots = true;
                i += 2;
                for (int k = rest; k > 0; k--) labels.Add(-k);
            }
            else
            {
                reason = $"'{term}' is neither letters nor '...'";
                return null;
            }
        }

        return [.. labels];
    }
}
