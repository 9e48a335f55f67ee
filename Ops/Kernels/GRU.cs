using System.Numerics;
using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Specs.Types;

namespace Ops;

public static unsafe partial class GRU
{
    private static partial void Compute(in Args args, in Operand X, in Operand W, in Operand R, in Operand B, in Operand sequence_lens,
        in Operand initial_h, in Operand Y, in Operand Y_h)
    {
        // 16-bit floats are computed as float, and rounded once.
        using var wide = new WideScratch("GRU", WideScratch.For(X.Type), X, W, R, B, initial_h, Y, Y_h);
        Operand y = wide.Place(Y), last = wide.Place(Y_h);
        var call = new RecurrentCall("GRU", wide.Read(X), wide.Read(W), wide.Read(R), wide.Read(B), sequence_lens, wide.Read(initial_h), y,
            last, args.L, args.N, args.direction, args.layout);
        if (call.X.Type == ElementType.Double) Run<double>(args, call);
        else Run<float>(args, call);
        wide.Write(y, Y);
        wide.Write(last, Y_h);
    }

    private static void Run<T>(in Args args, in RecurrentCall call)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new Layer<T>(call, RecurrentActivation<T>.Of(args.activations, args.activation_alpha, args.activation_beta, args.limit),
            args.linear_before_reset).Run();

    /// <summary>The gates are update, reset and hidden.</summary>
    private sealed class Layer<T>(RecurrentCall call, RecurrentActivation<T>[] activations, bool linearBeforeReset)
        : RecurrentLayer<T>(call, 3)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private T[] _gates = [], _hidden = [], _reset = [];
        private Operand _gateWeights, _hiddenWeights;
        private RecurrentActivation<T> _gate, _next;
        private int _direction;

        protected override bool AddsStateBias(int gate) => gate < 2 || !linearBeforeReset;

        protected override void Begin(int direction)
        {
            _direction = direction;
            (_gates, _hidden, _reset) = (new T[2 * Batch * Size], new T[Batch * Size], new T[Batch * Size]);
            (_gateWeights, _hiddenWeights) = (Weights(direction, 0, 2), Weights(direction, 2, 1));
            (_gate, _next) = (activations[2 * direction], activations[(2 * direction) + 1]);
        }

        protected override void Step()
        {
            Multiply(State, _gateWeights, _gates);
            for (int i = 0; i < Batch; i++)
            {
                if (Input(i) is not { IsEmpty: false } input) continue;
                Span<T> gates = input[..(2 * Size)], state = Row(State, i, Size), reset = Row(_reset, i, Size);
                TensorPrimitives.Add(gates, Row(_gates, i, 2 * Size), gates);
                _gate.Apply(gates);
                TensorPrimitives.Multiply(gates[Size..], state, reset);
            }

            Multiply(linearBeforeReset ? State : _reset, _hiddenWeights, _hidden);
            for (int i = 0; i < Batch; i++)
            {
                if (Input(i) is not { IsEmpty: false } input) continue;
                Span<T> update = input[..Size], next = input[(2 * Size)..], hidden = Row(_hidden, i, Size), state = Row(State, i, Size);
                if (linearBeforeReset)
                {
                    if (StateBias(_direction, 2) is { IsEmpty: false } bias) TensorPrimitives.Add(hidden, bias, hidden);
                    TensorPrimitives.Multiply(hidden, input[Size..(2 * Size)], hidden);
                }

                TensorPrimitives.Add(next, hidden, next);
                _next.Apply(next);

                // (1 - update) next + update state
                TensorPrimitives.Subtract(state, next, state);
                TensorPrimitives.MultiplyAdd(update, state, next, state);
            }
        }
    }
}
