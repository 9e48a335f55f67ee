using System.Numerics;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>What running folds combine elements by.</summary>
internal interface IFold<T>
    where T : unmanaged
{
    /// <summary>What the fold of no elements is.</summary>
    static abstract T Start { get; }

    /// <summary>Takes one more element in.</summary>
    static abstract T Absorb(T folded, T item);
}

/// <summary>Sums.</summary>
internal readonly struct SumFold<T> : IFold<T>
    where T : unmanaged, INumber<T>
{
    public static T Start => T.Zero;

    public static T Absorb(T folded, T item) => unchecked(folded + item);
}

/// <summary>Products.</summary>
internal readonly struct ProductFold<T> : IFold<T>
    where T : unmanaged, INumber<T>
{
    public static T Start => T.One;

    public static T Absorb(T folded, T item) => unchecked(folded * item);
}

/// <summary>Writes at every place of an axis the fold of the elements up to it.</summary>
internal readonly unsafe struct RunningFold<T, F>(AxisPlaces places, T* x, T* y, bool exclusive, bool reverse) : IParallelBody
    where T : unmanaged
    where F : struct, IFold<T>
{
    public void Run(int part)
    {
        T* folds = stackalloc T[AxisPlaces.Width];
        for (long block = places.First(part); block < places.End(part); block++)
        {
            long begin = places.Begin(block, out int width);
            new Span<T>(folds, width).Fill(F.Start);
            for (long n = 0; n < places.Length; n++)
            {
                long at = begin + ((reverse ? places.Length - 1 - n : n) * places.Inner);
                for (int i = 0; i < width; i++)
                {
                    T fold = F.Absorb(folds[i], x[at + i]);
                    y[at + i] = exclusive ? folds[i] : fold;
                    folds[i] = fold;
                }
            }
        }
    }
}
