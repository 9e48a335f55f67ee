using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <content>Quantization to integers, and back.</content>
internal sealed partial class ModifierAnalysis
{
    private ModifierField Quantize(Call call)
    {
        ModifierField x = call.Real(0), scale = Along(call, 1, x.Rank), zero = call.Has(2) ? Along(call, 2, x.Rank) : null!;
        ElementType to = zero?.Type ?? ((ElementType)call.Int("output_dtype", 0) is var given && given != 0 ? given : ElementType.UInt8);
        if (!ModifierTypes.IsInteger(to) || ModifierTypes.Bounds(to).High > 1 << 16)
            throw new ModifierException($"it makes {to.Name()}");
        ElementType wide = x.Type == ElementType.Double ? x.Type : ElementType.Float;
        Interval bounds = ModifierTypes.Bounds(to);
        ModifierField[] operands = zero is null ? [x, scale] : [x, scale, zero];
        return Zip(to, operands, e =>
        {
            ModifierExpr steps = exprs.Apply(ModifierOp.Round,
                exprs.Apply(ModifierOp.Divide, exprs.ToReal(e[0], wide), exprs.ToReal(e[1], wide)));
            if (zero is not null)
                steps = exprs.Apply(ModifierOp.Add, steps, exprs.ToReal(e[2], wide));
            ModifierExpr within = exprs.Apply(ModifierOp.Minimum, exprs.Apply(ModifierOp.Maximum, steps, exprs.Real(bounds.Low, wide)),
                exprs.Real(bounds.High, wide));
            return exprs.ToInteger(within, bounds);
        });
    }

    private ModifierField Dequantize(Call call)
    {
        ModifierField x = call.Number(0), scale = Along(call, 1, x.Rank);
        if (!ModifierTypes.IsInteger(x.Type) || ModifierTypes.Bounds(x.Type).High > 1 << 16 || !scale.Type.IsFloat())
            throw new ModifierException($"it takes {x.Type.Name()}");
        ElementType wide = scale.Type == ElementType.Double ? scale.Type : ElementType.Float;
        ModifierField[] operands = call.Has(2) ? [x, scale, Along(call, 2, x.Rank)] : [x, scale];
        return Zip(scale.Type, operands, e =>
        {
            ModifierExpr steps = e.Length > 2 ? exprs.Sum(e[0], e[2], -1) : e[0];
            return exprs.ToReal(exprs.Apply(ModifierOp.Multiply, exprs.ToReal(steps, wide), exprs.ToReal(e[1], wide)), scale.Type);
        });
    }

    /// <summary>A scale or zero point: one for all, or one for each place on an axis.</summary>
    private ModifierField Along(Call call, int input, int rank)
    {
        ModifierField field = call.Number(input);
        if (field.Rank == 0 || field.Dims.All(IsOne))
            return ModifierField.Scalar(field.Type, ExprOf(field));
        if (field.Rank != 1 || call.Int("block_size", 0) != 0)
            throw new ModifierException("its scales stand for blocks");
        int shift = rank - 1 - Call.Axis(call.Int("axis", 1), rank);
        ModifierExpr moved = exprs.Substitute(ExprOf(field), c => exprs.Coordinate(c.Axis + shift, field.Dims[0]));
        var dims = new Symbolic.Dim[shift + 1];
        dims.AsSpan().Fill(1);
        dims[0] = field.Dims[0];
        return ModifierField.Of(field.Type, dims, moved);
    }
}
