using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Binding;

/// <summary>Binds named attribute values. Text stands as it is; other values are constant expressions.</summary>
internal sealed class PresetBinder(ExpressionBinder expressions, DiagnosticBag bag)
{
    internal EquatableArray<Preset> Bind(
        IReadOnlyList<Entry<List<Entry<MappedText>>>> presets, IReadOnlyList<Entry<AttributeSyntax>> syntax, EquatableArray<AttributeModel> attributes)
    {
        List<Preset> bound = [];
        foreach (Entry<List<Entry<MappedText>>> preset in presets)
        {
            List<PresetValue> values = [];
            foreach (Entry<MappedText> entry in preset.Value ?? [])
            {
                if (syntax.All(a => a.Name != entry.Name))
                    bag.Report(SpecRules.PresetAttribute, entry.NameSpan, $"there is no attribute '{entry.Name}'{DidYouMean.Hint(entry.Name, syntax.Select(a => a.Name))}");
                else if (attributes.FirstOrDefault(a => a.Name == entry.Name) is { } attribute && Value(entry, attribute) is { } value)
                    values.Add(new PresetValue(entry.Name, value));
            }
            bound.Add(new Preset(preset.Name, values.ToEquatableArray()));
        }
        return bound.ToEquatableArray();
    }

    private Expr? Value(Entry<MappedText> entry, AttributeModel attribute)
    {
        if (entry.Value is not { } text)
            return null;
        Expr? value;
        string trimmed = text.Text.Trim();
        if (attribute.Kind is AttributeKind.Graph or AttributeKind.Tensor)
        {
            bag.Report(SpecRules.PresetValue, entry.NameSpan, $"'{entry.Name}' is a {attribute.Kind.ToString().ToLowerInvariant()}; a preset cannot give it");
            return null;
        }
        if (attribute is { Kind: AttributeKind.String, IsList: false } && !trimmed.StartsWith("'", StringComparison.Ordinal))
            value = new StringLiteral(trimmed);
        else
        {
            if (new ExpressionParser(text, bag).ParseWholeValue() is not { } syntax)
                return null;
            ExprKind kind = attribute.Kind switch
            {
                AttributeKind.Int => ExprKind.Exact,
                AttributeKind.Float => ExprKind.Real,
                AttributeKind.String => ExprKind.String,
                AttributeKind.Bool => ExprKind.Bool,
                _ => ExprKind.Dtype,
            };
            expressions.Begin();
            value = expressions.BindAs(syntax, new ExprType(kind, attribute.IsList ? 1 : 0), $"{new ExprType(kind, attribute.IsList ? 1 : 0).Say()}, a value of '{attribute.Name}',");
            if (value is not null && expressions.Reads.Count > 0)
            {
                bag.Report(SpecRules.PresetValue, entry.Span, $"'{expressions.Reads.First()}' is known only in a call; a preset's value is constant");
                return null;
            }
        }
        if (value is not null && attribute.In is not null && Constants.Outside(value, attribute.In) is { } outside)
        {
            string hint = value is StringLiteral literal && attribute.In is ListExpr list
                ? DidYouMean.Hint(literal.Value, list.Items.Select(i => i.Value).OfType<StringLiteral>().Select(s => s.Value)) : "";
            bag.Report(SpecRules.PresetValue, entry.Span, $"{outside} is not in {attribute.InText}, the values of '{attribute.Name}'{hint}");
            return null;
        }
        return value;
    }
}
