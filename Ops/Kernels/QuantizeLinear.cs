using System.Numerics;
using Ops.Kernels;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class QuantizeLinear
{
    private static partial void Compute(in Args args, in Operand x, in Operand y_scale, in Operand y_zero_point, in Operand y)
    {
        long count = x.Length, scales = y_scale.Length;
        using var scratch = Scratch.Rent((count + (2 * scales)) * sizeof(float));
        var scale = (float*)scratch.Data;
        float* zero = scale + scales, numbers = zero + scales;
        ElementConversion.Run("QuantizeLinear", y_scale, new Operand(scale, ElementType.Float, y_scale.Dims));
        if (y_zero_point.IsAbsent) new Span<float>(zero, (int)scales).Clear();
        else ElementConversion.Run("QuantizeLinear", y_zero_point, new Operand(zero, ElementType.Float, y_zero_point.Dims));
        var values = new Operand(numbers, ElementType.Float, x.Dims);
        ElementConversion.Run("QuantizeLinear", x, values);
        (float low, float high) = Range(y.Type);
        var blocks = new QuantizedBlocks(x.Dims, y_scale.Dims, args.axis, args.block_size);
        var body = new Body(blocks, numbers, scale, zero, low, high);
        Workers.Run(blocks.Parts, ref body);
        ElementConversion.Run("QuantizeLinear", values, y, args.saturate);
    }

    /// <summary>The type that is asked for by its number, or uint8 when that is 0.</summary>
    private static partial ElementType TypeOf(Dim output_dtype) =>
        !output_dtype.IsKnown || output_dtype.Value == 0 ? ElementType.UInt8 : (ElementType)output_dtype.Value;

    /// <summary>The ends of an integer type; floats have none here.</summary>
    private static (float Low, float High) Range(ElementType type) => type switch
    {
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt8 => (0, byte.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        ElementType.UInt16 => (0, ushort.MaxValue),
        ElementType.Int4 => (-8, 7),
        ElementType.UInt4 => (0, 15),
        ElementType.Int2 => (-2, 1),
        ElementType.UInt2 => (0, 3),
        _ => (float.NegativeInfinity, float.PositiveInfinity),
    };

    private readonly struct Body(QuantizedBlocks blocks, float* values, float* scale, float* zero, float low, float high) : IParallelBody
    {
        public void Run(int part)
        {
            bool isInteger = float.IsFinite(low);
            for (long row = blocks.First(part); row < blocks.First(part + 1); row++)
            {
                long at = blocks.Scale(row);
                float* value = values + (row * blocks.Inner);
                long i = 0;
                Vector<float> least = new(low), most = new(high);
                for (; isInteger && i + Vector<float>.Count <= blocks.Inner; i += Vector<float>.Count)
                {
                    bool shared = blocks.InnerStep == 0;
                    Vector<float> divisor = shared ? new(scale[at]) : Vector.Load(scale + at + i);
                    Vector<float> addend = shared ? new(zero[at]) : Vector.Load(zero + at + i);
                    Vector<float> nearest = Vector.Round(Vector.Load(value + i) / divisor, MidpointRounding.ToEven) + addend;
                    Vector.Min(Vector.Max(nearest, least), most).Store(value + i);
                }

                for (at += i * blocks.InnerStep; i < blocks.Inner; i++, at += blocks.InnerStep)
                {
                    float quotient = value[i] / scale[at];
                    value[i] = isInteger
                        ? Math.Clamp(MathF.Round(quotient, MidpointRounding.ToEven) + zero[at], low, high) : quotient + zero[at];
                }
            }
        }
    }
}
