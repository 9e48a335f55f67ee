using System.Globalization;
using Ops.Specs.Model;

namespace Ops.Generators.Emit.Inference;

/// <summary>Writes how the shape of an input is read from its first axis to its last, and what names it binds on the way.</summary>
internal sealed class ShapeEmitter(CodeWriter writer, OpVersion version)
{
    private readonly OpModel model = version.Model;
    private readonly ExpressionEmitter expressions = version.Expressions;
    private readonly HashSet<string> bound = [];
    private bool hasCursor;

    /// <summary>Reads one input.</summary>
    /// <param name="port">The input.</param>
    /// <param name="declare">What stands before the name of its elements, when it has a default and they are read.</param>
    public void Match(Port port, string declare)
    {
        DeclareCursor(port);
        string name = Names.Local(port.Name);
        bool readsDefault = port.Value is not null && version.ReadAsData.Contains(port.Name);
        writer.Section();
        if (readsDefault)
            writer.Line($"{declare}{Names.Elements(port.Name)} = {name} is null ? {expressions.Elements(port.Value!)} : {version.ElementsMethod(port)}({name});");
        if (port.Family is { } family)
        {
            MatchFamily(port, family);
        }
        else if (port.Optional)
        {
            using (writer.Block($"if ({name} is not null)"))
                MatchType(port.Type, name, CodeWriter.Quote(port.Name));
            if (readsDefault && port.Type is TensorPort { Items: { Count: 1 } items }
                && items[0] is DimItem { Extent: NameExpr { Symbol: SymbolKind.Dim } n })
            {
                using (writer.Block("else"))
                    writer.Line($"inference.Learn(ref {Names.Local(n.Name)}, {CodeWriter.Quote(n.Name)}, {CodeWriter.Quote(port.Name)}, {Names.Elements(port.Name)}.Length);");
            }
        }
        else
        {
            MatchType(port.Type, name, CodeWriter.Quote(port.Name));
        }
    }

    /// <summary>One cursor serves all inputs.</summary>
    private void DeclareCursor(Port port)
    {
        if (hasCursor || !PortTypes.TensorsOf(port.Type).Any())
            return;
        hasCursor = true;
        writer.Line("ShapeCursor cursor;");
        if (model.Inputs.SelectMany(i => PortTypes.TensorsOf(i.Type)).SelectMany(t => t.Items)
            .Any(i => i is DimItem d && Equations.SolvableNames(d.Extent).Any()))
            writer.Line("Dim extent;").Line("string origin;");
    }

    /// <summary>The elements of a variadic input, whose own names become lists.</summary>
    private void MatchFamily(Port port, Family family)
    {
        string name = Names.Local(port.Name), binder = Names.Local(family.Binder);
        string[] own =
            [.. PortTypes.TensorsOf(port.Type).SelectMany(t => t.Items).Select(FamilyNameOf).Where(n => n is not null).Distinct()!];
        foreach (string dim in own)
            writer.Line($"var {dim}Items = new {(model.Dims.Any(d => d.Name == dim && d.Kind == DimKind.FamilyRank) ? "Seq<Dim>" : "Dim")}[{name}.Count];");
        using (writer.Block($"for (int {binder} = 0; {binder} < {name}.Count; {binder}++)"))
            MatchType(port.Type, $"{name}[{binder}]", $"$\"{port.Name}[{{{binder}}}]\"");
        foreach (string dim in own)
            writer.Line($"{Names.Local(dim)} = {dim}Items;");
    }

    private static string? FamilyNameOf(ShapeItem item) => item switch
    {
        DimItem { Extent: IndexExpr { Target: NameExpr { Symbol: SymbolKind.FamilyDim } n } } => n.Name,
        SpliceItem { Dims: IndexExpr { Target: NameExpr n } } => n.Name,
        _ => null,
    };

    private void MatchType(PortType type, string value, string quotedPort)
    {
        switch (type)
        {
            case ConditionalPort conditional:
                string condition = expressions.Operand(conditional.Condition);
                HashSet<string> before = [.. bound];
                using (writer.Block($"if ({condition}.IsTrue)"))
                    MatchType(conditional.Then, value, quotedPort);
                HashSet<string> then = [.. bound];
                bound.IntersectWith(before);
                using (writer.Block($"else if ({condition}.IsFalse)"))
                    MatchType(conditional.Otherwise, value, quotedPort);
                bound.UnionWith(then);
                break;
            case TensorPort tensor:
                string rank = tensor.Items.All(i => i is DimItem) ? $", {tensor.Items.Count}" : "";
                writer.Line($"cursor = inference.Shape({quotedPort}, {value}, {CodeWriter.Quote(tensor.Text)}{rank});");
                SpliceItem? rest = RestOf(tensor);
                for (int i = 0; i < tensor.Items.Count; i++)
                    MatchItem(tensor, i, ReferenceEquals(tensor.Items[i], rest));
                writer.Line("cursor.End();");
                break;
        }
    }

    /// <summary>Of several rank variables without an end, those already known have their length; one takes the rest.</summary>
    private SpliceItem? RestOf(TensorPort tensor)
    {
        SpliceItem? last = null, unknown = null;
        foreach (ShapeItem item in tensor.Items)
        {
            if (item is not SpliceItem { End: null } splice)
                continue;
            string? name = RankVariable(splice);
            if (splice.Dims is not null && name is null)
                continue;
            last = splice;
            if (name is null || !bound.Contains(name))
                unknown = splice;
        }
        return unknown ?? last;
    }

    private static string? RankVariable(SpliceItem item) => item.Dims switch
    {
        NameExpr { Symbol: SymbolKind.RankVariable } n => n.Name,
        IndexExpr { Target: NameExpr { Symbol: SymbolKind.RankVariable or SymbolKind.FamilyDim } n } => n.Name,
        _ => null,
    };

    private void MatchItem(TensorPort tensor, int index, bool takesRest)
    {
        switch (tensor.Items[index])
        {
            case DimItem { Extent: NameExpr { Symbol: SymbolKind.Dim } n }:
                writer.Line($"cursor.Axis(ref {Names.Local(n.Name)}, {CodeWriter.Quote(n.Name)});");
                bound.Add(n.Name);
                break;
            case DimItem { Extent: IndexExpr { Target: NameExpr { Symbol: SymbolKind.FamilyDim } n } family }:
                string binder = expressions.Value(((PositionIndex)family.Indices[0]).Position);
                writer.Line($"cursor.Axis(ref {n.Name}Items[{binder}], $\"{n.Name}[{{{binder}}}]\");");
                break;
            case DimItem dim:
                MatchExtent(dim);
                break;
            case SpliceItem splice:
                MatchSplice(tensor, index, splice, takesRest);
                break;
        }
    }

    /// <summary>An extent that is an expression: it equals what is known, and may tell the one name that is not.</summary>
    private void MatchExtent(DimItem dim)
    {
        string[] solvable = [.. Equations.SolvableNames(dim.Extent)];
        string value = expressions.Value(dim.Extent), text = CodeWriter.Quote(dim.Text);
        if (solvable.Length == 0)
        {
            writer.Line($"cursor.Equal({value}, {text});");
            return;
        }
        writer.Line("extent = cursor.Next(out origin);");
        foreach (string name in solvable)
        {
            Expr inverse = Equations.Inverse(dim.Extent, name, new NameExpr("extent", SymbolKind.Binder, new ExprType(ExprKind.Exact)))!;
            writer.Line($"inference.Solve(ref {Names.Local(name)}, {CodeWriter.Quote(name)}, origin, {text}, extent, {expressions.Value(inverse).Replace("extent_", "extent")});");
            bound.Add(name);
        }
        writer.Line($"inference.Check(origin, extent, {value}, {text});");
    }

    private void MatchSplice(TensorPort tensor, int index, SpliceItem splice, bool takesRest)
    {
        string? rank = RankVariable(splice);
        if (splice.Dims is null && splice.End is { } skipped)
            writer.Line(
                $"cursor.SkipUntil({expressions.Value(skipped)}, {CodeWriter.Quote(EndText(splice.Text))}, {DimsBehind(tensor, index)});");
        else if (splice.Dims is null)
            writer.Line($"cursor.Skip({After(tensor, index)});");
        else if (rank is null)
            writer.Line($"cursor.Equal({expressions.Value(splice.Dims)}, {CodeWriter.Quote(splice.Text)});");
        else
        {
            string variable = splice.Dims is IndexExpr indexed
                ? $"{rank}Items[{expressions.Value(((PositionIndex)indexed.Indices[0]).Position)}]" : Names.Local(rank);
            if (splice.End is { } end)
                writer.Line($"cursor.Until(ref {variable}, {CodeWriter.Quote(rank)}, {expressions.Value(end)}, {CodeWriter.Quote(EndText(splice.Text))}, {DimsBehind(tensor, index)});");
            else if (takesRest)
                writer.Line($"cursor.Rest(ref {variable}, {CodeWriter.Quote(rank)}, {After(tensor, index)});");
            else
                writer.Line($"cursor.Equal({variable}, {CodeWriter.Quote(splice.Text)});");
            bound.Add(rank);
        }
    }

    /// <summary>The end of a rank variable as the spec writes it, without the parentheses around an expression.</summary>
    private static string EndText(string text)
    {
        string end = text.Substring(text.IndexOf('@') + 1);
        return end.StartsWith("(", StringComparison.Ordinal) && end.EndsWith(")", StringComparison.Ordinal)
            ? end.Substring(1, end.Length - 2) : end;
    }

    /// <summary>How many items behind one are single dims.</summary>
    private static int DimsBehind(TensorPort tensor, int index)
    {
        int dims = 0;
        for (int i = index + 1; i < tensor.Items.Count; i++)
            dims += tensor.Items[i] is DimItem ? 1 : 0;
        return dims;
    }

    /// <summary>How many dims stand behind an item, as C#.</summary>
    private string After(TensorPort tensor, int index)
    {
        List<string> parts = [.. tensor.Items.Skip(index + 1).OfType<SpliceItem>().Where(s => s.Dims is not null)
            .Select(s => $"{expressions.Operand(s.Dims!)}.Length")];
        int dims = DimsBehind(tensor, index);
        if (dims > 0 || parts.Count == 0)
            parts.Add(dims.ToString(CultureInfo.InvariantCulture));
        return string.Join(" + ", parts);
    }
}
