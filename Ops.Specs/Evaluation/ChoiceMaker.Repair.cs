using Ops.Specs.Model;

namespace Ops.Specs.Evaluation;

// Rules that say what one name is are made true.
internal abstract partial class ChoiceMaker
{
    private void Repair(SpecChoices made, string? broken)
    {
        foreach (Rule rule in model.Rules)
            if (rule.Name != broken)
                Repair(made, rule.Predicate);
    }

    /// <summary>Makes a condition true that says what one name is, or whether it is there.</summary>
    private void Repair(SpecChoices made, Expr condition)
    {
        switch (condition)
        {
            case BinaryExpr { Op: BinaryOp.And } both:
                Repair(made, both.Left);
                Repair(made, both.Right);
                break;
            case BinaryExpr { Op: BinaryOp.Or } either:
                if (new SpecEvaluator(made).Holds(either) == false)
                    Repair(made, Chance(0.5) ? either.Left : either.Right);
                break;
            case ConditionalExpr choice:
                if (new SpecEvaluator(made).Holds(choice.Condition) is { } holds && (holds ? choice.Then : choice.Otherwise) is { } chosen)
                    Repair(made, chosen);
                break;
            case CallExpr { Function: Function.Has } has:
                Set(made, ((NameExpr)has.Arguments[0].Value).Name, true);
                break;
            case UnaryExpr { Op: UnaryOp.Not, Operand: CallExpr { Function: Function.Has } has }:
                Set(made, ((NameExpr)has.Arguments[0].Value).Name, false);
                break;
            // As many outputs as there have to be at least.
            case CompareExpr { Op: CompareOp.LessOrEqual, Right: NameExpr { Symbol: SymbolKind.FamilyCount } most } order
                when model.Inputs.All(i => i.Family?.Count != most.Name):
                if (new SpecEvaluator(made).Holds(order) == false && new SpecEvaluator(made).Evaluate(order.Left) is double least)
                    made.Values[most.Name] = least + random.Next(2);
                break;
            case CompareExpr { Op: CompareOp.LessOrEqual, Left: NameExpr { Symbol: SymbolKind.Dim } } order:
                if (new SpecEvaluator(made).Holds(order) == false)
                    Equate(made, order.Left, order.Right);
                break;
            case MembershipExpr { Negated: false, Set: ListExpr set, Item: NameExpr { Symbol: SymbolKind.Dim } } membership:
                if (new SpecEvaluator(made).Holds(membership) == false && Pick(set.Items) is { Spread: false } item)
                    Equate(made, membership.Item, item.Value);
                break;
            case CompareExpr { Op: CompareOp.Equal } equation when new SpecEvaluator(made).Holds(equation) != true:
                if (!Equate(made, equation.Left, equation.Right))
                    Equate(made, equation.Right, equation.Left);
                break;
        }
    }

    private bool Equate(SpecChoices made, Expr name, Expr value)
    {
        var evaluator = new SpecEvaluator(made);
        switch (name)
        {
            case NameExpr { Symbol: SymbolKind.Dim or SymbolKind.RankVariable or SymbolKind.TypeVariable } dim
                when made.Values.ContainsKey(dim.Name) && evaluator.Evaluate(value) is { } known:
                made.Values[dim.Name] = known is TensorFacts tensor ? tensor.Items : known;
                return true;
            case NameExpr { Symbol: SymbolKind.Attribute } attribute when made.Present.Contains(attribute.Name)
                && evaluator.Evaluate(value) is { } wanted and not TensorFacts:
                made.Values[attribute.Name] = wanted;
                return true;
            case CallExpr { Function: Function.Has } has when SpecValues.Truth(evaluator.Evaluate(value)) is { } there:
                return Set(made, ((NameExpr)has.Arguments[0].Value).Name, there);
            case CallExpr { Function: Function.Len } len when len.Arguments[0].Value is NameExpr { Symbol: SymbolKind.RankVariable } list
                && evaluator.Evaluate(value) is double length and >= 0 and < 8
                && made.Value(list.Name) is object?[] items:
                made.Values[list.Name] = Sized(items, (int)length);
                return true;
            case BinaryExpr { Op: BinaryOp.Modulo, Left: NameExpr multiple } modulo when value is IntLiteral { Value: 0 }
                && evaluator.Evaluate(modulo.Right) is double divisor && made.Values.ContainsKey(multiple.Name):
                made.Values[multiple.Name] = divisor * Multiple(random);
                return true;
            case BinaryExpr { Op: BinaryOp.Multiply, Left: IntLiteral { Value: > 0 } factor } product
                when evaluator.Evaluate(value) is double total && total % factor.Value == 0:
                return Equate(made, product.Right, new IntLiteral((long)total / factor.Value));
            case IndexExpr { Target: NameExpr { Symbol: SymbolKind.RankVariable } target, Indices: { Count: 1 } places }
                when made.Value(target.Name) is object?[] extents
                && evaluator.Evaluate(value) is double extent and >= 0 && places[0] is PositionIndex { Position: IntLiteral at }
                && at.Value >= 0 && at.Value < extents.Length:
                made.Values[target.Name] = extents.Select((e, i) => i == at.Value ? extent : e).ToArray();
                return true;
            case CallExpr { Function: Function.Broadcast } broadcast
                when broadcast.Arguments[0].Value is NameExpr { Symbol: SymbolKind.RankVariable } narrow
                && made.Values.ContainsKey(narrow.Name)
                && SpecValues.List(evaluator.Evaluate(value)) is { } wide:
                made.Values[narrow.Name] = Cut(wide);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Makes an optional port or attribute present or absent.</summary>
    private bool Set(SpecChoices made, string name, bool present)
    {
        if (made.Present.Contains(name) == present)
            return true;
        if (!present)
            return made.Present.Remove(name);
        made.Present.Add(name);
        if (model.Attributes.FirstOrDefault(a => a.Name == name) is { } attribute)
            made.Values[name] = attribute.IsList ? Array.Empty<object?>() : Value(made, attribute, null);
        foreach (DimSymbol dim in model.Dims)
            if (dim.OnlyWith.Contains(name) && !made.Values.ContainsKey(dim.Name))
                made.Values[dim.Name] = dim.Kind == DimKind.Single ? (double)Pick([1, 2, 3, 5]) : dim.Kind == DimKind.Rank
                    ? Cut((object?[])made.Values[SpecChoices.AnyShape]!) : null;
        return true;
    }
}
