namespace Ops.Kernels;

/// <summary>One row of each operand, in the type that the kernel computes in.</summary>
public readonly unsafe ref struct RowSpans<T>
    where T : unmanaged
{
    private readonly Row* _inputs;
    private readonly Row* _outputs;
    private readonly int _inputCount;
    private readonly int _outputCount;

    internal RowSpans(Row* inputs, int inputCount, Row* outputs, int outputCount)
    {
        _inputs = inputs;
        _inputCount = inputCount;
        _outputs = outputs;
        _outputCount = outputCount;
    }

    /// <summary>How many inputs there are, absent ones included.</summary>
    public int InputCount => _inputCount;

    /// <summary>How many outputs there are, absent ones included.</summary>
    public int OutputCount => _outputCount;

    /// <summary>
    /// The row of input <paramref name="i"/>, broadcast to the row's length; empty if the input is absent or was not passed.
    /// </summary>
    public ReadOnlySpan<T> Input(int i) => (uint)i < (uint)_inputCount ? new(_inputs[i].Data, _inputs[i].Length) : [];

    /// <summary>
    /// The row of output <paramref name="i"/>, of the row's length or one element; empty if the output is absent or was not passed.
    /// </summary>
    public Span<T> Output(int i) => (uint)i < (uint)_outputCount ? new(_outputs[i].Data, _outputs[i].Length) : [];

    /// <summary>Where one operand's row is.</summary>
    internal struct Row
    {
        internal T* Data;
        internal int Length;
    }
}
