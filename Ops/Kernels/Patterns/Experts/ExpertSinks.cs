using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Writes products to a row of the result for each pick.</summary>
internal readonly unsafe struct PickSink<V, T>(int* picks, int columns, T* bias, T* y) : ITileSink
    where V : struct, ISimd<V, float>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int rows, int panel)
    {
        int first = panel * MicroKernel.PanelVectors * V.Count;
        for (int i = 0; i < rows; i++) SinkLines.Fetch(y + (nint)picks[row + i] * columns + first, MicroKernel.PanelVectors * V.Count);
    }

    public void Finish(int group, int row, int rows, int panel, int count, float* tiles, int step)
    {
        int width = MicroKernel.PanelVectors * V.Count;
        for (int t = 0; t < count; t++)
        {
            int first = (panel + t) * width, wanted = int.Min(width, columns - first);
            V b0 = V.Zero, b1 = V.Zero;
            if (bias != null)
            {
                T* addend = bias + (nint)group * columns + first;
                b0 = Elements<V, T, float>.LoadPartial(addend, wanted);
                b1 = Elements<V, T, float>.LoadPartial(addend + V.Count, wanted - V.Count);
            }
            float* tile = tiles + (nint)t * step;
            for (int i = 0; i < rows; i++, tile += width)
            {
                T* to = y + (nint)picks[row + i] * columns + first;
                V u = V.Load(tile), v = V.Load(tile + V.Count);
                if (bias != null) (u, v) = (u + b0, v + b1);
                if (wanted == width)
                {
                    Elements<V, T, float>.Store(u, to);
                    Elements<V, T, float>.Store(v, to + V.Count);
                }
                else
                {
                    Elements<V, T, float>.StorePartial(u, to, wanted);
                    Elements<V, T, float>.StorePartial(v, to + V.Count, wanted - V.Count);
                }
            }
        }
    }
}

/// <summary>Adds biases, applies the activation, and keeps the result packed as the left factor of the next product.</summary>
internal readonly unsafe struct ActivationSink<V, T>(GroupedColumns columns, T* bias, ExpertActivation activation,
    float* hidden) : ITileSink
    where V : struct, ISimd<V, float>
    where T : unmanaged
{
    public void Prefetch(int row, int rows, int panel)
    {
    }

    public void Finish(int group, int row, int rows, int panel, int count, float* tiles, int step)
    {
        int width = MicroKernel.PanelVectors * V.Count;
        for (int t = 0; t < count; t += columns.Factors)
        {
            float* gate = tiles + (nint)t * step, up = columns.Factors == 2 ? gate + step : null;
            if (bias != null)
                for (int factor = 0; factor < columns.Factors; factor++)
                    ColumnBias.Add<V, T>(bias, columns, group, panel + t, factor, rows, gate + factor * step);
            activation.Run(gate, up, rows * width);
            int first = columns.First(panel + t, width);
            Panel.Pack<V, float, float>(gate, rows == 1 ? 1 : width, 1, rows, columns.Count(panel + t, width),
                hidden + (nint)row * columns.Columns + (nint)first * rows, rows);
        }
    }
}

/// <summary>Adds each pick's result, times its weight, to that of its row.</summary>
internal readonly unsafe struct CombineSink<V, T>(int* picks, int perRow, float* weights, int columns, T* bias, float* sums) : ITileSink
    where V : struct, ISimd<V, float>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int rows, int panel)
    {
        int first = panel * MicroKernel.PanelVectors * V.Count;
        for (int i = 0; i < rows; i++)
            SinkLines.Fetch(sums + (nint)(picks[row + i] / perRow) * columns + first, MicroKernel.PanelVectors * V.Count);
    }

    public void Finish(int group, int row, int rows, int panel, int count, float* tiles, int step)
    {
        int width = MicroKernel.PanelVectors * V.Count;
        for (int t = 0; t < count; t++)
        {
            int first = (panel + t) * width, wanted = int.Min(width, columns - first);
            V b0 = V.Zero, b1 = V.Zero;
            if (bias != null)
            {
                T* addend = bias + (nint)group * columns + first;
                b0 = Elements<V, T, float>.LoadPartial(addend, wanted);
                b1 = Elements<V, T, float>.LoadPartial(addend + V.Count, wanted - V.Count);
            }
            float* tile = tiles + (nint)t * step;
            for (int i = 0; i < rows; i++, tile += width)
            {
                int pick = picks[row + i];
                V weight = V.Create(weights[pick]), u = V.Load(tile), v = V.Load(tile + V.Count);
                if (bias != null) (u, v) = (u + b0, v + b1);
                float* to = sums + (nint)(pick / perRow) * columns + first;
                if (wanted == width)
                {
                    V.Store(V.FusedMultiplyAdd(weight, u, V.Load(to)), to);
                    V.Store(V.FusedMultiplyAdd(weight, v, V.Load(to + V.Count)), to + V.Count);
                }
                else
                {
                    Elements<V, float, float>.StorePartial(V.FusedMultiplyAdd(weight, u, Elements<V, float, float>.LoadPartial(to, wanted)),
                        to, wanted);
                    Elements<V, float, float>.StorePartial(
                        V.FusedMultiplyAdd(weight, v, Elements<V, float, float>.LoadPartial(to + V.Count, wanted - V.Count)), to + V.Count,
                        wanted - V.Count);
                }
            }
        }
    }
}

/// <summary>Writes biased products to a tensor for each factor, a row for each pick.</summary>
internal readonly unsafe struct FactorSink<V, T>(int* picks, GroupedColumns columns, T* bias, T* gate, T* up) : ITileSink
    where V : struct, ISimd<V, float>
    where T : unmanaged
{
    public void Prefetch(int row, int rows, int panel)
    {
    }

    public void Finish(int group, int row, int rows, int panel, int count, float* tiles, int step)
    {
        int width = MicroKernel.PanelVectors * V.Count;
        for (int t = 0; t < count; t++)
        {
            int factor = (panel + t) % columns.Factors, first = columns.First(panel + t, width), wanted = columns.Count(panel + t, width);
            float* tile = tiles + (nint)t * step;
            if (bias != null) ColumnBias.Add<V, T>(bias, columns, group, panel + t, factor, rows, tile);
            for (int i = 0; i < rows; i++, tile += width)
            {
                T* to = (factor == 0 ? gate : up) + (nint)picks[row + i] * columns.Columns + first;
                Elements<V, T, float>.StorePartial(V.Load(tile), to, wanted);
                Elements<V, T, float>.StorePartial(V.Load(tile + V.Count), to + V.Count, wanted - V.Count);
            }
        }
    }
}

/// <summary>Biases in the order of the weights' columns.</summary>
internal static unsafe class ColumnBias
{
    /// <summary>Adds the biases of a panel to a tile.</summary>
    public static void Add<V, T>(T* bias, GroupedColumns columns, int group, int panel, int factor, int rows, float* tile)
        where V : struct, ISimd<V, float>
        where T : unmanaged
    {
        int width = MicroKernel.PanelVectors * V.Count, wanted = columns.Count(panel, width);
        T* row = stackalloc T[Panel.MaxWidth];
        new Span<T>(row, Panel.MaxWidth).Clear();
        T* source = bias + (nint)group * columns.Stored + columns.Place(factor, columns.First(panel, width));
        for (int i = 0; i < wanted; i++) row[i] = source[i * columns.Step];
        V b0 = Elements<V, T, float>.Load(row), b1 = Elements<V, T, float>.Load(row + V.Count);
        for (int i = 0; i < rows; i++, tile += width)
        {
            V.Store(V.Load(tile) + b0, tile);
            V.Store(V.Load(tile + V.Count) + b1, tile + V.Count);
        }
    }
}

/// <summary>Lines of the memory that sinks write to.</summary>
internal static unsafe class SinkLines
{
    /// <summary>Fetches the lines of a tile's row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(T* row, int width)
        where T : unmanaged
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch0(row);
        if (width * sizeof(T) > 64) Sse.Prefetch0((byte*)row + 64);
    }
}
