namespace Ops.Benchmarks;

/// <summary>How this was built.</summary>
public static class BuildKind
{
    /// <summary>Whether the compiler optimised; numbers of any other build say nothing.</summary>
    public static bool IsOptimised { get; } =
#if DEBUG
        false;
#else
        true;
#endif
}
