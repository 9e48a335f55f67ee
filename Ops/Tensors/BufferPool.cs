using System.Numerics;

namespace Ops.Tensors;

/// <summary>Memory that values needed no more leave to later ones, so that large ones need no fresh pages. One execution uses it at a time.</summary>
internal sealed class BufferPool
{
    private readonly Dictionary<int, Stack<TensorBuffer>> free = [];

    /// <summary>How many bytes lie idle.</summary>
    public long FreeBytes { get; private set; }

    /// <summary>Memory for at least so many bytes; what it holds is left from its last use.</summary>
    public TensorBuffer Take(long bytes)
    {
        int capacity = CapacityFor(bytes);
        if (free.TryGetValue(capacity, out Stack<TensorBuffer>? buffers) && buffers.TryPop(out TensorBuffer? buffer))
            FreeBytes -= capacity;
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
        if (!free.TryGetValue(buffer.Capacity, out Stack<TensorBuffer>? buffers))
            free.Add(buffer.Capacity, buffers = []);
        buffers.Push(buffer);
        FreeBytes += buffer.Capacity;
    }

    /// <summary>Lets go of all memory.</summary>
    public void Clear()
    {
        free.Clear();
        FreeBytes = 0;
    }

    /// <summary>Four sizes between one power of two and the next, so that a buffer serves values of nearly one size.</summary>
    private static int CapacityFor(long bytes)
    {
        if (bytes <= 256)
            return 256;
        long step = 1L << (BitOperations.Log2((ulong)(bytes - 1)) - 2);
        return (int)Math.Min((bytes + step - 1) / step * step, TensorBuffer.MaxCapacity);
    }
}
