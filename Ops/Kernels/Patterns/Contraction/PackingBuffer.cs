using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Aligned native memory, lent from a pool so that a kernel in steady state allocates nothing. Disposing gives it back.</summary>
internal readonly unsafe struct PackingBuffer : IDisposable
{
    /// <summary>How many bytes may lie idle in the pool.</summary>
    private const nuint MaxIdle = 256 << 20;

    private static readonly Lock s_gate = new();
    private static readonly List<PackingBuffer> s_idle = new(16);
    private static nuint s_idleBytes;

    private readonly LargeMemory _memory;
    private readonly nuint _size;

    private PackingBuffer(LargeMemory memory, nuint size)
    {
        _memory = memory;
        _size = size;
    }

    /// <summary>How many bytes were ever allocated; for tests.</summary>
    internal static ulong TotalAllocated { get; private set; }

    /// <summary>The memory; its content is undefined.</summary>
    public void* Data => _memory.Data;

    /// <summary>At least <paramref name="bytes"/> bytes.</summary>
    public static PackingBuffer Rent(nint bytes)
    {
        nuint size = nuint.Max((nuint)bytes, 1 << 16);
        lock (s_gate)
        {
            int best = -1;
            for (int i = 0; i < s_idle.Count; i++)
                if (s_idle[i]._size >= size && (best < 0 || s_idle[i]._size < s_idle[best]._size)) best = i;
            // A block much too large stays for those who need it.
            if (best >= 0 && s_idle[best]._size / 4 <= size)
            {
                PackingBuffer found = s_idle[best];
                s_idle[best] = s_idle[^1];
                s_idle.RemoveAt(s_idle.Count - 1);
                s_idleBytes -= found._size;
                return found;
            }
        }
        size = (nuint)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)size);
        LargeMemory memory = LargeMemory.Allocate(size);
        lock (s_gate) TotalAllocated += size;
        KernelMemory.Take((long)size);
        return new PackingBuffer(memory, size);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Data == null) return;
        lock (s_gate)
        {
            if (s_idleBytes + _size <= MaxIdle)
            {
                s_idle.Add(this);
                s_idleBytes += _size;
                return;
            }
        }
        _memory.Free();
        KernelMemory.Free((long)_size);
    }
}
