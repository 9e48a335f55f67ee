using System.Numerics;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Running sums and products along an axis, for every type that has them.</summary>
internal static unsafe class RunningFolds
{
    /// <summary>Writes at every place the sum, or the product, of the elements up to it.</summary>
    /// <exception cref="OpException">The type has no sums.</exception>
    public static void Run(string op, bool product, in Operand x, long axis, in Operand y, bool exclusive, bool reverse)
    {
        var places = new AxisPlaces(x.Dims, Layout.Axis(axis, x.Dims.Length));
        switch (x.Type)
        {
            case ElementType.Float: Run<float>(product, places, x.Data, y.Data, exclusive, reverse); break;
            case ElementType.Double: Run<double>(product, places, x.Data, y.Data, exclusive, reverse); break;
            case ElementType.Int32: Run<int>(product, places, x.Data, y.Data, exclusive, reverse); break;
            case ElementType.UInt32: Run<uint>(product, places, x.Data, y.Data, exclusive, reverse); break;
            case ElementType.Int64: Run<long>(product, places, x.Data, y.Data, exclusive, reverse); break;
            case ElementType.UInt64: Run<ulong>(product, places, x.Data, y.Data, exclusive, reverse); break;
            case ElementType.Float16 or ElementType.BFloat16:
                // The folds are kept as float, and rounded once each.
                using (var scratch = Scratch.Rent(2 * x.Length * sizeof(float)))
                {
                    var numbers = new Operand(scratch.Data, ElementType.Float, x.Dims);
                    var folds = new Operand(scratch.Data + (x.Length * sizeof(float)), ElementType.Float, x.Dims);
                    ElementConversion.Run(op, x, numbers);
                    Run<float>(product, places, numbers.Data, folds.Data, exclusive, reverse);
                    ElementConversion.Run(op, folds, y);
                }

                break;
            default: throw KernelErrors.UnsupportedType(op, x.Type);
        }
    }

    private static void Run<T>(bool product, in AxisPlaces places, void* x, void* y, bool exclusive, bool reverse)
        where T : unmanaged, INumber<T>
    {
        if (product) Run<T, ProductFold<T>>(places, x, y, exclusive, reverse);
        else Run<T, SumFold<T>>(places, x, y, exclusive, reverse);
    }

    private static void Run<T, F>(in AxisPlaces places, void* x, void* y, bool exclusive, bool reverse)
        where T : unmanaged
        where F : struct, IFold<T>
    {
        var body = new RunningFold<T, F>(places, (T*)x, (T*)y, exclusive, reverse);
        Workers.Run(places.Parts, ref body);
    }
}
