using System.Runtime.InteropServices;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Modifiers;

/// <summary>The elements of a tensor as the lanes of vectors have them, with room to read beyond the last one.</summary>
internal sealed unsafe class LaneTable
{
    /// <summary>Elements after the last one that may be read.</summary>
    private const int Beyond = 64;

    private readonly void* memory;
    private readonly object? owner;

    private LaneTable(void* data, long length, bool isOwned, object? owner)
    {
        Data = data;
        Length = length;
        memory = isOwned ? data : null;
        this.owner = owner;
        Readable = isOwned ? length + Beyond : length;
    }

    ~LaneTable() => NativeMemory.AlignedFree(memory);

    /// <summary>The first element.</summary>
    public void* Data { get; }

    /// <summary>How many there are.</summary>
    public long Length { get; }

    /// <summary>How many may be read.</summary>
    public long Readable { get; }

    /// <summary>Memory for a table of so many lanes.</summary>
    public static LaneTable Allocate(long length, bool isDouble)
    {
        nuint bytes = checked((nuint)((length + Beyond) * (isDouble ? sizeof(double) : sizeof(float))));
        void* data = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(data, bytes);
        return new LaneTable(data, length, isOwned: true, owner: null);
    }

    /// <summary>A tensor's elements: where they lie, if they have the lanes' type, or converted. Truths become masks.</summary>
    public static LaneTable Of(ModifierTensor tensor, bool isDouble)
    {
        if (tensor.Tag is LaneTable made)
            return made;
        if (tensor.Tag is TensorValue value && value.Type == (isDouble ? ElementType.Double : ElementType.Float))
            return new LaneTable(value.Pointer, value.Length, isOwned: false, owner: value);
        if (tensor.Tag is LentMemory lent && lent.Type == (isDouble ? ElementType.Double : ElementType.Float))
            return new LaneTable((void*)lent.Data, lent.Length, isOwned: false, owner: null);
        LaneTable table = Allocate(tensor.Length, isDouble);
        if (tensor.Type == ElementType.Bool && !isDouble && BytesOf(tensor) is var bytes && bytes != null)
        {
            for (long i = 0; i < tensor.Length; i++) ((int*)table.Data)[i] = bytes[i] != 0 ? -1 : 0;
            return table;
        }
        for (long i = 0; i < tensor.Length; i++)
        {
            if (tensor.Type == ElementType.Bool)
            {
                long bits = tensor.IntegerAt(i) != 0 ? -1 : 0;
                if (isDouble) ((long*)table.Data)[i] = bits;
                else ((int*)table.Data)[i] = (int)bits;
            }
            else if (isDouble)
            {
                ((double*)table.Data)[i] = tensor.RealAt(i);
            }
            else
            {
                ((float*)table.Data)[i] = (float)tensor.RealAt(i);
            }
        }
        return table;
    }

    private static byte* BytesOf(ModifierTensor tensor) => tensor.Tag switch
    {
        TensorValue value => (byte*)value.Pointer,
        LentMemory lent => (byte*)lent.Data,
        _ => null,
    };
}
