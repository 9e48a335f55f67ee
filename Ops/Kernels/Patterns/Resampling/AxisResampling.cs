using System.Numerics;
using System.Numerics.Tensors;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Makes the elements of new places along one axis from weighted elements along it.</summary>
internal static unsafe class AxisResampling
{
    /// <summary>Fills <paramref name="to"/>, which has the extents of <paramref name="from"/> but for <paramref name="axis"/>.</summary>
    public static void Run<T>(in Operand from, in Operand to, int axis, AxisSamples samples)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long inner = Layout.Product(from.Dims.AsSpan(axis + 1));
        var body = new Body<T>((T*)from.Data, (T*)to.Data, from.Dims[axis], to.Dims[axis], inner, samples);

        // Where elements along the axis are neighbours a row is a unit of work, else each of its places.
        long units = Layout.Product(from.Dims.AsSpan(0, axis)) * (inner == 1 ? 1 : to.Dims[axis]);
        body.Units = units;
        body.Parts = StridedCopy.Parts(units, to.Length * samples.Sources.Length / Math.Max(to.Dims[axis], 1) * sizeof(T));
        Workers.Run(body.Parts, ref body);
    }

    private struct Body<T>(T* from, T* to, long extent, long places, long inner, AxisSamples samples) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly long[] _sources = samples.Sources;
        private readonly T[] _weights = Array.ConvertAll(samples.Weights, T.CreateTruncating);
        private readonly int[] _starts = samples.Starts;

        internal int Parts { get; set; }

        internal long Units { get; set; }

        public readonly void Run(int part)
        {
            long first = (long)((Int128)Units * part / Parts), end = (long)((Int128)Units * (part + 1) / Parts);
            for (long unit = first; unit < end; unit++)
                if (inner == 1) Row(from + (unit * extent), to + (unit * places));
                else Place(from + (unit / places * extent * inner), to + (unit * inner), unit % places);
        }

        private readonly void Row(T* row, T* target)
        {
            fixed (long* sources = _sources)
            fixed (T* weights = _weights)
            fixed (int* starts = _starts)
            {
                for (long place = 0; place < places; place++)
                {
                    T sum = T.Zero;
                    for (int i = starts[place]; i < starts[place + 1]; i++) sum += weights[i] * row[sources[i]];
                    target[place] = sum;
                }
            }
        }

        private readonly void Place(T* rows, T* target, long place)
        {
            for (long done = 0; done < inner; done += int.MaxValue)
            {
                int count = (int)Math.Min(inner - done, int.MaxValue);
                var sums = new Span<T>(target + done, count);
                for (int i = _starts[place]; i < _starts[place + 1]; i++)
                {
                    var source = new ReadOnlySpan<T>(rows + (_sources[i] * inner) + done, count);
                    if (i == _starts[place]) TensorPrimitives.Multiply(source, _weights[i], sums);
                    else TensorPrimitives.MultiplyAdd(source, _weights[i], sums, sums);
                }
            }
        }
    }
}
