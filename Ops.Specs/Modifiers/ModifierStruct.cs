using System.Globalization;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>A modifier as the statements of a C# struct: one for each node, for vectors and for the intervals of a tile.</summary>
internal sealed class ModifierStruct
{
    private readonly Dictionary<ModifierExpr, (string Vector, string Interval)> names = [];
    private readonly List<string> vectors = [];
    private readonly List<string> intervals = [];

    private ModifierStruct(ModifierProgram program)
    {
        (Result, Range) = Name(program.Root);
        IsSelective = program.Tier == ModifierTier.Selective;
    }

    /// <summary>The statements on vectors.</summary>
    public IReadOnlyList<string> Vectors => vectors;

    /// <summary>The statements on intervals.</summary>
    public IReadOnlyList<string> Intervals => intervals;

    /// <summary>The vector of the result.</summary>
    public string Result { get; }

    /// <summary>The interval of the result.</summary>
    public string Range { get; }

    /// <summary>Whether tiles may be left out.</summary>
    public bool IsSelective { get; }

    /// <summary>The statements of a program.</summary>
    /// <exception cref="ModifierException">It needs what a struct does not have: tables, extents, whole rows.</exception>
    public static ModifierStruct Of(ModifierProgram program) => new(program);

    private (string Vector, string Interval) Name(ModifierExpr e)
    {
        if (names.TryGetValue(e, out var known))
            return known;
        if (e.IsInteger && !e.Range.Within(-(1 << 24), 1 << 24))
            throw new ModifierException("integers grow beyond what vectors of float hold exactly");
        var (vector, interval) = Text(e);
        if (e.Op is not (ModifierOp.Constant or ModifierOp.Coordinate or ModifierOp.Read))
        {
            vectors.Add($"V v{names.Count} = {vector};");
            intervals.Add($"Interval v{names.Count} = {interval};");
            vector = interval = $"v{names.Count}";
        }
        return names[e] = (vector, interval);
    }

    private (string Vector, string Interval) Text(ModifierExpr e)
    {
        switch (e.Op)
        {
            case ModifierOp.Constant when e.IsTruth: return (e.Integer != 0 ? "V.AllBitsSet" : "V.Zero", $"Interval.Of({(e.Integer != 0 ? "true" : "false")})");
            case ModifierOp.Constant: return ($"V.Constant({Number(e)})", $"Interval.Of((double){Number(e)})");
            case ModifierOp.Coordinate:
                return e.Axis switch
                {
                    0 => ("keys", "keys"),
                    1 => ("V.Constant(query)", "queries"),
                    2 => ("V.Constant(head)", "heads"),
                    _ => ("V.Constant(batch)", "Interval.Of((double)batch)"),
                };
            case ModifierOp.Read when e.Source!.Kind == ModifierTensorKind.Score: return ("score", "Interval.Finite");
            case ModifierOp.Linear: return Linear(e);
            case ModifierOp.ToReal when e.Arguments[0].IsTruth: return ($"{Name(e.Arguments[0]).Vector} & V.Constant(1)", Name(e.Arguments[0]).Interval);
            case ModifierOp.ToReal: return Name(e.Arguments[0]);
            case ModifierOp.Where:
                var (condition, x, y) = (Name(e.Arguments[0]), Name(e.Arguments[1]), Name(e.Arguments[2]));
                return ($"V.Select({condition.Vector}, {x.Vector}, {y.Vector})", $"Interval.Select({condition.Interval}, {x.Interval}, {y.Interval})");
        }
        string a = Name(e.Arguments[0]).Vector, b = Name(e.Arguments[e.Arguments.Count - 1]).Vector;
        string vector = e.Op switch
        {
            ModifierOp.Add => $"{a} + {b}",
            ModifierOp.Subtract => $"{a} - {b}",
            ModifierOp.Multiply => $"{a} * {b}",
            ModifierOp.Divide => e.IsInteger ? $"V.Truncate({a} / {b})" : $"{a} / {b}",
            ModifierOp.Modulo when e.IsInteger => $"{a} - {b} * V.Floor({a} / {b})",
            ModifierOp.Remainder when e.IsInteger => $"{a} - {b} * V.Truncate({a} / {b})",
            ModifierOp.Minimum => $"V.Min({a}, {b})",
            ModifierOp.Maximum => $"V.Max({a}, {b})",
            ModifierOp.Power => $"V.Pow({a}, {b})",
            ModifierOp.Negate => $"-{a}",
            ModifierOp.Absolute => $"V.Abs({a})",
            ModifierOp.Reciprocal => $"V.Constant(1) / {a}",
            ModifierOp.Ceiling or ModifierOp.Floor or ModifierOp.Round or ModifierOp.Sign or ModifierOp.Sqrt or ModifierOp.Exp or ModifierOp.Log or ModifierOp.Erf or ModifierOp.Sin or ModifierOp.Cos
                or ModifierOp.Tan or ModifierOp.Sinh or ModifierOp.Cosh or ModifierOp.Asin or ModifierOp.Acos or ModifierOp.Atan or ModifierOp.Asinh or ModifierOp.Acosh or ModifierOp.Atanh
                or ModifierOp.IsNaN or ModifierOp.IsInfinity => $"V.{e.Op}({a})",
            ModifierOp.Tanh or ModifierOp.Sigmoid or ModifierOp.Softplus or ModifierOp.Gelu or ModifierOp.GeluTanh => $"FunctorMath.{e.Op}<V, C>({a})",
            ModifierOp.Less or ModifierOp.LessOrEqual or ModifierOp.Equal => $"V.{e.Op}({a}, {b})",
            ModifierOp.And => $"{a} & {b}",
            ModifierOp.Or => $"{a} | {b}",
            ModifierOp.Xor => $"{a} ^ {b}",
            ModifierOp.Not => $"~{a}",
            _ => throw new ModifierException($"{(e.Op == ModifierOp.Read ? "a table" : e.Op == ModifierOp.Extent ? "an extent" : e.Op.ToString())} is known only when a graph is read at run time"),
        };
        return (vector, $"Intervals.Of(ModifierOp.{e.Op}, {Name(e.Arguments[0]).Interval}, {Name(e.Arguments[e.Arguments.Count - 1]).Interval})");
    }

    private (string Vector, string Interval) Linear(ModifierExpr e)
    {
        string vector = "", interval = "";
        for (int i = 0; i < e.Arguments.Count; i++)
        {
            long factor = e.Factors[i];
            var (v, range) = Name(e.Arguments[i]);
            string size = Math.Abs(factor).ToString(CultureInfo.InvariantCulture);
            string sign = factor < 0 ? vector.Length == 0 ? "-" : " - " : vector.Length == 0 ? "" : " + ";
            vector += sign + (size == "1" ? v : $"V.Constant({size}) * {v}");
            interval += sign + (size == "1" ? range : $"Interval.Of((double){size}) * {range}");
        }
        if (e.Integer != 0)
        {
            string size = Math.Abs(e.Integer).ToString(CultureInfo.InvariantCulture), sign = e.Integer < 0 ? " - " : " + ";
            vector += $"{sign}V.Constant({size})";
            interval += $"{sign}Interval.Of((double){size})";
        }
        return (vector, interval);
    }

    private static string Number(ModifierExpr e) =>
        e.IsInteger ? e.Integer.ToString(CultureInfo.InvariantCulture)
        : double.IsNegativeInfinity(e.Real) ? "double.NegativeInfinity"
        : double.IsPositiveInfinity(e.Real) ? "double.PositiveInfinity"
        : double.IsNaN(e.Real) ? "double.NaN"
        : e.Real.ToString("R", CultureInfo.InvariantCulture) is var text && e.Type.IsFloat() && text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : e.Real.ToString("R", CultureInfo.InvariantCulture);
}
