using System.Runtime.InteropServices;

namespace Ops.Tests.Kernels;

/// <summary>Memory that ends where a page without access begins (on Linux), with canaries before it.</summary>
internal sealed unsafe partial class GuardedBuffer : IDisposable
{
    private const byte Canary = 0xA5;
    private const int Margin = 256;
    private const int ReadWrite = 3, PrivateAnonymous = 0x22;

    private readonly byte* _base;
    private readonly nuint _size;
    private readonly int _tail;

    internal GuardedBuffer(long bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        _tail = OperatingSystem.IsLinux() ? 0 : Margin;
        nuint needed = (nuint)(Margin + bytes + _tail);
        _size = (needed + page - 1) / page * page;
        if (OperatingSystem.IsLinux())
        {
            _base = (byte*)Map(null, _size + page, ReadWrite, PrivateAnonymous, -1, 0);
            if (_base == (byte*)-1) throw new OutOfMemoryException();
            Assert.AreEqual(0, Protect(_base + _size, page, 0));
        }
        else
        {
            _base = (byte*)NativeMemory.Alloc(_size);
        }

        Bytes = bytes;
        new Span<byte>(_base, (int)Math.Min(_size, int.MaxValue)).Fill(Canary);
    }

    internal long Bytes { get; }

    internal byte* Data => _base + _size - _tail - Bytes;

    internal Span<T> Span<T>() where T : unmanaged => new(Data, (int)(Bytes / sizeof(T)));

    internal void CheckCanaries()
    {
        for (byte* p = _base; p < Data; p++) Assert.AreEqual(Canary, *p, "written before the buffer");
        for (byte* p = Data + Bytes; p < _base + _size; p++) Assert.AreEqual(Canary, *p, "written behind the buffer");
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux()) _ = Unmap(_base, _size + (nuint)Environment.SystemPageSize);
        else NativeMemory.Free(_base);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
