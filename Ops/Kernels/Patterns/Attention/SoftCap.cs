using System.Runtime.CompilerServices;
using Ops.Modifiers;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>cap * tanh(score / cap).</summary>
/// <param name="cap">The bound of the scores.</param>
internal readonly struct SoftCap(double cap) : IScoreModifier
{
    // As floats too: a conversion in a loop would make every step wait for the one before.
    private readonly double _cap = cap;
    private readonly double _inverse = 1 / cap;
    private readonly float _floatCap = (float)cap;
    private readonly float _floatInverse = (float)(1 / cap);

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        if (typeof(C) != typeof(float)) return V.Constant(_cap) * V.Tanh(score * V.Constant(_inverse));
        V cap = V.Create(Unsafe.BitCast<float, C>(_floatCap)), inverse = V.Create(Unsafe.BitCast<float, C>(_floatInverse));
        return cap * Activations.QuickTanh<V, C>(score * inverse);
    }
}

/// <summary>cap * tanh(score / cap) in log 2, of scores in such a unit that the least is left to multiply.</summary>
/// <remarks>
/// The hyperbolic tangent is a quotient x P(x^2) / Q(x^2), minimax in relative error, which stays below 5e-7. The unit of x, which queries
/// carry, is free; there is one in which the greatest coefficients of Q and of P times the cap are both 1, so that they cost an addition.
/// </remarks>
internal readonly unsafe struct BinarySoftCap : IScoreModifier
{
    /// <summary>The caps whose coefficients are far from the ends of floats.</summary>
    private const double Least = 1.0 / 64, Greatest = 512;

    /// <summary>Where the quotient is closest to 1; beyond it stays.</summary>
    private const double End = 8;

    private const double P0 = 0.9999998543124112, P1 = 0.12925662225658402, P2 = 0.002951023015763603, P3 = 1.1428415654053432e-05;

    private const double Q0 = 1, Q1 = 0.4625887780312345, Q2 = 0.023815550935839064, Q3 = 0.00023866906376244964, Q4 = 2.4592084416648693e-07;

    /// <summary>The cap in log 2, and the unit of the hyperbolic tangent's argument.</summary>
    private readonly double _cap, _argument;

    /// <summary>A softcap that <see cref="Takes"/>.</summary>
    /// <param name="cap">The bound of the scores as the op defines them.</param>
    public BinarySoftCap(double cap)
    {
        _cap = cap * Constants.Log2E;
        _argument = Q4 / (P3 * _cap);
        Unit = _argument / cap;
    }

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    public static bool IsBinary => true;

    /// <inheritdoc/>
    public static bool IsTile => true;

    /// <inheritdoc/>
    public bool IsPlain(int program) => false;

    /// <summary>What scores are multiplied by.</summary>
    public double Unit { get; }

    /// <summary>Whether a softcap is of a common size.</summary>
    public static bool Takes(double cap) => cap is >= Least and <= Greatest;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Modify<V, C>(ref RowPanel<C> panel, int batch, C* scores, C* lanes, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        var bounded = new Bounded<V, C>(_cap, _argument);
        int width = MicroKernel.PanelVectors * V.Count, tiles = (panel.High - panel.Low + width - 1) / width;
        nint step = panel.Rows * width;
        for (int row = 0; row < panel.Rows; row++)
        {
            C* tile = scores + row * width;
            V u = V.Constant(double.NegativeInfinity), v = u;
            for (int i = tiles; i > 0; i--, tile += step)
            {
                V x = bounded.Of(V.Load(tile)), y = bounded.Of(V.Load(tile + V.Count));
                V.Store(x, tile);
                V.Store(y, tile + V.Count);
                u = V.MaxNative(x, u);
                v = V.MaxNative(y, v);
            }
            V.Store(V.MaxNative(u, v), lanes + row * V.Count);
        }
        if (!panel.SeesAll(width)) ScorePass<V, C>.Hide((RowPanel<C>*)Unsafe.AsPointer(ref panel), scores, lanes);
    }

    /// <inheritdoc/>
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged => new Bounded<V, C>(_cap, _argument).Of(score);

    /// <summary>The coefficients in registers: made once for all rows of a panel. Of doubles, a factor before the hyperbolic tangent and one
    /// after it.</summary>
    private readonly struct Bounded<V, C> : IScoreRow<V, C>
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        private readonly V _low, _high, _p0, _p1, _p2, _q0, _q1, _q2, _q3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Bounded(double cap, double argument)
        {
            double square = argument * argument;
            _low = V.Constant(typeof(C) == typeof(float) ? -End * argument : cap);
            _high = V.Constant(typeof(C) == typeof(float) ? End * argument : 1 / argument);
            _p2 = V.Constant(P2 / P3 * square);
            _p1 = V.Constant(P1 / P3 * square * square);
            _p0 = V.Constant(P0 / P3 * square * square * square);
            _q3 = V.Constant(Q3 / Q4 * square);
            _q2 = V.Constant(Q2 / Q4 * square * square);
            _q1 = V.Constant(Q1 / Q4 * square * square * square);
            _q0 = V.Constant(Q0 / Q4 * square * square * square * square);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply(V score, int firstKey, V keys) => Of(score);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Of(V score)
        {
            if (typeof(C) != typeof(float)) return _low * V.Tanh(score * _high);
            V x = V.Clamp(score, _low, _high), square = x * x, p = square + _p2, q = square + _q3;
            p = V.FusedMultiplyAdd(p, square, _p1);
            q = V.FusedMultiplyAdd(q, square, _q2);
            p = V.FusedMultiplyAdd(p, square, _p0);
            q = V.FusedMultiplyAdd(q, square, _q1);
            q = V.FusedMultiplyAdd(q, square, _q0);
            return x * p / q;
        }
    }
}
