using Ops.Simd;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Weights of all groups as 4- or 8-bit integers in panels of columns, with a scale for each block of the summed axis and
/// column.</summary>
/// <remarks>
/// A panel is a run of blocks: the scales of its columns, their zero points if there are any, and then the integers, unsigned, those of one
/// column for <see cref="UnitOf"/> consecutive k in one 32-bit word. Of 4-bit integers the low halves of a word's bytes hold the first four
/// k, the high halves the others; of 8-bit integers each byte holds one.
/// </remarks>
internal sealed unsafe class QuantizedExperts : PackedOperand
{
    private QuantizedExperts(IsaLevel level, int groups, in QuantizedPanels panels)
        : base(level, checked((nuint)groups * (nuint)panels.PerGroup * (nuint)panels.Bytes))
    {
        Source = panels with { Data = (byte*)Memory };
    }

    /// <summary>The panels.</summary>
    public QuantizedPanels Source { get; }

    /// <summary>How many k share a word.</summary>
    public static int UnitOf(int bits) => 32 / bits;

    /// <summary>Packs weights [groups, depth, columns].</summary>
    /// <param name="weights">int8, uint8, int4 or uint4.</param>
    /// <param name="scales">float[groups, ceil(depth / blockSize), columns].</param>
    /// <param name="zeros">Of the weights' type and the scales' shape, or absent.</param>
    /// <param name="blockSize">How many k share a scale.</param>
    /// <param name="columns">Which columns form the panels.</param>
    public static QuantizedExperts Of(in Operand weights, in Operand scales, in Operand zeros, int blockSize, GroupedColumns columns)
    {
        IsaLevel level = Isa.Level;
        int width = MicroKernel.PanelVectors * level switch
        {
            IsaLevel.Bits512 => 16,
            IsaLevel.Bits256 => 8,
            IsaLevel.Bits128 => 4,
            _ => 1
        };
        int groups = checked((int)weights.Dims[0]), depth = checked((int)weights.Dims[1]);
        var panels = new QuantizedPanels
        {
            Columns = columns,
            Width = width,
            Depth = depth,
            BlockSize = int.Min(blockSize, int.Max(depth, 1)),
            Bits = weights.Type.Bits(),
            Offset = weights.Type switch { ElementType.Int4 => 8, ElementType.Int8 => 128, _ => 0 },
            HasZeros = !zeros.IsAbsent,
        };
        var packed = new QuantizedExperts(level, groups, panels);
        var body = new Packing(packed.Source, (byte*)weights.Data, (float*)scales.Data, (byte*)zeros.Data);
        Workers.Run(checked(groups * panels.PerGroup), ref body);
        return packed;
    }

    /// <summary>An integer as it is packed: with the sign bit turned over where there is one.</summary>
    private static uint Read(byte* data, long index, int bits, int offset) =>
        bits == 4 ? (uint)(data[index >> 1] >> (int)((index & 1) << 2) & 15 ^ offset) : (uint)(data[index] ^ offset);

    private readonly struct Packing(QuantizedPanels panels, byte* weights, float* scales, byte* zeros) : IParallelBody
    {
        public void Run(int part)
        {
            int group = part / panels.PerGroup, panel = part % panels.PerGroup, unit = UnitOf(panels.Bits);
            int first = panels.Columns.First(panel, panels.Width), count = panels.Columns.Count(panel, panels.Width),
                factor = panel % panels.Columns.Factors;
            new Span<byte>(panels.Panel(group, panel), checked((int)panels.Bytes)).Clear();
            for (int block = 0; block < panels.Blocks; block++)
            {
                byte* to = panels.Block(group, panel, block);
                float* scale = panels.Scales(to);
                int* zero = panels.Zeros(to);
                uint* words = panels.Words(to);
                long row = ((long)group * panels.Blocks + block) * panels.Columns.Stored;
                for (int lane = 0; lane < count; lane++)
                {
                    int column = panels.Columns.Place(factor, first + lane);
                    scale[lane] = scales[row + column];
                    if (panels.HasZeros) zero[lane] = (int)Read(zeros, row + column, panels.Bits, panels.Offset);
                }
                int begin = block * panels.BlockSize, end = int.Min(begin + panels.BlockSize, panels.Depth);
                for (int k = begin; k < end; k++)
                {
                    int place = (k - begin) % unit, shift = panels.Bits == 8 ? 8 * place : place < 4 ? 8 * place : 8 * (place - 4) + 4;
                    uint* word = words + (k - begin) / unit * panels.Width;
                    long source = ((long)group * panels.Depth + k) * panels.Columns.Stored;
                    for (int lane = 0; lane < count; lane++)
                        word[lane] |= Read(weights, source + panels.Columns.Place(factor, first + lane), panels.Bits,
                            panels.Offset) << shift;
                }
            }
        }
    }
}

/// <summary>Where packed integers are.</summary>
internal readonly unsafe struct QuantizedPanels
{
    /// <summary>The first panel of the first group.</summary>
    public byte* Data { get; init; }

    /// <summary>Which columns form the panels.</summary>
    public required GroupedColumns Columns { get; init; }

    /// <summary>Columns of a panel.</summary>
    public required int Width { get; init; }

    /// <summary>The length of the sums.</summary>
    public required int Depth { get; init; }

    /// <summary>How many k share a scale.</summary>
    public required int BlockSize { get; init; }

    /// <summary>Bits of an integer.</summary>
    public required int Bits { get; init; }

    /// <summary>What stands for zero where there are no zero points.</summary>
    public required int Offset { get; init; }

    /// <summary>Whether each block has zero points.</summary>
    public required bool HasZeros { get; init; }

    /// <summary>Panels of a group.</summary>
    public int PerGroup => Columns.Panels(Width);

    /// <summary>Blocks of a panel.</summary>
    public int Blocks => (Depth + BlockSize - 1) / BlockSize;

    /// <summary>Words of a column in a block.</summary>
    public int WordsOfBlock => (BlockSize * Bits + 31) / 32;

    /// <summary>Bytes of a block.</summary>
    public nint BlockBytes => (nint)Width * sizeof(uint) * (WordsOfBlock + (HasZeros ? 2 : 1));

    /// <summary>Bytes of a panel.</summary>
    public nint Bytes => BlockBytes * Blocks;

    /// <summary>A panel.</summary>
    public byte* Panel(int group, int panel) => Data + ((nint)group * PerGroup + panel) * Bytes;

    /// <summary>A block of a panel.</summary>
    public byte* Block(int group, int panel, int block) => Panel(group, panel) + block * BlockBytes;

    /// <summary>The scales of a block's columns.</summary>
    public float* Scales(byte* block) => (float*)block;

    /// <summary>The zero points of a block's columns.</summary>
    public int* Zeros(byte* block) => (int*)block + Width;

    /// <summary>The integers of a block.</summary>
    public uint* Words(byte* block) => (uint*)block + (HasZeros ? 2 : 1) * Width;
}
