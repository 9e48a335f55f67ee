using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Benchmarks.Machine;

/// <summary>The bandwidth of the level of memory that a footprint fits in; each thread has its own share of the footprint.</summary>
internal sealed unsafe class StreamMeter : LimitMeter
{
    /// <summary>The bytes that one run moves at least, so that starting threads does not count.</summary>
    private const long BytesPerRun = 8 << 20;

    private readonly LimitKind kind;
    private readonly int streams, parts, passes;
    private readonly nint floats;
    private readonly bool pastCaches;
    private float* memory;

    public StreamMeter(LimitKind kind, long footprint)
    {
        this.kind = kind;
        streams = kind switch { LimitKind.Read => 1, LimitKind.Copy => 2, _ => 3 };
        parts = Workers.Count;
        // Whole steps of the loop, of which each takes 4 vectors.
        floats = (nint)Math.Max(footprint / streams / parts / sizeof(float) / 64, 1) * 64;
        long bytes = floats * sizeof(float) * streams * parts;
        passes = (int)Math.Max(BytesPerRun / bytes, 1);
        pastCaches = kind != LimitKind.Read && footprint > CacheSizes.Current.Last;
        memory = (float*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        for (nint i = 0; i < floats * streams * parts; i++)
            memory[i] = i & 1023;
    }

    /// <inheritdoc/>
    public override double Work => (double)floats * sizeof(float) * streams * parts * passes;

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
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
        base.Dispose();
    }

    private void Run<V>()
        where V : struct, ISimd<V, float>
    {
        var body = new Body<V>(this);
        Workers.Run(parts, ref body);
    }

    private readonly struct Body<V>(StreamMeter meter) : IParallelBody
        where V : struct, ISimd<V, float>
    {
        private static float s_sink;

        public void Run(int part)
        {
            float* first = meter.memory + part * meter.floats * meter.streams;
            for (int pass = 0; pass < meter.passes; pass++)
                switch (meter.kind)
                {
                    case LimitKind.Read:
                        s_sink = Read(first, meter.floats);
                        break;
                    case LimitKind.Copy when meter.pastCaches:
                        CopyPast(first, first + meter.floats, meter.floats);
                        break;
                    case LimitKind.Copy:
                        Copy(first, first + meter.floats, meter.floats);
                        break;
                    default:
                        if (meter.pastCaches)
                            CombinePast(first, first + meter.floats, first + 2 * meter.floats, meter.floats);
                        else
                            Combine(first, first + meter.floats, first + 2 * meter.floats, meter.floats);
                        break;
                }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Read(float* x, nint count)
        {
            V a = V.Zero, b = V.Zero, c = V.Zero, d = V.Zero;
            for (float* end = x + count; x < end; x += 4 * V.Count)
            {
                a += V.Load(x);
                b += V.Load(x + V.Count);
                c += V.Load(x + 2 * V.Count);
                d += V.Load(x + 3 * V.Count);
            }
            return V.First(a + b + c + d);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Copy(float* x, float* y, nint count)
        {
            for (float* end = x + count; x < end; x += 4 * V.Count, y += 4 * V.Count)
            {
                V a = V.Load(x), b = V.Load(x + V.Count), c = V.Load(x + 2 * V.Count), d = V.Load(x + 3 * V.Count);
                V.Store(a, y);
                V.Store(b, y + V.Count);
                V.Store(c, y + 2 * V.Count);
                V.Store(d, y + 3 * V.Count);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void CopyPast(float* x, float* y, nint count)
        {
            for (float* end = x + count; x < end; x += 4 * V.Count, y += 4 * V.Count)
            {
                V a = V.Load(x), b = V.Load(x + V.Count), c = V.Load(x + 2 * V.Count), d = V.Load(x + 3 * V.Count);
                V.StoreNonTemporal(a, y);
                V.StoreNonTemporal(b, y + V.Count);
                V.StoreNonTemporal(c, y + 2 * V.Count);
                V.StoreNonTemporal(d, y + 3 * V.Count);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Combine(float* w, float* x, float* y, nint count)
        {
            for (float* end = w + count; w < end; w += 2 * V.Count, x += 2 * V.Count, y += 2 * V.Count)
            {
                V a = V.Load(w) + V.Load(x), b = V.Load(w + V.Count) + V.Load(x + V.Count);
                V.Store(a, y);
                V.Store(b, y + V.Count);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void CombinePast(float* w, float* x, float* y, nint count)
        {
            for (float* end = w + count; w < end; w += 2 * V.Count, x += 2 * V.Count, y += 2 * V.Count)
            {
                V a = V.Load(w) + V.Load(x), b = V.Load(w + V.Count) + V.Load(x + V.Count);
                V.StoreNonTemporal(a, y);
                V.StoreNonTemporal(b, y + V.Count);
            }
        }
    }
}
