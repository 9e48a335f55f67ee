using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the structs that the graphs of presets become.</summary>
internal static class FunctorEmitter
{
    private const string Where = "where V : struct, ISimd<V, C> where C : unmanaged";

    public static void Emit(CodeWriter writer, OpModel model)
    {
        foreach (Preset preset in model.Presets)
            foreach (PresetFunctor functor in preset.Functors)
                if (functor.Attribute != "prob_mod")
                    Emit(writer, model.Path, preset.Name, functor);
    }

    private static void Emit(CodeWriter writer, string path, string name, PresetFunctor functor)
    {
        writer.Line();
        writer.Line(SpecLinks.CommentOf(path, name));
        writer.Doc("summary", $"The preset {name} as a modifier that the JIT compiles into the kernel: {functor.Expression}, of a score s at batch b, head h, query i and key j.");
        using (writer.Block($"public readonly struct {name} : global::Ops.Modifiers.IScoreFunctor"))
        {
            Property(writer, "IsSelective", functor.IsSelective);
            Property(writer, "IsPlainWhenFull", functor.IsPlainWhenFull);
            Look(writer, functor);
            Require(writer, functor);
            Tabulate(writer, functor);
            Open(writer, functor);
            foreach (FunctorRow row in functor.Rows)
                Row(writer, row);
        }
    }

    private static void Property(CodeWriter writer, string name, bool value)
    {
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public static bool {name} => {(value ? "true" : "false")};");
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

    private static void Require(CodeWriter writer, PresetFunctor functor)
    {
        writer.Line("/// <inheritdoc/>");
        using (writer.Block("public void Require(in FunctorTile tile)"))
        {
            foreach (string statement in functor.Granted.Concat(functor.Requirements))
                writer.Line(statement);
        }
        writer.Line();
    }

    private static void Tabulate(CodeWriter writer, PresetFunctor functor)
    {
        writer.Line("/// <inheritdoc/>");
        using (writer.Block($"public void Tabulate<V, C>(FunctorTables<V, C> tables) {Where}"))
        {
            foreach (string elements in functor.Constants)
                writer.Line($"tables.Constant([{elements}]);");
            for (int i = 0; i < functor.DistancesByHead.Count; i++)
            {
                bool byHead = functor.DistancesByHead[i];
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
        using (writer.Block($"public void Open<V, C, L>(in FunctorPlace<V, C> place, bool isFull, ref L loop) {Where} where L : struct, IRowLoop<V, C>"))
        {
            string tabled = functor.DistancesByHead.Count > 0 ? "if (place.HasDistances) loop.Run(new Tabled{0}<V, C>(place)); else " : "";
            string Run(string row) => tabled.Replace("{0}", row) + $"loop.Run(new {row}<V, C>(place));";
            if (functor.HasFullRow)
            {
                using (writer.Block("if (isFull)"))
                    writer.Line(Run("FullRow"));
                using (writer.Block("else"))
                    writer.Line(Run("Row"));
            }
            else
            {
                writer.Line(Run("Row"));
            }
        }
    }

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
