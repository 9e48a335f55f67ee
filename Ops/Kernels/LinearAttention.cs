using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class LinearAttention
{
    private static partial void Compute(in Args args, in Operand query, in Operand key, in Operand value, in Operand past_state,
        in Operand decay, in Operand beta, in Operand output, in Operand present_state)
    {
        // All sums are in float: what is stored otherwise is converted on the way in, and rounded once on the way out.
        using var scratch = Scratch.Rent(
            (Room(query) + Room(key) + Room(value) + Room(decay) + Room(beta) + Room(output) + Room(present_state)) * sizeof(float));
        float* free = (float*)scratch.Data;
        Operand states = Place(present_state, ref free), outputs = Place(output, ref free);
        if (past_state.IsAbsent) new Span<byte>(states.Data, checked((int)(states.Length * sizeof(float)))).Clear();
        else ElementConversion.Run("LinearAttention", past_state, states);
        new StateUpdate
        {
            Batches = (int)args.B,
            Tokens = (int)args.L,
            Heads = (int)args.kv_num_heads,
            Share = (int)args.share,
            Rows = (int)args.dk,
            Columns = (int)args.dv,
            Decays = decay.IsAbsent ? 0 : (int)args.g,
            Betas = beta.IsAbsent ? 0 : (int)args.h,
            Scale = (float)args.factor,
            Query = Read(query, ref free),
            Key = Read(key, ref free),
            Value = Read(value, ref free),
            Decay = Read(decay, ref free),
            Beta = Read(beta, ref free),
            State = (float*)states.Data,
            Output = (float*)outputs.Data,
        }.Run();
        if (output.Type != ElementType.Float) ElementConversion.Run("LinearAttention", outputs, output);
        if (present_state.Type != ElementType.Float) ElementConversion.Run("LinearAttention", states, present_state);
    }

    private static long Room(in Operand operand) => operand.IsAbsent || operand.Type == ElementType.Float ? 0 : operand.Length;

    /// <summary>The operand itself when it holds floats, else as many floats in the scratch memory.</summary>
    private static Operand Place(in Operand operand, ref float* free)
    {
        if (operand.Type == ElementType.Float) return operand;
        var place = new Operand(free, ElementType.Float, operand.Dims);
        free += operand.Length;
        return place;
    }

    private static float* Read(in Operand operand, ref float* free)
    {
        if (operand.IsAbsent) return null;
        Operand place = Place(operand, ref free);
        if (operand.Type != ElementType.Float) ElementConversion.Run("LinearAttention", operand, place);
        return (float*)place.Data;
    }
}
