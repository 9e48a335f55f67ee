using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <summary>Sixteen keys, one step apart, and sixteen rows that will be read later; steps count bytes.</summary>
internal unsafe struct KeyBlock
{
    /// <summary>How many keys.</summary>
    public const int Keys = 16;

    public byte* Data, Next;

    public nint Step, NextStep;

    /// <summary>Where to go on fetching rows once a part of each key is read: a line of theirs for 4 bytes of each key takes as
    /// long.</summary>
    /// <param name="at">How many bytes of each are read, a multiple of 32.</param>
    /// <param name="bytes">Those of a key and of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly byte* Line(nint at, nint bytes)
    {
        nint number = at / 4;
        return NextStep == bytes ? Next + number * 64 : Next + number / Keys * 64 + number % Keys * NextStep;
    }

    /// <summary>From there to the next line: in the order of memory, unless rows are apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly nint LineStep(nint bytes) => NextStep == bytes ? 64 : NextStep;
}
