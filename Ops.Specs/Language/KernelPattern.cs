namespace Ops.Specs.Language;

/// <summary>What an argument of a kernel pattern is.</summary>
public enum KernelRole
{
    /// <summary>A dim, a rank variable, or a definition of one.</summary>
    Dim,
    /// <summary>An input.</summary>
    Input,
    /// <summary>An input or output.</summary>
    Port,
    /// <summary>A list of axes.</summary>
    Axes,
}

/// <summary>A loop skeleton that a hand-written body completes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Low">The fewest arguments it takes.</param>
/// <param name="High">The most.</param>
/// <param name="Roles">What the arguments are; the last role repeats.</param>
/// <param name="Example">How it is written.</param>
/// <param name="Help">What it does.</param>
public sealed record KernelPattern(string Name, int Low, int High, IReadOnlyList<KernelRole> Roles, string Example, string Help)
{
    /// <summary>All patterns.</summary>
    public static IReadOnlyList<KernelPattern> All { get; } =
    [
        new("elementwise", 0, 0, [], "elementwise", "One vector of the output from one vector of each input; inputs broadcast."),
        new("rows", 1, int.MaxValue, [KernelRole.Dim], "rows(N)", "One row at a time along the given dims."),
        new("reduce", 2, 2, [KernelRole.Input, KernelRole.Axes], "reduce(X, axes)",
            "An accumulator over any set of axes, in one fixed order."),
        new("contraction", 3, 3, [KernelRole.Dim], "contraction(M, N, K)", "A matrix product over rows, columns and the summed dim."),
        new("attention", 3, 3, [KernelRole.Port], "attention(Q, K, V)", "Softmax of scores of queries and keys, times values."),
        new("recurrence", 4, 4, [KernelRole.Port], "recurrence(Q, K, V, state)", "One step after another along time."),
        new("grouped", 3, 3, [KernelRole.Port], "grouped(X, W, groups)", "A matrix product with weights that each row chooses."),
        new("experts", 3, 3, [KernelRole.Port], "experts(X, W_in, W_out)", "Two grouped products with an activation between them."),
        new("convolution", 2, 2, [KernelRole.Port], "convolution(X, W)", "A window that moves over the last axes."),
        new("gather", 0, 0, [], "gather", "Elements that indices choose."),
        new("copy", 0, 0, [], "copy", "Elements in another order."),
        new("view", 1, 1, [KernelRole.Input], "view(X)", "The same elements under another shape."),
        new("control", 0, 0, [], "control", "Nothing is generated: the op runs graphs, so the graph executor runs it."),
        new("manual", 0, 0, [], "manual", "Everything by hand: only validation and dispatch of versions are generated."),
    ];
}
