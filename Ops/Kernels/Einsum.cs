using System.Numerics;
using Ops.Kernels;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class Einsum
{
    private static partial void Compute(in Args args, ReadOnlySpan<Operand> Inputs, in Operand Output)
    {
        switch (Output.Type)
        {
            case ElementType.Float: Run<float, double>(args, Inputs, Output); break;
            case ElementType.Double: Run<double, double>(args, Inputs, Output); break;
            case ElementType.Int8: Run<sbyte, sbyte>(args, Inputs, Output); break;
            case ElementType.Int16: Run<short, short>(args, Inputs, Output); break;
            case ElementType.Int32: Run<int, int>(args, Inputs, Output); break;
            case ElementType.Int64: Run<long, long>(args, Inputs, Output); break;
            case ElementType.UInt8: Run<byte, byte>(args, Inputs, Output); break;
            case ElementType.UInt16: Run<ushort, ushort>(args, Inputs, Output); break;
            case ElementType.UInt32: Run<uint, uint>(args, Inputs, Output); break;
            case ElementType.UInt64: Run<ulong, ulong>(args, Inputs, Output); break;
            case ElementType.Float16: Run<Half, double>(args, Inputs, Output); break;
            default: throw KernelErrors.UnsupportedType("Einsum", Output.Type);
        }
    }

    private static void Run<T, S>(in Args args, ReadOnlySpan<Operand> inputs, in Operand output)
        where T : unmanaged, INumberBase<T>
        where S : unmanaged, INumberBase<S>
    {
        EinsumEquation equation = EinsumEquation.Parse(args.equation, [.. inputs.ToArray().Select(i => i.Dims.Length)], out _)!;
        Dictionary<int, Dim> extents = equation.Extents([.. inputs.ToArray().Select(i => Seq.Of(Array.ConvertAll(i.Dims, d => (Dim)d)))]);
        int[] labels = [.. equation.Output, .. equation.Summed];
        var strides = new long[inputs.Length][];
        for (int i = 0; i < inputs.Length; i++)
        {
            // An axis of one element that broadcasts stays where it is; a letter that stands twice walks along the diagonal.
            long[] own = Layout.Strides(inputs[i].Dims), dims = inputs[i].Dims;
            strides[i] =
                [.. labels.Select(label => equation.Inputs[i].Select((l, axis) => l == label && dims[axis] != 1 ? own[axis] : 0).Sum())];
        }

        var body = new Body<T, S>([.. inputs.ToArray().Select(i => (nint)i.Data)], (T*)output.Data,
            [.. labels.Select(l => extents[l].Value)], strides, equation.Output.Length);
        Workers.Run(body.Parts, ref body);
    }

    private readonly struct Body<T, S>(nint[] inputs, T* output, long[] extents, long[][] strides, int kept) : IParallelBody
        where T : unmanaged, INumberBase<T>
        where S : unmanaged, INumberBase<S>
    {
        private readonly long _count = Layout.Product(extents.AsSpan(0, kept)), _terms = Layout.Product(extents.AsSpan(kept));

        public int Parts => StridedCopy.Parts(_count, (long)Int128.Min(long.MaxValue, (Int128)_count * _terms * sizeof(T)));

        public void Run(int part)
        {
            int parts = Parts;
            var places = new long[inputs.Length];
            var index = new long[extents.Length];
            for (long at = (long)((Int128)_count * part / parts); at < (long)((Int128)_count * (part + 1) / parts); at++)
            {
                Array.Clear(places);
                long rest = at;
                for (int axis = kept - 1; axis >= 0; axis--)
                {
                    for (int i = 0; i < places.Length; i++) places[i] += rest % extents[axis] * strides[i][axis];
                    rest /= extents[axis];
                }

                output[at] = T.CreateTruncating(Sum(places, index));
            }
        }

        /// <summary>The sum of the products over all places of the labels that are summed over.</summary>
        private S Sum(long[] places, long[] index)
        {
            S sum = S.Zero;
            Array.Clear(index);
            for (long term = 0; term < _terms; term++)
            {
                S product = S.One;
                for (int i = 0; i < places.Length; i++) product = unchecked(product * S.CreateTruncating(((T*)inputs[i])[places[i]]));
                sum = unchecked(sum + product);
                for (int axis = extents.Length - 1; axis >= kept; axis--)
                {
                    for (int i = 0; i < places.Length; i++) places[i] += strides[i][axis];
                    if (++index[axis] < extents[axis]) break;
                    for (int i = 0; i < places.Length; i++) places[i] -= strides[i][axis] * extents[axis];
                    index[axis] = 0;
                }
            }

            return sum;
        }
    }

    /// <summary>The dims of the output; unknown as long as a rank is.</summary>
    private static partial Seq<Dim> Shape(string? equation, Seq<Seq<Dim>> d)
    {
        if (equation is null || !d.IsKnown || !d.ToArray().All(shape => shape.IsKnown)) return default;
        Seq<Dim>[] shapes = d.ToArray();
        EinsumEquation? parsed = EinsumEquation.Parse(equation, [.. shapes.Select(s => s.Items.Length)], out string reason);
        if (parsed is null) return Seq<Dim>.Invalid(reason);
        Dictionary<int, Dim> extents = parsed.Extents(shapes);
        foreach (Dim extent in extents.Values)
            if (extent.Reason is { } why) return Seq<Dim>.Invalid(why);
        return Seq.Of(Array.ConvertAll(parsed.Output, label => extents[label]));
    }
}
