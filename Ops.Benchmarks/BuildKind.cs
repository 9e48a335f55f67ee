namespace Ops.Benchmarks;

/// <summary>How this was built.</summary>
public static class BuildKind
{
    /// <summary>Whether the compiler optimised; numbers of any other build say nothing.</summary>
#if DEBUG
    public static bool IsOptimised => false;
#else
    public static bool IsOptimised => true;
#endif
}
