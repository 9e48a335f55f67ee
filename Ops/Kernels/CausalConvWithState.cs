using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class CausalConvWithState
{
    private static partial void Compute(in Args args, in Operand input, in Operand weight, in Operand bias, in Operand past_state,
        in Operand output, in Operand present_state)
    {
        long rows = args.B * args.C, before = args.k - 1, padded = before + args.L;
        using var scratch =
            Scratch.Rent(((rows * (padded + args.L + before)) + input.Length + weight.Length + rows + (rows * before)) * sizeof(float));
        float* all = (float*)scratch.Data, sums = all + (rows * padded), free = sums + (rows * args.L);
        float* news = Read(input, ref free), filters = Read(weight, ref free), added = Read(bias, ref free),
            olds = Read(past_state, ref free);

        // What lies before a sequence stands before its elements, so that the filter meets one run of memory.
        for (long row = 0; row < rows; row++)
        {
            var room = new Span<float>(all + (row * padded), (int)padded);
            if (olds == null) room[..(int)before].Clear();
            else new Span<float>(olds + (row * before), (int)before).CopyTo(room);
            new Span<float>(news + (row * args.L), (int)args.L).CopyTo(room[(int)before..]);
        }

        var body = new Body(all, sums, filters, added, args.L, args.k, args.C, activated: args.activation != "none");
        Workers.Run(checked((int)rows), ref body);
        ElementConversion.Run("CausalConvWithState", new Operand(sums, ElementType.Float, output.Dims), output);
        for (long row = 0; row < rows; row++)
            new Span<float>(all + (row * padded) + args.L, (int)before).CopyTo(new Span<float>(all + (row * before), (int)before));
        ElementConversion.Run("CausalConvWithState", new Operand(all, ElementType.Float, present_state.Dims), present_state);
    }

    private static float* Read(in Operand operand, ref float* free)
    {
        if (operand.IsAbsent) return null;
        if (operand.Type == ElementType.Float) return (float*)operand.Data;
        float* place = free;
        free += operand.Length;
        ElementConversion.Run("CausalConvWithState", operand, new Operand(place, ElementType.Float, operand.Dims));
        return place;
    }

    private readonly struct Body(float* padded, float* sums, float* filters, float* bias, long length, long taps, long channels,
        bool activated) : IParallelBody
    {
        public void Run(int row)
        {
            long channel = row % channels;
            var sum = new Span<float>(sums + (row * length), (int)length);
            sum.Fill(bias == null ? 0 : bias[channel]);
            for (long tap = 0; tap < taps; tap++)
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(padded + (row * (taps - 1 + length)) + tap, sum.Length),
                    filters[(channel * taps) + tap], sum, sum);
            if (!activated) return;
            foreach (ref float x in sum) x /= 1 + MathF.Exp(-x);
        }
    }
}
