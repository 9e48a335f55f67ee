using System.Runtime.CompilerServices;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>A loop over consecutive elements.</summary>
internal unsafe interface IElementwiseLoop
{
    /// <summary>Elements of one vector.</summary>
    static abstract int VectorCount { get; }

    /// <summary>Computes <paramref name="n"/> elements.</summary>
    /// <param name="pointers">Where each input starts, then the output.</param>
    /// <param name="steps">For each input the bytes of one vector, or 0 if it is one vector that repeats.</param>
    /// <param name="n">How many elements.</param>
    void Run(byte** pointers, nint* steps, nint n);
}

/// <summary>Feeds a loop with the runs of a broadcast: whole runs where they are long, else tiles in which short runs are lined up.</summary>
internal unsafe struct ElementwiseBody<L>(in L loop, in Broadcast plan, byte** data, int* sizes, long grain) : IParallelBody
    where L : struct, IElementwiseLoop
{
    /// <summary>Shorter runs are lined up first.</summary>
    private const long ShortRun = 48;

    private const int MaxVectorBytes = 64;

    private readonly L _loop = loop;
    private readonly Broadcast _plan = plan;
    private readonly byte** _data = data;
    private readonly int* _sizes = sizes;
    private readonly long _grain = grain;

    public void Run(int part)
    {
        long start = part * _grain, end = Math.Min(start + _grain, _plan.Length);
        if (start >= end) return;
        if (_plan.Rank > 1 && _plan.Inner < ShortRun) RunTiles(start, end);
        else RunWhole(start, end);
    }

    private void RunWhole(long start, long end)
    {
        int inputs = _plan.Operands;
        byte** pointers = stackalloc byte*[inputs + 1];
        nint* steps = stackalloc nint[inputs];
        byte* repeated = stackalloc byte[inputs * MaxVectorBytes];
        long* place = stackalloc long[_plan.Rank + inputs];
        var cursor = new BroadcastCursor(_plan, start, place);
        L loop = _loop;

        while (start < end)
        {
            long n = Math.Min(_plan.Inner - cursor.Inner, end - start);
            for (int i = 0; i < inputs; i++)
            {
                int size = _sizes[i];
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

            pointers[inputs] = _data[inputs] + (start * _sizes[inputs]);
            loop.Run(pointers, steps, (nint)n);
            start += n;
            cursor.Next();
        }
    }

    private void RunTiles(long start, long end)
    {
        int inputs = _plan.Operands, tile = 0;
        for (int i = 0; i < inputs; i++) tile += _sizes[i];
        tile = Math.Max(16 * 1024 / tile / MaxVectorBytes, 1) * MaxVectorBytes;

        byte** pointers = stackalloc byte*[inputs + 1];
        byte** tiles = stackalloc byte*[inputs];
        nint* steps = stackalloc nint[inputs];
        using Scratch scratch = Scratch.Rent((long)inputs * tile * sizeof(long));
        for (int i = 0; i < inputs; i++)
        {
            steps[i] = L.VectorCount * _sizes[i];
            tiles[i] = scratch.Data + ((long)i * tile * sizeof(long));
        }

        long* place = stackalloc long[_plan.Rank + inputs];
        var cursor = new BroadcastCursor(_plan, start, place);
        L loop = _loop;
        while (start < end)
        {
            long n = Math.Min(tile, end - start);
            for (int i = 0; i < inputs; i++) pointers[i] = IsDense(i) ? _data[i] + (start * _sizes[i]) : tiles[i];
            for (long done = 0; done < n;)
            {
                long run = Math.Min(_plan.Inner - cursor.Inner, n - done);
                for (int i = 0; i < inputs; i++)
                {
                    if (pointers[i] != tiles[i]) continue;
                    int size = _sizes[i];
                    bool repeats = _plan.Strides(i)[_plan.Rank - 1] == 0;
                    byte* source = _data[i] + ((cursor.Offsets[i] + (repeats ? 0 : cursor.Inner)) * size);
                    byte* destination = tiles[i] + (done * size);
                    if (repeats) Fill(destination, source, size, run);
                    else Unsafe.CopyBlockUnaligned(destination, source, (uint)(run * size));
                }

                done += run;
                cursor.Inner += run;
                if (cursor.Inner == _plan.Inner) cursor.Next();
            }

            pointers[inputs] = _data[inputs] + (start * _sizes[inputs]);
            loop.Run(pointers, steps, (nint)n);
            start += n;
        }
    }

    /// <summary>Whether input <paramref name="i"/> lies as the output does.</summary>
    private readonly bool IsDense(int i)
    {
        long* strides = _plan.Strides(i);
        long expected = 1;
        for (int axis = _plan.Rank - 1; axis >= 0; axis--)
        {
            if (strides[axis] != expected) return false;
            expected *= _plan.Extents[axis];
        }

        return true;
    }

    private static void Fill(byte* destination, byte* source, int size, long count)
    {
        switch (size)
        {
            case 1: new Span<byte>(destination, (int)count).Fill(*source); break;
            case 2: new Span<ushort>(destination, (int)count).Fill(*(ushort*)source); break;
            case 4: new Span<uint>(destination, (int)count).Fill(*(uint*)source); break;
            default: new Span<ulong>(destination, (int)count).Fill(*(ulong*)source); break;
        }
    }
}
