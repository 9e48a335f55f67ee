using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>How a row kernel reaches one operand.</summary>
internal unsafe struct RowOperand
{
    /// <summary>The operand's memory; null if it is absent.</summary>
    internal byte* Data;

    internal ElementType Type;

    /// <summary>Elements of the span that the kernel sees; 0 if the operand is absent.</summary>
    internal int Length;

    /// <summary>Whether the kernel works in the operand's own memory.</summary>
    internal bool IsDirect;

    /// <summary>Whether it is an output that outlives no cache, so that whole lines of it are better written past them.</summary>
    internal bool IsStreamed;

    /// <summary>Along the row, and from row to row.</summary>
    internal RowAxes Along, Across;

    /// <summary>Whether every row is the same, so that one copy serves a whole part.</summary>
    internal readonly bool IsShared => Across.IsFixed;
}
