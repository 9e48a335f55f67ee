using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Which outputs may lie where an input lies, as the last arguments of what allocates or checks outputs.</summary>
internal static class SharedMemory
{
    /// <summary>
    /// The inputs whose memory outputs may share: elementwise loops read what lies at a place before they write there, and a row of what
    /// gives the rows may be the row of the first output.
    /// </summary>
    public static string Of(OpModel model) =>
        model.Kernel?.Pattern == "elementwise" ? ", OpCall.AnyInput" : model.Kernel?.Pattern == "rows" ? ", 0"
        : model.Outputs.Any(o => o.Aliases is not null)
        ? string.Concat(model.Outputs.Select(o => $", {(o.Aliases is { } input ? PortTypes.IndexOf(model.Inputs, input) : -1)}")) : "";
}
