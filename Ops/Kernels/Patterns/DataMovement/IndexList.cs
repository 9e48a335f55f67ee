using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Indices of 32 or 64 bits that rules have found to be in range.</summary>
internal readonly unsafe struct IndexList(in Operand indices)
{
    private readonly void* _data = indices.Data;
    private readonly bool _isShort = indices.Type == ElementType.Int32;

    /// <summary>The index at a place as it is written.</summary>
    public long this[long place] => _isShort ? ((int*)_data)[place] : ((long*)_data)[place];

    /// <summary>The index at a place, counted from the front of an axis.</summary>
    public long Within(long place, long extent)
    {
        long index = this[place];
        return index < 0 ? index + extent : index;
    }
}
