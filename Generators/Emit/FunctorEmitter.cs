using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the structs that the graphs of presets become.</summary>
internal static class FunctorEmitter
{
    public static void Emit(CodeWriter writer, OpModel model)
    {
        foreach (Preset preset in model.Presets)
            foreach (PresetFunctor functor in preset.Functors)
                if (functor.Attribute != "prob_mod")
                    Emit(writer, preset.Name, functor);
    }

    private static void Emit(CodeWriter writer, string name, PresetFunctor functor)
    {
        writer.Line();
        writer.Doc("summary", $"The preset {name} as a modifier that the JIT compiles into the kernel: {functor.Expression}, of a score s at batch b, head h, query i and key j.");
        using (writer.Block($"public readonly struct {name} : global::Ops.Modifiers.IScoreFunctor"))
        {
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static bool IsSelective => {(functor.IsSelective ? "true" : "false")};");
            writer.Line();
            writer.Line("/// <inheritdoc/>");
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            using (writer.Block("public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys) where V : struct, ISimd<V, C> where C : unmanaged"))
            {
                foreach (string statement in functor.Vectors)
                    writer.Line(Qualified(statement));
                writer.Line($"return {functor.Result};");
            }
            writer.Line();
            writer.Line("/// <inheritdoc/>");
            const string Interval = "global::Ops.Specs.Modifiers.Interval";
            using (writer.Block($"public {Interval} Look(int batch, {Interval} heads, {Interval} queries, {Interval} keys)"))
            {
                foreach (string statement in functor.Intervals)
                    writer.Line(Qualified(statement));
                writer.Line($"return {Qualified(functor.Range)};");
            }
        }
    }

    /// <summary>With the namespaces that a generated file does not import.</summary>
    private static string Qualified(string statement) => statement
        .Replace("Intervals.Of(ModifierOp.", "global::Ops.Specs.Modifiers.Intervals.Of(global::Ops.Specs.Modifiers.ModifierOp.")
        .Replace("Interval.", "global::Ops.Specs.Modifiers.Interval.").Replace("Modifiers.global::Ops.Specs.Modifiers.Interval.", "Modifiers.Interval.")
        .Replace("Interval v", "global::Ops.Specs.Modifiers.Interval v")
        .Replace("FunctorMath.", "global::Ops.Modifiers.FunctorMath.");
}
