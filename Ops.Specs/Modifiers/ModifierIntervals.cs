using System.Globalization;
using Ops.Specs.Symbolic;

namespace Ops.Specs.Modifiers;

/// <summary>Writes what expressions can be within a tile as C# statements on intervals.</summary>
/// <param name="dims">The dims of the scores.</param>
/// <param name="ofWholes">Whether a coordinate is any of its own tensor, which need not lie as the scores do, instead of the tile's.</param>
internal sealed class ModifierIntervals(IReadOnlyList<Dim> dims, bool ofWholes = false)
{
    private readonly Dictionary<ModifierExpr, string> names = [];
    private readonly List<string> statements = [];

    /// <summary>The statements.</summary>
    public IReadOnlyList<string> Statements => statements;

    /// <summary>The name or text of an expression's interval.</summary>
    public string Name(ModifierExpr e)
    {
        if (names.TryGetValue(e, out string? known))
            return known;
        string text = Text(e);
        if (e.Op is not (ModifierOp.Constant or ModifierOp.Coordinate or ModifierOp.Extent)
            && !(e.Source?.Kind == ModifierTensorKind.Score))
        {
            string name = $"v{names.Count}";
            statements.Add($"Interval {name} = {text};");
            text = name;
        }
        return names[e] = text;
    }

    private string Text(ModifierExpr e)
    {
        switch (e.Op)
        {
            case ModifierOp.Constant: return $"Interval.Of({(e.IsTruth ? e.Integer != 0 ? "true" : "false" : "(double)" + ModifierRow.Number(e))})";
            case ModifierOp.Coordinate when ofWholes:
                return $"new Interval(0, {(e.Extent.IsKnown ? e.Extent.ToString() : ModifierRow.Extent(e.Extent, dims, "tile"))} - 1)";
            case ModifierOp.Coordinate: return e.Axis switch
            {
                0 => "tile.KeyRange",
                1 => "tile.QueryRange",
                2 => "tile.HeadRange",
                _ => "tile.BatchRange"
            };
            case ModifierOp.Extent: return $"Interval.Of((double){ModifierRow.Extent(e.Extent, dims, "tile")})";
            case ModifierOp.Read when e.Source!.Kind == ModifierTensorKind.Score && e.Range.Equals(Interval.All): return "Interval.Finite";
            case ModifierOp.Read: return $"new Interval({ModifierRow.Number(e.Range.Low)}, {ModifierRow.Number(e.Range.High)}, {(e.Range.MayBeNaN ? "true" : "false")})";
            case ModifierOp.Reduce: return "Interval.All";
            case ModifierOp.ToReal: return Name(e.Arguments[0]);
            case ModifierOp.Where: return $"Interval.Select({Name(e.Arguments[0])}, {Name(e.Arguments[1])}, {Name(e.Arguments[2])})";
            case ModifierOp.Linear: return Linear(e);
        }
        string a = Name(e.Arguments[0]), b = Name(e.Arguments[e.Arguments.Count - 1]);
        return e.Op switch
        {
            ModifierOp.ToInteger => $"Intervals.Whole({a}, {ModifierRow.Number(e.Bounds.Low)}, {ModifierRow.Number(e.Bounds.High)})",
            ModifierOp.Divide when e.IsInteger => $"Interval.Quotient({a}, {b})",
            ModifierOp.Add => $"{a} + {b}",
            ModifierOp.Subtract => $"{a} - {b}",
            ModifierOp.Multiply => $"{a} * {b}",
            ModifierOp.Divide => $"{a} / {b}",
            ModifierOp.Negate => $"-{a}",
            ModifierOp.Absolute => $"Interval.Abs({a})",
            ModifierOp.Modulo or ModifierOp.Remainder => $"Interval.Modulo({a}, {b}, {(e.Op == ModifierOp.Remainder ? "true" : "false")})",
            ModifierOp.Minimum => $"Interval.Min({a}, {b})",
            ModifierOp.Maximum => $"Interval.Max({a}, {b})",
            ModifierOp.Less or ModifierOp.LessOrEqual or ModifierOp.Equal or ModifierOp.And or ModifierOp.Or
                or ModifierOp.Xor => $"Interval.{e.Op}({a}, {b})",
            ModifierOp.Not => $"Interval.Not({a})",
            _ => $"Intervals.Of(ModifierOp.{e.Op}, {a}, {b})",
        };
    }

    private string Linear(ModifierExpr e)
    {
        string text = "";
        for (int i = 0; i < e.Arguments.Count; i++)
        {
            string size = Math.Abs(e.Factors[i]).ToString(CultureInfo.InvariantCulture), name = Name(e.Arguments[i]);
            text += (e.Factors[i] < 0 ? text.Length == 0 ? "-" : " - "
                : text.Length == 0 ? ""
                : " + ") + (size == "1" ? name : $"Interval.Of((double){size}) * {name}");
        }
        return e.Integer == 0 ? text
            : $"{text} {(e.Integer < 0 ? '-' : '+')} Interval.Of((double){Math.Abs(e.Integer).ToString(CultureInfo.InvariantCulture)})";
    }
}
