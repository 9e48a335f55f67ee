using System.Numerics;

namespace Ops.Tensors;

/// <summary>Memory that values needed no more leave to later ones, so that large ones need no fresh pages. One execution uses it at a
/// time.</summary>
internal sealed class BufferPool
{
    private readonly Stack<TensorBuffer>?[] free = new Stack<TensorBuffer>?[4 * 32];

    /// <summary>How many bytes lie idle.</summary>
    public long FreeBytes { get; private set; }

    /// <summary>Memory for at least so many bytes; what it holds is left from its last use.</summary>
    public TensorBuffer Take(long bytes)
    {
        int kind = KindOf(bytes, out int capacity);
        if (free[kind] is { } buffers && buffers.TryPop(out TensorBuffer? buffer))
            FreeBytes -= buffer.Capacity;
        else
            buffer = TensorBuffer.Allocate(capacity, clear: false);
        buffer.Owner = this;
        buffer.Uses = 0;
        return buffer;
    }

    /// <summary>Takes back memory that nobody reads any more.</summary>
    public void Give(TensorBuffer buffer)
    {
        buffer.Owner = null;
        (free[KindOf(buffer.Capacity, out _)] ??= []).Push(buffer);
        FreeBytes += buffer.Capacity;
    }

    /// <summary>Lets go of all memory.</summary>
    public void Clear()
    {
        Array.Clear(free);
        FreeBytes = 0;
    }

    /// <summary>Four sizes between one power of two and the next, so that a buffer serves values of nearly one size; their
    /// number.</summary>
    private static int KindOf(long bytes, out int capacity)
    {
        if (bytes <= 256)
        {
            capacity = 256;
            return 0;
        }
        int quarter = BitOperations.Log2((ulong)(bytes - 1)) - 2;
        long steps = (bytes + (1L << quarter) - 1) >> quarter;
        capacity = (int)Math.Min(steps << quarter, TensorBuffer.MaxCapacity);
        return (4 * quarter) + (int)steps - 28;
    }
}
