using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ops.Kernels;

namespace Ops.Tensors;

/// <summary>The memory of a tensor, or of several that are views of one another: pinned, and aligned to 64 bytes, or to a large page where
/// there are several.</summary>
internal sealed unsafe class TensorBuffer
{
    private const int Alignment = 64;

    /// <summary>Smaller tensors come and go with every call: that the system clears a large page for them costs more than it
    /// saves.</summary>
    private const int MinLarge = 2 * LargeMemory.LargePage;

    private readonly byte[] bytes;
    private readonly int start;

    private TensorBuffer(byte[] bytes, int capacity, int alignment)
    {
        this.bytes = bytes;
        Capacity = capacity;
        start = bytes.Length == 0 ? 0 : (int)(-(nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bytes)) & (alignment - 1));
    }

    /// <summary>No memory.</summary>
    public static TensorBuffer Empty { get; } = new([], 0, Alignment);

    /// <summary>The most bytes a buffer can have.</summary>
    public static long MaxCapacity => Array.MaxLength - Alignment;

    /// <summary>How many bytes there are.</summary>
    public int Capacity { get; }

    /// <summary>The run that may use the memory again when no value of it is left; null when nobody may.</summary>
    public object? Owner { get; set; }

    /// <summary>How many values of its owner's run lie in it.</summary>
    public int Uses { get; set; }

    /// <summary>The address; valid as long as this object is reachable.</summary>
    public byte* Pointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bytes)) + start;

    /// <summary>Some of the bytes.</summary>
    public Span<byte> Slice(int from, int count) => bytes.AsSpan(start + from, count);

    /// <summary>New memory.</summary>
    public static TensorBuffer Allocate(int capacity, bool clear)
    {
        bool isLarge = capacity >= MinLarge && capacity <= Array.MaxLength - LargeMemory.LargePage;
        int alignment = isLarge ? LargeMemory.LargePage : Alignment, size = capacity + alignment;
        var buffer = new TensorBuffer(clear
            ? GC.AllocateArray<byte>(size, pinned: true) : GC.AllocateUninitializedArray<byte>(size, pinned: true), capacity, alignment);
        if (isLarge) LargeMemory.Advise(buffer.Pointer, (nuint)capacity);
        return buffer;
    }
}
