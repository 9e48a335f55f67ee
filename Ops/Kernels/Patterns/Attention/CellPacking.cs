using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Brings keys and values, wherever a layout has them, into the form of a right factor.</summary>
internal static unsafe class CellPacking<V, T, C>
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
{
    private static int Width => MicroKernel.PanelVectors * V.Count;

    /// <summary>Up to a panel of keys, transposed: for each of their elements two vectors of keys, zero beyond
    /// <paramref name="count"/>.</summary>
    public static void Keys<L>(in L layout, int batch, int head, int position, int count, int depth, C* panel, T* staging)
        where L : struct, IKeyValueLayout
    {
        T* source = (T*)layout.Key(batch, head, position, out int run, out nint step);
        if (run < count)
        {
            Gather(in layout, batch, head, position, count, depth, staging);
            source = staging;
            step = depth;
        }

        if (depth > 0) Panel.Pack<V, T, C>(source, step, 1, count, depth, panel, Width);
    }

    /// <summary>Brings keys of several runs together, one behind another.</summary>
    public static void Gather<L>(in L layout, int batch, int head, int position, int count, int depth, T* destination)
        where L : struct, IKeyValueLayout
    {
        for (int done = 0; done < count;)
        {
            T* source = (T*)layout.Key(batch, head, position + done, out int run, out nint step);
            for (int end = int.Min(count, done + run); done < end; done++, source += step)
                Unsafe.CopyBlockUnaligned(destination + (nint)done * depth, source, (uint)(depth * sizeof(T)));
        }
    }

    /// <summary>Brings keys that will be packed next nearer: rows are read a line of each at a time, which no hardware foresees.</summary>
    public static void PrefetchKeys<L>(in L layout, int batch, int head, int position, int count, int depth)
        where L : struct, IKeyValueLayout
    {
        if (!Sse.IsSupported || count <= 0) return;
        T* source = (T*)layout.Key(batch, head, position, out int run, out nint step);
        for (int row = int.Min(run, count); row > 0; row--, source += step)
            for (int i = 0; i < depth; i += 64 / sizeof(T)) Sse.Prefetch0(source + i);
    }

    /// <summary>Values, as panels of two vectors of their elements, <paramref name="panelStep"/> apart, zero beyond
    /// <paramref name="depth"/>.</summary>
    public static void Values<L>(in L layout, ElementType type, int batch, int head, int position, int count, int depth, C* panels,
        nint panelStep, C* staging)
        where L : struct, IKeyValueLayout
    {
        for (int done = 0; done < count;)
        {
            void* source = layout.Value(batch, head, position + done, out int run, out nint step);
            run = int.Min(run, count - done);
            C* to = panels + (nint)done * Width;
            if (type == ElementOf())
            {
                for (int column = 0; column < depth; column += Width, to += panelStep)
                    Panel.Pack<V, T, C>((T*)source + column, 1, step, int.Min(Width, depth - column), run, to, Width);
            }
            else
            {
                // Values of another type than the keys': rare, so a row at a time.
                long extent = depth, stride = 1;
                var along = new RowAxes(&extent, &stride, 1);
                for (int row = 0; row < run; row++, to = panels + (nint)(done + row) * Width)
                {
                    long start = row * (long)step;
                    RowTransfer<V, C>.Read(type, source, &start, 1, along, depth, staging, depth);
                    for (int column = 0; column < depth; column += Width, to += panelStep)
                        Panel.Pack<V, C, C>(staging + column, 1, Width, int.Min(Width, depth - column), 1, to, Width);
                }
            }

            done += run;
        }
    }

    /// <summary>The element type stored as T.</summary>
    public static ElementType ElementOf() =>
        typeof(T) == typeof(float) ? ElementType.Float
        : typeof(T) == typeof(double) ? ElementType.Double
        : typeof(T) == typeof(Half) ? ElementType.Float16
        : typeof(T) == typeof(sbyte) ? ElementType.Int8
        : ElementType.BFloat16;
}
