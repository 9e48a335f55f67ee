using Ops.Specs.Bodies;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Modifiers;
using Ops.Specs.Symbolic;
using Ops.Specs.Syntax;
using Ops.Specs.Text;
using Ops.Specs.Types;

namespace Ops.Specs.Binding;

/// <summary>Binds named attribute values. Text stands as it is; other values are constant expressions.</summary>
internal sealed class PresetBinder(ExpressionBinder expressions, DiagnosticBag bag)
{
    internal EquatableArray<Preset> Bind(
        IReadOnlyList<Entry<List<Entry<MappedText>>>> presets, IReadOnlyList<Entry<AttributeSyntax>> syntax,
        EquatableArray<AttributeModel> attributes)
    {
        List<Preset> bound = [];
        foreach (Entry<List<Entry<MappedText>>> preset in presets)
        {
            List<PresetValue> values = [];
            List<PresetFunctor> functors = [];
            foreach (Entry<MappedText> entry in preset.Value ?? [])
            {
                if (syntax.All(a => a.Name != entry.Name))
                    bag.Report(SpecRules.PresetAttribute, entry.NameSpan,
                        $"there is no attribute '{entry.Name}'{DidYouMean.Hint(entry.Name, syntax.Select(a => a.Name))}");
                else if (attributes.FirstOrDefault(a => a.Name == entry.Name) is { Kind: AttributeKind.Graph, Arrows.Count: > 0 } graph)
                {
                    if (Functor(entry, graph, functors) is { } functor)
                        functors.Add(functor);
                }
                else if (attributes.FirstOrDefault(a => a.Name == entry.Name) is { } attribute && Value(entry, attribute) is { } value)
                    values.Add(new PresetValue(entry.Name, value));
            }
            bound.Add(new Preset(preset.Name, values.ToEquatableArray()) { Functors = functors.ToEquatableArray() });
        }
        return bound.ToEquatableArray();
    }

    /// <summary>A graph that modifies scores or probabilities, compiled as far as that can be before extents are known.</summary>
    private PresetFunctor? Functor(Entry<MappedText> entry, AttributeModel attribute, IReadOnlyList<PresetFunctor> before)
    {
        if (entry.Value is not { } text || new BodyParser(text, bag).ParseWholeGraph() is not { } graph)
            return null;
        try
        {
            Dim[] dims = attribute.Arrows[0].Inputs[0] is TensorPort { Items: var items }
                ? [.. items.Select((item, i) => Dim.Symbol($"{(item is DimItem dim ? dim.Text : item)}#{i}"))] : [];
            bool isProbability = attribute.Name == "prob_mod";
            ModifierTensor score = ModifierTensor.Score(graph.Inputs.Count > 0 ? graph.Inputs[0].Name : "", ElementType.Double, dims);
            if (isProbability)
                score = score.Within(ModifierProgram.Probabilities).Labelled("p");
            return ModifierStruct.Of(entry.Name,
                ModifierProgram.Of(ModifierText.Read(graph, ElementType.Double), [score], isProbability, defersPlaces: true), before);
        }
        catch (ModifierException e)
        {
            bag.Report(SpecRules.PresetValue, entry.Span, $"this graph is no functor of single scores: {e.Message}");
            return null;
        }
    }

    private Expr? Value(Entry<MappedText> entry, AttributeModel attribute)
    {
        if (entry.Value is not { } text)
            return null;
        Expr? value;
        string trimmed = text.Text.Trim();
        if (!attribute.HasValue)
        {
            bag.Report(SpecRules.PresetValue, entry.NameSpan,
                $"'{entry.Name}' is a {attribute.Kind.ToString().ToLowerInvariant()}; a preset cannot give it");
            return null;
        }
        if (attribute is { Kind: AttributeKind.String, IsList: false } && !trimmed.StartsWith("'", StringComparison.Ordinal))
            value = new StringLiteral(trimmed);
        else
        {
            if (new ExpressionParser(text, bag).ParseWholeValue() is not { } syntax)
                return null;
            expressions.Begin();
            value = expressions.BindAs(syntax, attribute.ValueType, $"{attribute.ValueType.Say()}, a value of '{attribute.Name}',");
            if (value is not null && expressions.Reads.Count > 0)
            {
                bag.Report(SpecRules.PresetValue, entry.Span,
                    $"'{expressions.Reads.First()}' is known only in a call; a preset's value is constant");
                return null;
            }
        }
        if (value is not null && attribute.In is not null && Constants.Outside(value, attribute.In) is { } outside)
        {
            string hint = value is StringLiteral literal && attribute.In is ListExpr list
                ? DidYouMean.Hint(literal.Value, list.Items.Select(i => i.Value).OfType<StringLiteral>().Select(s => s.Value)) : "";
            bag.Report(SpecRules.PresetValue, entry.Span,
                $"{outside} is not in {attribute.InText}, the values of '{attribute.Name}'{hint}");
            return null;
        }
        return value;
    }
}
