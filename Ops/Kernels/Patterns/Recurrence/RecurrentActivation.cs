using System.Numerics;
using System.Numerics.Tensors;

namespace Ops.Kernels;

/// <summary>An activation function of a recurrent layer, by its name and with its parameters.</summary>
internal readonly struct RecurrentActivation<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly string _name;
    private readonly T _alpha, _beta, _clip;

    private RecurrentActivation(string name, double alpha, double beta, double clip)
    {
        _name = name;
        (_alpha, _beta, _clip) = (T.CreateTruncating(alpha), T.CreateTruncating(beta), T.CreateTruncating(clip));
    }

    /// <summary>The functions of a layer; those that have parameters take the next ones given, or else the usual ones.</summary>
    public static RecurrentActivation<T>[] Of(string[] names, double[]? alphas, double[]? betas, double clip)
    {
        int alpha = 0, beta = 0;
        return Array.ConvertAll(names, name =>
        {
            var (first, second) = Parameters(name);
            if (first is not null && alpha < alphas?.Length) first = alphas[alpha++];
            if (second is not null && beta < betas?.Length) second = betas[beta++];
            return new RecurrentActivation<T>(name, first ?? 0, second ?? 0, clip);
        });
    }

    /// <summary>Replaces each element by its function.</summary>
    public void Apply(Span<T> x)
    {
        if (T.IsFinite(_clip)) TensorPrimitives.Clamp(x, -_clip, _clip, x);
        switch (_name)
        {
            case "Tanh": TensorPrimitives.Tanh(x, x); break;
            case "Sigmoid": TensorPrimitives.Sigmoid(x, x); break;
            case "Relu": TensorPrimitives.Max(x, T.Zero, x); break;
            case "Affine": TensorPrimitives.Multiply(x, _alpha, x); TensorPrimitives.Add(x, _beta, x); break;
            case "ScaledTanh":
                TensorPrimitives.Multiply(x, _beta, x);
                TensorPrimitives.Tanh(x, x);
                TensorPrimitives.Multiply(x, _alpha, x);
                break;
            case "HardSigmoid":
                TensorPrimitives.Multiply(x, _alpha, x);
                TensorPrimitives.Add(x, _beta, x);
                TensorPrimitives.Clamp(x, T.Zero, T.One, x);
                break;
            default:
                for (int i = 0; i < x.Length; i++) x[i] = Apply(x[i]);
                break;
        }
    }

    private T Apply(T x) => _name switch
    {
        "LeakyRelu" => x >= T.Zero ? x : _alpha * x,
        "ThresholdedRelu" => x >= _alpha ? x : T.Zero,
        "Elu" => x >= T.Zero ? x : _alpha * T.ExpM1(x),
        "Softsign" => x / (T.One + T.Abs(x)),

        // Softplus, so written that a large number is its own.
        _ => T.Max(x, T.Zero) + T.LogP1(T.Exp(-T.Abs(x))),
    };

    /// <summary>The usual parameters; null for those that a function has not.</summary>
    private static (double? Alpha, double? Beta) Parameters(string name) => name switch
    {
        "Affine" => (1, 0),
        "LeakyRelu" => (0.01, null),
        "ThresholdedRelu" or "Elu" => (1, null),
        "ScaledTanh" => (1, 1),
        "HardSigmoid" => (0.2, 0.5),
        _ => (null, null),
    };
}
