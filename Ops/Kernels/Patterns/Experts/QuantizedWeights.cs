using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Quantised weights of a call: packed before, or else for this call only.</summary>
internal readonly struct QuantizedWeights : IDisposable
{
    private readonly QuantizedExperts? own;

    private QuantizedWeights(Operand operand, QuantizedExperts? own)
    {
        Operand = operand;
        this.own = own;
    }

    /// <summary>The weights, with their packed form.</summary>
    public Operand Operand { get; }

    /// <summary>The weights of a call.</summary>
    public static QuantizedWeights Of(in Operand weights, in Operand scales, in Operand zeros, int blockSize, GroupedColumns columns)
    {
        if (weights.Packed is QuantizedExperts { Source: var source } packed && packed.Level == Isa.Level && source.Columns == columns
            && source.BlockSize == int.Min(blockSize, int.Max(source.Depth, 1)) && source.HasZeros != zeros.IsAbsent)
            return new QuantizedWeights(weights, null);
        QuantizedExperts made = QuantizedExperts.Of(weights, scales, zeros, blockSize, columns);
        return new QuantizedWeights(weights with { Packed = made }, made);
    }

    /// <inheritdoc/>
    public void Dispose() => own?.Dispose();
}
