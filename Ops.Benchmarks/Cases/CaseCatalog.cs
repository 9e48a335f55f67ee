namespace Ops.Benchmarks.Cases;

/// <summary>All there is to measure.</summary>
public static class CaseCatalog
{
    /// <summary>The cases, group by group.</summary>
    public static IReadOnlyList<BenchmarkCase> All { get; } =
    [
        .. CallCases.All,
        .. ElementwiseCases.All,
        .. RowCases.Softmax,
        .. RowCases.RmsNorm,
        .. RowCases.LayerNorm,
        .. ReduceCases.All,
        .. MatMulCases.All,
        .. AttentionCases.All,
        .. PagedCases.All,
        .. ExpertCases.All,
        .. BodyCases.All,
        .. FlexCases.All,
        .. CaptureCases.All,
        .. ProbabilityCases.All,
    ];

    /// <summary>The names of the groups.</summary>
    public static IReadOnlyList<string> Groups { get; } = [.. All.Select(c => c.Group).Distinct()];
}
