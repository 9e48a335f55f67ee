using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Reductions that need all elements of a result at once: the axes are brought to the end, and a kernel of rows does the
/// rest.</summary>
internal static unsafe class ReducedRows
{
    /// <summary>Fills <paramref name="reduced"/> with what the kernel makes of the elements over the axes <paramref name="cut"/>.</summary>
    /// <remarks>Integers are computed as double and truncated.</remarks>
    public static void Run<K>(string op, in K kernel, in Operand data, long[] cut, in Operand reduced)
        where K : struct, IRowKernel
    {
        bool isFloat = data.Type.IsFloat();
        ElementType type = isFloat ? data.Type : ElementType.Double;
        int width = Layout.Width(op, type), rank = data.Dims.Length;
        long[] order = Permutation.MoveToEnd(rank, cut);
        bool isInOrder = !order.Where((axis, i) => axis != i).Any();

        // The results are fewer than the elements, unless there are none.
        using var scratch = Scratch.Rent(((2 * data.Length) + reduced.Length) * width);
        byte* free = scratch.Data;
        Operand elements = data, results = reduced;
        if (!isFloat)
        {
            elements = new Operand(free, type, data.Dims);
            free += data.Length * width;
            results = new Operand(free, type, reduced.Dims);
            free += reduced.Length * width;
            ElementConversion.Run(op, data, elements);
        }

        if (!isInOrder)
        {
            Permutation.Run(width, data.Dims, order, elements.Data, free);
            elements = new Operand(free, type, data.Dims);
        }

        long length = 1;
        foreach (long axis in cut) length *= data.Dims[axis];
        var rows = new Operand(elements.Data, type, [results.Length, length]);
        var column = new Operand(results.Data, type, [results.Length, 1]);
        if (type == ElementType.Double) Rows.Run<double, K>(kernel, [rows], [column], 1, 1);
        else Rows.Run<float, K>(kernel, [rows], [column], 1, 1);
        if (!isFloat) ElementConversion.Run(op, results, reduced);
    }
}
