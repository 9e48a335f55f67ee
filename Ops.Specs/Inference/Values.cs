using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Inference;

/// <summary>Converts between C# values of a call and the shape algebra.</summary>
public static class Values
{
    /// <summary>A list attribute; null stays null.</summary>
    public static Seq<Dim>? List(long[]? items) => items is null ? default(Seq<Dim>?) : Seq.Of(Array.ConvertAll(items, i => (Dim)i));

    /// <summary>A list attribute; null stays null.</summary>
    public static Seq<Real>? List(float[]? items) => items is null ? default(Seq<Real>?) : Seq.Of(Array.ConvertAll(items, i => (Real)i));

    /// <summary>A list attribute; null stays null.</summary>
    public static Seq<string>? List(string[]? items) => items is null ? default(Seq<string>?) : Seq.Of((string[])items.Clone());

    /// <summary>A list attribute; null stays null.</summary>
    public static Seq<Truth>? List(bool[]? items) => items is null ? default(Seq<Truth>?) : Seq.Of(Array.ConvertAll(items, i => (Truth)i));

    /// <summary>A list attribute; null stays null.</summary>
    public static Seq<ElementType>? List(ElementType[]? items) =>
        items is null ? default(Seq<ElementType>?) : Seq.Of((ElementType[])items.Clone());

    /// <summary>A bool attribute; null stays null.</summary>
    public static Truth? Truth(bool? value) => value is { } known ? known : null;

    /// <summary>The numbers of a list of which all are known; 0 for one that an absent input leaves open.</summary>
    public static long[] Longs(Seq<Dim> list)
    {
        var items = new long[list.Items.Length];
        for (int i = 0; i < items.Length; i++)
            items[i] = list.Items[i].ValueOr(0);
        return items;
    }

    /// <summary>The shapes of a family.</summary>
    public static long[][] Shapes(Seq<Seq<Dim>> list)
    {
        var items = new long[list.Items.Length][];
        for (int i = 0; i < items.Length; i++)
            items[i] = Longs(list.Items[i]);
        return items;
    }

    /// <summary>The reals of a list of which all are known.</summary>
    public static double[] Doubles(Seq<Real> list)
    {
        var items = new double[list.Items.Length];
        for (int i = 0; i < items.Length; i++)
            items[i] = list.Items[i].ValueOr(0);
        return items;
    }

    /// <summary>The truths of a list of which all are known.</summary>
    public static bool[] Bools(Seq<Truth> list)
    {
        var items = new bool[list.Items.Length];
        for (int i = 0; i < items.Length; i++)
            items[i] = list.Items[i].IsTrue;
        return items;
    }
}
