using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <content>Activations and quantisation, made of simpler steps.</content>
internal sealed partial class ModifierAnalysis
{
    private ModifierExpr Elu(ModifierExpr x, float alpha)
    {
        ModifierExpr below = exprs.Apply(ModifierOp.Multiply, Number(alpha, x), exprs.Apply(ModifierOp.Subtract, exprs.Apply(ModifierOp.Exp, x), Number(1, x)));
        return exprs.Where(exprs.Apply(ModifierOp.Less, x, Number(0, x)), below, x);
    }

    private ModifierExpr Celu(ModifierExpr x, float alpha)
    {
        ModifierExpr power = exprs.Apply(ModifierOp.Exp, exprs.Apply(ModifierOp.Divide, x, Number(alpha, x)));
        ModifierExpr below = exprs.Apply(ModifierOp.Multiply, Number(alpha, x), exprs.Apply(ModifierOp.Subtract, power, Number(1, x)));
        return exprs.Apply(ModifierOp.Add, exprs.Apply(ModifierOp.Maximum, x, Number(0, x)), exprs.Apply(ModifierOp.Minimum, below, Number(0, x)));
    }

    private ModifierExpr HardSigmoid(ModifierExpr x, float alpha, float beta)
    {
        ModifierExpr line = exprs.Apply(ModifierOp.Add, exprs.Apply(ModifierOp.Multiply, Number(alpha, x), x), Number(beta, x));
        return exprs.Apply(ModifierOp.Maximum, exprs.Apply(ModifierOp.Minimum, line, Number(1, x)), Number(0, x));
    }

    private ModifierExpr Shrink(ModifierExpr x, float bias, float bound)
    {
        ModifierExpr above = exprs.Where(exprs.Apply(ModifierOp.Less, Number(bound, x), x), exprs.Apply(ModifierOp.Subtract, x, Number(bias, x)), Number(0, x));
        return exprs.Where(exprs.Apply(ModifierOp.Less, x, Number(-bound, x)), exprs.Apply(ModifierOp.Add, x, Number(bias, x)), above);
    }

    private ModifierField PRelu(Call call)
    {
        ModifierField x = call.Real(0), slope = call.Real(1);
        ElementType type = SameType(x, slope), wide = type == ElementType.Double ? type : ElementType.Float;
        return Zip(type, [x, slope], e =>
        {
            ModifierExpr value = exprs.ToReal(e[0], wide);
            return exprs.ToReal(exprs.Where(exprs.Apply(ModifierOp.Less, value, Number(0, value)), exprs.Apply(ModifierOp.Multiply, exprs.ToReal(e[1], wide), value), value), type);
        });
    }

    /// <summary>Divided, rounded to even, shifted and saturated, in float.</summary>
    private ModifierField Quantize(Call call)
    {
        ModifierField x = call.Real(0), scale = Along(call, 1, x);
        ModifierField? zero = call.Has(2) ? Along(call, 2, x) : null;
        ElementType to = zero?.Type ?? (call.Int("output_dtype", 0) is > 0 and var given ? (ElementType)given : ElementType.UInt8);
        if (!ModifierTypes.IsInteger(to) || x.Type == ElementType.Double || call.Int("precision", 0) is not (0 or (long)ElementType.Float))
            throw new ModifierException($"it quantises {x.Type.Name()} to {to.Name()}");
        Interval bounds = ModifierTypes.Bounds(to);
        return Zip(to, zero is null ? [x, scale] : [x, scale, zero], e =>
        {
            ModifierExpr steps = exprs.Apply(ModifierOp.Divide, exprs.ToReal(e[0], ElementType.Float), exprs.ToReal(e[1], ElementType.Float));
            ModifierExpr nearest = exprs.Apply(ModifierOp.Round, steps);
            return exprs.ToInteger(zero is null ? nearest : exprs.Apply(ModifierOp.Add, nearest, exprs.ToReal(e[2], ElementType.Float)), bounds);
        });
    }

    /// <summary>The difference to the zero point times the scale, rounded once.</summary>
    private ModifierField Dequantize(Call call)
    {
        ModifierField x = call.Number(0), scale = Along(call, 1, x);
        ModifierField? zero = call.Has(2) ? Along(call, 2, x) : null;
        ElementType to = call.Int("output_dtype", 0) is > 0 and var given ? (ElementType)given : scale.Type;
        if (!ModifierTypes.IsInteger(x.Type) || !to.IsFloat() || to == ElementType.Double)
            throw new ModifierException($"it makes {to.Name()} of {x.Type.Name()}");
        return Zip(to, zero is null ? [x, scale] : [x, scale, zero], e =>
        {
            ModifierExpr steps = zero is null ? e[0] : exprs.Sum(e[0], e[2], -1);
            return exprs.ToReal(exprs.Apply(ModifierOp.Multiply, exprs.ToReal(steps, ElementType.Float), exprs.ToReal(e[1], ElementType.Float)), to);
        });
    }

    /// <summary>A scale or zero point so that it broadcasts: one number, or one for each place along an axis.</summary>
    private ModifierField Along(Call call, int input, ModifierField x)
    {
        ModifierField field = call.Field(input);
        if (call.Int("block_size", 0) != 0 || field.Rank > 1)
            throw new ModifierException("it quantises by blocks");
        if (field.Rank == 0 || IsOne(field.Dims[0]))
            return field;
        int axis = Call.Axis(call.Int("axis", 1), x.Rank);
        var dims = new Dim[x.Rank - axis];
        for (int i = 0; i < dims.Length; i++) dims[i] = i == 0 ? field.Dims[0] : 1;
        return Reshape(field, dims);
    }
}
