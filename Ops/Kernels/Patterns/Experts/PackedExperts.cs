using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>The weights of all groups in panels of columns, as float.</summary>
internal sealed unsafe class PackedExperts : PackedOperand
{
    private readonly int depth, width;

    private PackedExperts(IsaLevel level, int groups, int depth, int width, GroupedColumns columns)
        : base(level, checked((nuint)groups * (nuint)columns.Panels(width) * (nuint)width * (nuint)depth * sizeof(float)))
    {
        Columns = columns;
        this.depth = depth;
        this.width = width;
    }

    /// <summary>Which columns form the panels.</summary>
    public GroupedColumns Columns { get; }

    /// <summary>The panels.</summary>
    public PackedColumns Source => new((float*)Memory, Columns.Panels(width), depth, width);

    /// <summary>Packs weights [groups, depth, columns].</summary>
    public static PackedExperts Of<T>(in Operand weights, GroupedColumns columns)
        where T : unmanaged => Isa.Level switch
        {
            IsaLevel.Bits512 => Of<Simd512<float>, T>(weights, columns),
            IsaLevel.Bits256 => Of<Simd256<float>, T>(weights, columns),
            IsaLevel.Bits128 => Of<Simd128<float>, T>(weights, columns),
            _ => Of<Simd1<float>, T>(weights, columns),
        };

    private static PackedExperts Of<V, T>(in Operand weights, GroupedColumns columns)
        where V : struct, ISimd<V, float>
        where T : unmanaged
    {
        int groups = checked((int)weights.Dims[0]), depth = checked((int)weights.Dims[1]), width = GroupedContraction<V>.Width;
        var packed = new PackedExperts(Isa.Level, groups, depth, width, columns);
        int panels = columns.Panels(width);
        var body = new Packing<V, T>(new StoredColumns<V, T>((T*)weights.Data, columns, depth), panels, depth, (float*)packed.Memory);
        Workers.Run(checked(groups * panels), ref body);
        return packed;
    }

    private readonly struct Packing<V, T>(StoredColumns<V, T> columns, int panels, int depth, float* destination) : IParallelBody
        where V : struct, ISimd<V, float>
        where T : unmanaged
    {
        public void Run(int part) =>
            columns.Pack(part / panels, part % panels, 0, depth, destination + (nint)part * depth * GroupedContraction<V>.Width);
    }
}
