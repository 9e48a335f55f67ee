using Ops.Kernels;
using Ops.Threading;

namespace Ops;

public static unsafe partial class GatherElements
{
    private static partial void Compute(in Args args, in Operand data, in Operand indices, in Operand output)
    {
        var walk = new ElementWalk("GatherElements", data, indices, args.axis);
        switch (Layout.Width("GatherElements", data.Type))
        {
            case 1: Take<byte>(walk, data, output); break;
            case 2: Take<ushort>(walk, data, output); break;
            case 4: Take<uint>(walk, data, output); break;
            case 8: Take<ulong>(walk, data, output); break;
            default: Take<UInt128>(walk, data, output); break;
        }
    }

    private static void Take<T>(in ElementWalk walk, in Operand data, in Operand output)
        where T : unmanaged
    {
        var body = new Body<T>(walk, (T*)data.Data, (T*)output.Data);
        Workers.Run(walk.Parts, ref body);
    }

    private readonly struct Body<T>(ElementWalk walk, T* data, T* output) : IParallelBody
        where T : unmanaged
    {
        public void Run(int part)
        {
            ElementWalk.Rows rows = walk.Part(part);
            while (rows.Next())
                for (long i = 0; i < rows.Length; i++) output[rows.First + i] = data[rows.Place(i)];
        }
    }
}
