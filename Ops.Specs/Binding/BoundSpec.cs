using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;

namespace Ops.Specs.Binding;

/// <summary>What the front end makes of one file.</summary>
/// <param name="Family">The op with all its versions; null when a blocking mistake leaves nothing to declare.</param>
/// <param name="Diagnostics">Every finding, in the order of the file.</param>
public sealed record BoundSpec(OpFamily? Family, EquatableArray<SpecDiagnostic> Diagnostics);
