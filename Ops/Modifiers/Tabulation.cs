using Ops.Simd;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;

namespace Ops.Modifiers;

/// <summary>
/// What depends on the distance of key and query only, and takes more than one step, is worked out once for every distance: then a
/// consecutive run of a table replaces it.
/// </summary>
internal static unsafe class Tabulation
{
    /// <summary>The most elements that a table of distances may have.</summary>
    private const long MaxLength = 1 << 20;

    /// <summary>Replaces such parts of an expression.</summary>
    /// <param name="exprs">What made it.</param>
    /// <param name="root">The expression.</param>
    /// <param name="score">The scores or probabilities.</param>
    /// <param name="isDouble">Whether lanes are double, not float.</param>
    /// <param name="operands">Takes tables that each call works out of what it captures; null for none.</param>
    public static ModifierExpr Of(ModifierExprs exprs, ModifierExpr root, ModifierTensor score, bool isDouble, OperandPlan? operands)
    {
        // Distances without an end have no table.
        if (!score.Dims[^1].IsKnown) return root;
        long heads = score.Dims[^3].Value, queries = score.Dims[^2].Value, keys = score.Dims[^1].Value, distances = queries + keys - 1;
        if (queries < 2 || keys < 2) return root;
        ModifierExpr key = exprs.Coordinate(0, keys), query = exprs.Coordinate(1, queries);
        return exprs.Rewrite(root, Replace);

        ModifierExpr? Replace(ModifierExpr e)
        {
            bool byHead = (e.Uses & ModifierUses.Head) != 0;
            long rows = byHead ? heads : 1;
            if (rows * distances > MaxLength) return null;
            if (TableOf(e, byHead ? [rows, distances] : [distances]) is not { } tensor) return null;
            ModifierExpr place = exprs.Sum(exprs.Sum(key, query, -1), exprs.Integer(queries - 1), 1);
            return exprs.Read(tensor, byHead ? [exprs.Coordinate(2, heads), place] : [place]);
        }

        ModifierTensor? TableOf(ModifierExpr e, long[] dims)
        {
            bool isOperand = (e.Uses & ModifierUses.Capture) != 0;
            if (isOperand && operands?.TableOf(e) is { } known) return known;
            if (ModifierDistances.Of(exprs, e, score.Dims) is not { } ofDistance) return null;
            try
            {
                TileProgram program = TileCompiler.Compile(exprs, ofDistance, isDouble);
                return isOperand ? operands?.Add(e, program, dims)
                    : Tensor(e, Tabulate(program, dims.Length > 1 ? (int)dims[0] : 1, (int)distances), isDouble, dims);
            }
            catch (ModifierException)
            {
                return null;
            }
        }
    }

    private static ModifierTensor Tensor(ModifierExpr e, LaneTable table, bool isDouble, long[] dims)
    {
        double At(long i) => isDouble ? ((double*)table.Data)[i] : ((float*)table.Data)[i];
        return e.IsTruth ? new("distances", ElementType.Bool, dims, i => BitConverter.DoubleToInt64Bits(At(i)) != 0 ? 1 : 0,
            i => BitConverter.DoubleToInt64Bits(At(i)) != 0 ? 1 : 0, table)
            : e.IsInteger ? new("distances", ElementType.Int64, dims, At, i => (long)At(i), table)
            : new("distances", e.Type, dims, At, null, table);
    }

    /// <summary>The results of a program for rows that are heads, and keys that are distances.</summary>
    public static LaneTable Tabulate(TileProgram program, int rows, int keys, CallOperands? operands = null)
    {
        LaneTable table = LaneTable.Allocate((long)rows * keys, program.IsDouble);
        switch (Isa.Level, program.IsDouble)
        {
            case (IsaLevel.Bits512, false): Fill<Simd512<float>, float>(program, table, rows, keys, operands); break;
            case (IsaLevel.Bits512, true): Fill<Simd512<double>, double>(program, table, rows, keys, operands); break;
            case (IsaLevel.Bits256, false): Fill<Simd256<float>, float>(program, table, rows, keys, operands); break;
            case (IsaLevel.Bits256, true): Fill<Simd256<double>, double>(program, table, rows, keys, operands); break;
            case (IsaLevel.Bits128, false): Fill<Simd128<float>, float>(program, table, rows, keys, operands); break;
            case (IsaLevel.Bits128, true): Fill<Simd128<double>, double>(program, table, rows, keys, operands); break;
            case (_, false): Fill<Simd1<float>, float>(program, table, rows, keys, operands); break;
            case (_, true): Fill<Simd1<double>, double>(program, table, rows, keys, operands); break;
        }
        return table;
    }

    private static void Fill<V, C>(TileProgram program, LaneTable table, int rows, int keys, CallOperands? operands)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        int width = 2 * V.Count, most = TileLayout.MaxKeys;
        using Threading.Scratch scratch = Threading.Scratch.Rent(TileMachine<V, C>.WorkBytes(program) + most * sizeof(C) + 64);
        C* tile = (C*)scratch.Data;
        byte* work = scratch.Data + most * sizeof(C);
        int query = 0;
        for (int head = 0; head < rows; head++)
        {
            for (int key = 0; key < keys; key += most)
            {
                int count = int.Min(most, keys - key);
                new Span<C>(tile, most).Clear();
                TileMachine<V, C>.Run(program, new TileArea(0, 1, (nint)(&head), (nint)(&query), key, (count + width - 1) / width), tile,
                    width, work, operands);
                new ReadOnlySpan<C>(tile, count).CopyTo(new Span<C>((C*)table.Data + (long)head * keys + key, count));
            }
        }
    }
}
