using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Writes keys or values, those of a cache and the new ones behind them, as one tensor [batch, heads, positions, width].</summary>
internal readonly unsafe struct KeyValueCopy : IParallelBody
{
    private readonly HeadRows _past;
    private readonly HeadRows _rows;
    private readonly HeadRows _into;
    private readonly int _pastCount;
    private readonly int _count;
    private readonly int _heads;
    private readonly int _bytes;

    private KeyValueCopy(HeadRows past, HeadRows rows, HeadRows into, int pastCount, int count, int heads, int bytes)
    {
        _past = past;
        _rows = rows;
        _into = into;
        _pastCount = pastCount;
        _count = count;
        _heads = heads;
        _bytes = bytes;
    }

    /// <summary>Copies, a part for each head of each sequence.</summary>
    public static void Run(HeadRows past, HeadRows rows, HeadRows into, int pastCount, int count, int batches, int heads, int rowBytes)
    {
        var body = new KeyValueCopy(past, rows, into, pastCount, count, heads, rowBytes);
        Workers.Run(checked(batches * heads), ref body);
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        int batch = part / _heads, head = part % _heads;
        for (int row = 0; row < _pastCount; row++) Row(_past.At(batch, head, row), _into.At(batch, head, row));
        for (int row = 0; row < _count; row++) Row(_rows.At(batch, head, row), _into.At(batch, head, _pastCount + row));
    }

    private void Row(void* from, void* to) => Buffer.MemoryCopy(from, to, _bytes, _bytes);
}
