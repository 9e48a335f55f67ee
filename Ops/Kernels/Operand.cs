using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>A dense, row-major tensor in memory that the caller keeps pinned while a kernel runs.</summary>
/// <param name="data">The first element; null for an absent operand, anything for an empty one.</param>
/// <param name="type">The type of the elements.</param>
/// <param name="dims">The extents, outermost first; empty for a scalar. Not copied.</param>
public readonly unsafe struct Operand(void* data, ElementType type, long[] dims)
{
    private readonly long[]? _dims = dims;

    /// <summary>An optional operand that was not given.</summary>
    public static Operand Absent => default;

    /// <summary>The first element.</summary>
    public void* Data { get; } = data;

    /// <summary>The type of the elements.</summary>
    public ElementType Type { get; } = type;

    /// <summary>The extents, outermost first; empty for a scalar.</summary>
    public long[] Dims => _dims ?? [];

    /// <summary>Whether an optional operand was not given.</summary>
    public bool IsAbsent => _dims is null;

    /// <summary>The operand in the form its kernel reads, where that was made before.</summary>
    internal PackedOperand? Packed { get; init; }

    /// <summary>From one index of each axis to the next, in elements, where they do not lie one after another; only contractions get such
    /// operands.</summary>
    internal long[]? Strides { get; init; }

    /// <summary>How many elements; 1 for a scalar, 0 if any extent is.</summary>
    public long Length
    {
        get
        {
            long length = 1;
            foreach (long extent in Dims) length = checked(length * extent);
            return length;
        }
    }
}
