using System.Numerics;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>What a pooling makes of the elements in a window.</summary>
internal interface IPool<T> where T : unmanaged
{
    /// <summary>What windows start with.</summary>
    T Start { get; }

    /// <summary>Takes one element into each of some windows.</summary>
    void Fold(ReadOnlySpan<T> elements, Span<T> windows);

    /// <summary>Takes an element into a window.</summary>
    T Fold(T window, T element);

    /// <summary>Makes the outputs of one channel.</summary>
    void Finish(Span<T> windows);
}

/// <summary>Folds the windows of every channel, the elements of each in row-major order.</summary>
internal static unsafe class Pooling
{
    /// <summary>Pools floats; those of 16 bits are computed as float, and rounded once.</summary>
    public static void Run<F, D>(string op, in SlidingWindow window, in F floats, in D doubles, in Operand x, in Operand y)
        where F : struct, IPool<float>
        where D : struct, IPool<double>
    {
        if (x.Type == ElementType.Double)
        {
            Run(window, doubles, (double*)x.Data, (double*)y.Data, Channels(x));
            return;
        }

        if (x.Type == ElementType.Float)
        {
            Run(window, floats, (float*)x.Data, (float*)y.Data, Channels(x));
            return;
        }

        using Scratch scratch = Scratch.Rent((x.Length + y.Length) * sizeof(float));
        var source = new Operand(scratch.Data, ElementType.Float, x.Dims);
        var target = new Operand((float*)scratch.Data + x.Length, ElementType.Float, y.Dims);
        ElementConversion.Run(op, x, source);
        Run(window, floats, (float*)source.Data, (float*)target.Data, Channels(x));
        ElementConversion.Run(op, target, y);
    }

    /// <summary>Pools <paramref name="channels"/> channels that lie one after another.</summary>
    public static void Run<T, P>(in SlidingWindow window, in P pool, T* x, T* y, long channels)
        where T : unmanaged, INumber<T>
        where P : struct, IPool<T>
    {
        var body = new Body<T, P>(window, pool, x, y);
        Workers.Run(checked((int)channels), ref body);
    }

    /// <summary>The channels of all images.</summary>
    public static long Channels(in Operand x) => x.Dims[0] * x.Dims[1];

    private readonly struct Body<T, P>(SlidingWindow window, P pool, T* x, T* y) : IParallelBody
        where T : unmanaged, INumber<T>
        where P : struct, IPool<T>
    {
        public void Run(int part)
        {
            T* plane = x + (part * window.Source), output = y + (part * window.Places);
            var all = new Span<T>(output, checked((int)window.Places));
            all.Fill(pool.Start);
            for (long row = 0, rows = window.Rows, taps = window.Taps; row < rows; row++)
                for (long tap = 0; tap < taps; tap++)
                    if (window.RowStart(row, tap) is var start and >= 0)
                        Fold(window.Inside(tap), plane + start, output + (row * window.RowPlaces));
            pool.Finish(all);
        }

        private void Fold((long Low, long High, long Source) inside, T* source, T* target)
        {
            if (inside.High <= inside.Low) return;
            source += inside.Source;
            int count = (int)(inside.High - inside.Low);
            target += inside.Low;
            if (window.Stride == 1)
            {
                pool.Fold(new ReadOnlySpan<T>(source, count), new Span<T>(target, count));
                return;
            }

            for (long i = 0; i < count; i++) target[i] = pool.Fold(target[i], source[i * window.Stride]);
        }
    }
}
