using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Writes the keys or values of new tokens to their slots in pages, quantised where the pages are.</summary>
/// <remarks>Slots are distinct, so that tokens may be written in any order.</remarks>
internal readonly unsafe struct CacheWrite : IParallelBody
{
    /// <summary>The elements a part writes at least.</summary>
    private const int Grain = 1 << 15;

    private readonly Operand _rows;
    private readonly Operand _pages;
    private readonly HeadScales _scales;
    private readonly long* _slots;
    private readonly int _tokens;
    private readonly int _perPart;

    private CacheWrite(in Operand rows, in Operand pages, HeadScales scales, long* slots)
    {
        _rows = rows;
        _pages = pages;
        _scales = scales;
        _slots = slots;
        _tokens = (int)rows.Dims[0];
        _perPart = (int)long.Clamp(Grain / long.Max(1, rows.Dims[1] * rows.Dims[2]), 1, int.MaxValue);
    }

    /// <summary>Writes rows [tokens, heads, width] to pages [pages, heads, page size, width]; a token of slot -1 to nowhere.</summary>
    public static void Run(in Operand rows, in Operand pages, HeadScales scales, long* slots)
    {
        if (rows.Length == 0) return;
        var body = new CacheWrite(rows, pages, scales, slots);
        Workers.Run((body._tokens + body._perPart - 1) / body._perPart, ref body);
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        int heads = (int)_rows.Dims[1], width = (int)_rows.Dims[2];
        long pageSize = _pages.Dims[2];
        int from = _rows.Type.Bits() / 8, to = _pages.Type.Bits() / 8;
        bool quantises = _pages.Type == ElementType.Int8;
        using Scratch scratch = Scratch.Rent(quantises ? width * sizeof(float) : 0);
        var numbers = (float*)scratch.Data;
        for (int token = part * _perPart; token < int.Min(_tokens, (part + 1) * _perPart); token++)
        {
            if (_slots[token] < 0) continue;
            (long page, long offset) = long.DivRem(_slots[token], pageSize);
            for (int head = 0; head < heads; head++)
            {
                byte* source = (byte*)_rows.Data + ((nint)token * heads + head) * width * from;
                byte* target = (byte*)_pages.Data + (((nint)page * heads + head) * (nint)pageSize + (nint)offset) * width * to;
                if (quantises) Quantise(source, numbers, width, _scales.Of(head), (sbyte*)target);
                else Buffer.MemoryCopy(source, target, (long)width * to, (long)width * to);
            }
        }
    }

    /// <summary>The nearest integer to each quotient, halves to even, within -128 to 127; NaN becomes 0.</summary>
    private void Quantise(byte* source, float* numbers, int width, float scale, sbyte* target)
    {
        for (int i = 0; i < width; i++)
        {
            float x = _rows.Type switch
            {
                ElementType.Float => ((float*)source)[i],
                ElementType.Float16 => (float)((Half*)source)[i],
                _ => (float)((BFloat16*)source)[i],
            };
            numbers[i] = MathF.Round(x / scale, MidpointRounding.ToEven);
        }

        NarrowNumbers.ToInteger(numbers, target, 1, sbyte.MinValue, sbyte.MaxValue, width);
    }
}
