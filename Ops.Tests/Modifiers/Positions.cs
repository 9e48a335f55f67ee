using Ops.Specs.Types;

namespace Ops.Tests.Modifiers;

/// <summary>One way to write the positions of queries, keys, heads and batches in a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The element type of the positions.</param>
/// <param name="Along">The positions along an axis of the scores, to broadcast against them.</param>
internal sealed record Positions(string Name, ElementType Type, Func<GraphWriter, FlexCase, int, string> Along)
{
    public override string ToString() => Name;

    public static IReadOnlyList<Positions> All { get; } =
    [
        new("range", ElementType.Int64, (w, _, axis) =>
            Placed(w, w["Range", w.LongScalar(0), w["Gather", w["Shape", w.Score], w.LongScalar(axis)], w.LongScalar(1)], axis)),
        new("shape-attributes", ElementType.Int64, (w, _, axis) =>
        {
            string n = w["Squeeze", w.Op("Shape", [w.Score], ("start", (long)axis), ("end", (long)axis + 1)), w.Long(0)];
            string range = w["Range", w.LongScalar(0), n, w.LongScalar(1)];
            return w["Reshape", range, w.Long([.. Enumerable.Range(axis, 4 - axis).Select(k => k == axis ? -1L : 1L)])];
        }),
        new("slice-int32", ElementType.Int32, (w, _, axis) =>
        {
            string shape = w.Cast(w["Slice", w["Shape", w.Score], w.Long(axis), w.Long(axis + 1), w.Long(0)], ElementType.Int32);
            string n = w["Squeeze", shape];
            return Placed(w, w["Range", w.Number(0, ElementType.Int32), n, w.Number(1, ElementType.Int32)], axis);
        }),
        new("cumsum", ElementType.Int64, (w, _, axis) =>
        {
            string n = w["Gather", w["Shape", w.Score], w.Long(axis)];
            string ones = w.Op("ConstantOfShape", [n], ("value", Ops.Tensors.TensorValue.From<long>([1], 1)));
            return Placed(w, w["Sub", w["CumSum", ones, w.LongScalar(0)], w.LongScalar(1)], axis);
        }),
        new("nonzero", ElementType.Int64, (w, _, axis) =>
        {
            string n = w["Gather", w["Shape", w.Score], w.Long(axis)];
            string ones = w.Op("ConstantOfShape", [n], ("value", Ops.Tensors.TensorValue.From<bool>([true], 1)));
            return Placed(w, w["Squeeze", w["NonZero", ones], w.Long(0)], axis);
        }),
        new("constant", ElementType.Int64,
            (w, c, axis) => Placed(w, w.Long([.. Enumerable.Range(0, c.Extent(axis)).Select(i => (long)i)]), axis)),
        new("grid", ElementType.Int64, (w, c, axis) =>
        {
            string range = w["Range", w.LongScalar(0), w["Gather", w["Shape", w.Score], w.LongScalar(axis - 4)], w.LongScalar(1)];
            return axis == 3 ? w["Expand", w["Unsqueeze", range, w.Long(0)], w["Slice", w["Shape", w.Score], w.Long(2), w.Long(4)]]
                : axis == 2
                ? w["Expand", w["Unsqueeze", range, w.Long(1)], w["Slice", w["Shape", w.Score], w.Long(2), w.Long(int.MaxValue)]]
                : Placed(w, range, axis);
        }),
        new("real", ElementType.Float, (w, _, axis) =>
            Placed(w, w.Cast(w["Range", w.LongScalar(0), w["Gather", w["Shape", w.Score], w.LongScalar(axis)], w.LongScalar(1)],
                ElementType.Float), axis)),
        new("real-range", ElementType.Float, (w, _, axis) =>
            Placed(w, w["Range", w.Number(0, ElementType.Float),
                w.Cast(w["Gather", w["Shape", w.Score], w.LongScalar(axis)], ElementType.Float), w.Number(1, ElementType.Float)], axis)),
    ];

    /// <summary>A vector along an axis of the scores.</summary>
    private static string Placed(GraphWriter w, string vector, int axis) =>
        axis == 3 ? vector : w["Unsqueeze", vector, w.Long([.. Enumerable.Range(1, 3 - axis).Select(k => (long)k)])];
}
