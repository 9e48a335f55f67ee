using Ops.Graphs;
using Ops.Modifiers;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Attention whose scores and probabilities pass through graphs, in the one kernel.</summary>
internal static unsafe class ModifiedAttention
{
    /// <summary>Fills Y.</summary>
    /// <param name="op">The op, for messages.</param>
    /// <param name="call">Extents and types.</param>
    /// <param name="scores">The graph that modifies scores; null for none.</param>
    /// <param name="probabilities">The graph that modifies probabilities; null for none.</param>
    /// <param name="captures">What both take besides.</param>
    /// <param name="scale">The scale of the scores.</param>
    /// <param name="blind">Which rows that see no key become zero.</param>
    /// <param name="Q">Queries [batch, query heads, queries, depth].</param>
    /// <param name="K">Keys.</param>
    /// <param name="V">Values.</param>
    /// <param name="Y">The result.</param>
    /// <exception cref="Specs.OpException">A graph is no functor; the rule is <see cref="Coverage.NotFused"/>.</exception>
    public static void Run<T, C>(
        string op, ModifierCall call, Graph? scores, Graph? probabilities, ReadOnlySpan<Operand> captures, double scale, BlindRows blind,
        in Operand Q, in Operand K, in Operand V, in Operand Y)
        where T : unmanaged
        where C : unmanaged
    {
        // Of no scores nothing is modified.
        if (Y.Length == 0) return;
        (AttentionModifiers modifiers, CallOperands? operands) = ModifierCache.Bind(op, call, scores, probabilities, captures);
        if (call.Keys == 0)
        {
            // A product over no keys is zero, whatever the softmax of nothing is.
            new Span<byte>(Y.Data, checked((int)(Y.Length * sizeof(T)))).Clear();
            return;
        }
        if (modifiers.Keys is not null || modifiers.Scores is null && modifiers.Probabilities is null)
            Run<T, C, PlainScore>(call, default, scale, blind, modifiers.IsDouble, Q, K, V, Y, modifiers.Keys);
        else if (modifiers.IsDouble)
            Run<T, double, TileModifier>(call, new TileModifier(modifiers, operands: operands), scale, blind, true, Q, K, V, Y);
        else Run<T, C, TileModifier>(call, new TileModifier(modifiers, operands: operands), scale, blind, false, Q, K, V, Y);
        GC.KeepAlive(modifiers);
        GC.KeepAlive(operands);
    }

    /// <summary>Fills Y, with scores modified by a struct; T is float or double.</summary>
    public static void Run<T, M>(ModifierCall call, in M functor, double scale, in Operand Q, in Operand K, in Operand V, in Operand Y)
        where T : unmanaged
        where M : struct, IScoreFunctor
    {
        functor.Require(new FunctorTile(call));
        if (Y.Length == 0) return;
        if (call.Keys == 0)
        {
            new Span<byte>(Y.Data, checked((int)(Y.Length * sizeof(T)))).Clear();
            return;
        }
        if (M.HasKeys && !M.ChangesProbabilities)
        {
            Run<T, T, PlainScore>(call, default, scale, BlindRows.None, false, Q, K, V, Y, new FunctorKeyRule<M>(functor, call));
            return;
        }
        FunctorMemory memory = FunctorMemory.Of<T, M>(call, functor);
        Run<T, T, FunctorModifier<M>>(call, new FunctorModifier<M>(functor, memory), scale, BlindRows.None, false, Q, K, V, Y);
        GC.KeepAlive(memory);
    }

    private static void Run<T, C, M>(ModifierCall call, in M modifier, double scale, BlindRows blind, bool isDouble, in Operand Q,
        in Operand K, in Operand V, in Operand Y, KeyRule? keyRule = null)
        where T : unmanaged
        where C : unmanaged
        where M : struct, IScoreModifier
    {
        int queryHeads = (int)call.Heads, keyHeads = (int)K.Dims[1], keys = (int)call.Keys, depth = (int)Q.Dims[3],
            valueDepth = (int)V.Dims[3];
        bool rounds = call.Operands is ElementType.Float16 or ElementType.BFloat16 || call.Operands == ElementType.Float && isDouble;
        double root = Math.Sqrt(scale);
        if (call.Operands == ElementType.Float16) root = (double)(Half)(float)root;
        else if (call.Operands == ElementType.BFloat16) root = (float)(BFloat16)(float)root;
        else if (call.Operands == ElementType.Float) root = (float)root;
        var problem = new AttentionProblem
        {
            Batches = (int)call.Batches,
            QueryHeads = queryHeads,
            KeyHeads = keyHeads,
            Queries = (int)call.Queries,
            Keys = keys,
            Depth = depth,
            ValueDepth = valueDepth,
            // The root of a negative scale is NaN.
            Scale = rounds ? root : root * root,
            RoundsFactors = rounds,
            Blind = blind,
            ValueRounding = Narrower(call.Scores, call.Operands, isDouble),
            ResultRounding = Narrower(call.Scores, call.Operands, isDouble),
            Ranges = new KeyRanges { Keys = keys, Queries = (int)call.Queries, Left = -1, Right = -1, Rule = keyRule },
            Q = HeadRows.Of(Q, sizeof(T), queryHeads, depth),
            Y = HeadRows.Of(Y, sizeof(T), queryHeads, valueDepth),
        };
        HeadRows keyRows = HeadRows.Of(K, sizeof(T), keyHeads, depth), valueRows = HeadRows.Of(V, sizeof(T), keyHeads, valueDepth);
        var layout = new CacheThenNew(default, keyRows, default, valueRows, 0, keys);
        FusedAttention.Run<T, T, C, CacheThenNew, M>(problem, layout, modifier, V.Type);
    }

    /// <summary>The type of scores where rounding to it changes operands.</summary>
    private static ElementType Narrower(ElementType scores, ElementType operands, bool isDouble) =>
        scores == operands || scores == ElementType.Double ? ElementType.Undefined
        : scores == ElementType.Float ? isDouble ? ElementType.Float : ElementType.Undefined
        : scores;
}
