using Ops.Simd;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Normalisation of groups of channels: each group of each instance is a row.</summary>
internal static unsafe class GroupRows
{
    /// <summary>Fills <paramref name="y"/> with the elements of x at mean 0 and variance 1, times scale, plus bias.</summary>
    /// <param name="x">Instances, channels, and the places of a channel.</param>
    /// <param name="scale">One for each channel or for each group.</param>
    /// <param name="bias">As the scale.</param>
    /// <param name="y">Of the shape of x.</param>
    /// <param name="groups">How many groups of consecutive channels an instance has.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static void Run(in Operand x, in Operand scale, in Operand bias, in Operand y, long groups, double epsilon)
    {
        long instances = x.Dims[0], channels = x.Dims[1] / groups, places = Layout.Product(x.Dims.AsSpan(2));
        long[] space = [instances, groups, channels, places], factors = [groups, scale.Length == groups ? 1 : channels, 1];
        Operand[] inputs = [new(x.Data, x.Type, space), new(scale.Data, scale.Type, factors), new(bias.Data, bias.Type, factors)];
        Operand[] outputs = [new(y.Data, y.Type, space)];
        if (x.Type == ElementType.Double) Rows.Run<double, Kernel>(new(epsilon), inputs, outputs, 2, 2);
        else Rows.Run<float, Kernel>(new(epsilon), inputs, outputs, 2, 2);
    }

    private readonly struct Kernel(double epsilon) : IRowKernel
    {
        public void Row<V, T>(in RowSpans<T> row)
            where V : struct, ISimd<V, T>
            where T : unmanaged
        {
            ReadOnlySpan<T> x = row.Input(0);
            Span<T> y = row.Output(0);
            V count = V.Constant(x.Length);
            T mean = V.First(V.Create(RowMath.Sum<V, T>(x)) / count);
            V variance = V.Create(RowMath.SumOfSquaredDifferences<V, T>(x, mean)) / count;
            RowMath.Normalize<V, T>(x, mean, V.First(V.Constant(1) / V.Sqrt(variance + V.Constant(epsilon))), y);
            RowMath.Multiply<V, T>(y, row.Input(1), y);
            RowMath.Add<V, T>(y, row.Input(2), y);
        }
    }
}
