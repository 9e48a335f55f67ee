using System.Numerics;
using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Specs.Types;

namespace Ops;

public static unsafe partial class RNN
{
    private static partial void Compute(in Args args, in Operand X, in Operand W, in Operand R, in Operand B, in Operand sequence_lens,
        in Operand initial_h, in Operand Y, in Operand Y_h)
    {
        // 16-bit floats are computed as float, and rounded once.
        using var wide = new WideScratch("RNN", WideScratch.For(X.Type), X, W, R, B, initial_h, Y, Y_h);
        Operand y = wide.Place(Y), last = wide.Place(Y_h);
        var call = new RecurrentCall("RNN", wide.Read(X), wide.Read(W), wide.Read(R), wide.Read(B), sequence_lens, wide.Read(initial_h), y,
            last, args.L, args.N, args.direction, args.layout);
        if (call.X.Type == ElementType.Double) Run<double>(args, call);
        else Run<float>(args, call);
        wide.Write(y, Y);
        wide.Write(last, Y_h);
    }

    private static void Run<T>(in Args args, in RecurrentCall call)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new Layer<T>(call, RecurrentActivation<T>.Of(args.activations, args.activation_alpha, args.activation_beta, args.limit)).Run();

    private sealed class Layer<T>(RecurrentCall call, RecurrentActivation<T>[] activations) : RecurrentLayer<T>(call, 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private T[] _products = [];
        private Operand _weights;
        private RecurrentActivation<T> _activation;

        protected override void Begin(int direction)
        {
            _products = new T[Batch * Size];
            _weights = Weights(direction, 0, 1);
            _activation = activations[direction];
        }

        protected override void Step()
        {
            Multiply(State, _weights, _products);
            for (int i = 0; i < Batch; i++)
            {
                if (Input(i) is not { IsEmpty: false } next) continue;
                TensorPrimitives.Add(next, Row(_products, i, Size), next);
                _activation.Apply(next);
                next.CopyTo(Row(State, i, Size));
            }
        }
    }
}
