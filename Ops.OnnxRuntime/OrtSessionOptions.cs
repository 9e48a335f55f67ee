namespace Ops.OnnxRuntime;

/// <summary>How far a session rewrites its graph.</summary>
public enum OrtOptimization
{
    /// <summary>Not at all.</summary>
    None = 0,
    /// <summary>Foldings and removals.</summary>
    Basic = 1,
    /// <summary>Fusions too.</summary>
    Extended = 2,
    /// <summary>Everything, layouts included.</summary>
    All = 99,
}

/// <summary>How a session is made.</summary>
public sealed record OrtSessionOptions
{
    /// <summary>How many threads one op may use, the caller's included; 0 lets the library choose.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How far the graph is rewritten.</summary>
    public OrtOptimization Optimization { get; init; } = OrtOptimization.All;

    /// <summary>Whether threads stop waiting for work as soon as a run ends, so that they take no time from what comes next.</summary>
    public bool StopSpinning { get; init; } = true;
}
