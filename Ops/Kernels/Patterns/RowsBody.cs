using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Blocks of rows: brought in where they are strided or of another type, computed, and put back.</summary>
internal unsafe struct RowsBody<V, C, K> : IParallelBody
    where V : struct, ISimd<V, C>
    where C : unmanaged
    where K : struct, IRowKernel
{
    /// <summary>Rows of a block; neighbouring rows that are strided then share the lines they are read from.</summary>
    private const int MaxBlock = 32;

    /// <summary>Bytes of a block's copies that should not be exceeded, and the rows it has even so.</summary>
    private const long BlockBytes = 256 * 1024;

    private const int MinStridedBlock = 16;

    /// <summary>The same where rows are only copied so that results can be written past the caches.</summary>
    private const long StreamedBlockBytes = 8 * 1024;

    private readonly K _kernel;
    private readonly RowOperand* _operands;
    private readonly int _inputs, _outputs, _block;
    private readonly nint _pitch;
    private readonly long _rows, _rowsPerPart, _copyElements;

    internal RowsBody(in K kernel, RowOperand* operands, int inputs, int outputs, long rows, int length, long minGrain)
    {
        _kernel = kernel;
        _operands = operands;
        _inputs = inputs;
        _outputs = outputs;
        _rows = rows;

        // Odd in lines, so that the same place of neighbouring rows does not meet in one set of the cache.
        nint line = 64 / sizeof(C);
        _pitch = ((length + line - 1) / line | 1) * line;

        int copied = 0;
        bool strided = false, streamed = true;
        for (int i = 0; i < inputs + outputs; i++)
        {
            if (operands[i].Data == null || operands[i].IsDirect) continue;
            copied++;
            streamed &= operands[i].IsStreamed;
            strided |= operands[i].Along.Step != 1 && operands[i].Length > 1;
        }

        long fitting = (streamed ? StreamedBlockBytes : BlockBytes) / (Math.Max(copied, 1) * (long)_pitch * sizeof(C));
        _block = (int)Math.Clamp(fitting, strided ? MinStridedBlock : 1, MaxBlock);
        _copyElements = copied * (long)_pitch * _block;

        long least = (minGrain + length) / Math.Max(length, 1), even = (rows + (8L * Workers.Count) - 1) / (8L * Workers.Count);
        _rowsPerPart = (Math.Max(Math.Max(least, even), 1) + _block - 1) / _block * _block;
        Parts = (int)((rows + _rowsPerPart - 1) / _rowsPerPart);
    }

    /// <summary>How many parts there are.</summary>
    internal int Parts { get; }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part)
    {
        int count = _inputs + _outputs;
        using Scratch scratch = Scratch.Rent(_copyElements * sizeof(C));
        long* starts = stackalloc long[count * MaxBlock];
        RowSpans<C>.Row* spans = stackalloc RowSpans<C>.Row[count];
        C** copies = stackalloc C*[count];
        C* free = (C*)scratch.Data;
        for (int i = 0; i < count; i++)
        {
            ref RowOperand operand = ref _operands[i];
            spans[i].Length = operand.Data == null ? 0 : operand.Length;
            copies[i] = null;
            if (operand.Data == null || operand.IsDirect) continue;
            copies[i] = free;
            free += _pitch * _block;
            if (operand.IsShared && i < _inputs)
            {
                *starts = 0;
                RowTransfer<V, C>.Read(operand.Type, operand.Data, starts, 1, operand.Along, operand.Length, copies[i], _pitch);
            }
        }

        long end = Math.Min((part + 1) * _rowsPerPart, _rows);
        for (long first = part * _rowsPerPart; first < end; first += _block)
        {
            int rows = (int)Math.Min(_block, end - first);
            for (int i = 0; i < count; i++)
            {
                ref RowOperand operand = ref _operands[i];
                if (operand.Data == null) continue;
                long* own = starts + (i * MaxBlock);
                operand.Across.Offsets(first, rows, own);
                if (i < _inputs && !operand.IsDirect && !operand.IsShared)
                    RowTransfer<V, C>.Read(operand.Type, operand.Data, own, rows, operand.Along, operand.Length, copies[i], _pitch);
            }

            Compute(rows, starts, spans, copies);
            for (int i = _inputs; i < count; i++)
            {
                ref RowOperand operand = ref _operands[i];
                if (operand.Data == null || operand.IsDirect) continue;
                if (operand.IsStreamed)
                    RowTransfer<V, C>.Stream((C*)operand.Data, starts + (i * MaxBlock), rows, operand.Length, copies[i], _pitch);
                else
                    RowTransfer<V, C>.Write(
                        operand.Type, operand.Data, starts + (i * MaxBlock), rows, operand.Along, operand.Length, copies[i], _pitch);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Compute(int rows, long* starts, RowSpans<C>.Row* spans, C** copies)
    {
        int count = _inputs + _outputs;
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < count; i++)
            {
                ref RowOperand operand = ref _operands[i];
                if (operand.Data == null) continue;
                spans[i].Data = operand.IsDirect ? (C*)operand.Data + starts[(i * MaxBlock) + row]
                    : operand.IsShared && i < _inputs ? copies[i]
                    : copies[i] + (row * _pitch);
            }

            _kernel.Row<V, C>(new RowSpans<C>(spans, _inputs, spans + _inputs, _outputs));
        }
    }
}
