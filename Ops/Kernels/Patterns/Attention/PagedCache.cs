using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <summary>Keys and values of one sequence in pages [pages, heads, page size, width], found by a row of a table of pages.</summary>
/// <remarks>A page that is not mapped reads as zeros: a tile may begin before the first key that is seen.</remarks>
internal readonly unsafe struct PagedCache : IKeyValueLayout
{
    private readonly byte* _keys;
    private readonly byte* _values;
    private readonly byte* _zeros;
    private readonly int* _table;
    private readonly int _pageSize;
    private readonly int _shift;
    private readonly int _heads;
    private readonly int _depth;
    private readonly int _valueDepth;
    private readonly int _size;

    /// <summary>Pages as tensors.</summary>
    /// <param name="keys">The pages of keys.</param>
    /// <param name="values">The pages of values.</param>
    /// <param name="table">The physical page of each logical one, -1 where there is none.</param>
    /// <param name="zeros">A key and a value of zeros.</param>
    /// <param name="size">The bytes of an element.</param>
    public PagedCache(in Operand keys, in Operand values, int* table, void* zeros, int size)
    {
        _keys = (byte*)keys.Data;
        _values = (byte*)values.Data;
        _zeros = (byte*)zeros;
        _table = table;
        _heads = (int)keys.Dims[1];
        _pageSize = (int)keys.Dims[2];
        _shift = BitOperations.IsPow2(_pageSize) ? BitOperations.Log2((uint)_pageSize) : -1;
        _depth = (int)keys.Dims[3];
        _valueDepth = (int)values.Dims[3];
        _size = size;
    }

    /// <inheritdoc/>
    public bool JoinsHeads => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Key(int batch, int head, int position, out int run, out nint step) => Find(_keys, _depth, head, position, out run, out step);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Value(int batch, int head, int position, out int run, out nint step) => Find(_values, _valueDepth, head, position, out run, out step);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void* Find(byte* pool, nint width, int head, int position, out int run, out nint step)
    {
        // Pages of a power of two are common, and a division takes as long as finding a page's address.
        int logical = _shift >= 0 ? position >> _shift : position / _pageSize, offset = position - logical * _pageSize;
        int page = _table[logical];
        run = _pageSize - offset;
        step = page < 0 ? 0 : width;
        return page < 0 ? _zeros : pool + (((nint)page * _heads + head) * _pageSize + offset) * width * _size;
    }
}
