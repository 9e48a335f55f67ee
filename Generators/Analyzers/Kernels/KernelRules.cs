using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>The rules about the hand-written part of kernels.</summary>
internal static class KernelRules
{
    /// <summary>A declared body that nobody wrote.</summary>
    public static SpecRule BodyMissing { get; } = new("OPS1001", "The hand-written part of a kernel is missing", SpecSeverity.Error);
    /// <summary>A body that is not the one declared.</summary>
    public static SpecRule BodySignature { get; } = new("OPS1002",
        "The hand-written part of a kernel has another signature than its spec gives it", SpecSeverity.Error);
    /// <summary>What callers give and nobody looks at.</summary>
    public static SpecRule Unread { get; } = new("OPS1003", "A kernel never reads an attribute or input", SpecSeverity.Warning);
    /// <summary>New objects in a loop.</summary>
    public static SpecRule Allocates { get; } = new("OPS1004", "A kernel's body allocates", SpecSeverity.Warning);
    /// <summary>Hidden objects in a loop.</summary>
    public static SpecRule Boxes { get; } = new("OPS1005", "A kernel's body boxes a value", SpecSeverity.Warning);
    /// <summary>Enumerators in a loop.</summary>
    public static SpecRule Linq { get; } = new("OPS1006", "A kernel's body uses LINQ", SpecSeverity.Warning);
    /// <summary>Delegates in a loop.</summary>
    public static SpecRule Closure { get; } = new("OPS1007", "A kernel's body makes a delegate", SpecSeverity.Warning);
    /// <summary>Exceptions where all is validated.</summary>
    public static SpecRule Throws { get; } = new("OPS1008", "A kernel's body throws", SpecSeverity.Warning);
    /// <summary>One element at a time.</summary>
    public static SpecRule ScalarMath { get; } = new("OPS1009", "A vector body calls a scalar function", SpecSeverity.Warning);
    /// <summary>Around the accessors.</summary>
    public static SpecRule RawMemory { get; } = new("OPS1010", "A body reaches around the scaffold's accessors", SpecSeverity.Warning);
    /// <summary>State between calls.</summary>
    public static SpecRule MutableStatic { get; } = new("OPS1011", "A kernel keeps mutable static state", SpecSeverity.Warning);
    /// <summary>A type without a case.</summary>
    public static SpecRule UncoveredType { get; } = new("OPS1012", "A kernel does not cover an element type its spec allows",
        SpecSeverity.Warning);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SpecRule> All { get; } =
        [BodyMissing, BodySignature, Unread, Allocates, Boxes, Linq, Closure, Throws, ScalarMath, RawMemory, MutableStatic, UncoveredType];
}
