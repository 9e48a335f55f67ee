using System.Numerics;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

/// <remarks>The values come in order also when that is not asked for. A NaN counts as greater than all else.</remarks>
public static unsafe partial class TopK
{
    private static partial void Compute(in Args args, in Operand X, in Operand K, in Operand Values, in Operand Indices)
    {
        switch (X.Type)
        {
            case ElementType.Float: Run<float>(args, X, Values, Indices); break;
            case ElementType.Double: Run<double>(args, X, Values, Indices); break;
            case ElementType.Float16: Run<Half>(args, X, Values, Indices); break;
            case ElementType.Int8: Run<sbyte>(args, X, Values, Indices); break;
            case ElementType.Int16: Run<short>(args, X, Values, Indices); break;
            case ElementType.Int32: Run<int>(args, X, Values, Indices); break;
            case ElementType.Int64: Run<long>(args, X, Values, Indices); break;
            case ElementType.UInt8: Run<byte>(args, X, Values, Indices); break;
            case ElementType.UInt16: Run<ushort>(args, X, Values, Indices); break;
            case ElementType.UInt32: Run<uint>(args, X, Values, Indices); break;
            case ElementType.UInt64: Run<ulong>(args, X, Values, Indices); break;
            case ElementType.BFloat16:
                using (var scratch = Scratch.Rent((X.Length + Values.Length) * sizeof(float)))
                {
                    var wide = new Operand(scratch.Data, ElementType.Float, X.Dims);
                    var found = new Operand(scratch.Data + (X.Length * sizeof(float)), ElementType.Float, Values.Dims);
                    ElementConversion.Run("TopK", X, wide);
                    Run<float>(args, wide, found, Indices);
                    ElementConversion.Run("TopK", found, Values);
                }

                break;
            default: throw KernelErrors.UnsupportedType("TopK", X.Type);
        }
    }

    private static void Run<T>(in Args args, in Operand x, in Operand values, in Operand indices)
        where T : unmanaged, INumber<T>
    {
        long inner = Layout.Product(args.post), count = Layout.Product(args.pre) * inner,
            wanted = values.Length == 0 ? 0 : values.Length / count;
        if (wanted == 0) return;
        var body = new Body<T>((T*)x.Data, (T*)values.Data, (long*)indices.Data, args.N, wanted, inner, count, args.largest);
        body.Parts = StridedCopy.Parts(count, 16 * x.Length);
        Workers.Run(body.Parts, ref body);
    }

    private struct Body<T>(T* x, T* values, long* indices, long length, long wanted, long inner, long count, bool largest) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        internal int Parts { get; set; }

        public readonly void Run(int part)
        {
            long first = (long)((Int128)count * part / Parts), end = (long)((Int128)count * (part + 1) / Parts);
            using var scratch = Scratch.Rent(wanted * sizeof(long));
            var heap = (long*)scratch.Data;
            for (long column = first; column < end; column++)
            {
                T* from = x + (column / inner * length * inner) + (column % inner);

                // The heap holds the best ones so far, the worst of them on top.
                for (long i = 0; i < wanted; i++) heap[i] = i;
                for (long i = (wanted / 2) - 1; i >= 0; i--) Sink(from, heap, i, wanted);
                for (long i = wanted; i < length; i++)
                {
                    if (!Before(from, i, heap[0])) continue;
                    heap[0] = i;
                    Sink(from, heap, 0, wanted);
                }

                for (long size = wanted - 1; size > 0; size--)
                {
                    (heap[0], heap[size]) = (heap[size], heap[0]);
                    Sink(from, heap, 0, size);
                }

                long to = (column / inner * wanted * inner) + (column % inner);
                for (long i = 0; i < wanted; i++)
                {
                    values[to + (i * inner)] = from[heap[i] * inner];
                    indices[to + (i * inner)] = heap[i];
                }
            }
        }

        private readonly void Sink(T* from, long* heap, long place, long size)
        {
            long item = heap[place];
            while ((2 * place) + 1 < size)
            {
                long child = (2 * place) + 1;
                if (child + 1 < size && Before(from, heap[child], heap[child + 1])) child++;
                if (!Before(from, item, heap[child])) break;
                heap[place] = heap[child];
                place = child;
            }

            heap[place] = item;
        }

        /// <summary>Whether the element at <paramref name="a"/> comes before the one at <paramref name="b"/> in the answer.</summary>
        private readonly bool Before(T* from, long a, long b)
        {
            T left = from[a * inner], right = from[b * inner];
            if (left == right) return a < b;
            bool leftIsNaN = T.IsNaN(left), rightIsNaN = T.IsNaN(right);
            if (leftIsNaN || rightIsNaN) return leftIsNaN && rightIsNaN ? a < b : leftIsNaN == largest;
            return largest ? left > right : left < right;
        }
    }
}
