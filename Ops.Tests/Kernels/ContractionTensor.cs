using System.Runtime.InteropServices;
using Ops.Kernels;
using Ops.Specs.Types;

namespace Ops.Tests.Kernels;

/// <summary>A tensor between two guards that nothing may write to.</summary>
internal sealed unsafe class ContractionTensor<T> : IDisposable
    where T : unmanaged
{
    private const int GuardBytes = 512;
    private const byte Canary = 0xA5;

    private readonly ElementType _type;
    private byte* _memory;

    public ContractionTensor(ElementType type, params long[] dims)
    {
        _type = type;
        Dims = dims;
        Length = dims.Aggregate(1L, (product, extent) => product * extent);
        // Not aligned to more than an element: kernels may not count on it.
        int bytes = (2 * GuardBytes) + ((int)Length * sizeof(T)) + sizeof(T);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        new Span<byte>(_memory, bytes).Fill(Canary);
    }

    public long[] Dims { get; }

    public long Length { get; }

    public Span<T> Values => new(Data, (int)Length);

    public Operand Operand => new(Data, _type, Dims);

    private T* Data => (T*)(_memory + GuardBytes) + 1;

    public void CheckGuards()
    {
        byte* end = (byte*)(Data + Length);
        if (new ReadOnlySpan<byte>(_memory, GuardBytes + sizeof(T)).ContainsAnyExcept(Canary)
            || new ReadOnlySpan<byte>(end, GuardBytes).ContainsAnyExcept(Canary))
            Assert.Fail("Memory outside the tensor was written.");
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
