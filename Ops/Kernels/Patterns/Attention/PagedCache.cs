using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <summary>Keys and values of one sequence in pages [pages, heads, page size, width], found by a row of a table of pages.</summary>
/// <remarks>A page that is not mapped reads as zeros: a tile may begin before the first key that is seen.</remarks>
internal readonly unsafe struct PagedCache : IKeyValueLayout
{
    private readonly Pool _keys;
    private readonly Pool _values;
    private readonly byte* _zeros;
    private readonly int* _table;
    private readonly int _pageSize;
    private readonly int _shift;

    /// <summary>Pages as tensors.</summary>
    /// <param name="keys">The pages of keys.</param>
    /// <param name="values">The pages of values.</param>
    /// <param name="table">The physical page of each logical one, -1 where there is none.</param>
    /// <param name="zeros">A key and a value of zeros.</param>
    /// <param name="size">The bytes of an element.</param>
    public PagedCache(in Operand keys, in Operand values, int* table, void* zeros, int size)
    {
        _keys = new Pool(keys, size);
        _values = new Pool(values, size);
        _zeros = (byte*)zeros;
        _table = table;
        _pageSize = (int)keys.Dims[2];
        _shift = BitOperations.IsPow2(_pageSize) ? BitOperations.Log2((uint)_pageSize) : -1;
    }

    /// <inheritdoc/>
    public bool JoinsHeads => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Key(int batch, int head, int position, out int run, out nint step) => Find(in _keys, head, position, out run, out step);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Value(int batch, int head, int position, out int run, out nint step) =>
        Find(in _values, head, position, out run, out step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void* Find(in Pool pool, int head, int position, out int run, out nint step)
    {
        // Pages of a power of two are common, and a division takes as long as finding a page's address.
        int logical = _shift >= 0 ? position >> _shift : position / _pageSize, offset = position - logical * _pageSize;
        int page = _table[logical];
        run = _pageSize - offset;
        step = page < 0 ? 0 : pool.Width;
        return page < 0 ? _zeros : pool.Data + page * pool.PageBytes + head * pool.HeadBytes + offset * pool.RowBytes;
    }

    /// <summary>The pages of keys, or of values.</summary>
    private readonly struct Pool(in Operand pages, int size)
    {
        public readonly byte* Data = (byte*)pages.Data;

        /// <summary>The elements of a row.</summary>
        public readonly nint Width = (nint)pages.Dims[3];

        /// <summary>From a page, a head of it or a row to the next.</summary>
        public readonly nint PageBytes = (nint)(pages.Dims[1] * pages.Dims[2] * pages.Dims[3] * size);

        /// <inheritdoc cref="PageBytes"/>
        public readonly nint HeadBytes = (nint)(pages.Dims[2] * pages.Dims[3] * size);

        /// <inheritdoc cref="PageBytes"/>
        public readonly nint RowBytes = (nint)(pages.Dims[3] * size);
    }
}
