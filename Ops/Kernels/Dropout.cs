using Ops.Graphs;
using Ops.Kernels;
using Ops.Specs;
using Ops.Specs.Types;

namespace Ops;

public static unsafe partial class Dropout
{
    private static partial void Compute(
        in Args args, in Operand data, in Operand ratio, in Operand training_mode, in Operand output, in Operand mask)
    {
        if (!training_mode.IsAbsent && *(bool*)training_mode.Data && Ratio(ratio) != 0)
            throw new OpException("Dropout", Coverage.NoKernel, "no kernel of Dropout trains: it sets nothing to zero");
        StridedCopy.Block(data.Data, output.Data, Layout.Bytes("Dropout", data));
        if (mask.IsAbsent) return;
        byte kept = 1;
        StridedCopy.Fill(1, &kept, mask.Data, mask.Length);
    }

    private static float Ratio(in Operand ratio)
    {
        float value = 0.5f;
        if (!ratio.IsAbsent) ElementConversion.Run("Dropout", ratio, new Operand(&value, ElementType.Float, []));
        return value;
    }
}
