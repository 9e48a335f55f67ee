using Ops.Specs.Collections;
using Ops.Specs.Model;

namespace Ops.Specs.Binding;

/// <summary>The rules of expression types.</summary>
internal static class ExprTypes
{
    internal static readonly ExprType Bool = new(ExprKind.Bool), Exact = new(ExprKind.Exact), Real = new(ExprKind.Real),
        String = new(ExprKind.String), Dtype = new(ExprKind.Dtype), Dims = new(ExprKind.Exact, 1);

    /// <summary>The kind of a sum or product.</summary>
    internal static ExprKind Arithmetic(ExprKind a, ExprKind b)
    {
        if (a == ExprKind.AnyTensor || b == ExprKind.AnyTensor)
            return ExprKind.AnyTensor;
        bool real = a is ExprKind.Real or ExprKind.RealTensor || b is ExprKind.Real or ExprKind.RealTensor;
        bool tensor = a.IsTensor() || b.IsTensor();
        return tensor ? real ? ExprKind.RealTensor : ExprKind.Tensor : real ? ExprKind.Real : ExprKind.Exact;
    }

    /// <summary>The type of arithmetic element by element.</summary>
    internal static ExprType Arithmetic(ExprType a, ExprType b)
    {
        ExprKind kind = Arithmetic(a.Kind, b.Kind);
        int depth = Math.Max(a.Depth, b.Depth);
        // A list beside a tensor of one axis gives a list.
        return new ExprType(depth > 0 ? kind.Scalar() : kind, depth);
    }

    /// <summary>Whether a value can stand as it is where another type is wanted: only a single integer becomes a real. A tensor whose type
    /// only the call decides is not judged.</summary>
    internal static bool StandsFor(ExprType actual, ExprType wanted) =>
        actual.Kind == ExprKind.AnyTensor || wanted.Kind == ExprKind.AnyTensor || actual.Listed() == wanted.Listed()
            || (actual == Exact && wanted == Real);

    /// <summary>The type two branches or elements have in common; null when they have none.</summary>
    internal static ExprType? Unify(ExprType a, ExprType b)
    {
        if (a == b)
            return a;
        // A tensor of one axis is as good as a list.
        if (a.Depth == b.Depth + 1 && b.Kind.IsTensor())
            b = new ExprType(b.Kind.Scalar(), a.Depth);
        else if (b.Depth == a.Depth + 1 && a.Kind.IsTensor())
            a = new ExprType(a.Kind.Scalar(), b.Depth);
        if (a.Depth != b.Depth)
            return null;
        if (a.Kind == b.Kind)
            return a;
        return a.Kind.IsNumeric() && b.Kind.IsNumeric() ? new ExprType(Arithmetic(a.Kind, b.Kind), a.Depth) : null;
    }

    /// <summary>Whether a value of type <paramref name="actual"/> can stand where <paramref name="wanted"/> is wanted.</summary>
    internal static bool Fits(ExprType actual, ExprType wanted)
    {
        if (actual == wanted)
            return true;
        if (wanted.Depth == 1 && actual.Depth == 0 && actual.Kind.IsTensor())
            return Fits(new ExprType(actual.Kind.Scalar(), 1), wanted);
        if (actual.Depth != wanted.Depth)
            return wanted.Kind.IsTensor() && wanted.Depth == 0 && actual.Kind.IsNumeric();
        return (actual.Kind, wanted.Kind) switch
        {
            (ExprKind.Exact, ExprKind.Real) => true,
            (ExprKind.AnyTensor, ExprKind.Exact or ExprKind.Real) => true,
            (_, ExprKind.AnyTensor) => actual.Kind.IsNumeric() || actual.Kind == ExprKind.Bool,
            (ExprKind.Exact or ExprKind.Bool, ExprKind.Tensor) => true,
            (ExprKind.Exact or ExprKind.Real or ExprKind.Tensor, ExprKind.RealTensor) => true,
            _ => actual.Kind == wanted.Kind,
        };
    }

    /// <summary>Writes whole-number literals as reals where a real is wanted, so that <c>= 0</c> and <c>= 0.0</c> are one
    /// default.</summary>
    internal static Expr Coerce(Expr value, ExprType wanted) => wanted.Kind != ExprKind.Real ? value : value switch
    {
        IntLiteral literal => new RealLiteral(literal.Value),
        UnaryExpr { Op: UnaryOp.Negate, Operand: IntLiteral } negation =>
            negation with { Operand = Coerce(negation.Operand, wanted), Type = Real },
        ListExpr list => list with
        {
            Items = list.Items.Select(i => i with { Value = Coerce(i.Value, wanted) }).ToEquatableArray(),
            Type = list.Type with { Kind = ExprKind.Real },
        },
        RangeExpr range => range with
        {
            From = range.From is null ? null : Coerce(range.From, wanted),
            To = range.To is null ? null : Coerce(range.To, wanted),
            Type = range.Type with { Kind = ExprKind.Real },
        },
        ConditionalExpr conditional => conditional with
        {
            Then = Coerce(conditional.Then, wanted),
            Otherwise = conditional.Otherwise is null ? null : Coerce(conditional.Otherwise, wanted),
            Type = conditional.Type with { Kind = ExprKind.Real },
        },
        _ => value,
    };

    /// <summary>A type as messages say it.</summary>
    internal static string Say(this ExprType type)
    {
        (string one, string many) = type.Kind switch
        {
            ExprKind.Bool => ("a truth value", "truth values"),
            ExprKind.Exact => ("an integer", "integers"),
            ExprKind.Real => ("a real number", "real numbers"),
            ExprKind.String => ("text", "texts"),
            ExprKind.Dtype => ("an element type", "element types"),
            ExprKind.Tensor => ("a tensor of integers", "tensors of integers"),
            ExprKind.RealTensor => ("a tensor of floats", "tensors of floats"),
            ExprKind.AnyTensor => ("a tensor", "tensors"),
            _ => ("a graph or sequence", "graphs or sequences"),
        };
        return type.Depth switch { 0 => one, 1 => "a list of " + many, _ => "a list of lists of " + many };
    }
}
