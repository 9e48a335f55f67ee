namespace Ops.Kernels;

/// <summary>Which scale belongs to which element: one for all, one for each index along an axis, or one for each block of them.</summary>
internal readonly struct QuantizedBlocks
{
    private readonly long _columns, _block, _outerStep, _columnStep;

    /// <summary>The scales of a call.</summary>
    /// <param name="dims">The dims of what is quantized.</param>
    /// <param name="scales">The dims of the scales.</param>
    /// <param name="axis">The axis they belong to.</param>
    /// <param name="blockSize">How many indices along the axis share a scale, if there is one for each block.</param>
    public QuantizedBlocks(long[] dims, long[] scales, long axis, long blockSize)
    {
        _block = 1;
        _columns = 1;
        Inner = Layout.Product(dims);
        long outer = 1;
        if (Layout.Product(scales) != 1)
        {
            int at = Layout.Axis(axis, dims.Length);
            outer = Layout.Product(dims.AsSpan(0, at));
            _columns = dims[at];
            Inner = Layout.Product(dims.AsSpan(at + 1));
            _columnStep = 1;
            if (scales.Length == dims.Length && blockSize > 0)
            {
                _block = blockSize;
                _columnStep = Inner;
                _outerStep = scales[at] * Inner;
                InnerStep = 1;
            }
            else if (Inner == 1)
            {
                (Inner, InnerStep, _columns, _columnStep) = (_columns, 1, 1, 0);
            }
        }

        Rows = outer * _columns;
        Parts = StridedCopy.Parts(Rows, Rows * Inner * sizeof(float));
    }

    /// <summary>How many rows there are.</summary>
    public long Rows { get; }

    /// <summary>How many elements a row has.</summary>
    public long Inner { get; }

    /// <summary>How far apart the scales of neighbours in a row are: 0 or 1.</summary>
    public long InnerStep { get; }

    /// <summary>Into how many parts the rows are cut.</summary>
    public int Parts { get; }

    /// <summary>The scale of the first element of a row.</summary>
    public long Scale(long row) => (row / _columns * _outerStep) + (row % _columns / _block * _columnStep);

    /// <summary>The first row of a part; of the number of parts, the end.</summary>
    public long First(int part) => (long)((Int128)Rows * part / Parts);
}
