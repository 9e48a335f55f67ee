using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;

namespace Ops.Specs.Binding;

/// <summary>What the front end makes of one file.</summary>
/// <param name="Family">The op with all its versions; null when a blocking mistake leaves nothing to declare.</param>
/// <param name="Diagnostics">Every error and warning, in the order of the file.</param>
public sealed record BoundSpec(OpFamily? Family, EquatableArray<SpecDiagnostic> Diagnostics)
{
    /// <summary>What the spec could tell its readers besides, in the order of the file.</summary>
    public EquatableArray<SpecDiagnostic> Suggestions { get; init; } = [];
}
