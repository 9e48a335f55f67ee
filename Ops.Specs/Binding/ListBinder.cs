using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>Types what makes lists and takes them apart: alternatives, ranges, comprehensions, indices.</summary>
internal sealed class ListBinder(ExpressionBinder expressions, SymbolTable symbols, PresenceGuards guards, DiagnosticBag bag)
{
    internal Expr? BindAlternatives(AlternativesSyntax alternatives)
    {
        List<ListItem> items = [];
        ExprType? element = null;
        bool broken = false;
        foreach (ExprSyntax part in alternatives.Parts)
        {
            Expr? bound = expressions.Bind(part);
            broken |= !AddItem(items, ref element, part, bound, spread: bound is RangeExpr || bound?.Type.Depth > 0);
        }
        return broken || element is null || !AreAlike(alternatives.Parts, items, element) ? null
            : new ListExpr(items.ToEquatableArray(), element with { Depth = element.Depth + 1 });
    }

    internal Expr? BindList(ListSyntax list, ExprType? expected)
    {
        List<ListItem> items = [];
        ExprType? element = null;
        bool broken = false;
        foreach (ElementSyntax part in list.Elements)
            broken |= !AddItem(items, ref element, part.Value, expressions.Bind(part.Value), part.Spread);
        if (broken)
            return null;
        // An empty list is a list of whatever is wanted.
        element ??= expected is { Depth: > 0 } ? expected.Element()
            : expected is { Kind: var kind } && kind.IsTensor() ? new ExprType(kind.Scalar())
            : ExprTypes.Exact;
        if (!AreAlike([.. list.Elements.Select(e => e.Value)], items, element))
            return null;
        return new ListExpr(items.ToEquatableArray(), element with { Depth = element.Depth + 1 });
    }

    internal Expr? BindRange(RangeSyntax range)
    {
        Expr? from = End(range.From), to = range.To is null ? null : End(range.To);
        if (from is null || (range.To is not null && to is null))
            return null;
        ExprKind kind = from.Type.Kind == ExprKind.Real || to?.Type.Kind == ExprKind.Real ? ExprKind.Real : ExprKind.Exact;
        return new RangeExpr(from, to, range.HalfOpen, new ExprType(kind, 1));
    }

    internal Expr? BindComprehension(ComprehensionSyntax comprehension, ExprType? expected, bool allowMissingElse)
    {
        List<Binder> binders = [];
        bool broken = false;
        int guarded = 0;
        foreach (BinderSyntax syntax in comprehension.Binders)
        {
            Expr? limit = syntax.Limit is null ? null : expressions.BindAs(syntax.Limit, ExprTypes.Exact);
            Expr? source = syntax.Limit is not null || syntax.Source is null ? null : expressions.Bind(syntax.Source);
            ExprType? type = limit is not null ? ExprTypes.Exact : source is not null ? ElementOf(source, syntax.Source!) : null;
            if (symbols.Find(syntax.Name) is { } hidden)
                bag.Report(SpecRules.NameClash, syntax.NameSpan,
                    $"'{syntax.Name}' is {hidden.Role} of this spec; a variable needs another name");
            else if (SymbolTable.IsConstant(syntax.Name))
                bag.Report(SpecRules.NameClash, syntax.NameSpan,
                    $"'{syntax.Name}' is a word of the language; a variable needs another name");
            expressions.Push(syntax.Name, type);
            Expr? condition = syntax.Condition is null ? null : expressions.BindPredicate(syntax.Condition);
            if (syntax.Condition is not null)
                guarded += guards.Enter(syntax.Condition, true);
            broken |= type is null || (syntax.Condition is not null && condition is null);
            if (type is not null)
                binders.Add(new Binder(syntax.Name, limit, source, condition, type));
        }
        ExprType? inner = expected is { Depth: > 0 } ? expected.Element() : expected is { Kind: ExprKind.Bool } ? expected : null;
        Expr? value = expressions.Bind(comprehension.Value, inner, allowMissingElse);
        foreach (BinderSyntax _ in comprehension.Binders)
            expressions.Pop();
        guards.Exit(guarded);
        return broken || value is null ? null
            : new ComprehensionExpr(value, binders.ToEquatableArray(), value.Type with { Depth = value.Type.Depth + 1 });
    }

    /// <summary>What a variable stands for that runs through a list.</summary>
    private ExprType? ElementOf(Expr source, ExprSyntax syntax)
    {
        if (source is RangeExpr { To: null })
            bag.Report(SpecRules.TypeMismatch, syntax.Span, $"'{ExpressionBinder.Short(syntax)}' has no end; a list is wanted here");
        else if (source.Type.IsSequence())
            return source.Type.Element();
        else
            expressions.Mismatch(syntax, source.Type, "a list");
        return null;
    }

    /// <param name="index">The index.</param>
    /// <param name="mayRunAlong">Whether <c>...</c> may stand for all places along axes.</param>
    internal Expr? BindIndex(IndexSyntax index, bool mayRunAlong)
    {
        Expr? target = expressions.Bind(index.Target);
        List<IndexItem> items = [];
        bool broken = target is null, whole = false;
        foreach (IndexPart part in index.Parts)
        {
            Expr? from = part.Position is null ? null : expressions.BindAs(part.Position, ExprTypes.Exact, "an integer, as an index,");
            Expr? to = part.To is null ? null : expressions.BindAs(part.To, ExprTypes.Exact, "an integer, as an index,");
            broken |= (part.Position is not null && from is null) || (part.To is not null && to is null);
            whole |= part.Ellipsis || part.Slice;
            items.Add(part.Ellipsis ? new EllipsisIndex() : part.Slice ? new SliceIndex(from, to) : new PositionIndex(from!));
        }
        if (broken || target is null)
            return null;
        ExprType type = target.Type;
        if (type.Depth > 0)
        {
            if (items.Count > 1 || items[0] is EllipsisIndex)
            {
                bag.Report(SpecRules.TypeMismatch, index.Span,
                    $"'{ExpressionBinder.Short(index.Target)}' is {type.Say()}; it takes one index");
                return null;
            }
            return new IndexExpr(target, items.ToEquatableArray(), whole ? type : type.Element());
        }
        if (!type.Kind.IsTensor())
            return expressions.Mismatch(index.Target, type, "a list or tensor");
        if (index.Parts.Count(p => p.Ellipsis) > 1)
        {
            bag.Report(SpecRules.TypeMismatch, index.Span, "'...' stands at most once in an index");
            return null;
        }
        if (items.Count > 1 && items.Any(i => i is SliceIndex))
        {
            bag.Report(SpecRules.TypeMismatch, index.Span, "a slice stands alone in an index; several axes take a number each");
            return null;
        }
        if (!mayRunAlong && items.Any(i => i is EllipsisIndex))
        {
            bag.Report(SpecRules.TypeMismatch, index.Span, "'...' in an index is for tests: 'X[..., 0] in 0..<n'");
            return null;
        }
        bool truth = target is NameExpr { Symbol: SymbolKind.Input } input && symbols.Find(input.Name) is { IsBoolTensor: true };
        return new IndexExpr(target, items.ToEquatableArray(), whole ? type : truth ? ExprTypes.Bool : type.Element());
    }

    private Expr? End(ExprSyntax syntax)
    {
        Expr? bound = expressions.Bind(syntax);
        return bound is null || bound.Type is { Depth: 0, Kind: ExprKind.Exact or ExprKind.Real }
            ? bound : expressions.Mismatch(syntax, bound.Type, "a number, as the end of a range,");
    }

    /// <summary>Whether each part can stand for what the whole list holds; otherwise that is reported. The ends of ranges are judged where
    /// they are bound.</summary>
    private bool AreAlike(IReadOnlyList<ExprSyntax> parts, List<ListItem> items, ExprType element)
    {
        for (int i = 0; i < items.Count; i++)
        {
            Expr value = items[i].Value;
            ExprType wanted = items[i].Spread ? element with { Depth = element.Depth + 1 } : element;
            if (value is RangeExpr || ExprTypes.StandsFor(value.Type, wanted))
                continue;
            expressions.Mismatch(parts[i], value.Type, $"{wanted.Say()}, as the other parts,");
            return false;
        }
        return true;
    }

    /// <summary>Adds a part to a list; false when it is broken or its type does not go with the others.</summary>
    private bool AddItem(List<ListItem> items, ref ExprType? element, ExprSyntax syntax, Expr? bound, bool spread)
    {
        if (bound is null)
            return false;
        if (spread && !bound.Type.IsSequence())
        {
            expressions.Mismatch(syntax, bound.Type, "a list");
            return false;
        }
        ExprType type = spread ? bound.Type.Element() : bound.Type;
        ExprType? unified = element is null ? type : ExprTypes.Unify(element, type);
        if (unified is null)
        {
            expressions.Mismatch(syntax, type, $"{element!.Say()}, as the parts before,");
            return false;
        }
        element = unified;
        items.Add(new ListItem(bound, spread));
        return true;
    }
}
