using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Errors of generated kernels.</summary>
public static class KernelErrors
{
    /// <summary>The kernel does not take an element type that the spec allows.</summary>
    public static OpException UnsupportedType(string op, ElementType type) =>
        new(op, Coverage.NoKernel, $"no kernel of {op} takes {type.Name()}");
}
