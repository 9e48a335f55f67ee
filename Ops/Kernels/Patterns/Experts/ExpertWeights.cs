using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Weights of experts as the call gives them: as they are, or packed before.</summary>
internal static class ExpertWeights
{
    /// <summary>Packs weights [G, K, N] of a floating-point type; null for those that are not worth it.</summary>
    public static PackedOperand? Pack(in Operand weights, GroupedColumns columns) => weights.Length == 0 ? null : weights.Type switch
    {
        ElementType.Float => PackedExperts.Of<float>(weights, columns),
        ElementType.Float16 => PackedExperts.Of<Half>(weights, columns),
        ElementType.BFloat16 => PackedExperts.Of<BFloat16>(weights, columns),
        _ => null,
    };

    /// <summary>Weights without a packed form that belongs to other columns.</summary>
    public static Operand Fitting(in Operand weights, GroupedColumns columns) =>
        weights.Packed is PackedExperts packed && packed.Columns != columns ? weights with { Packed = null } : weights;
}
