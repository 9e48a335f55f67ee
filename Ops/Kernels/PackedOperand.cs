using Ops.Simd;

namespace Ops.Kernels;

/// <summary>A constant operand in the order the loops of a kernel read it. Packing it once saves doing so in each call.</summary>
/// <remarks>It belongs to the vector width it was packed for. No call may be under way when it is disposed.</remarks>
public abstract unsafe class PackedOperand : IDisposable
{
    private readonly LargeMemory memory;

    private protected PackedOperand(IsaLevel level, nuint bytes)
    {
        Level = level;
        memory = LargeMemory.Allocate(bytes);
        Memory = memory.Data;
    }

    /// <summary>Frees what was not disposed.</summary>
    ~PackedOperand() => Free();

    /// <summary>The vector width it is packed for.</summary>
    public IsaLevel Level { get; }

    /// <summary>The memory, or null after it was freed.</summary>
    private protected void* Memory { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Memory != null) memory.Free();
        Memory = null;
    }
}
