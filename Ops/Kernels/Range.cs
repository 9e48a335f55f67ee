using System.Numerics;
using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class Range
{
    private static partial void Compute(in Args args, in Operand start, in Operand limit, in Operand delta, in Operand output)
    {
        switch (output.Type)
        {
            case ElementType.Float: Fill(start, delta, output, 0f); break;
            case ElementType.Double: Fill(start, delta, output, 0d); break;
            case ElementType.Int16: Fill(start, delta, output, (short)0); break;
            case ElementType.Int32: Fill(start, delta, output, 0); break;
            case ElementType.Int64: Fill(start, delta, output, 0L); break;
            default:
                // 16-bit floats are computed in another type and rounded at the end.
                bool wide = args.stash_type == ElementType.Double;
                ElementType type = wide ? ElementType.Double : ElementType.Float;
                using (var scratch = Scratch.Rent((output.Length + 2) * sizeof(double)))
                {
                    var ends = (double*)scratch.Data;
                    Operand first = new(ends, type, []), step = new(ends + 1, type, []), numbers = new(ends + 2, type, output.Dims);
                    ElementConversion.Run("Range", start, first);
                    ElementConversion.Run("Range", delta, step);
                    if (wide) Fill(first, step, numbers, 0d);
                    else Fill(first, step, numbers, 0f);
                    ElementConversion.Run("Range", numbers, output);
                }

                break;
        }
    }

    private static void Fill<T>(in Operand start, in Operand delta, in Operand output, T zero)
        where T : unmanaged, INumber<T>
    {
        T first = *(T*)start.Data, step = *(T*)delta.Data;
        var numbers = (T*)output.Data;
        for (long i = 0, count = output.Length; i < count; i++)
        {
            numbers[i] = unchecked(first + (T.CreateTruncating(i) * step));
        }
    }

    /// <summary>How many numbers there are.</summary>
    private static partial Dim Count(TensorType start, TensorType limit, TensorType delta)
    {
        if (start.Data is not { } from || limit.Data is not { } to || delta.Data is not { } by) return Dim.Unknown;
        if (!start.Element.IsFloat())
            return (by[0] == 0).IsTrue ? Dim.Invalid("delta is 0") : Dim.Max(Dim.Ceil((to[0] - from[0]) / by[0]), 0);
        Real span = to.RealAt(0) - from.RealAt(0), step = by.RealAt(0);
        if (!span.IsKnown || !step.IsKnown) return Dim.Unknown;
        double count = Math.Ceiling(span.Value / step.Value);
        return step.Value == 0 ? Dim.Invalid("delta is 0")
            : count >= -long.MaxValue && count <= 1L << 62 ? Math.Max((long)count, 0) : Dim.Invalid($"there would be {count} numbers");
    }
}
