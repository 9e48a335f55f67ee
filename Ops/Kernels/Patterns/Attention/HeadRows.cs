using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <summary>The rows of every head of a tensor, whichever way its axes are ordered. Steps count elements.</summary>
internal readonly unsafe struct HeadRows
{
    private readonly byte* _data;
    private readonly int _size;
    private readonly nint _batchStep;
    private readonly nint _headStep;

    private HeadRows(void* data, int size, nint batchStep, nint headStep, nint step)
    {
        _data = (byte*)data;
        _size = size;
        _batchStep = batchStep;
        _headStep = headStep;
        Step = step;
    }

    /// <summary>From a row to the next one of the same head.</summary>
    public nint Step { get; }

    /// <summary>Whether there are rows at all.</summary>
    public bool IsAbsent => _data == null;

    /// <summary>Rows of a tensor [batch, heads, rows, width], or [batch, rows, heads * width] if it has three axes.</summary>
    public static HeadRows Of(in Operand tensor, int elementSize, int heads, int width)
    {
        if (tensor.IsAbsent) return default;
        nint rows = (nint)tensor.Dims[^2], batchStep = heads * rows * width;
        return tensor.Dims.Length == 4
            ? new(tensor.Data, elementSize, batchStep, rows * width, width)
            : new(tensor.Data, elementSize, batchStep, width, (nint)heads * width);
    }

    /// <summary>Rows of a tensor [tokens, heads, width], from a token on.</summary>
    public static HeadRows OfTokens(in Operand tensor, int elementSize, int firstToken, int heads, int width) =>
        tensor.IsAbsent ? default
            : new((byte*)tensor.Data + (nint)firstToken * heads * width * elementSize, elementSize, 0, width, (nint)heads * width);

    /// <summary>The first element of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* At(int batch, int head, int row) =>
        _data + (batch * _batchStep + head * _headStep + row * Step) * _size;
}
