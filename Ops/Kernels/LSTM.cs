using System.Numerics;
using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Specs.Types;

namespace Ops;

public static unsafe partial class LSTM
{
    private static partial void Compute(in Args args, in Operand X, in Operand W, in Operand R, in Operand B, in Operand sequence_lens,
        in Operand initial_h, in Operand initial_c, in Operand P, in Operand Y, in Operand Y_h, in Operand Y_c)
    {
        // 16-bit floats are computed as float, and rounded once.
        using var wide = new WideScratch("LSTM", WideScratch.For(X.Type), X, W, R, B, initial_h, initial_c, P, Y, Y_h, Y_c);
        Operand y = wide.Place(Y), last = wide.Place(Y_h), cells = wide.Place(Y_c);
        var call = new RecurrentCall("LSTM", wide.Read(X), wide.Read(W), wide.Read(R), wide.Read(B), sequence_lens, wide.Read(initial_h), y,
            last, args.L, args.N, args.direction, args.layout);
        Operand initial = wide.Read(initial_c), peepholes = wide.Read(P);
        if (call.X.Type == ElementType.Double) Run<double>(args, call, initial, peepholes, cells);
        else Run<float>(args, call, initial, peepholes, cells);
        wide.Write(y, Y);
        wide.Write(last, Y_h);
        wide.Write(cells, Y_c);
    }

    private static void Run<T>(in Args args, in RecurrentCall call, in Operand initial, in Operand peepholes, in Operand cells)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new Layer<T>(call, initial, peepholes, cells,
            RecurrentActivation<T>.Of(args.activations, args.activation_alpha, args.activation_beta, args.limit), args.input_forget).Run();

    /// <summary>The gates are input, output, forget and cell.</summary>
    private sealed class Layer<T>(RecurrentCall call, Operand initial, Operand peepholes, Operand last,
        RecurrentActivation<T>[] activations, bool coupled) : RecurrentLayer<T>(call, 4)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private T[] _products = [], _cells = [];
        private Operand _weights;
        private RecurrentActivation<T> _gate, _next, _out;
        private int _direction;

        protected override void Begin(int direction)
        {
            _direction = direction;
            _products = new T[4 * Batch * Size];
            _cells = Start(initial, direction);
            _weights = Weights(direction, 0, 4);
            (_gate, _next, _out) = (activations[3 * direction], activations[(3 * direction) + 1], activations[(3 * direction) + 2]);
        }

        protected override void Step()
        {
            Multiply(State, _weights, _products);
            for (int i = 0; i < Batch; i++)
            {
                if (Input(i) is not { IsEmpty: false } gates) continue;
                TensorPrimitives.Add(gates, Row(_products, i, 4 * Size), gates);
                Span<T> take = gates[..Size], show = gates[Size..(2 * Size)], keep = gates[(2 * Size)..(3 * Size)],
                    next = gates[(3 * Size)..], cells = Row(_cells, i, Size), state = Row(State, i, Size);
                Look(0, cells, take);
                _gate.Apply(take);
                if (coupled)
                {
                    TensorPrimitives.Subtract(T.One, take, keep);
                }
                else
                {
                    Look(2, cells, keep);
                    _gate.Apply(keep);
                }

                _next.Apply(next);
                TensorPrimitives.Multiply(cells, keep, cells);
                TensorPrimitives.MultiplyAdd(take, next, cells, cells);
                Look(1, cells, show);
                _gate.Apply(show);
                cells.CopyTo(state);
                _out.Apply(state);
                TensorPrimitives.Multiply(state, show, state);
            }
        }

        protected override void End(int direction) => Finish(last, direction, _cells);

        /// <summary>Adds what a gate sees of the cells.</summary>
        private void Look(int gate, ReadOnlySpan<T> cells, Span<T> gates)
        {
            if (peepholes.IsAbsent) return;
            var weights = new ReadOnlySpan<T>((T*)peepholes.Data + (((3L * _direction) + gate) * Size), Size);
            TensorPrimitives.MultiplyAdd(weights, cells, gates, gates);
        }
    }
}
