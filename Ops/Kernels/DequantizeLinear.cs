using Ops.Kernels;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class DequantizeLinear
{
    private static partial void Compute(in Args args, in Operand x, in Operand x_scale, in Operand x_zero_point, in Operand y)
    {
        long count = x.Length, scales = x_scale.Length;
        using var scratch = Scratch.Rent((count + (2 * scales)) * sizeof(float));
        var scale = (float*)scratch.Data;
        float* zero = scale + scales, numbers = zero + scales;
        ElementConversion.Run("DequantizeLinear", x_scale, new Operand(scale, ElementType.Float, x_scale.Dims));
        if (x_zero_point.IsAbsent) new Span<float>(zero, (int)scales).Clear();
        else ElementConversion.Run("DequantizeLinear", x_zero_point, new Operand(zero, ElementType.Float, x_zero_point.Dims));
        var values = new Operand(y.Type == ElementType.Float ? (float*)y.Data : numbers, ElementType.Float, x.Dims);
        ElementConversion.Run("DequantizeLinear", x, values);
        var blocks = new QuantizedBlocks(x.Dims, x_scale.Dims, args.axis, args.block_size);
        var body = new Body(blocks, (float*)values.Data, scale, zero);
        Workers.Run(blocks.Parts, ref body);
        if (y.Type != ElementType.Float) ElementConversion.Run("DequantizeLinear", values, y);
    }

    /// <summary>The type that is asked for by its number, or that of the scales when that is 0.</summary>
    private static partial ElementType TypeOf(Dim output_dtype, ElementType T2) =>
        !output_dtype.IsKnown || output_dtype.Value == 0 ? T2 : (ElementType)output_dtype.Value;

    private readonly struct Body(QuantizedBlocks blocks, float* values, float* scale, float* zero) : IParallelBody
    {
        public void Run(int part)
        {
            for (long row = blocks.First(part); row < blocks.First(part + 1); row++)
            {
                long at = blocks.Scale(row);
                float* value = values + (row * blocks.Inner);
                for (long i = 0; i < blocks.Inner; i++, at += blocks.InnerStep) value[i] = (value[i] - zero[at]) * scale[at];
            }
        }
    }
}
