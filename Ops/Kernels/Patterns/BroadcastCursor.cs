using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <summary>A place in a <see cref="Broadcast"/>: the index of every axis but the innermost, and where each operand stands.</summary>
internal unsafe struct BroadcastCursor
{
    private readonly Broadcast _plan;
    private readonly long* _index;

    /// <summary>For each operand the offset, in elements, of the innermost axis' first element.</summary>
    internal readonly long* Offsets;

    /// <summary>How far into the innermost axis the place is.</summary>
    internal long Inner;

    /// <summary>Starts at element <paramref name="flat"/>; <paramref name="memory"/> holds Rank + Operands longs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal BroadcastCursor(in Broadcast plan, long flat, long* memory)
    {
        _plan = plan;
        _index = memory;
        Offsets = memory + plan.Rank;
        Inner = flat % plan.Inner;
        long rest = flat / plan.Inner;
        for (int i = 0; i < plan.Operands; i++) Offsets[i] = 0;
        for (int axis = plan.Rank - 2; axis >= 0; axis--)
        {
            long extent = plan.Extents[axis];
            _index[axis] = rest % extent;
            rest /= extent;
            for (int i = 0; i < plan.Operands; i++) Offsets[i] += _index[axis] * plan.Strides(i)[axis];
        }
    }

    /// <summary>Goes to the start of the next innermost run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Next()
    {
        Inner = 0;
        for (int axis = _plan.Rank - 2; axis >= 0; axis--)
        {
            if (++_index[axis] < _plan.Extents[axis])
            {
                for (int i = 0; i < _plan.Operands; i++) Offsets[i] += _plan.Strides(i)[axis];
                return;
            }

            _index[axis] = 0;
            for (int i = 0; i < _plan.Operands; i++) Offsets[i] -= (_plan.Extents[axis] - 1) * _plan.Strides(i)[axis];
        }
    }
}
