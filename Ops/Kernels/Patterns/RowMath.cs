using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Vectorised pieces for row kernels.</summary>
/// <remarks>
/// Sums run over the same lanes, chains and blocks whatever the threads and the row's place: bits depend on the values, the length and the
/// width only.
/// A destination may be the source itself; it must be at least as long. What usually is the first pass over a row fetches the row behind
/// it.
/// </remarks>
public static unsafe class RowMath
{
    /// <summary>The sum; 0 of nothing.</summary>
    public static T Sum<V, T>(ReadOnlySpan<T> x)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Fold<V, T, SumFold>(default, x, x.Length);

    /// <summary>The sum of the squares; 0 of nothing.</summary>
    public static T SumOfSquares<V, T>(ReadOnlySpan<T> x)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Fold<V, T, SquareFold>(default, x, x.Length);

    /// <summary>The sum of (x - <paramref name="center"/>)^2; 0 of nothing.</summary>
    public static T SumOfSquaredDifferences<V, T>(ReadOnlySpan<T> x, T center)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Fold<V, T, DifferenceFold>(new(ToDouble(center)), x);

    /// <summary>The maximum, NaN if there is any; -infinity of nothing.</summary>
    public static T Max<V, T>(ReadOnlySpan<T> x)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Fold<V, T, MaxFold>(default, x);

    /// <summary>The maximum; any value if there is a NaN. -infinity of nothing.</summary>
    public static T MaxNumber<V, T>(ReadOnlySpan<T> x)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Fold<V, T, MaxNumberFold>(default, x);

    /// <summary>The minimum, NaN if there is any; +infinity of nothing.</summary>
    public static T Min<V, T>(ReadOnlySpan<T> x)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Fold<V, T, MinFold>(default, x);

    /// <summary>The scalar product of rows of equal length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Dot<V, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        if (x.Length != y.Length) throw new ArgumentException("The rows differ in length.", nameof(y));
        fixed (T* a = x)
        fixed (T* b = y)
        {
            // The rest comes first here as in the other sums: what lives across a call stays in memory.
            int whole = x.Length / V.Count * V.Count, rest = x.Length - whole;
            V last = rest == 0 ? V.Zero : V.LoadPartial(a + whole, rest) * V.LoadPartial(b + whole, rest);
            var sum = new ChainedSum<V, T>(last);
            for (int i = 0; i < whole; i += V.Count) sum.Add(V.Load(a + i) * V.Load(b + i));
            return V.SumLanes(sum.Total);
        }
    }

    /// <summary>Any reduction, without its Finish.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Fold<V, T, K>(in K kernel, ReadOnlySpan<T> x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where K : struct, IReduceKernel => Fold<V, T, K>(kernel, x, 0);

    /// <summary>destination = kernel(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<V, T, K>(in K kernel, ReadOnlySpan<T> x, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where K : struct, IUnaryKernel
    {
        if (destination.Length < x.Length) throw TooShort();
        K own = kernel;
        fixed (T* from = x)
        fixed (T* to = destination)
        {
            int i = 0, n = x.Length;
            for (; i <= n - (2 * V.Count); i += 2 * V.Count)
            {
                V first = V.Load(from + i), second = V.Load(from + i + V.Count);
                V.Store(own.Apply<V, T>(first), to + i);
                V.Store(own.Apply<V, T>(second), to + i + V.Count);
            }

            for (; i <= n - V.Count; i += V.Count) V.Store(own.Apply<V, T>(V.Load(from + i)), to + i);
            if (i < n) V.StorePartial(own.Apply<V, T>(V.LoadPartial(from + i, n - i)), to + i, n - i);
        }
    }

    /// <summary>destination = kernel(x, y), for x and y of one length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<V, T, K>(in K kernel, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where K : struct, IBinaryKernel
    {
        if (x.Length != y.Length) throw new ArgumentException("The rows differ in length.", nameof(y));
        if (destination.Length < x.Length) throw TooShort();
        K own = kernel;
        fixed (T* a = x)
        fixed (T* b = y)
        fixed (T* to = destination)
        {
            int i = 0, n = x.Length;
            for (; i <= n - V.Count; i += V.Count) V.Store(own.Apply<V, T>(V.Load(a + i), V.Load(b + i)), to + i);
            if (i < n) V.StorePartial(own.Apply<V, T>(V.LoadPartial(a + i, n - i), V.LoadPartial(b + i, n - i)), to + i, n - i);
        }
    }

    /// <summary>destination = kernel(x, y, z), for x, y and z of one length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<V, T, K>(in K kernel, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where K : struct, ITernaryKernel
    {
        if (x.Length != y.Length || x.Length != z.Length) throw new ArgumentException("The rows differ in length.", nameof(y));
        if (destination.Length < x.Length) throw TooShort();
        K own = kernel;
        fixed (T* a = x)
        fixed (T* b = y)
        fixed (T* c = z)
        fixed (T* to = destination)
        {
            int i = 0, n = x.Length;
            for (; i <= n - V.Count; i += V.Count) V.Store(own.Apply<V, T>(V.Load(a + i), V.Load(b + i), V.Load(c + i)), to + i);
            if (i < n)
                V.StorePartial(own.Apply<V, T>(
                    V.LoadPartial(a + i, n - i), V.LoadPartial(b + i, n - i), V.LoadPartial(c + i, n - i)), to + i, n - i);
        }
    }

    /// <summary>destination = e^(x - <paramref name="shift"/>), where no difference is +infinity; the result is the sum of the
    /// destination.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T ExpSum<V, T>(ReadOnlySpan<T> x, T shift, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        if (destination.Length < x.Length) throw TooShort();
        fixed (T* from = x)
        fixed (T* to = destination)
        {
            return ExpSum<V, T>(from, x.Length, shift, to, QuickExponential.Coefficients);
        }
    }

    /// <summary>The sum of e^(x - <paramref name="shift"/>), in the order of the other ExpSum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T ExpSum<V, T>(ReadOnlySpan<T> x, T shift)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        fixed (T* from = x) return ExpSum<V, T>(from, x.Length, shift, null, QuickExponential.Coefficients);
    }

    /// <summary>destination = x * <paramref name="factor"/>.</summary>
    public static void Scale<V, T>(ReadOnlySpan<T> x, T factor, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Map<V, T, ScaleMap>(new(ToDouble(factor)), x, destination);

    /// <summary>destination = x * <paramref name="factor"/> * y.</summary>
    public static void Scale<V, T>(ReadOnlySpan<T> x, T factor, ReadOnlySpan<T> y, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Map<V, T, ScaledProductMap>(new(ToDouble(factor)), x, y, destination);

    /// <summary>destination = x + <paramref name="addend"/>.</summary>
    public static void Add<V, T>(ReadOnlySpan<T> x, T addend, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Map<V, T, ShiftMap>(new(ToDouble(addend)), x, destination);

    /// <summary>destination = (x - <paramref name="center"/>) * <paramref name="factor"/>.</summary>
    public static void Normalize<V, T>(ReadOnlySpan<T> x, T center, T factor, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Map<V, T, NormalizeMap>(new(ToDouble(center), ToDouble(factor)), x, destination);

    /// <summary>destination = (x - <paramref name="center"/>) * <paramref name="factor"/> * y.</summary>
    public static void Normalize<V, T>(ReadOnlySpan<T> x, T center, T factor, ReadOnlySpan<T> y, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Map<V, T, NormalizedProductMap>(new(ToDouble(center), ToDouble(factor)), x, y, destination);

    /// <summary>destination = (x - <paramref name="center"/>) * <paramref name="factor"/> * y + z.</summary>
    public static void Normalize<V, T>(ReadOnlySpan<T> x, T center, T factor, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Map<V, T, NormalizedAffineMap>(new(ToDouble(center), ToDouble(factor)), x, y, z, destination);

    /// <summary>destination = x * y.</summary>
    public static void Multiply<V, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Map<V, T, ProductMap>(default, x, y, destination);

    /// <summary>destination = x + y.</summary>
    public static void Add<V, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Map<V, T, SumMap>(default, x, y, destination);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Fold<V, T, K>(in K kernel, ReadOnlySpan<T> x, nint ahead)
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where K : struct, IReduceKernel
    {
        fixed (T* p = x)
            return V.First(RunReduction.MergeLanes<V, T, K>(kernel, RunReduction.Lanes<V, T, T, K>(kernel, p, x.Length, ahead)));
    }

    /// <summary>The sum of e^(x - shift), each stored if there is a destination.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static T ExpSum<V, T>(T* x, int n, T shift, T* destination, in QuickExponential coefficients)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        int step = 4 * V.Count, whole = n / V.Count * V.Count, steps = n / step * step, rest = n - whole;
        // The rest comes first: what lives across a call stays in memory.
        V sum = rest == 0 ? V.Zero : ExpPart<V, T>(x + whole, shift, destination == null ? null : destination + whole, rest),
            offset = V.Create(shift);
        var exp = new QuickExponential<V, T>(coefficients);
        for (int i = 0; i < steps;)
        {
            // Closed every so often, which bounds the rounding error.
            int end = (int)long.Min(i + (long)RunReduction.Chain * step, steps);
            V a = V.Zero, b = V.Zero, c = V.Zero, d = V.Zero;
            for (; i < end; i += step)
            {
                T* from = x + i;
                RunReduction.Fetch(from + n, step * sizeof(T));
                V p = exp.Of(V.Load(from) - offset), q = exp.Of(V.Load(from + V.Count) - offset);
                V r = exp.Of(V.Load(from + 2 * V.Count) - offset),
                    s = exp.Of(V.Load(from + 3 * V.Count) - offset);
                if (destination != null)
                {
                    V.Store(p, destination + i);
                    V.Store(q, destination + i + V.Count);
                    V.Store(r, destination + i + 2 * V.Count);
                    V.Store(s, destination + i + 3 * V.Count);
                }

                a += p;
                b += q;
                c += r;
                d += s;
            }

            sum += a + b + (c + d);
        }

        for (int i = steps; i < whole; i += V.Count)
        {
            V value = exp.Of(V.Load(x + i) - offset);
            if (destination != null) V.Store(value, destination + i);
            sum += value;
        }

        return V.SumLanes(sum);
    }

    /// <summary>e^(x - shift) of fewer elements than a vector has, stored if there is a destination, and 0 beyond them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V ExpPart<V, T>(T* x, T shift, T* destination, int n)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V value = Activations.QuickExp<V, T>(V.LoadPartial(x, n) - V.Create(shift));
        if (destination != null) V.StorePartial(value, destination, n);
        return V.Select(V.Less(V.Indices, V.Constant(n)), value, V.Zero);
    }

    /// <summary>Exact for float and double, which rows are computed in.</summary>
    private static double ToDouble<T>(T value)
        where T : unmanaged => typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value) : Unsafe.BitCast<T, double>(value);

    private static ArgumentException TooShort() => new("The destination is too short.");
}
