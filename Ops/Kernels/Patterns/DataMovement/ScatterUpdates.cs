using System.Numerics;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Puts blocks of updates where a table says, one after another, so that of several for one place the last one comes
/// last.</summary>
internal static unsafe class ScatterUpdates
{
    /// <summary>Combines block <c>i</c> of <paramref name="updates"/> with the elements from <paramref name="places"/>[i] on.</summary>
    /// <param name="op">The op, for messages.</param>
    /// <param name="reduction">none, add, mul, max or min.</param>
    /// <param name="updates">The blocks.</param>
    /// <param name="places">Elements from the beginning of <paramref name="output"/>.</param>
    /// <param name="count">How many blocks there are.</param>
    /// <param name="block">Elements of a block.</param>
    /// <param name="output">What is updated.</param>
    public static void Run(string op, string reduction, in Operand updates, long* places, long count, long block, in Operand output)
    {
        if (reduction == "none")
        {
            Replace(Layout.Width(op, output.Type), (byte*)updates.Data, places, count, block, (byte*)output.Data);
            return;
        }

        switch (output.Type)
        {
            case ElementType.Float: Combine<float>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.Double: Combine<double>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.Float16: Combine<Half>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.Int8: Combine<sbyte>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.Int16: Combine<short>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.Int32: Combine<int>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.Int64: Combine<long>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.UInt8: Combine<byte>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.UInt16: Combine<ushort>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.UInt32: Combine<uint>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.UInt64: Combine<ulong>(reduction, updates.Data, places, count, block, output.Data); break;
            case ElementType.BFloat16: CombineBrains(reduction, (BFloat16*)updates.Data, places, count, block, (BFloat16*)output.Data);
            break;
            case ElementType.Bool:
                // A sum is true where a part is, a product where all are.
                string truths = reduction is "add" or "max" ? "max" : "min";
                Combine<byte>(truths, updates.Data, places, count, block, output.Data);
                break;
            default: throw KernelErrors.UnsupportedType(op, output.Type);
        }
    }

    private static void Replace(int width, byte* updates, long* places, long count, long block, byte* output)
    {
        long bytes = block * width;
        switch (bytes)
        {
            case 1: Replace<byte>(updates, places, count, output); break;
            case 2 when width == 2: Replace<ushort>(updates, places, count, output); break;
            case 4 when width == 4: Replace<uint>(updates, places, count, output); break;
            case 8 when width == 8: Replace<ulong>(updates, places, count, output); break;
            default:
                for (long i = 0; i < count; i++) Buffer.MemoryCopy(updates + (i * bytes), output + (places[i] * width), bytes, bytes);
                break;
        }
    }

    private static void Replace<T>(byte* updates, long* places, long count, byte* output)
        where T : unmanaged
    {
        for (long i = 0; i < count; i++) ((T*)output)[places[i]] = ((T*)updates)[i];
    }

    private static void Combine<T>(string reduction, void* updates, long* places, long count, long block, void* output)
        where T : unmanaged, INumber<T>
    {
        var update = (T*)updates;
        for (long i = 0; i < count; i++)
        {
            T* place = (T*)output + places[i];
            for (long j = 0; j < block; j++, place++, update++)
                *place = Join(reduction[1], *place, *update);
        }
    }

    private static void CombineBrains(string reduction, BFloat16* updates, long* places, long count, long block, BFloat16* output)
    {
        for (long i = 0; i < count; i++)
        {
            BFloat16* place = output + places[i];
            for (long j = 0; j < block; j++, place++, updates++)
                *place = (BFloat16)Join(reduction[1], (float)*place, (float)*updates);
        }
    }

    /// <summary>Two elements as one, by the second letter of the reduction: add, mul, max, min.</summary>
    private static T Join<T>(char reduction, T old, T update)
        where T : INumber<T> => reduction switch
    {
        'd' => unchecked(old + update),
        'u' => unchecked(old * update),
        'a' => T.Max(old, update),
        _ => T.Min(old, update),
    };
}
