namespace Ops.Tests.Operators;

/// <summary>What an element-wise op computes from one element of each input.</summary>
/// <param name="Op">The op.</param>
/// <param name="Inputs">How many inputs are filled from the grid of values, each along an axis of its own.</param>
/// <param name="Real">The function of floats; null when it takes none.</param>
/// <param name="Whole">The function of integers or bools, given how many bits they have; its result wraps. Null when it takes none.</param>
internal sealed record Formula(string Op, int Inputs, Func<double[], double>? Real, Func<Int128[], int, Int128>? Whole = null)
{
    /// <summary>How many units in the last place of the type of computation the result may be off.</summary>
    internal double Ulps { get; init; } = 4;

    /// <summary>Whether every bit must agree, the sign of zero included.</summary>
    internal bool Exact { get; init; }

    /// <summary>A magnitude whose rounding error may remain in small results.</summary>
    internal Func<double[], double> Slack { get; init; } = _ => 0;

    /// <summary>How many times the least number a result may be off that is hardly larger than it.</summary>
    internal double Steps { get; init; } = 1;

    /// <summary>Whether the other inputs broadcast to the first and not the other way round.</summary>
    internal bool OneWay { get; init; }

    /// <summary>The attributes of the call.</summary>
    internal Dictionary<string, object> Attributes { get; init; } = [];

    /// <summary>Scalars that follow the inputs; null for one that is absent.</summary>
    internal double?[] Scalars { get; init; } = [];

    /// <summary>Whether the last input must not have integers that are zero.</summary>
    internal bool Divides { get; init; }

    public override string ToString() =>
        Op + (Attributes.Count == 0 ? "" : $"({string.Join(", ", Attributes.Select(a => $"{a.Key} = {a.Value}"))})")
        + (Scalars.Length == 0 ? "" : $"[{string.Join(", ", Scalars.Select(s => s?.ToString() ?? "absent"))}]");
}
