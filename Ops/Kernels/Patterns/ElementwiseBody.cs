using System.Runtime.CompilerServices;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>
/// Feeds a loop with the runs of a broadcast: whole runs where they are long, else tiles in which short runs are lined up.
/// </summary>
[SkipLocalsInit]
internal unsafe struct ElementwiseBody<L>(in L loop, in Broadcast plan, byte** data, long grain) : IParallelBody
    where L : struct, IElementwiseLoop
{
    /// <summary>Shorter runs are lined up first.</summary>
    private const long ShortRun = 48;

    /// <summary>Bytes of a tile of all inputs together, about.</summary>
    private const int TileBytes = 16 * 1024;

    private const int MaxVectorBytes = 64;

    private readonly L _loop = loop;
    private readonly Broadcast _plan = plan;
    private readonly byte** _data = data;
    private readonly long _grain = grain;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part)
    {
        long start = part * _grain, end = Math.Min(start + _grain, _plan.Length);
        if (start >= end) return;
        if (_plan.Rank > 1 && _plan.Inner < ShortRun) RunTiles(start, end);
        else RunWhole(start, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunWhole(long start, long end)
    {
        int inputs = _plan.Operands;
        byte** pointers = stackalloc byte*[inputs + 1];
        nint* steps = stackalloc nint[inputs];
        byte* repeated = stackalloc byte[inputs * MaxVectorBytes];
        long* place = stackalloc long[_plan.Rank + inputs];
        var cursor = new BroadcastCursor(_plan, start, place);
        while (start < end)
        {
            long n = Math.Min(_plan.Inner - cursor.Inner, end - start);
            for (int i = 0; i < inputs; i++)
            {
                int size = L.InputSize(i);
                byte* source = _data[i] + (cursor.Offsets[i] * size);
                if (_plan.Strides(i)[_plan.Rank - 1] == 0)
                {
                    pointers[i] = repeated + (i * MaxVectorBytes);
                    Fill(pointers[i], source, size, L.VectorCount);
                    steps[i] = 0;
                }
                else
                {
                    pointers[i] = source + (cursor.Inner * size);
                    steps[i] = L.VectorCount * size;
                }
            }

            pointers[inputs] = _data[inputs] + (start * L.OutputSize);
            RunElements(pointers, steps, (nint)n);
            start += n;
            if (start < end) cursor.Next();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunTiles(long start, long end)
    {
        int inputs = _plan.Operands, bytes = 0;
        for (int i = 0; i < inputs; i++) bytes += L.InputSize(i);

        // Whole runs, so that an input that repeats from run to run looks the same in every tile.
        long tile = Math.Max(TileBytes / (bytes * _plan.Inner), 1) * _plan.Inner;
        byte** pointers = stackalloc byte*[inputs + 1];
        byte** tiles = stackalloc byte*[inputs];
        nint* steps = stackalloc nint[inputs];
        long* place = stackalloc long[_plan.Rank + inputs];
        using Scratch scratch = Scratch.Rent(inputs * tile * sizeof(long));
        for (int i = 0; i < inputs; i++)
        {
            steps[i] = L.VectorCount * L.InputSize(i);
            tiles[i] = scratch.Data + (i * tile * sizeof(long));
            if (_plan.RepeatsByRun(i)) LineUp(i, tiles[i], start, Math.Min(tile, end - start), place);
        }

        while (start < end)
        {
            long n = Math.Min(tile, end - start);
            for (int i = 0; i < inputs; i++)
            {
                pointers[i] = _plan.IsDense(i) ? _data[i] + (start * L.InputSize(i)) : tiles[i];
                if (pointers[i] == tiles[i] && !_plan.RepeatsByRun(i)) LineUp(i, tiles[i], start, n, place);
            }

            pointers[inputs] = _data[inputs] + (start * L.OutputSize);
            RunElements(pointers, steps, (nint)n);
            start += n;
        }
    }

    /// <summary>Copies what input <paramref name="i"/> has at the places from <paramref name="start"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LineUp(int i, byte* destination, long start, long n, long* place)
    {
        switch (L.InputSize(i))
        {
            case 1: LineUp(i, (byte*)_data[i], destination, start, n, place); break;
            case 2: LineUp(i, (ushort*)_data[i], (ushort*)destination, start, n, place); break;
            case 4: LineUp(i, (uint*)_data[i], (uint*)destination, start, n, place); break;
            default: LineUp(i, (ulong*)_data[i], (ulong*)destination, start, n, place); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LineUp<E>(int i, E* data, E* destination, long start, long n, long* place)
        where E : unmanaged
    {
        var cursor = new BroadcastCursor(_plan, start, place);
        bool repeats = _plan.Strides(i)[_plan.Rank - 1] == 0;
        while (n > 0)
        {
            long run = Math.Min(_plan.Inner - cursor.Inner, n);
            E* source = data + cursor.Offsets[i];
            if (repeats)
            {
                E value = *source;
                for (long k = 0; k < run; k++) destination[k] = value;
            }
            else
            {
                source += cursor.Inner;
                for (long k = 0; k < run; k++) destination[k] = source[k];
            }

            destination += run;
            n -= run;
            if (n > 0) cursor.Next();
        }
    }

    /// <summary>Any number of elements: pairs of vectors in place, what is left over by way of a buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void RunElements(byte** pointers, nint* steps, nint n)
    {
        int inputs = _plan.Operands;
        if (L.IsAligned)
        {
            nint bytes = L.VectorCount * L.OutputSize, over = (nint)pointers[inputs] & (bytes - 1);
            nint head = over == 0 ? 0 : Math.Min((bytes - over) / L.OutputSize, n);
            if (head != 0)
            {
                RunPart(pointers, steps, head);
                for (int i = 0; i < inputs; i++)
                    if (steps[i] != 0) pointers[i] += head * L.InputSize(i);
                pointers[inputs] += head * L.OutputSize;
                n -= head;
            }
        }

        nint pairs = n / (2 * L.VectorCount), rest = n - (pairs * 2 * L.VectorCount);
        if (pairs != 0) _loop.Run(pointers, steps, pairs);
        if (rest == 0) return;
        for (int i = 0; i < inputs; i++) pointers[i] += 2 * pairs * steps[i];
        pointers[inputs] += 2 * pairs * L.VectorCount * L.OutputSize;
        RunPart(pointers, steps, rest);
    }

    /// <summary>Fewer elements than a pair of vectors has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void RunPart(byte** pointers, nint* steps, nint n)
    {
        int inputs = _plan.Operands;
        byte* memory = stackalloc byte[((inputs + 1) * 2 * MaxVectorBytes) + MaxVectorBytes];
        byte** whole = stackalloc byte*[inputs + 1];
        memory = (byte*)(((nint)memory + MaxVectorBytes - 1) & -MaxVectorBytes);
        for (int i = 0; i < inputs; i++)
        {
            whole[i] = pointers[i];
            if (steps[i] == 0) continue;
            whole[i] = memory + ((i + 1) * 2 * MaxVectorBytes);

            // Zeros in the lanes that do not count: any kernel takes them.
            Unsafe.InitBlockUnaligned(whole[i], 0, 2 * MaxVectorBytes);
            Copy(pointers[i], whole[i], n * L.InputSize(i));
        }

        whole[inputs] = memory;
        _loop.Run(whole, steps, 1);
        Copy(memory, pointers[inputs], n * L.OutputSize);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(byte* from, byte* to, nint bytes) => Unsafe.CopyBlockUnaligned(to, from, (uint)bytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(byte* destination, byte* source, int size, int count)
    {
        switch (size)
        {
            case 1: new Span<byte>(destination, count).Fill(*source); break;
            case 2: new Span<ushort>(destination, count).Fill(*(ushort*)source); break;
            case 4: new Span<uint>(destination, count).Fill(*(uint*)source); break;
            default: new Span<ulong>(destination, count).Fill(*(ulong*)source); break;
        }
    }
}
