using Ops.Specs.Types;

namespace Ops.Specs.Symbolic;

/// <summary>
/// Kleene's three truth values, and a fourth for a question that has no answer (a division by zero, an index outside a list). Unknown is
/// never an error; false and invalid always are where a rule demands truth.
/// </summary>
public readonly struct Truth : IEquatable<Truth>
{
    private enum State : byte { Unknown, False, True, Invalid }

    private readonly State state;
    private readonly string? reason;

    private Truth(State state, string? reason = null)
    {
        this.state = state;
        this.reason = reason;
    }

    /// <summary>Not known; the default value.</summary>
    public static Truth Unknown => default;

    /// <summary>True.</summary>
    public static Truth True => new(State.True);

    /// <summary>False.</summary>
    public static Truth False => new(State.False);

    /// <summary>Without an answer, for a stated reason.</summary>
    public static Truth Invalid(string reason) => new(State.Invalid, reason);

    /// <summary>Whether this is true.</summary>
    public bool IsTrue => state == State.True;

    /// <summary>Whether this is false.</summary>
    public bool IsFalse => state == State.False;

    /// <summary>Whether this is known to be neither true nor false.</summary>
    public bool IsInvalid => state == State.Invalid;

    /// <summary>Whether a rule that demands this is broken: false or invalid.</summary>
    public bool Fails => state is State.False or State.Invalid;

    /// <summary>Why this is invalid, or null.</summary>
    public string? Reason => reason;

    /// <summary>A known truth value.</summary>
    public static implicit operator Truth(bool value) => value ? True : False;

    /// <summary>Kleene's not.</summary>
    public static Truth operator !(Truth value) => value.state switch
    {
        State.True => False,
        State.False => True,
        _ => value,
    };

    /// <summary>For <c>||</c>, which evaluates the right side only when the left one does not decide.</summary>
    public static bool operator true(Truth value) => value.IsTrue;

    /// <summary>For <c>&amp;&amp;</c>, which evaluates the right side only when the left one does not decide.</summary>
    public static bool operator false(Truth value) => value.IsFalse;

    /// <summary>Kleene's and: false wins over everything, invalid over unknown, since neither answer could save it.</summary>
    public static Truth operator &(Truth left, Truth right) =>
        left.IsFalse || right.IsFalse ? False : left.IsInvalid ? left : right.IsInvalid ? right : left.IsTrue ? right : left;

    /// <summary>Kleene's or: true wins over everything, unknown over invalid, since it may turn out true.</summary>
    public static Truth operator |(Truth left, Truth right) =>
        left.IsTrue || right.IsTrue ? True
        : left.state == State.Unknown || right.state == State.Unknown ? Unknown
        : left.IsInvalid ? left : right;

    /// <summary>Whether both have the same truth value.</summary>
    public static Truth operator ==(Truth left, Truth right) =>
        left.IsInvalid ? left
            : right.IsInvalid ? right
            : left.state == State.Unknown || right.state == State.Unknown ? Unknown
            : left.state == right.state;

    /// <summary>Whether they have different truth values.</summary>
    public static Truth operator !=(Truth left, Truth right) => !(left == right);

    /// <summary>The conjunction of a list; unknown if the list is.</summary>
    public static Truth All(Seq<Truth> values)
    {
        if (!values.IsKnown)
            return values.Reason is { } why ? Invalid(why) : Unknown;
        Truth all = True;
        foreach (Truth value in values.Items)
            all &= value;
        return all;
    }

    /// <summary>The disjunction of a list; unknown if the list is.</summary>
    public static Truth Any(Seq<Truth> values)
    {
        if (!values.IsKnown)
            return values.Reason is { } why ? Invalid(why) : Unknown;
        Truth any = False;
        foreach (Truth value in values.Items)
            any |= value;
        return any;
    }

    /// <summary>The value for true or the one for false; where this is not known, what both have in common.</summary>
    public Dim Choose(Dim then, Dim otherwise) =>
        IsTrue ? then : IsFalse ? otherwise : IsInvalid ? Dim.Invalid(reason!) : then.Equals(otherwise) ? then : Dim.Unknown;

    /// <summary>The value for true or the one for false; where this is not known, what both have in common.</summary>
    public Real Choose(Real then, Real otherwise) => IsTrue ? then : IsFalse ? otherwise : then.Equals(otherwise) ? then : Real.Unknown;

    /// <summary>The value for true or the one for false; where this is not known, what both have in common.</summary>
    public Truth Choose(Truth then, Truth otherwise) =>
        IsTrue ? then : IsFalse ? otherwise : IsInvalid ? this : then.Equals(otherwise) ? then : Unknown;

    /// <summary>The value for true or the one for false; where this is not known, what both have in common.</summary>
    public string? Choose(string? then, string? otherwise) => IsTrue ? then : IsFalse ? otherwise : then == otherwise ? then : null;

    /// <summary>The value for true or the one for false; where this is not known, what both have in common.</summary>
    public ElementType Choose(ElementType then, ElementType otherwise) =>
        IsTrue ? then : IsFalse ? otherwise : then == otherwise ? then : ElementType.Undefined;

    /// <summary>The list for true or the one for false; where this is not known, what both have in common.</summary>
    public Seq<T> Choose<T>(Seq<T> then, Seq<T> otherwise)
    {
        if (IsTrue || IsFalse)
            return IsTrue ? then : otherwise;
        if (IsInvalid)
            return Seq<T>.Invalid(reason!);
        if (!then.IsKnown || !otherwise.IsKnown || then.Items.Length != otherwise.Items.Length)
            return default;
        for (int i = 0; i < then.Items.Length; i++)
            if (!EqualityComparer<T>.Default.Equals(then.Items[i], otherwise.Items[i]))
                return default;
        return then;
    }

    /// <inheritdoc/>
    public bool Equals(Truth other) => state == other.state;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Truth other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)state;

    /// <inheritdoc/>
    public override string ToString() =>
        state switch { State.True => "true", State.False => "false", State.Invalid => $"invalid ({reason})", _ => "unknown" };
}
