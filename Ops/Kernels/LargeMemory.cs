using System.Runtime.InteropServices;

namespace Ops.Kernels;

/// <summary>Native memory in whose large blocks the system may use large pages, which spare loops over them page faults and
/// walks.</summary>
internal readonly unsafe partial struct LargeMemory
{
    /// <summary>The bytes of a large page.</summary>
    public const int LargePage = 2 << 20;

    private const nuint Alignment = 64;
    private const nuint Mask = LargePage - 1;

    /// <summary>MADV_HUGEPAGE of Linux.</summary>
    private const int AdviseHugePages = 14;

    private LargeMemory(void* data) => Data = data;

    /// <summary>The first byte.</summary>
    public void* Data { get; }

    /// <summary>At least <paramref name="bytes"/> bytes, aligned to 64 bytes, or to a large page where there is at least one.</summary>
    public static LargeMemory Allocate(nuint bytes)
    {
        if (bytes < LargePage) return new LargeMemory(NativeMemory.AlignedAlloc(nuint.Max(bytes, Alignment), Alignment));
        nuint size = (bytes + Mask) & ~Mask;
        void* data = NativeMemory.AlignedAlloc(size, LargePage);
        Advise(data, size);
        return new LargeMemory(data);
    }

    /// <summary>Lets the system use large pages for what memory has of whole ones. Only advice: whether it is taken changes nothing but
    /// speed.</summary>
    public static void Advise(void* data, nuint bytes)
    {
        nuint from = ((nuint)data + Mask) & ~Mask, to = ((nuint)data + bytes) & ~Mask;
        if (from < to && OperatingSystem.IsLinux()) _ = Advise((void*)from, to - from, AdviseHugePages);
    }

    /// <summary>Frees the memory.</summary>
    public void Free() => NativeMemory.AlignedFree(Data);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
