using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ops.Kernels;

/// <summary>The rows of a mask that broadcasts to [batch, query heads, queries, keys].</summary>
internal readonly unsafe struct MaskRows
{
    private readonly byte* _data;
    private readonly nint _batchStep;
    private readonly nint _headStep;
    private readonly nint _queryStep;

    /// <summary>Takes the axes from the right; missing ones broadcast.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="spreads">Whether a last axis of extent 1 stands for all keys.</param>
    public MaskRows(in Operand mask, bool spreads)
    {
        long[] dims = mask.Dims;
        _data = (byte*)mask.Data;
        Keys = dims.Length == 0 ? 1 : (int)dims[^1];
        IsSpread = spreads && Keys == 1;
        nint step = Keys;
        _queryStep = StepOf(dims, 2, ref step);
        _headStep = StepOf(dims, 3, ref step);
        _batchStep = StepOf(dims, 4, ref step);
    }

    /// <summary>How many keys a row covers.</summary>
    public int Keys { get; }

    /// <summary>Whether a row is one element for all keys.</summary>
    public bool IsSpread { get; }

    /// <summary>The end of the keys for which a row has elements of their own.</summary>
    public int End => IsSpread ? 0 : Keys;

    /// <summary>The row of one query.</summary>
    public void* At(int batch, int head, int query, int elementSize) =>
        _data + (batch * _batchStep + head * _headStep + query * _queryStep) * elementSize;

    /// <summary>Whether a row has elements of its own for all of a vector of keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Covers(int firstKey, int count) => firstKey + count <= End;

    /// <summary>Brings part of a row nearer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(byte* row, int from, int to, int elementSize)
    {
        if (!Sse.IsSupported || IsSpread) return;
        byte* end = row + (nint)int.Min(to, Keys) * elementSize;
        for (byte* line = row + (nint)from * elementSize; line < end; line += 64) Sse.Prefetch0(line);
    }

    private static nint StepOf(long[] dims, int fromEnd, ref nint step)
    {
        if (dims.Length < fromEnd) return 0;
        nint own = dims[^fromEnd] == 1 ? 0 : step;
        step *= (nint)dims[^fromEnd];
        return own;
    }
}
