using System.Numerics;
using System.Numerics.Tensors;
using Ops.Simd;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>What the recurrent ops have in common; all operands hold the type that is computed in.</summary>
/// <param name="Op">The op, for messages.</param>
/// <param name="X">The sequences.</param>
/// <param name="W">The weights of the input.</param>
/// <param name="R">The weights of the state.</param>
/// <param name="B">The biases, or absent.</param>
/// <param name="Lengths">How long each sequence is, or absent.</param>
/// <param name="Initial">The state before the first step, or absent.</param>
/// <param name="Y">Where the states go, or absent.</param>
/// <param name="Last">Where the last state of each sequence goes, or absent.</param>
/// <param name="Steps">The steps of the longest sequence.</param>
/// <param name="Batch">The sequences of a batch.</param>
/// <param name="Direction">forward, reverse or bidirectional.</param>
/// <param name="BatchFirst">Whether the batch is the first axis.</param>
internal readonly record struct RecurrentCall(string Op, Operand X, Operand W, Operand R, Operand B, Operand Lengths, Operand Initial,
    Operand Y, Operand Last, long Steps, long Batch, string Direction, bool BatchFirst);

/// <summary>A layer whose state goes from step to step. The products of all inputs are made at once, those of the state step by
/// step.</summary>
internal abstract unsafe class RecurrentLayer<T>(RecurrentCall call, int gates)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] _inputs = [];
    private long[] _places = [];

    /// <summary>The neurons of a gate.</summary>
    protected int Size { get; } = checked((int)call.R.Dims[2]);

    /// <summary>The sequences of a batch.</summary>
    protected int Batch { get; } = checked((int)call.Batch);

    /// <summary>The state of every sequence.</summary>
    protected T[] State { get; private set; } = [];

    private int Directions => (int)call.W.Dims[0];

    /// <summary>Runs all directions.</summary>
    public void Run()
    {
        for (int direction = 0; direction < Directions; direction++)
        {
            Inputs(direction);
            State = Start(call.Initial, direction);
            Begin(direction);
            bool backwards = call.Direction == "reverse" || direction == 1;
            for (long step = 0; step < call.Steps; step++)
            {
                _places = Places(step, backwards);
                Step();
                Emit(direction, step, backwards);
            }

            Finish(call.Last, direction, State);
            End(direction);
        }
    }

    /// <summary>Makes ready what a direction needs besides its state.</summary>
    protected abstract void Begin(int direction);

    /// <summary>Makes the next state of those sequences that have one.</summary>
    protected abstract void Step();

    /// <summary>Hands over what a direction has besides its state.</summary>
    protected virtual void End(int direction) { }

    /// <summary>What the weights make of a sequence's input in this step, biases included; empty when it has ended.</summary>
    protected Span<T> Input(int sequence) => _places[sequence] < 0 ? default : Row(_inputs, _places[sequence], gates * Size);

    /// <summary>A row of a matrix.</summary>
    protected static Span<T> Row(T[] matrix, long row, int length) => matrix.AsSpan(checked((int)(row * length)), length);

    /// <summary>The weights of some gates' state.</summary>
    protected Operand Weights(int direction, int gate, int count)
    {
        long size = Size;
        var weights = new Operand((T*)call.R.Data + ((((long)direction * gates) + gate) * size * size), call.R.Type, [count * size, size]);
        return weights with { Packed = KernelDispatch.PackContraction(call.Op, weights, true) is { Length: > 1 } packed ? packed[1] : null };
    }

    /// <summary>The products of a state of every sequence with weights.</summary>
    protected void Multiply(T[] state, in Operand weights, T[] products)
    {
        fixed (T* a = state)
        fixed (T* y = products)
            KernelDispatch.Contraction(call.Op, new Plus(), new Operand(a, call.R.Type, [Batch, Size]), false, weights, true, Operand.Absent,
                new Operand(y, call.R.Type, [Batch, weights.Dims[0]]));
    }

    /// <summary>The biases of a gate's weights of the state; empty when there are none.</summary>
    protected ReadOnlySpan<T> StateBias(int direction, int gate) =>
        call.B.IsAbsent ? default : new((T*)call.B.Data + (((((2L * direction) + 1) * gates) + gate) * Size), Size);

    /// <summary>The rows of a direction from an operand that has one for each sequence; zeros when it is absent.</summary>
    protected T[] Start(in Operand initial, int direction)
    {
        var rows = new T[Batch * Size];
        if (initial.IsAbsent) return rows;
        for (int i = 0; i < Batch; i++)
            new ReadOnlySpan<T>((T*)initial.Data + (LastRow(direction, i) * Size), Size).CopyTo(Row(rows, i, Size));
        return rows;
    }

    /// <summary>Writes the rows of a direction to such an operand.</summary>
    protected void Finish(in Operand last, int direction, T[] rows)
    {
        if (last.IsAbsent) return;
        for (int i = 0; i < Batch; i++)
            Row(rows, i, Size).CopyTo(new Span<T>((T*)last.Data + (LastRow(direction, i) * Size), Size));
    }

    private long LastRow(int direction, int sequence) =>
        call.BatchFirst ? ((long)sequence * Directions) + direction : ((long)direction * Batch) + sequence;

    private long Length(int sequence) => call.Lengths.IsAbsent ? call.Steps : ((int*)call.Lengths.Data)[sequence];

    private long InputRow(int sequence, long time) => call.BatchFirst ? (sequence * call.Steps) + time : (time * Batch) + sequence;

    /// <summary>What the weights make of all inputs, all biases added that are added in any case.</summary>
    private void Inputs(int direction)
    {
        long rows = call.Steps * Batch, features = call.W.Dims[2], width = (long)gates * Size;
        _inputs = new T[checked(rows * width)];
        var bias = new T[width];
        if (!call.B.IsAbsent)
        {
            new ReadOnlySpan<T>((T*)call.B.Data + (2 * direction * width), (int)width).CopyTo(bias);
            for (int gate = 0; gate < gates; gate++)
                if (AddsStateBias(gate)) TensorPrimitives.Add(Row(bias, gate, Size), StateBias(direction, gate), Row(bias, gate, Size));
        }

        ElementType type = call.X.Type;
        fixed (T* addend = bias)
        fixed (T* y = _inputs)
            KernelDispatch.Contraction(call.Op, new Plus(), new Operand(call.X.Data, type, [rows, features]), false,
                new Operand((T*)call.W.Data + (direction * width * features), type, [width, features]), true,
                new Operand(addend, type, [width]), new Operand(y, type, [rows, width]));
    }

    /// <summary>Whether the state's bias of a gate is added to what the gate gets, whatever else happens to the state.</summary>
    protected virtual bool AddsStateBias(int gate) => true;

    /// <summary>The row of each sequence's input in a step; -1 where it has ended.</summary>
    private long[] Places(long step, bool backwards)
    {
        var places = new long[Batch];
        for (int i = 0; i < Batch; i++)
            places[i] = step < Length(i) ? InputRow(i, backwards ? Length(i) - 1 - step : step) : -1;
        return places;
    }

    private void Emit(int direction, long step, bool backwards)
    {
        if (call.Y.IsAbsent) return;
        for (int i = 0; i < Batch; i++)
        {
            bool ended = _places[i] < 0;
            long time = backwards && !ended ? Length(i) - 1 - step : step,
                row = call.BatchFirst ? (((i * call.Steps) + time) * Directions) + direction : (((time * Directions) + direction) * Batch) + i;
            var y = new Span<T>((T*)call.Y.Data + (row * Size), Size);
            if (ended) y.Clear();
            else Row(State, i, Size).CopyTo(y);
        }
    }

    /// <summary>A product and what is added to it.</summary>
    private readonly struct Plus : IContractionKernel
    {
        public V Apply<V, S>(V product, V addend)
            where V : struct, ISimd<V, S>
            where S : unmanaged => product + addend;
    }
}
