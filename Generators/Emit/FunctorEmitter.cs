using System.Globalization;
using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the structs that the graphs of presets become.</summary>
internal static class FunctorEmitter
{
    private const string Where = "where V : struct, ISimd<V, C> where C : unmanaged";

    public static void Emit(CodeWriter writer, OpModel model)
    {
        foreach (Preset preset in model.Presets)
            if (preset.Functors.Count > 0)
                Emit(writer, model.Path, preset);
    }

    private static void Emit(CodeWriter writer, string path, Preset preset)
    {
        PresetFunctor? scores = preset.Functors.FirstOrDefault(f => !f.IsProbability),
            probabilities = preset.Functors.FirstOrDefault(f => f.IsProbability);
        string[] what = [.. new[] { scores is null ? null : $"a score s becomes {scores.Expression}",
            probabilities is null ? null : $"a probability p becomes {probabilities.Expression}" }.OfType<string>()];
        writer.Line();
        writer.Line(SpecLinks.CommentOf(path, preset.Name));
        writer.Doc("summary",
            $"The preset {preset.Name} as a modifier that the JIT compiles into the kernel: at batch b, head h, query i and key j {string.Join(", ", what)}.");
        using (writer.Block($"public readonly struct {preset.Name} : global::Ops.Modifiers.IScoreFunctor"))
        {
            if (scores is not null)
            {
                Property(writer, "bool", "IsSelective", Text(scores.IsSelective));
                Property(writer, "bool", "IsPlainWhenFull", Text(scores.IsPlainWhenFull));
                if (scores.Keys.Count > 0)
                    Keys(writer, scores);
            }
            else
            {
                Property(writer, "bool", "ChangesScores", "false");
            }
            if (probabilities is not null)
            {
                Property(writer, "bool", "ChangesProbabilities", "true");
                Property(writer, "bool", "SkipsZeros", Text(probabilities.SkipsZeros));
                if (probabilities.Reductions.Count > 0)
                    Reductions(writer, probabilities);
            }
            if (scores is not null)
                Look(writer, scores);
            Require(writer, preset);
            Tabulate(writer, preset);
            if (scores is not null)
                Open(writer, scores);
            if (probabilities is not null)
                OpenProbabilities(writer, probabilities);
            foreach (PresetFunctor functor in preset.Functors)
                foreach (FunctorRow row in functor.Rows)
                    Row(writer, row);
        }
    }

    private static string Text(bool value) => value ? "true" : "false";

    private static void Property(CodeWriter writer, string type, string name, string value)
    {
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public static {type} {name} => {value};");
        writer.Line();
    }

    private static void Reductions(CodeWriter writer, PresetFunctor functor)
    {
        Property(writer, "int", "Reductions", functor.Reductions.Count.ToString(CultureInfo.InvariantCulture));
        writer.Line("/// <inheritdoc/>");
        string kinds = string.Join(", ",
            functor.Reductions.Select((kind, i) => $"{i} => ModifierReduction.{kind}").Take(functor.Reductions.Count - 1));
        string last = $"ModifierReduction.{functor.Reductions[functor.Reductions.Count - 1]}";
        writer.Line($"public static ModifierReduction Reduction(int number) => {(kinds.Length == 0 ? last : $"number switch {{ {kinds}, _ => {last} }}")};");
        writer.Line();
    }

    private static void Keys(CodeWriter writer, PresetFunctor functor)
    {
        Property(writer, "bool", "HasKeys", "true");
        writer.Line("/// <inheritdoc/>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        writer.Line($"public (long From, long To) Keys(in FunctorTile call, long batch, long head, long query) => ({functor.Keys[0]}, {functor.Keys[1]});");
        writer.Line();
    }

    private static void Look(CodeWriter writer, PresetFunctor functor)
    {
        writer.Line("/// <inheritdoc/>");
        using (writer.Block("public Interval Look(in FunctorTile tile, out bool isFull)"))
        {
            foreach (string statement in functor.Intervals)
                writer.Line(statement);
            writer.Line($"isFull = {(functor.IsFull.Length == 0 ? "false" : functor.IsFull)};");
            writer.Line($"return {functor.Range};");
        }
        writer.Line();
    }

    private static void Require(CodeWriter writer, Preset preset)
    {
        writer.Line("/// <inheritdoc/>");
        using (writer.Block("public void Require(in FunctorTile tile)"))
        {
            foreach (PresetFunctor functor in preset.Functors.Where(f => f.Requirements.Count > 0))
                using (writer.Block())
                    foreach (string statement in functor.Granted.Concat(functor.Requirements))
                        writer.Line(statement);
        }
        writer.Line();
    }

    private static void Tabulate(CodeWriter writer, Preset preset)
    {
        writer.Line("/// <inheritdoc/>");
        using (writer.Block($"public void Tabulate<V, C>(FunctorTables<V, C> tables) {Where}"))
        {
            foreach (string elements in preset.Functors.SelectMany(f => f.Constants))
                writer.Line($"tables.Constant([{elements}]);");
            bool[] byHeads = [.. preset.Functors.SelectMany(f => f.DistancesByHead)];
            for (int i = 0; i < byHeads.Length; i++)
            {
                bool byHead = byHeads[i];
                string head = byHead ? "head" : "0";
                writer.Line($"{(byHead ? "for (int head = 0; head < tables.Heads; head++) " : "")}tables.Distance({i}, {head}, {(byHead ? "true" : "false")}, new Distance{i}<V, C>(tables.Place({head})));");
            }
        }
        writer.Line();
    }

    private static void Open(CodeWriter writer, PresetFunctor functor)
    {
        writer.Line("/// <inheritdoc/>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (writer.Block(
            $"public void Open<V, C, L>(in FunctorPlace<V, C> place, bool isFull, ref L loop) {Where} where L : struct, IRowLoop<V, C>"))
        {
            if (functor.HasFullRow)
            {
                using (writer.Block("if (isFull)"))
                    writer.Line(Run(functor, "FullRow"));
                using (writer.Block("else"))
                    writer.Line(Run(functor, "Row"));
            }
            else
            {
                writer.Line(Run(functor, "Row"));
            }
        }
    }

    private static void OpenProbabilities(CodeWriter writer, PresetFunctor functor)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (writer.Block($"public void OpenProbabilities<V, C, L>(in FunctorPlace<V, C> place, int number, ref L loop) {Where} where L : struct, IRowLoop<V, C>"))
        {
            for (int i = 0; i < functor.Reductions.Count; i++)
                using (writer.Block($"{(i > 0 ? "else " : "")}if (number == {i})"))
                    writer.Line(Run(functor, $"Reduction{i}"));
            if (functor.Reductions.Count > 0)
                using (writer.Block("else"))
                    writer.Line(Run(functor, "Probability"));
            else
                writer.Line(Run(functor, "Probability"));
        }
    }

    private static string Run(PresetFunctor functor, string row) =>
        (functor.DistancesByHead.Count > 0 ? $"if (place.HasDistances) loop.Run(new Tabled{row}<V, C>(place)); else " : "")
            + $"loop.Run(new {row}<V, C>(place));";

    private static void Row(CodeWriter writer, FunctorRow row)
    {
        writer.Line();
        using (writer.Block($"private readonly struct {row.Name}<V, C> : IScoreRow<V, C> {Where}"))
        {
            foreach (FunctorField field in row.Fields)
                writer.Line($"private readonly {field.Type} {field.Name};");
            if (row.Fields.Count > 0)
                writer.Line();
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            using (writer.Block($"public {row.Name}(in FunctorPlace<V, C> place)"))
            {
                foreach (string statement in row.Once)
                    writer.Line(statement);
            }
            writer.Line();
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            using (writer.Block("public V Apply(V score, int firstKey, V keys)"))
            {
                foreach (string statement in row.Each)
                    writer.Line(statement);
                writer.Line($"return {row.Result};");
            }
        }
    }
}
