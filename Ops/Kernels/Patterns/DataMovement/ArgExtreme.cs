using System.Numerics;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Where the greatest or least element of each column along an axis is.</summary>
internal static unsafe class ArgExtreme
{
    /// <summary>Fills <paramref name="indices"/>; a NaN wins over everything.</summary>
    /// <param name="op">The op, for messages.</param>
    /// <param name="data">The elements.</param>
    /// <param name="axis">The axis of the columns, which are not empty.</param>
    /// <param name="greatest">Whether the greatest is wanted rather than the least.</param>
    /// <param name="last">Whether of equal ones the last is wanted rather than the first.</param>
    /// <param name="indices">One for each column.</param>
    public static void Run(string op, in Operand data, int axis, bool greatest, bool last, long* indices)
    {
        switch (data.Type)
        {
            case ElementType.Float: Run<float>(data, axis, greatest, last, indices); break;
            case ElementType.Double: Run<double>(data, axis, greatest, last, indices); break;
            case ElementType.Float16: Run<Half>(data, axis, greatest, last, indices); break;
            case ElementType.Int8: Run<sbyte>(data, axis, greatest, last, indices); break;
            case ElementType.Int16: Run<short>(data, axis, greatest, last, indices); break;
            case ElementType.Int32: Run<int>(data, axis, greatest, last, indices); break;
            case ElementType.Int64: Run<long>(data, axis, greatest, last, indices); break;
            case ElementType.UInt8: Run<byte>(data, axis, greatest, last, indices); break;
            case ElementType.UInt16: Run<ushort>(data, axis, greatest, last, indices); break;
            case ElementType.UInt32: Run<uint>(data, axis, greatest, last, indices); break;
            case ElementType.UInt64: Run<ulong>(data, axis, greatest, last, indices); break;
            case ElementType.BFloat16:
                using (var scratch = Scratch.Rent(data.Length * sizeof(float)))
                {
                    var wide = new Operand(scratch.Data, ElementType.Float, data.Dims);
                    ElementConversion.Run(op, data, wide);
                    Run<float>(wide, axis, greatest, last, indices);
                }

                break;
            default: throw KernelErrors.UnsupportedType(op, data.Type);
        }
    }

    private static void Run<T>(in Operand data, int axis, bool greatest, bool last, long* indices)
        where T : unmanaged, INumber<T>
    {
        var places = new AxisPlaces(data.Dims, axis);
        var body = new Body<T>(places, (T*)data.Data, greatest, last, indices);
        Workers.Run(places.Parts, ref body);
    }

    private readonly struct Body<T>(AxisPlaces places, T* data, bool greatest, bool last, long* indices) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        public void Run(int part)
        {
            T* best = stackalloc T[AxisPlaces.Width];
            for (long block = places.First(part); block < places.End(part); block++)
            {
                long begin = places.Begin(block, out int width);
                long* found = indices + places.Column(block);
                new Span<long>(found, width).Clear();
                new ReadOnlySpan<T>(data + begin, width).CopyTo(new Span<T>(best, width));
                for (long n = 1; n < places.Length; n++)
                {
                    T* row = data + begin + (n * places.Inner);
                    for (int i = 0; i < width; i++)
                    {
                        if (!Wins(row[i], best[i])) continue;
                        best[i] = row[i];
                        found[i] = n;
                    }
                }
            }
        }

        private bool Wins(T value, T best)
        {
            if (greatest ? value > best : value < best) return true;
            if (value == best) return last;
            return T.IsNaN(value) && (last || !T.IsNaN(best));
        }
    }
}
