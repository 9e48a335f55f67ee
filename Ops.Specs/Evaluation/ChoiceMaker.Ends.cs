using Ops.Specs.Model;

namespace Ops.Specs.Evaluation;

// Attributes that say where rank variables end.
internal abstract partial class ChoiceMaker
{
    /// <summary>Sets attributes that say where a rank variable ends, or the rank variables to what they say when not given.</summary>
    private void Ends(SpecChoices made)
    {
        foreach (Port input in model.Inputs)
            foreach (TensorPort tensor in PortTypes.TensorsOf(input.Type))
                for (int i = 0; i < tensor.Items.Count; i++)
                    if (tensor.Items[i] is SpliceItem { End: NameExpr { Symbol: SymbolKind.Attribute } end, Dims: NameExpr before })
                        End(made, tensor, i, end.Name, before.Name);
    }

    private void End(SpecChoices made, TensorPort tensor, int index, string attribute, string before)
    {
        if (made.Value(before) is not object?[] list)
            return;
        ShapeItem[] behind = [.. tensor.Items.Skip(index + 1)];
        int Behind() => behind.Sum(b => b is SpliceItem { Dims: NameExpr n } ? (made.Value(n.Name) as object?[])?.Length ?? 0 : 1);
        if (made.Present.Contains(attribute))
        {
            made.Values[attribute] = Chance(0.5) || Behind() == 0 ? (double)list.Length : -(double)Behind();
        }
        else if (new SpecEvaluator(made).Evaluate(model.Attributes.First(a => a.Name == attribute).Default
            ?? new IntLiteral(0)) is double fallback)
        {
            if (fallback >= 0)
                made.Values[before] = Sized(list, (int)fallback);
            else if (behind.OfType<SpliceItem>().LastOrDefault()?.Dims is NameExpr last && made.Value(last.Name) is object?[] rest)
                made.Values[last.Name] = Sized(rest, Math.Max(0, (int)-fallback - Behind() + rest.Length));
        }
    }

    /// <summary>Whether the places at which attributes say that rank variables end are those where they do.</summary>
    protected bool EndsFit(SpecChoices made)
    {
        var evaluator = new SpecEvaluator(made);
        foreach (Port input in model.Inputs)
        {
            if (!made.Present.Contains(input.Name) || input.Family is not null || input.Type is not TensorPort tensor
                || evaluator.DimsOf(tensor) is not { } dims)
                continue;
            int before = 0;
            foreach (ShapeItem item in tensor.Items)
            {
                before += item is DimItem ? 1 : item is SpliceItem { Dims: NameExpr n }
                    ? (made.Value(n.Name) as object?[])?.Length ?? 0 : 0;
                if (item is SpliceItem { End: { } end } && evaluator.Evaluate(end) is double at
                    && (at < 0 ? at + dims.Length : at) != before)
                    return false;
            }
        }
        return true;
    }
}
