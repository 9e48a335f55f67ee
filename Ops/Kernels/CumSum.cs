using System.Numerics;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class CumSum
{
    private static partial void Compute(in Args args, in Operand x, in Operand axis, in Operand y)
    {
        var places = new AxisPlaces(x.Dims, Layout.Axis(new IndexList(axis)[0], x.Dims.Length));
        switch (x.Type)
        {
            case ElementType.Float: Run<float>(args, places, x.Data, y.Data); break;
            case ElementType.Double: Run<double>(args, places, x.Data, y.Data); break;
            case ElementType.Int32: Run<int>(args, places, x.Data, y.Data); break;
            case ElementType.UInt32: Run<uint>(args, places, x.Data, y.Data); break;
            case ElementType.Int64: Run<long>(args, places, x.Data, y.Data); break;
            case ElementType.UInt64: Run<ulong>(args, places, x.Data, y.Data); break;
            case ElementType.Float16 or ElementType.BFloat16:
                // The sums are kept as float, and rounded once each.
                using (var scratch = Scratch.Rent(2 * x.Length * sizeof(float)))
                {
                    var numbers = new Operand(scratch.Data, ElementType.Float, x.Dims);
                    var sums = new Operand(scratch.Data + (x.Length * sizeof(float)), ElementType.Float, x.Dims);
                    ElementConversion.Run("CumSum", x, numbers);
                    Run<float>(args, places, numbers.Data, sums.Data);
                    ElementConversion.Run("CumSum", sums, y);
                }

                break;
            default: throw KernelErrors.UnsupportedType("CumSum", x.Type);
        }
    }

    private static void Run<T>(in Args args, in AxisPlaces places, void* x, void* y)
        where T : unmanaged, INumber<T>
    {
        var body = new Body<T>(places, (T*)x, (T*)y, args.exclusive, args.reverse);
        Workers.Run(places.Parts, ref body);
    }

    private readonly struct Body<T>(AxisPlaces places, T* x, T* y, bool exclusive, bool reverse) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        public void Run(int part)
        {
            T* sums = stackalloc T[AxisPlaces.Width];
            for (long block = places.First(part); block < places.End(part); block++)
            {
                long begin = places.Begin(block, out int width);
                new Span<T>(sums, width).Clear();
                for (long n = 0; n < places.Length; n++)
                {
                    long at = begin + ((reverse ? places.Length - 1 - n : n) * places.Inner);
                    for (int i = 0; i < width; i++)
                    {
                        T sum = unchecked(sums[i] + x[at + i]);
                        y[at + i] = exclusive ? sums[i] : sum;
                        sums[i] = sum;
                    }
                }
            }
        }
    }
}
