using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Attention whose keys and values are one tensor each, as a kernel of the attention pattern describes it.</summary>
/// <remarks>
/// Y = softmax(cap(Scale * Q * K^T) + mask) * V for each head, where consecutive query heads share a key/value head, as ONNX's Attention
/// defines it. A query that may see no key gives a row of zeros.
/// </remarks>
public readonly unsafe struct DenseAttention()
{
    /// <summary>Factor of the scores.</summary>
    public required double Scale { get; init; }

    /// <summary>c above 0 turns a score s into c * tanh(s / c); 0 leaves it.</summary>
    public double Softcap { get; init; }

    /// <summary>Whether a query sees no key behind its own position.</summary>
    public bool IsCausal { get; init; }

    /// <summary>How many keys before its own position a query sees; -1 for all.</summary>
    public long Left { get; init; } = -1;

    /// <summary>How many keys after its own position a query sees; -1 for all.</summary>
    public long Right { get; init; } = -1;

    /// <summary>The position of the first query among the keys.</summary>
    public int Past { get; init; }

    /// <summary>Fills Y.</summary>
    /// <typeparam name="T">How elements are stored, as the scaffold tells.</typeparam>
    /// <typeparam name="C">In what they are computed: float or double.</typeparam>
    /// <param name="op">The op, for messages.</param>
    /// <param name="Q">Queries [B, Hq, L, E].</param>
    /// <param name="K">Keys [B, Hkv, S, E].</param>
    /// <param name="V">Values [B, Hkv, S, Ev].</param>
    /// <param name="mask">Absent, or what broadcasts to [B, Hq, L, S]: true where a key may be seen, or of Q's type and added to the
    /// scores.</param>
    /// <param name="Y">The result [B, Hq, L, Ev].</param>
    /// <exception cref="OpException">Shapes or types do not fit one another.</exception>
    public void Run<T, C>(string op, in Operand Q, in Operand K, in Operand V, in Operand mask, in Operand Y)
        where T : unmanaged
        where C : unmanaged
    {
        Require(op, Q, K, V, mask, Y, sizeof(T));
        int queryHeads = (int)Q.Dims[1], keyHeads = (int)K.Dims[1], queries = (int)Q.Dims[2], keys = (int)K.Dims[2], depth = (int)Q.Dims[3],
            valueDepth = (int)V.Dims[3];
        var problem = new AttentionProblem
        {
            Batches = (int)Q.Dims[0],
            QueryHeads = queryHeads,
            KeyHeads = keyHeads,
            Queries = queries,
            Keys = keys,
            Depth = depth,
            ValueDepth = valueDepth,
            Scale = Scale,
            Ranges = new KeyRanges { Keys = keys, Queries = queries, Past = Past, IsCausal = IsCausal, Left = Left, Right = Right },
            Q = HeadRows.Of(Q, sizeof(T), queryHeads, depth),
            Y = HeadRows.Of(Y, sizeof(T), queryHeads, valueDepth),
        };
        var layout = new CacheThenNew(default, HeadRows.Of(K, sizeof(T), keyHeads, depth), default,
            HeadRows.Of(V, sizeof(T), keyHeads, valueDepth), 0, keys);
        FusedAttention.Run<T, T, C, CacheThenNew>(problem, layout, Softcap, mask, spreads: true, V.Type);
    }

    /// <summary>Holds the operands to what the kernel takes for granted; an op's own rules say it better.</summary>
    private static void Require(string op, in Operand Q, in Operand K, in Operand V, in Operand mask, in Operand Y, int size)
    {
        long[] q = Q.Dims, k = K.Dims, v = V.Dims, y = Y.Dims, m = mask.Dims;
        if (q.Length != 4 || k.Length != 4 || v.Length != 4 || y.Length != 4)
            throw new OpException(op, "ranks", "Q, K, V and Y have four axes: batch, heads, positions, width");
        if (k[0] != q[0] || v[0] != q[0] || k[3] != q[3] || v[1] != k[1] || v[2] != k[2]
            || !y.AsSpan().SequenceEqual([q[0], q[1], q[2], v[3]]) || (k[1] == 0 ? q[1] != 0 : q[1] % k[1] != 0))
            throw new OpException(op, "shapes",
                $"Q [{string.Join(", ", q)}], K [{string.Join(", ", k)}], V [{string.Join(", ", v)}] and Y [{string.Join(", ", y)}] do not fit one another");
        if (Q.Type.Bits() != 8 * size || K.Type != Q.Type || V.Type != Q.Type || Y.Type != Q.Type
            || !mask.IsAbsent && mask.Type != ElementType.Bool && mask.Type != Q.Type)
            throw new OpException(op, "types", "Q, K, V and Y have one type, and the mask has it too or is boolean");
        if (m.Length > 4)
            throw new OpException(op, "mask", $"a mask has at most four axes, got {m.Length}");
        long[] scores = [q[0], q[1], q[2], k[2]];
        for (int i = 1; i <= m.Length; i++)
            if (m[^i] != 1 && m[^i] != scores[^i])
                throw new OpException(op, "mask", $"[{string.Join(", ", m)}] does not broadcast to [{string.Join(", ", scores)}]");
    }
}
