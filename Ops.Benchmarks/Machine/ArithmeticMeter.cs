using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Benchmarks.Machine;

/// <summary>The peak of fused multiply-adds at the vector width that kernels run at.</summary>
internal sealed class ArithmeticMeter : LimitMeter
{
    /// <summary>Sums that do not wait for each other: more than latency times units on present processors.</summary>
    private const int Chains = 12;

    private const int Steps = 20_000, PartsPerThread = 8;

    private readonly int parts = PartsPerThread * Workers.Count;

    /// <inheritdoc/>
    public override double Work => 2.0 * Chains * Steps * parts * Math.Max((int)Isa.Level / 32, 1);

    /// <inheritdoc/>
    public override void Run()
    {
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: Run<Simd512<float>>(); break;
            case IsaLevel.Bits256: Run<Simd256<float>>(); break;
            case IsaLevel.Bits128: Run<Simd128<float>>(); break;
            default: Run<Simd1<float>>(); break;
        }
    }

    private void Run<V>()
        where V : struct, ISimd<V, float>
    {
        var body = new Body<V>();
        Workers.Run(parts, ref body);
    }

    private struct Body<V> : IParallelBody
        where V : struct, ISimd<V, float>
    {
        private static float s_sink;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part)
        {
            V x = V.Create(0.999f), y = V.Create(0.001f * part);
            V a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
            for (int step = 0; step < Steps; step++)
            {
                a = V.FusedMultiplyAdd(a, x, y);
                b = V.FusedMultiplyAdd(b, x, y);
                c = V.FusedMultiplyAdd(c, x, y);
                d = V.FusedMultiplyAdd(d, x, y);
                e = V.FusedMultiplyAdd(e, x, y);
                f = V.FusedMultiplyAdd(f, x, y);
                g = V.FusedMultiplyAdd(g, x, y);
                h = V.FusedMultiplyAdd(h, x, y);
                i = V.FusedMultiplyAdd(i, x, y);
                j = V.FusedMultiplyAdd(j, x, y);
                k = V.FusedMultiplyAdd(k, x, y);
                l = V.FusedMultiplyAdd(l, x, y);
            }
            // Used, so that the compiler keeps the loop.
            s_sink = V.First(a + b + c + d + e + f + g + h + i + j + k + l);
        }
    }
}
