using System.Runtime.InteropServices;

namespace Ops.Threading;

/// <summary>Uninitialised memory for the duration of a call, aligned to 64 bytes; each thread keeps one block for the next call.</summary>
public readonly unsafe ref struct Scratch
{
    private const nuint Alignment = 64;

    [ThreadStatic]
    private static Cache? t_cache;

    private readonly Cache? _cache;
    private readonly long _bytes;

    private Scratch(byte* data, long bytes, Cache? cache)
    {
        Data = data;
        _bytes = bytes;
        _cache = cache;
    }

    /// <summary>The memory.</summary>
    public byte* Data { get; }

    /// <summary>How many bytes the calling thread keeps; for tests.</summary>
    internal static long Kept => t_cache?.Size ?? 0;

    /// <summary>Takes <paramref name="bytes"/> bytes; dispose the result on the same thread.</summary>
    public static Scratch Rent(long bytes)
    {
        Cache cache = t_cache ??= new Cache();
        if (!cache.InUse)
        {
            cache.Reserve(bytes);
            cache.InUse = true;
            return new(cache.Data, bytes, cache);
        }

        // A call inside a call.
        return new(Allocate(Math.Max(bytes, 1)), Math.Max(bytes, 1), null);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_cache is not null) _cache.InUse = false;
        else Free(Data, _bytes);
    }

    private static byte* Allocate(long bytes)
    {
        var data = (byte*)NativeMemory.AlignedAlloc(checked((nuint)bytes), Alignment);
        KernelMemory.Take(bytes);
        return data;
    }

    private static void Free(byte* data, long bytes)
    {
        NativeMemory.AlignedFree(data);
        KernelMemory.Free(bytes);
    }

    private sealed class Cache
    {
        internal long Size { get; private set; }

        internal byte* Data { get; private set; }

        internal bool InUse { get; set; }

        ~Cache() => Free(Data, Size);

        internal void Reserve(long bytes)
        {
            if (bytes <= Size) return;
            Free(Data, Size);
            Data = null;
            Size = 0;
            long size = Math.Max(bytes, 64 * 1024);
            Data = Allocate(size);
            Size = size;
        }
    }
}
